#!/usr/bin/env bash
# num2words 0.5.14: a hundred euros are one euro in words, and a hundred euros and a cent are what they are.
# Quotes and orders write an amount in words beside its digits. Amounts come from a table in which 100.00 may be a whole
# number. One would expect "one hundred euro" of 100, 100.0 and Decimal("100") alike, which are equal. Seen: "one euro,
# zero cents" of the first; an int is cents, a float or a Decimal is euros, and 1000000 is ten thousand euros. Without a
# currency the three are the same words. What an order says in words is a hundredth of its digits.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check num2words==0.5.14
env/bin/python - <<'PYTHON'
from decimal import Decimal

from num2words import num2words

amounts = [100, 100.0, Decimal("100"), Decimal("100.01")]
seen = [num2words(amount, to="currency", currency="EUR", lang="en") for amount in amounts]
for amount, words in zip(amounts, seen):
    print(repr(amount), "is", words, "| without a currency:", num2words(amount))
assert amounts[0] == amounts[1] == amounts[2]
assert seen == [
    "one euro, zero cents",
    "one hundred euro, zero cents",
    "one hundred euro, zero cents",
    "one hundred euro, one cent",
]
PYTHON
