#!/usr/bin/env bash
# soda-core 4.28.0 with soda-duckdb 4.28.0: a single date in the future keeps a table fresh until that day.
# CRM exports are full of days to come: a close date, a campaign's end, an event entered with next year. One would
# expect a freshness check to look at what is past, or to complain. Seen: the newest is taken as it stands, its age is
# negative, and "less than 24 hours" passes while the newest row that is past is years old.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export SODA_CORE_TELEMETRY_ENABLED=false
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check soda-core==4.28.0 soda-duckdb==4.28.0 duckdb==1.5.5
env/bin/python - <<'PYTHON'
import duckdb

con = duckdb.connect("crm.duckdb")
con.execute("create table stale as select timestamp '2024-01-01 09:00:00' as changed_at")
con.execute("create table with_one_to_come as from stale union all select timestamp '2099-01-01 09:00:00'")
PYTHON
printf 'type: duckdb\nname: crm\nconnection: {database: crm.duckdb}\n' > source.yml
verdict() {
    cat > contract.yml <<YAML
dataset: crm/main/$1
columns: [{name: changed_at}]
checks:
  - freshness: {column: changed_at, threshold: {unit: hour, must_be_less_than: 24}}
YAML
    code=0
    env/bin/soda contract verify --data-source source.yml --contract contract.yml > log 2>&1 || code=$?
    echo "$1: $(grep -o 'freshness_in_hours: -\?[0-9]' log | head -1)..., exit code $code"
}
verdict stale | tee stale
verdict with_one_to_come | tee to_come
grep -q 'hours: [0-9].*exit code 1' stale
grep -q 'hours: -.*exit code 0' to_come
