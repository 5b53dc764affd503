#!/usr/bin/env bash
# dbt-metricflow 0.15.0: a conversion metric over dates counts an order that came before the visit.
# Kim orders at 08:00 and visits at 18:00 the same day; Lee orders 6 days and 23 hours after the visit. The window is
# 7 days. One would expect Lee to be converted and Kim not, as the metric says "conversions within 7 days of". Seen: with
# times of granularity "day", as marts of days have them, it is the other way round: the same day counts as after, and
# the seventh day as outside. With granularity "second" it is as expected.
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
cat > models/visits.sql <<'SQL'
select * from (values
    ('Kim', timestamp '2026-01-10 18:00:00'), ('Lee', timestamp '2026-01-10 09:00:00')
) as t(person_id, happened_at)
SQL
cat > models/orders.sql <<'SQL'
select * from (values
    ('Kim', timestamp '2026-01-10 08:00:00'), ('Lee', timestamp '2026-01-17 08:00:00')
) as t(person_id, happened_at)
SQL
converted() {
    cat > models/models.yml <<YAML
models:
  - name: days
    time_spine: {standard_granularity_column: day}
    columns: [{name: day, granularity: day}]
semantic_models:
  - name: visits
    model: ref('visits')
    defaults: {agg_time_dimension: happened_at}
    entities: [{name: visit, type: primary, expr: person_id}, {name: person, type: foreign, expr: person_id}]
    dimensions: [{name: happened_at, type: time, type_params: {time_granularity: $1}}]
    measures: [{name: visits, agg: count, expr: "1"}]
  - name: orders
    model: ref('orders')
    defaults: {agg_time_dimension: happened_at}
    entities: [{name: purchase, type: primary, expr: person_id}, {name: person, type: foreign, expr: person_id}]
    dimensions: [{name: happened_at, type: time, type_params: {time_granularity: $1}}]
    measures: [{name: orders, agg: count, expr: "1"}]
metrics:
  - name: converted
    label: visits with an order within 7 days
    type: conversion
    type_params:
      conversion_type_params:
        {base_measure: visits, conversion_measure: orders, entity: person, window: 7 days, calculation: conversions}
YAML
    env/bin/dbt build --quiet
    env/bin/mf query --metrics converted --group-by person --csv answer.csv >> log 2>&1
    echo "granularity $1: $(grep ',1' answer.csv | cut -d, -f1 | xargs)"
}
converted second | tee seconds
converted day | tee days
grep -q ': Lee$' seconds
grep -q ': Kim$' days
