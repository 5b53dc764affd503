#!/usr/bin/env bash
# dbt-metricflow 0.15.0: a week of March is all of March, if it is asked for by month.
# Revenue of 10 a day in March, asked for from 4 to 10 March: by "mf query" with --start-time and --end-time, "to
# constraint the start time of the data". In total that is 70, and so it is by month with a filter of the same days. One
# would expect 70 by month. Seen: 310; the two ends are moved to those of the month, without a word, and by week, from
# Monday, it is 140. The months of a campaign that ran from one 20th to another have more than the campaign sold, and a
# table another sum than the total above it.
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
echo "select cast(d as date) as day from range(date '2026-01-01', date '2026-05-01', interval 1 day) as t(d)" \
    > models/days.sql
echo "select day as sold_on, 'Mail' as channel, 10 as revenue from {{ ref('days') }} where month(day) = 3" \
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
    dimensions:
      - {name: sold_on, type: time, type_params: {time_granularity: day}}
      - {name: channel, type: categorical}
    measures: [{name: revenue, agg: sum}]
metrics:
  - {name: revenue, label: revenue, type: simple, type_params: {measure: revenue}}
YAML
env/bin/dbt build --quiet
week=(--metrics revenue --start-time 2026-03-04 --end-time 2026-03-10)
filter="{{ TimeDimension('metric_time', 'day') }} between '2026-03-04' and '2026-03-10'"
env/bin/mf query "${week[@]}" --csv total.csv >> log 2>&1
env/bin/mf query "${week[@]}" --group-by metric_time__day --csv day.csv >> log 2>&1
env/bin/mf query "${week[@]}" --group-by metric_time__week --csv week.csv >> log 2>&1
env/bin/mf query "${week[@]}" --group-by metric_time__month --csv month.csv >> log 2>&1
env/bin/mf query --metrics revenue --group-by metric_time__month --where "$filter" --csv filter.csv >> log 2>&1
env/bin/python - <<'PYTHON'
import csv

names = ("total", "day", "filter", "week", "month")
seen = {name: sum(int(row["revenue"]) for row in csv.DictReader(open(f"{name}.csv"))) for name in names}
print("revenue of 4 to 10 March:", seen)
assert seen == {"total": 70, "day": 70, "filter": 70, "week": 140, "month": 310}
PYTHON
