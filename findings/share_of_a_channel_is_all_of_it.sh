#!/usr/bin/env bash
# dbt-metricflow 0.15.0: a channel's share of the revenue is all of it.
# A ratio takes a metric as its numerator, with a filter, and a metric as its denominator: revenue of Mail over revenue.
# One would expect 0.25, as Mail has 30 of 120, or an error that one metric stands twice in it. Seen: 1, in total and on
# each day: both parts come as a column called "revenue", and that of the denominator is divided by itself. The filter
# is in the SQL, and nothing of it in the answer. With an alias for the numerator it is 0.25; the documentation has one
# in its example, "to avoid naming conflicts".
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
cat > models/sales.sql <<'SQL'
select day as sold_on, 'Mail' as channel, 10 as revenue from {{ ref('days') }} where day < '2026-01-04'
union all
select day, 'Search', 30 from {{ ref('days') }} where day < '2026-01-04'
SQL
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
  - name: share_of_mail
    label: share of Mail
    type: ratio
    type_params:
      numerator: {name: revenue, filter: "{{ Dimension('sale__channel') }} = 'Mail'"}
      denominator: revenue
  - name: share_of_mail_by_alias
    label: share of Mail, with an alias
    type: ratio
    type_params:
      numerator: {name: revenue, filter: "{{ Dimension('sale__channel') }} = 'Mail'", alias: of_mail}
      denominator: revenue
YAML
env/bin/dbt build --quiet
for metric in share_of_mail share_of_mail_by_alias; do
    env/bin/mf query --metrics "$metric" --csv "$metric.csv" >> log 2>&1
    env/bin/mf query --metrics "$metric" --group-by metric_time__day --csv "$metric.days.csv" >> log 2>&1
done
env/bin/python - <<'PYTHON'
import csv


def shares(name):
    return {float(row[name.split(".")[0]]) for row in csv.DictReader(open(f"{name}.csv"))}


names = ("share_of_mail", "share_of_mail.days", "share_of_mail_by_alias", "share_of_mail_by_alias.days")
seen = [shares(name) for name in names]
for name, answer in zip(names, seen):
    print(name, answer)
assert seen == [{1.0}, {1.0}, {0.25}, {0.25}]
PYTHON
