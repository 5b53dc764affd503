#!/usr/bin/env bash
# DuckDB 1.5.5: casting text to timestamptz, a zone that one cell names counts for the cells behind it.
# Logs and trackers print times with a zone's name now and then. One would expect each row to be cast by
# itself: a time without a zone is of the session's zone, whatever stands in the row before.
# Seen: below '… America/New_York' the same text without a zone comes out four hours later, and so does every
# row after it; alone, or above it, it does not.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check duckdb==1.5.5 pytz==2025.2
env/bin/python - <<'PYTHON'
import duckdb

con = duckdb.connect()
con.execute("set timezone = 'UTC'")
con.execute("create table times (id integer, said varchar)")
con.execute(
    "insert into times values (1, '2026-06-12 09:26:00'), (2, '2026-06-12 09:26:00 America/New_York'),"
    " (3, '2026-06-12 09:26:00'), (4, '2026-06-12 10:00:00')"
)
cast = "select extract(hour from said::timestamptz) from times where {} order by id"
together = [hour for (hour,) in con.execute(cast.format(True)).fetchall()]
alone = [con.execute(cast.format(f"id = {id}")).fetchall()[0][0] for id in (1, 2, 3, 4)]
print("each by itself:", alone, "| in one query:", together)
assert alone == [9, 13, 9, 10], alone
assert together == [9, 13, 13, 14], together
PYTHON
