#!/usr/bin/env bash
# dbt-core 1.11.16, dbt-spark 1.11.0 and dbt-duckdb 1.11.1: hours between two times are rounded up on Spark.
# dbt.datediff(..., "hour") is one of the macros that are to mean the same on each warehouse: it counts how often the
# clock strikes. From 09:10 to 18:40 it strikes nine times, and from 10:00:10 to 10:00:50 no minute passes. One would
# expect 9 and 0 on both. Seen: so it is on DuckDB; on Spark the seconds are divided and rounded up, which makes 10 and
# 1. An answer after nine hours and a half is late by a limit of nine on the one, and in time on the other.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check \
    dbt-core==1.11.16 dbt-duckdb==1.11.1 duckdb==1.5.6 "dbt-spark[session]==1.11.0" pyspark==4.0.5
export DBT_PROFILES_DIR=.
mkdir models
cat > dbt_project.yml <<'YAML'
name: finding
version: 1.0.0
profile: finding
flags: {send_anonymous_usage_stats: false}
YAML
cat > profiles.yml <<'YAML'
finding:
  target: duckdb
  outputs:
    duckdb: {type: duckdb, path: finding.duckdb}
    spark: {type: spark, method: session, schema: finding, host: none}
YAML
cat > models/answers.sql <<'SQL'
with answers as (
    select
        cast('2026-01-05 09:10:00' as timestamp) as asked_at,
        cast('2026-01-05 18:40:00' as timestamp) as answered_at,
        cast('2026-01-05 10:00:10' as timestamp) as sent_at,
        cast('2026-01-05 10:00:50' as timestamp) as seen_at
)

select
    {{ dbt.datediff("asked_at", "answered_at", "hour") }} as hours,
    {{ dbt.datediff("sent_at", "seen_at", "minute") }} as minutes
from answers
SQL
for target in duckdb spark; do
    env/bin/dbt show --quiet --select answers --target "$target" --output json > "$target.json" 2> log
done
env/bin/python - <<'PYTHON'
import json

seen = {}
for target in ("duckdb", "spark"):
    text = open(f"{target}.json").read()
    seen[target] = json.loads(text[text.index("{"):])["show"][0]
    print(target, seen[target])
assert seen == {"duckdb": {"hours": 9, "minutes": 0}, "spark": {"hours": 10, "minutes": 1}}
PYTHON
