#!/usr/bin/env bash
# openlineage-sql 1.54.0: a table that is read in a CTE is no input, as soon as there is a default schema.
# The parser says what tables a statement reads and writes, so that lineage is known of jobs that are only SQL. Tables
# without a schema get default_schema, which integrations hand over from their connection. One would expect the same
# inputs with it, with "main." in front. Seen: without it spend, leads and people are inputs; with it what is read in a
# WITH is not among them, while the lineage of columns names it. A subquery in its place is right. A mart that begins
# with CTEs is made of nothing, and a table with personal data has no reader.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check openlineage-sql==1.54.0
env/bin/python - <<'PYTHON'
from openlineage_sql import parse

CTE = "create table mart as with s as (select id, spend from spend), l as (select id from leads) " \
    "select s.spend from s join l using (id) join people using (id)"
SUBQUERY = "create table mart as select s.spend from (select id, spend from spend) s " \
    "join (select id from leads) l using (id) join people using (id)"


def inputs(sql, schema):
    return sorted(table.qualified_name for table in parse([sql], dialect="duckdb", default_schema=schema).in_tables)


for schema in (None, "main"):
    print("default schema", schema, "CTE:", inputs(CTE, schema), "subquery:", inputs(SUBQUERY, schema))
columns = parse([CTE], dialect="duckdb", default_schema="main").column_lineage
origins = [column.origin.qualified_name for found in columns for column in found.lineage]
print("lineage of columns:", origins)
assert inputs(CTE, None) == inputs(SUBQUERY, None) == ["leads", "people", "spend"]
assert inputs(SUBQUERY, "main") == ["main.leads", "main.people", "main.spend"]
assert inputs(CTE, "main") == ["main.people"]
assert origins == ["main.spend"]
PYTHON
