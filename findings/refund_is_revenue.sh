#!/usr/bin/env bash
# price-parser 0.5.1: a refund is an amount like any other: the sign is no part of it.
# Shops and ad platforms export refunds and credit notes as -45.00, or in brackets as accountants do. One would expect a
# negative amount, or none. Seen: the sign is dropped, wherever it stands, and a sale with its refund sums to twice the
# sale.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check price-parser==0.5.1
env/bin/python - <<'PYTHON'
from price_parser import Price

refunds = ["-$45.00", "$-45.00", "-45,00 €", "($45.00)", "45.00- EUR"]
amounts = [Price.fromstring(text).amount_float for text in ["$45.00", *refunds]]
print(amounts)
assert amounts == [45.0] * 6
PYTHON
