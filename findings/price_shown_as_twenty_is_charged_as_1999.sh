#!/usr/bin/env bash
# py-moneyed 3.0 with Babel 2.19.0: an amount that is shown as 20.00 has 1999 cents.
# Discounts and taxes make parts of a cent, and Money keeps them. An amount is shown by format_money, and handed to a
# payment provider by get_amount_in_sub_unit(), a whole number of cents. One would expect the two to agree, by whatever
# rounding. Seen: format_money and round(2) round to the nearest cent, the sub-unit is cut off: 19.996 is €20.00 to the
# customer and 1999 to the provider. What was shown does not sum to what was charged.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check py-moneyed==3.0 babel==2.19.0
env/bin/python - <<'PYTHON'
from moneyed import EUR, Money
from moneyed.l10n import format_money

price = Money("29.994", EUR) * 2 / 3
seen = {}
for amount in (price, price.round(2), -price, Money("0.009", EUR)):
    seen[amount] = format_money(amount, locale="en_US"), amount.get_amount_in_sub_unit()
    print(repr(amount), "is shown as", seen[amount][0], "and charged as", seen[amount][1])
assert price == Money("19.996", EUR)
assert list(seen.values()) == [("€20.00", 1999), ("€20.00", 2000), ("-€20.00", -1999), ("€0.01", 0)]
PYTHON
