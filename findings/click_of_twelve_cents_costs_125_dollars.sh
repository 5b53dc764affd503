#!/usr/bin/env bash
# price-parser 0.5.1: an amount below one with three decimals is a thousand times as much.
# Costs per click, and per thousand impressions in part, are exported with three decimals. One would expect $0.125 to be
# an eighth of a dollar: no thousands are written with a zero before them. Seen: a separator with three digits behind it
# parts thousands, whatever stands before it, so $0.125 is 125 dollars and 0,085 € is 85 euros, while the same amounts
# with two or four decimals are right: one column holds both. Only decimal_separator="." undoes it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check price-parser==0.5.1
env/bin/python - <<'PYTHON'
from price_parser import Price

COSTS = ["$0.12", "$0.125", "$0.1250", "0,085 €"]
read = {text: Price.fromstring(text).amount_float for text in COSTS}
print(read)
assert read == {"$0.12": 0.12, "$0.125": 125.0, "$0.1250": 0.125, "0,085 €": 85.0}
assert Price.fromstring("$0.125", decimal_separator=".").amount_float == 0.125
PYTHON
