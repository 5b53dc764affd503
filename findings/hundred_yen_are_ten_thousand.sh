#!/usr/bin/env bash
# stockholm 0.5.7: how many units a yen has depends on whether it is called "JPY" or JPY.
# Payment providers take whole numbers of a currency's smallest unit, which is the yen itself. The library knows that:
# its JPY has no decimals, and Money(100, "JPY") equals Money(100, JPY). One would expect 100 sub-units of both. Seen:
# 100 of the one and 10000 of the other; a currency that is given as text has two decimals, whichever it is, and its
# amounts come back from 100 as 1 yen. Amounts read from a file or JSON have their currency as text. The dinar of
# Kuwait, which has three decimals, is a tenth.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check stockholm==0.5.7
env/bin/python - <<'PYTHON'
from stockholm import Money
from stockholm.currency import JPY, KWD

text, known = Money(100, "JPY"), Money(100, JPY)
read = Money.from_json(known.json())
print("equal:", text == known, "| sub-units:", text.sub_units, known.sub_units, "| through JSON:", read.sub_units)
print("100 sub-units:", Money.from_sub_units(100, "JPY"), "and", Money.from_sub_units(100, JPY))
print("a dinar:", Money(1, "KWD").sub_units, Money(1, KWD).sub_units)
assert text == known == read
assert (text.sub_units, known.sub_units, read.sub_units) == (10000, 100, 10000)
assert Money.from_sub_units(100, "JPY") == Money(1, JPY) and Money.from_sub_units(100, JPY) == known
assert (Money(1, "KWD").sub_units, Money(1, KWD).sub_units) == (100, 1000)
PYTHON
