#!/usr/bin/env bash
# datacontract-cli 1.2.8: a key of campaign and day is exported as two keys, or as none.
# A contract in ODCS has primaryKeyPosition 1 and 2; one campaign has two days, two campaigns have one day. The command
# tests the two together, and the file is valid. One would expect each export to say so. Seen: for dbt models
# it is a unique combination; for Great Expectations each column must be unique by itself, which no valid spend by day
# is; as a source of dbt nothing is unique, and a delivery that came twice passes. Nothing is said of either.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check "datacontract-cli[duckdb,csv]==1.2.8" duckdb==1.5.6
cat > contract.yaml <<'YAML'
apiVersion: v3.1.0
kind: DataContract
id: spend
name: spend
version: 1.0.0
status: active
servers:
  - {server: export, type: local, path: ./spend.csv, format: csv}
schema:
  - name: spend
    physicalType: table
    properties:
      - {name: campaign_id, logicalType: string, required: true, primaryKey: true, primaryKeyPosition: 1}
      - {name: day, logicalType: date, required: true, primaryKey: true, primaryKeyPosition: 2}
      - {name: amount, logicalType: number}
YAML
printf 'campaign_id,day,amount\nA,2026-01-01,1\nA,2026-01-02,2\nB,2026-01-01,3\n' > spend.csv
env/bin/datacontract test contract.yaml > log 2>&1
grep 'Data contract is valid' log
for format in dbt-models dbt-sources great-expectations; do
    env/bin/datacontract export "$format" contract.yaml --output "$format" >> log 2>&1
done
grep -A 4 unique dbt-models
grep -q 'unique_combination_of_columns' dbt-models
if grep unique dbt-sources; then exit 1; fi
env/bin/python - <<'PYTHON'
import json

expectations = json.load(open("great-expectations"))["expectations"]
unique = [rule["kwargs"] for rule in expectations if "unique" in rule["type"]]
print("Great Expectations", unique)
assert unique == [{"column": "campaign_id"}, {"column": "day"}]
PYTHON
