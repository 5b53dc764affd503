#!/usr/bin/env bash
# reladiff 0.6.0 on DuckDB 1.5.6: a row without a key is no difference, and the check for it finds none.
# Two tables of spend are compared by the ad's id; one of them has a row of 5.00 that has none, as ads that were removed
# do. Its keys must not be missing, says the documentation, and the comparison by a join looks for that: "NULL values in
# one or more primary keys" is its error. One would expect that, or a row. Seen: no difference and no error, by a join
# and by checksums alike: rows are asked for from the lowest key to the highest, and among those none lacks it. 35.00
# and 30.00 of spend are equal. A key that came twice is refused.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check reladiff==0.6.0 duckdb==1.5.6
env/bin/python - <<'PYTHON'
import duckdb
from reladiff import Algorithm, connect_to_table, diff_tables

with duckdb.connect("spend.duckdb") as database:
    database.execute("create table ours as select i as ad, 10.00 as spend from range(1, 4) as r (i)")
    database.execute("create table theirs as from ours union all select null, 5.00")
    database.execute("create table twice as from ours union all from ours where ad = 2")
    sums = [database.execute(f"select sum(spend) from {table}").fetchone()[0] for table in ("ours", "theirs")]


def differences(other, algorithm):
    tables = [
        connect_to_table({"driver": "duckdb", "filepath": "spend.duckdb"}, table, "ad", extra_columns=("spend",))
        for table in ("ours", other)
    ]
    return list(diff_tables(*tables, algorithm=algorithm))


seen = {algorithm.value: differences("theirs", algorithm) for algorithm in (Algorithm.HASHDIFF, Algorithm.JOINDIFF)}
print("sums:", *sums, "| differences:", seen)
assert sums[0] != sums[1] and list(seen.values()) == [[], []]
try:
    print(differences("twice", Algorithm.JOINDIFF))
except ValueError as error:
    print("a key that came twice:", error)
else:
    raise AssertionError("a key that came twice is taken")
PYTHON
