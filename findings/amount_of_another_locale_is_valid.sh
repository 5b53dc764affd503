#!/usr/bin/env bash
# frictionless 5.21.0: a validator that takes American amounts for German ones.
# The schema of a German export says decimalChar "," and groupChar ".". One account is set to English and delivers
# 1,250.50 and 12.50. One would expect a validator to report both: no group has two digits, none follows the decimals.
# Seen: groups are struck out wherever they stand; both are valid, and are read as 1.2505 and 1250.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check frictionless==5.21.0
env/bin/python - <<'PYTHON'
from frictionless import Resource, Schema

field = {"name": "spend", "type": "number", "decimalChar": ",", "groupChar": "."}
schema = Schema.from_descriptor({"fields": [field]})


def read(text: str) -> tuple[bool, str]:
    rows = [["spend"], [text]]
    report = Resource(data=rows, schema=schema).validate()
    return report.valid, str(Resource(data=rows, schema=schema).read_rows()[0]["spend"])


amounts = {text: read(text) for text in ("1.250,50", "1,250.50", "12.50", "12,5,0")}
print(amounts)
assert amounts["1.250,50"] == (True, "1250.50")
assert amounts["1,250.50"] == (True, "1.25050")
assert amounts["12.50"] == (True, "1250")
assert not amounts["12,5,0"][0]
PYTHON
