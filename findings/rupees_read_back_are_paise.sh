#!/usr/bin/env bash
# accounting 0.4.1 (Node): fifteen hundred rupees, written by the library and read back by it, are fifteen paise.
# formatMoney(1500, "Rs. ") writes "Rs. 1,500.00", as invoices of India do, and unformat is there to take a currency off
# again: "US$ 12.50" is 12.5. One would expect 1500. Seen: 0.15; the dot behind the abbreviation is kept as the decimal
# one, what follows up to the next dot are the decimals, and nothing is said. The same goes for "Fr. 250" and for
# "kr. 1500" of Switzerland and Denmark.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund accounting@0.4.1
node - <<'JS'
const assert = require("assert");
const { formatMoney, unformat } = require("accounting");

const written = formatMoney(1500, "Rs. ");
const texts = ["US$ 12.50", written, "Rs. 1500", "Fr. 250", "kr. 1500"];
const seen = texts.map((text) => unformat(text));
texts.forEach((text, at) => console.log(text, "is", seen[at]));
assert.strictEqual(written, "Rs. 1,500.00");
assert.deepStrictEqual(seen, [12.5, 0.15, 0.15, 0.25, 0.15]);
JS
