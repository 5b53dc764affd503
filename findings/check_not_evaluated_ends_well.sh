#!/usr/bin/env bash
# soda-core 4.28.0 with soda-duckdb 4.28.0: a check that could not be evaluated lets the pipeline go on.
# An export that arrives with its header alone has no average. One would expect a contract that asks for a positive
# one to fail, or the command at least not to end as if all were well. Seen: the check is "not evaluated", marked with
# a cross in the summary, and the exit code is 0; what counts (missing, invalid, duplicate) passes, with 0 %.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export SODA_CORE_TELEMETRY_ENABLED=false
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check soda-core==4.28.0 soda-duckdb==4.28.0 duckdb==1.5.5
env/bin/python -c "import duckdb
duckdb.connect('shop.duckdb').execute('create table ads (campaign varchar, spend decimal(18, 2))')"
printf 'type: duckdb\nname: shop\nconnection: {database: shop.duckdb}\n' > source.yml
cat > contract.yml <<'YAML'
dataset: shop/main/ads
columns:
  - name: campaign
    checks:
      - missing:
      - duplicate:
  - name: spend
    checks:
      - aggregate: {function: avg, threshold: {must_be_greater_than: 0}}
YAML
code=0
env/bin/soda contract verify --data-source source.yml --contract contract.yml > log 2>&1 || code=$?
grep -E '^\| (Checks|Passed|Failed|Not Evaluated)' log
echo "exit code: $code"
grep -Eq 'Passed +\| 2' log
grep -Eq 'Failed +\| 0' log
grep -Eq 'Not Evaluated +\| 1' log
[ "$code" -eq 0 ]
