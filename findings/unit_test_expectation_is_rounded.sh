#!/usr/bin/env bash
# dbt-core 1.11.16 with dbt-duckdb 1.11.1: a unit test passes on an expectation that is wrong.
# What is expected is cast to the types of the model's columns before the two are compared. One would expect a
# value that the column cannot hold to fail: 3.3349999 is not 3.33, 3.4 leads are not 3, 7 is no boolean.
# Seen: all pass, also a day that is expected with the time 23:00. A test that is to show that a model rounds, or that
# it does not, shows nothing.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check dbt-core==1.11.16 dbt-duckdb==1.11.1 duckdb==1.5.5
mkdir models
cat > dbt_project.yml <<'YAML'
name: finding
version: 1.0.0
profile: finding
flags: {send_anonymous_usage_stats: false}
YAML
cat > profiles.yml <<'YAML'
finding: {target: dev, outputs: {dev: {type: duckdb, path: ":memory:"}}}
YAML
cat > models/spend.sql <<'SQL'
select
    cast(10 as decimal(18, 2)) as spend,
    3 as leads,
    timestamp '2026-01-01 05:00:00' as seen_at
SQL
cat > models/cost.sql <<'SQL'
select
    cast(spend / leads as decimal(18, 2)) as cost_per_lead,
    leads,
    leads > 0 as has_leads,
    cast(seen_at as date) as seen_date
from {{ ref('spend') }}
SQL
cat > models/cost.yml <<'YAML'
unit_tests:
  - name: finer_than_the_column
    model: cost
    given: [{input: ref('spend'), rows: [{spend: 10.00, leads: 3, seen_at: 2026-01-01 05:00:00}]}]
    expect:
      rows: [{cost_per_lead: 3.3349999, leads: 3.4, has_leads: 7, seen_date: 2026-01-01 23:00:00}]
  - name: coarser_than_the_column
    model: cost
    given: [{input: ref('spend'), rows: [{spend: 10.00, leads: 3, seen_at: 2026-01-01 05:00:00}]}]
    expect: {rows: [{cost_per_lead: 3.34}]}
YAML
for test in finer_than_the_column coarser_than_the_column; do
    env/bin/dbt --no-use-colors build --profiles-dir . --select spend "$test" >>log 2>&1 || true
done
grep -E '(PASS|FAIL|ERROR).* cost::' log
grep -q 'PASS cost::finer_than_the_column' log
grep -q 'FAIL 1 cost::coarser_than_the_column' log
