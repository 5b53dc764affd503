#!/usr/bin/env bash
# stockholm 0.5.7: two amounts that are equal are two in a set, and one is no key for the other.
# A ledger says 12.5 EUR, the bank 12.50 EUR. Money compares them as equal, and can be a key of a dict, so one would
# expect the two to find each other, as Decimal("12.5") and Decimal("12.50") do. Seen: the hash is made of the digits as
# they were written, and of the currency as it was given: 12.50 is not found where 12.5 is, 1 EUR is two amounts by text
# and by the library's own EUR, and payments that are matched by a dict or deduplicated by a set are left over.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check stockholm==0.5.7
env/bin/python - <<'PYTHON'
from decimal import Decimal

from stockholm import Money
from stockholm.currency import EUR

ledger, bank = Money("12.5", "EUR"), Money("12.50", "EUR")
print("equal:", ledger == bank, "| in a set:", len({ledger, bank}), "| found:", {ledger: "INV-1"}.get(bank))
assert ledger == bank and len({ledger, bank}) == 2 and {ledger: "INV-1"}.get(bank) is None
assert len({Decimal("12.5"), Decimal("12.50")}) == 1
named, given = Money(1, "EUR"), Money(1, EUR)
print("by text and by EUR: equal:", named == given, "| in a set:", len({named, given}))
assert named == given and len({named, given}) == 2
PYTHON
