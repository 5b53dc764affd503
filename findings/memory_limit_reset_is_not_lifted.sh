#!/usr/bin/env bash
# DuckDB 1.5.5: `reset memory_limit` takes back what the setting says, not what is enforced.
# One would lower the limit for one greedy statement and reset it. Seen: current_setting() and duckdb_settings() give the
# machine's limit again, pragma_database_size() the lowered one, and a statement that needs more than it is refused.
# Another `set` takes effect. A process that once read a file with little memory goes on so to its end, spilling to disk
# or failing, while its settings look as they should.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check duckdb==1.5.5
cat > run.py <<'PY'
import duckdb

con = duckdb.connect(config={"memory_limit": "2GiB"})
con.execute("set temp_directory = ''")


def limits():
    ((said,),) = con.execute("select current_setting('memory_limit')").fetchall()
    ((enforced,),) = con.execute("select memory_limit from pragma_database_size()").fetchall()
    try:
        con.execute("select count(distinct range || 'abcdefghijkl') from range(2000000)").fetchall()
    except duckdb.OutOfMemoryException:
        return said, enforced, "refused"
    return said, enforced, "done"


print("before", *limits())
con.execute("set memory_limit = '50MiB'")
print("lowered", *limits())
con.execute("reset memory_limit")
print("reset", *limits())
con.execute("set memory_limit = '2GiB'")
print("set", *limits())
PY
env/bin/python run.py | tee seen
grep -q '^before 2.0 GiB 2.0 GiB done' seen
grep -q '^lowered 50.0 MiB 50.0 MiB refused' seen
grep -qE '^reset [0-9.]+ [GT]iB 50.0 MiB refused' seen
grep -q '^set 2.0 GiB 2.0 GiB done' seen
