#!/usr/bin/env bash
# sidemantic 0.13.0 on DuckDB 2.0.1: a metric that is taken over from dbt's semantic layer loses its filter.
# The library reads semantic models and metrics of dbt and answers them by itself, also a ratio and a stock, of which
# the last day counts. Spend of Mail is a simple metric of dbt with a filter on the channel, 20.00 of 40.00. One would
# expect 20.00, or an error, as there is one where the filter is a list. Seen: 40.00; the filter is read, and not
# applied. Mail's share of the spend is 1, on each channel as well, while non_additive_dimension is heeded: the stock
# is 20.00 of the last day. Figures that have one name in both tools are different ones, and nothing is said.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check sidemantic==0.13.0 duckdb==2.0.1
mkdir models
cat > models/semantic.yml <<'YAML'
semantic_models:
  - name: spend
    model: ref('spend')
    defaults: {agg_time_dimension: day}
    entities: [{name: ad, type: primary}]
    dimensions:
      - {name: channel, type: categorical}
      - {name: day, type: time, type_params: {time_granularity: day}}
    measures:
      - {name: sum_of_spend, agg: sum, expr: amount}
      - {name: stock_of_spend, agg: sum, expr: amount, non_additive_dimension: {name: day, window_choice: max}}
metrics:
  - {name: total, label: Total, type: simple, type_params: {measure: sum_of_spend}}
  - {name: stock, label: Stock, type: simple, type_params: {measure: stock_of_spend}}
  - name: mail
    label: Mail
    type: simple
    type_params: {measure: sum_of_spend}
    filter: "{{ Dimension('ad__channel') }} = 'Mail'"
  - {name: share, label: Share, type: ratio, type_params: {numerator: mail, denominator: total}}
YAML
env/bin/python -W ignore - <<'PYTHON'
from sidemantic import SemanticLayer, load_from_directory

layer = SemanticLayer()
load_from_directory(layer, "models")
layer.adapter.execute("""
    create table spend as
    select 1 as ad, date '2026-01-10' as day, 'Mail' as channel, 20.00 as amount
    union all
    select 2, date '2026-01-31', 'Search', 12.00
    union all
    select 3, date '2026-01-31', 'TV', 8.00
""")
names = ["total", "stock", "mail", "share"]
seen = {name: float(layer.query(metrics=[name]).fetchone()[0]) for name in names}
by_channel = dict(layer.query(metrics=["share"], dimensions=["spend.channel"]).fetchall())
print(seen, "share by channel:", by_channel)
assert seen == {"total": 40.0, "stock": 20.0, "mail": 40.0, "share": 1.0}
assert by_channel == {"Mail": 1.0, "Search": 1.0, "TV": 1.0}
PYTHON
