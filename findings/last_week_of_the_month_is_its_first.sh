#!/usr/bin/env bash
# dbt-metricflow 0.15.0: the seven days before the end of a month are those at its beginning, if nothing is sold since.
# A cumulative metric sums the revenue of the last seven days; with period_agg: last a month has the value of its last
# day. Sales of 10 a day end with January: by day the metric is 10 on 6 February, and there is none from the 7th on. One
# would expect nothing for February, or 0. Seen: 10; the last value that there is stands for the month, however long
# ago that was. A campaign that was stopped on the first still sells at the month's end.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check \
    dbt-core==1.11.16 dbt-duckdb==1.11.1 duckdb==1.5.5 dbt-metricflow==0.15.0
export DBT_PROFILES_DIR=.
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
echo "select cast(d as date) as day from range(date '2025-12-01', date '2026-04-01', interval 1 day) as t(d)" \
    > models/days.sql
echo "select day as sold_on, 10 as revenue from {{ ref('days') }} where day between '2026-01-01' and '2026-01-31'" \
    > models/sales.sql
cat > models/models.yml <<'YAML'
models:
  - name: days
    time_spine: {standard_granularity_column: day}
    columns: [{name: day, granularity: day}]
semantic_models:
  - name: sales
    model: ref('sales')
    defaults: {agg_time_dimension: sold_on}
    primary_entity: sale
    dimensions: [{name: sold_on, type: time, type_params: {time_granularity: day}}]
    measures: [{name: revenue, agg: sum}]
metrics:
  - name: last_seven_days
    label: last seven days
    type: cumulative
    type_params: {measure: revenue, cumulative_type_params: {window: 7 days, period_agg: last}}
YAML
env/bin/dbt build --quiet
for grain in day month; do
    env/bin/mf query --metrics last_seven_days --group-by "metric_time__$grain" --csv "$grain.csv" >> log 2>&1
done
env/bin/python - <<'PYTHON'
import csv

answers = {}
for grain in ("day", "month"):
    rows = csv.DictReader(open(f"{grain}.csv"))
    answers[grain] = {row[f"metric_time__{grain}"][:10]: row["last_seven_days"] for row in rows}
print("by month:", answers["month"], "| last days:", sorted(answers["day"].items())[-3:])
assert answers["day"]["2026-02-06"] == "10" and not answers["day"].get("2026-02-28")
assert answers["month"]["2026-01-01"] == "70" and answers["month"]["2026-02-01"] == "10"
PYTHON
