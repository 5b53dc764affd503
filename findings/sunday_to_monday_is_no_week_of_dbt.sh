#!/usr/bin/env bash
# dbt-core 1.11.16 with dbt-duckdb 1.11.1: weeks begin on Monday by one macro of dbt, and on Sunday by another.
# A cohort is the week of somebody's first order, dbt.date_trunc("week", ...), and its age the weeks since then,
# dbt.datediff(..., "week"). One would expect one kind of week in both: an order on Monday after a first one on Sunday
# is a week old, one on Sunday after a Saturday is not. Seen: the reverse. date_trunc begins on Monday, datediff on
# Sunday: of two orders in one week one is a week older than the other, and an order of the week after is of the
# cohort's week 0.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check dbt-core==1.11.16 dbt-duckdb==1.11.1 duckdb==1.5.6
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
cat > models/orders.sql <<'SQL'
with orders as (
    -- 3 January 2026 is a Saturday
    select date '2026-01-03' as first_on, date '2026-01-04' as ordered_on
    union all
    select date '2026-01-04', date '2026-01-05'
)

select
    first_on,
    ordered_on,
    {{ dbt.date_trunc("week", "first_on") }} = {{ dbt.date_trunc("week", "ordered_on") }} as same_week,
    {{ dbt.datediff("first_on", "ordered_on", "week") }} as weeks
from orders
SQL
env/bin/dbt run --quiet
env/bin/python - <<'PYTHON'
import duckdb

columns = "strftime(first_on, '%a'), strftime(ordered_on, '%a'), same_week, weeks"
rows = duckdb.connect("finding.duckdb").execute(f"select {columns} from orders order by first_on").fetchall()
for row in rows:
    print("from {} to {}: same week by date_trunc {}, weeks by datediff {}".format(*row))
assert rows == [("Sat", "Sun", True, 1), ("Sun", "Mon", False, 0)]
PYTHON
