#!/usr/bin/env bash
# duckdb 1.5.5: a column that nobody asks for still costs a hash join a row.
# A view trims a text, and makes NULL of it where it is one of some words. Its other column alone is asked for: one would
# expect the text's to be left out of the plan, as every unused column of a view is. Seen: with four words in the IN list
# it is; with five DuckDB has made a mark join of the list before it drops columns, and the join stays over every row,
# one for each such column. list_contains, which says the same, is dropped.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check duckdb==1.5.5
cat > joins.py <<'PYTHON'
import duckdb

con = duckdb.connect()
con.execute("create table said as select i, 'word ' || i % 99 as t from range(300000) as r(i)")
for number in range(2, 9):
    words = ", ".join(f"'{'-' * n}'" for n in range(number))
    for how, asked in (("in", f"t in ({words})"), ("list_contains", f"list_contains([{words}], t)")):
        con.execute(f"create or replace view heard as select i, case when {asked} then null else t end as t from said")
        plan = con.execute("explain select max(i) from heard").fetchall()[0][1]
        print(how, number, "joined" if "JOIN" in plan else "dropped")
PYTHON
env/bin/python joins.py | tee log
grep -qx "in 4 dropped" log
grep -qx "in 5 joined" log
grep -qx "list_contains 8 dropped" log
