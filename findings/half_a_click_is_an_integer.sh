#!/usr/bin/env bash
# datacontract-cli 1.2.8 on DuckDB 1.5.6: what a contract calls an integer is valid with decimals.
# A contract in ODCS says of an export in CSV that clicks are integers, that a day is a date, and that amounts are a
# multiple of 0.01. The file has 2.6 clicks, a day with the time 18:00 and an amount of 1.005. One would expect three
# failed checks. Seen: the file is read by guessed types and cast into a table of the contract's before any check,
# where 2.6 is 3 and 18:00 is gone; multipleOf is no check at all. The data contract "is valid", with exit code 0, while
# a word in the place of a number is an error.
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
    properties:
      - {name: day, logicalType: date, required: true}
      - {name: clicks, logicalType: integer, required: true, logicalTypeOptions: {minimum: 0, multipleOf: 1}}
      - {name: amount, logicalType: number, required: true, logicalTypeOptions: {multipleOf: 0.01}}
YAML
cat > spend.csv <<'CSV'
day,clicks,amount
2026-01-01 00:00:00,2.6,1.005
2026-01-02 18:00:00,4.2,2.00
CSV
env/bin/datacontract test contract.yaml --output-format json --output result.json > log 2>&1
sed 's/2.6/few/' spend.csv > few && mv few spend.csv
code=0
env/bin/datacontract test contract.yaml > log.word 2>&1 || code=$?
grep 'Data contract is' log log.word
test "$code" = 1
env/bin/python - <<'PYTHON'
import json

result = json.load(open("result.json"))
outcomes = {check["name"]: check["result"] for check in result["checks"]}
print(*outcomes.items(), sep="\n")
assert result["result"] == "passed" and set(outcomes.values()) == {"passed"}
assert not any("multiple" in name.lower() for name in outcomes)
PYTHON
