#!/usr/bin/env bash
# dbt-metricflow 0.15.0: a filter of days is kept if it stands alone, and let go if a channel is asked for with it.
# A metric with join_to_timespine and fill_nulls_with: 0 has a row for each day, also where nothing was sold. By a
# filter of 1 to 6 March there are six days. One would expect as many for "those days and channel = Mail". Seen: every
# day of the calendar, with 0 where March is not: the filter holds for the sales, and as it names something that the
# calendar does not have, it is not applied to the days at all. As two filters, --where twice, it is six. A mean by day
# of six days is made of 120.
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
  - name: revenue
    label: revenue
    type: simple
    type_params: {measure: {name: revenue, join_to_timespine: true, fill_nulls_with: 0}}
YAML
env/bin/dbt build --quiet
days="{{ TimeDimension('metric_time', 'day') }} between '2026-03-01' and '2026-03-06'"
mail="{{ Dimension('sale__channel') }} = 'Mail'"
query=(env/bin/mf query --metrics revenue --group-by metric_time__day)
"${query[@]}" --where "$days" --csv alone.csv >> log 2>&1
"${query[@]}" --where "$days" --where "$mail" --csv two.csv >> log 2>&1
"${query[@]}" --where "$days and $mail" --csv one.csv >> log 2>&1
env/bin/python - <<'PYTHON'
import csv

seen = {}
for name in ("alone", "two", "one"):
    revenue = [int(row["revenue"]) for row in csv.DictReader(open(f"{name}.csv"))]
    seen[name] = len(revenue), sum(revenue)
    print(name, "days and revenue:", seen[name], "a day:", sum(revenue) / len(revenue))
assert seen == {"alone": (6, 60), "two": (6, 60), "one": (120, 60)}
PYTHON
