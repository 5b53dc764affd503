#!/usr/bin/env bash
# dbt-metricflow 0.15.0: compared with the year before, no week has had one.
# A metric of revenue and the same with offset_window "1 year", over two years with 10 a day. By month and by day
# the year before is there; the documentation says "any granularity and offset window combination". By week one would
# expect the revenue of that week's days a year earlier, or an error.
# Seen: a year is taken from the week's Monday, and the weeks of which that is the Monday are joined: there are none, as
# a Monday is no Monday a year earlier. Every week has nothing to compare with, and the query succeeds. With
# fill_nulls_with: 0, as for a quiet week, the growth of each week is all of its revenue.
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
echo "select cast(d as date) as day from range(date '2025-01-01', date '2027-01-01', interval 1 day) as t(d)" \
    > models/days.sql
echo "select day as sold_on, 10 as revenue from {{ ref('days') }}" > models/sales.sql
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
  - {name: revenue, label: revenue, type: simple, type_params: {measure: revenue}}
  - name: growth
    label: growth
    type: derived
    type_params:
      expr: revenue - year_before
      metrics: [{name: revenue}, {name: revenue, offset_window: 1 year, alias: year_before}]
  - name: filled
    label: revenue, 0 where there is none
    type: simple
    type_params: {measure: {name: revenue, fill_nulls_with: 0}}
  - name: growth_filled
    label: growth, 0 where there is none
    type: derived
    type_params:
      expr: filled - year_before
      metrics: [{name: filled}, {name: filled, offset_window: 1 year, alias: year_before}]
YAML
env/bin/dbt build --quiet
for grain in day month week; do
    env/bin/mf query --metrics growth,growth_filled --group-by "metric_time__$grain" --csv "$grain.csv" >> log 2>&1
done
env/bin/python - <<'PYTHON'
import csv

answers = {}
for grain in ("day", "month", "week"):
    rows = list(csv.DictReader(open(f"{grain}.csv")))
    year = [row for row in rows if "2026-01-05" <= row[f"metric_time__{grain}"] < "2026-12-28"]
    answers[grain] = {(row["growth"], row["growth_filled"]) for row in year}
    print(grain, len(year), "periods of 2026, growth:", answers[grain])
    assert len(year) > 10
assert answers["day"] == answers["month"] == {("0", "0")}
assert answers["week"] == {("", "70")}
PYTHON
