#!/usr/bin/env bash
# prices 1.1.1: a price with a discount has the tax of the full price, and at 90 percent off is nothing but tax.
# A price has a net and a gross amount, 100 and 119 with a tax of 19 percent. percentage_discount takes a share off,
# "based on either gross or net amount". One would expect a campaign of 20 percent off to make 80 and 95.20 of it by
# either, as the tax is a share of the price. Seen: 76.20 and 95.20; the share of the one amount is taken off both, so
# that the tax stays 19, and is 25 percent of what is left. At 90 percent off net is 0 and gross 11.90; from_gross=False
# has 20 off as 80 and 99. Revenue, which is counted net, is too small, or the customer pays too much.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check prices==1.1.1
env/bin/python - <<'PYTHON'
from decimal import Decimal

from prices import Money, TaxedMoney, percentage_discount

price = TaxedMoney(net=Money(Decimal("100"), "EUR"), gross=Money(Decimal("119"), "EUR"))
seen = {}
for off, from_gross in ((20, True), (20, False), (90, True)):
    reduced = percentage_discount(price, off, from_gross=from_gross)
    seen[off, from_gross] = reduced.net.amount, reduced.gross.amount
    print(f"{off} percent off, from_gross={from_gross}: net {reduced.net.amount}, gross {reduced.gross.amount}")
assert list(seen.values()) == [
    (Decimal("76.20"), Decimal("95.20")),
    (Decimal("80"), Decimal("99")),
    (Decimal("0"), Decimal("11.90")),
]
PYTHON
