#!/usr/bin/env bash
# sqllineage 1.5.9, dialect "duckdb": after a union by name a column comes from one of another name.
# Exports of two platforms have the same columns in another order; "union all by name" of DuckDB is made for that. The
# dialect parses it, and one would expect spend to come from spend on both sides. Seen: the columns are
# matched by position, as for any union: spend of the mart comes from clicks of the second export, clicks from its
# spend, no warning: whoever asks what a figure is made of, or where a column with personal data goes, is misled.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check sqllineage==1.5.9 duckdb==1.5.5
env/bin/python - <<'PYTHON'
import duckdb
from sqllineage.runner import LineageRunner

QUERY = """
create table mart as
select spend, clicks from google
union all by name
select clicks, spend from meta
"""
connection = duckdb.connect()
connection.execute("create table google as select 10.5 as spend, 3 as clicks")
connection.execute("create table meta as select 7 as clicks, 20.5 as spend")
connection.execute(QUERY)
rows = connection.execute("select spend, clicks from mart order by spend").fetchall()
lineage = LineageRunner(QUERY, dialect="duckdb").get_column_lineage()
edges = sorted((path[-1].raw_name, f"{path[0].parent.raw_name}.{path[0].raw_name}") for path in lineage)
print(rows, *edges, sep="\n")
assert [(float(spend), clicks) for spend, clicks in rows] == [(10.5, 3), (20.5, 7)]
assert edges == [
    ("clicks", "google.clicks"),
    ("clicks", "meta.spend"),
    ("spend", "google.spend"),
    ("spend", "meta.clicks"),
]
PYTHON
