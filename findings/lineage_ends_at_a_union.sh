#!/usr/bin/env bash
# dbt-colibri 0.3.7 with the sqlglot that its own requirement takes today: the lineage of columns ends at every union.
# It requires sqlglot 30.0 or newer; 30.19 took an attribute of a statement's scope away which colibri asks for. One
# would expect an error. Seen: it logs a line a column, exits 0 and writes a report in which a model with a union, at its
# end or in a CTE, is made of no column; with sqlglot 30.18 each column of it is made of one of either side.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export DO_NOT_TRACK=1
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check \
    dbt-core==1.11.16 dbt-duckdb==1.11.1 duckdb==1.5.5 dbt-colibri==0.3.7
mkdir models
cat > dbt_project.yml <<'YAML'
name: finding
version: 1.0.0
profile: finding
flags: {send_anonymous_usage_stats: false}
YAML
cat > profiles.yml <<'YAML'
finding: {target: dev, outputs: {dev: {type: duckdb, path: finding.duckdb}}}
YAML
echo "select 1 as click_id, 10.00 as spend" > models/ads.sql
echo "select 2 as send_id, 5.00 as cost" > models/mail.sql
cat > models/touches.sql <<'SQL'
with touches as (
    select click_id as touch_id, spend from {{ ref('ads') }}
    union all
    select send_id, cost from {{ ref('mail') }}
)

select touch_id, spend from touches
SQL
env/bin/dbt --quiet build --profiles-dir .
env/bin/dbt --quiet docs generate --profiles-dir .
columns() {
    env/bin/pip install --quiet --disable-pip-version-check "sqlglot==$1" "sqlglotc==$1"
    env/bin/colibri generate --disable-telemetry > log 2>&1 # exits 0, or the script ends here
    env/bin/python - "$1" "$(grep -c ERROR log)" <<'PYTHON'
import json
import sys

edges = json.load(open("dist/colibri-manifest.json"))["lineage"]["edges"]
found = sum(1 for edge in edges if edge["target"].endswith(".touches") and edge["sourceColumn"])
print(f"sqlglot {sys.argv[1]}: {found} origins of two columns, {sys.argv[2]} errors logged, exit code 0")
PYTHON
}
columns 30.18.0 | tee before
columns 30.30.0 | tee after
grep -q ': 4 origins of two columns, 0 errors' before
grep -q ': 0 origins of two columns, 2 errors' after
