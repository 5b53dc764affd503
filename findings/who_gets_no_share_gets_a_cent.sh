#!/usr/bin/env bash
# js-money 0.6.3 (Node): a channel with no share of the budget gets a cent of it.
# allocate parts an amount by shares, and sees to it that no cent is lost. A budget of 10.00 goes to four channels, of
# which the first has none this month: [0, 1, 1, 1]. One would expect 0.00 for it, and the cent that is over for one of
# the others, as dinero.js 1.9.1 has it. Seen: 0.01, 3.33, 3.33 and 3.33; what is over is handed out from the first on,
# whatever share it has. Of a credit of 10.00 the others get -3.33, -3.34 and -3.34, and it gets 0.01 once more.
# Channels that were switched off have spend, and a check that they have none fails.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund js-money@0.6.3 dinero.js@1.9.1
cat > budget.cjs <<'JS'
const assert = require("assert");
const Dinero = require("dinero.js");
const Money = require("js-money");

const shares = [0, 1, 1, 1];
const allocated = (cents) => new Money(cents, Money.EUR).allocate(shares).map((part) => part.amount);
const byDinero = Dinero({ amount: 1000, currency: "EUR" }).allocate(shares).map((part) => part.getAmount());
console.log("budget:", allocated(1000), "credit:", allocated(-1000), "by dinero.js:", byDinero);
assert.deepStrictEqual(allocated(1000), [1, 333, 333, 333]);
assert.deepStrictEqual(allocated(-1000), [1, -333, -334, -334]);
assert.deepStrictEqual(byDinero, [0, 334, 333, 333]);
JS
node budget.cjs
