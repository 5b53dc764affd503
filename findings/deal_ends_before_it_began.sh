#!/usr/bin/env bash
# dbt-core 1.11.16 with dbt-duckdb 1.11.1: west of Greenwich, what is deleted ends before it began.
# A snapshot by time takes a row's own updated_at, in UTC as a warehouse has it, as the start of its validity, and with
# hard_deletes: invalidate the time of the run as the end of a row that is gone. One would expect an end behind the
# start. Seen: the time of the run is that of the machine's zone, without the zone: in New York a deal that was changed
# and then deleted in the same hour ended four or five hours before it began. A question for what was valid at
# any moment never finds it, and for hours before it every deleted deal is gone too early. In UTC it is right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check dbt-core==1.11.16 dbt-duckdb==1.11.1 duckdb==1.5.6
export DBT_PROFILES_DIR=.
mkdir models snapshots
cat > dbt_project.yml <<'YAML'
name: finding
version: 1.0.0
profile: finding
flags: {send_anonymous_usage_stats: false}
YAML
cat > profiles.yml <<'YAML'
finding: {target: dev, outputs: {dev: {type: duckdb, path: "{{ env_var('TZ') | replace('/', '') }}.duckdb"}}}
YAML
cat > models/deals.sql <<'SQL'
{{ config(materialized='table') }}
select id, timezone('UTC', now()) as updated_at from range(1, {{ var('deals') }} + 1) as deals(id)
SQL
cat > snapshots/deals_as_they_were.yml <<'YAML'
snapshots:
  - name: deals_as_they_were
    relation: ref('deals')
    config: {unique_key: id, strategy: timestamp, updated_at: updated_at, hard_deletes: invalidate}
YAML
for zone in America/New_York UTC; do
    for deals in 2 1; do
        TZ=$zone env/bin/dbt build --quiet --vars "deals: $deals"
    done
done
env/bin/python - <<'PYTHON'
import duckdb

SQL = "select dbt_valid_from, dbt_valid_to from deals_as_they_were where id = 2"
for zone, ends_first in (("AmericaNew_York", True), ("UTC", False)):
    (begin, end), = duckdb.connect(f"{zone}.duckdb").execute(SQL).fetchall()
    print(zone, "valid from", begin, "to", end)
    assert (end < begin) is ends_first
PYTHON
