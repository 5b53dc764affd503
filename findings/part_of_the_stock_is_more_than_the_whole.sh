#!/usr/bin/env bash
# dbt-metricflow 0.15.0: a part of a stock is more than the whole, if it is asked for by itself.
# Recurring revenue is a stock: a row a day and customer, of which the last day counts (non_additive_dimension, window
# max). The customer of Mail, worth 20, left on 10 January; the one of Search, worth 12, is there on the 31st. The total
# is 12, and by channel Search has 12 and Mail no row. One would expect the same of Mail where it is asked for by a
# filter. Seen: 20; the last day is looked for among the rows that the filter leaves, so that whoever has left is there
# for good, at the last day of their own. A page with a filter for the channel has more than the total above it.
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
echo "select cast(d as date) as day from range(date '2026-01-01', date '2026-02-01', interval 1 day) as t(d)" \
    > models/days.sql
cat > models/contracts.sql <<'SQL'
select day as seen_on, 'Mail' as channel, 20 as recurring from {{ ref('days') }} where day <= '2026-01-10'
union all
select day, 'Search', 12 from {{ ref('days') }}
SQL
cat > models/models.yml <<'YAML'
models:
  - name: days
    time_spine: {standard_granularity_column: day}
    columns: [{name: day, granularity: day}]
semantic_models:
  - name: contracts
    model: ref('contracts')
    defaults: {agg_time_dimension: seen_on}
    primary_entity: contract
    dimensions:
      - {name: seen_on, type: time, type_params: {time_granularity: day}}
      - {name: channel, type: categorical}
    measures:
      - {name: recurring, agg: sum, non_additive_dimension: {name: seen_on, window_choice: max}}
metrics:
  - {name: recurring, label: recurring revenue, type: simple, type_params: {measure: recurring}}
YAML
env/bin/dbt build --quiet
env/bin/mf query --metrics recurring --csv total.csv >> log 2>&1
env/bin/mf query --metrics recurring --group-by contract__channel --csv channels.csv >> log 2>&1
env/bin/mf query --metrics recurring --where "{{ Dimension('contract__channel') }} = 'Mail'" --csv mail.csv >> log 2>&1
env/bin/python - <<'PYTHON'
import csv

total, channels, mail = (
    [tuple(row.values()) for row in csv.DictReader(open(f"{name}.csv"))] for name in ("total", "channels", "mail")
)
print("total:", total, "| by channel:", channels, "| of Mail alone:", mail)
assert (total, channels, mail) == ([("12",)], [("Search", "12")], [("20",)])
PYTHON
