#!/usr/bin/env bash
# currency.js 2.0.4 (Node): a refund is a cent less than the sale.
# Shares of an order have half cents now and then: 3 of 8 parts of 2.68 are 1.005. The library rounds to the cent, and
# rightly has 1.01 where plain JavaScript has 1.00. One would expect the refund of that share to be -1.01, by whatever
# rounding: what was sold and taken back is nothing. Seen: -1.00; a half is rounded up, towards zero below it, so that
# each such pair leaves a cent, and half a yen is 1 while half a yen less is 0.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund currency.js@2.0.4
cat > refund.cjs <<'JS'
const assert = require("assert");
const currency = require("currency.js");

const share = (order) => currency(order, { precision: 3 }).multiply(3).divide(8).value;
const [sale, refund] = [share(2.68), share(-2.68)];
const left = currency(sale).add(refund).value;
console.log("shares:", sale, refund, "| booked:", currency(sale).value, currency(refund).value, "| left:", left);
const yen = [0.5, -0.5].map((amount) => currency(amount, { precision: 0 }).value);
console.log("half a yen, and half a yen less:", yen);
assert.deepStrictEqual(yen.map(Math.abs), [1, 0]);
assert.deepStrictEqual([sale, refund], [1.005, -1.005]);
assert.deepStrictEqual([currency(sale).value, currency(refund).value, left], [1.01, -1, 0.01]);
JS
node refund.cjs
