#!/usr/bin/env bash
# dbt-core 1.11.16 with dbt-duckdb 1.11.1: a seed with a percentage or an amount with its currency sign is not loaded.
# dbt decides the types of a seed's columns itself, and reads "50%", "$5" and "1,234" as numbers, without the sign. One
# would expect text, or 50. Seen: the adapter hands the file as it stands to DuckDB together with dbt's types,
# and DuckDB finds no number in "50%": the seed ends in an error that says the type was "manually set". A column_types of
# varchar is the way out.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check dbt-core==1.11.16 dbt-duckdb==1.11.1 duckdb==1.5.5
mkdir seeds
cat > dbt_project.yml <<'YAML'
name: finding
version: 1.0.0
profile: finding
flags: {send_anonymous_usage_stats: false}
YAML
cat > profiles.yml <<'YAML'
finding: {target: dev, outputs: {dev: {type: duckdb, path: ":memory:"}}}
YAML
printf 'partner,share\nNorth,50%%\nSouth,12%%\n' > seeds/shares.csv
printf 'partner,fee\nNorth,$5\nSouth,$7\n' > seeds/fees.csv
printf 'partner,budget\nNorth,"1,234"\nSouth,"2,500"\n' > seeds/budgets.csv
printf 'partner,share\nNorth,50\nSouth,12\n' > seeds/plain.csv
code=0
env/bin/dbt --no-use-colors seed --profiles-dir . > log 2>&1 || code=$?
grep -oE '(OK|ERROR) loaded? ?.*seed file [a-z.]+|ERROR loading seed file [a-z.]+|Could not convert string .*|This type was.*table\.' log | sort
echo "exit code: $code"
for seed in shares fees budgets; do grep -q "ERROR loading seed file main.$seed" log; done
grep -q 'OK loaded seed file main.plain' log
[ "$code" -eq 1 ]
