#!/usr/bin/env bash
# money-math 2.6.3 (Node): a refund of 1.00 in eight parts is 0.11 each, and a part of a small one is a gain.
# The library computes with amounts as text, to be spared binary fractions, and takes negative ones: "-1.00" and "0.50"
# make "-0.50". An eighth of 1.00 is 0.13. One would expect an eighth of -1.00 to be -0.12 or -0.13, by either rounding.
# Seen: -0.11; the last two digits are looked at without the sign, and a cent is added where one should be taken away:
# a third of -2.00 is -0.65 instead of -0.67, half of -0.05 is -0.01, and -1.00 in 200 parts is 0.01 each, which is
# money. Shares of refunds and credit notes are up to two cents off each, and do not sum to what was taken back.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund money-math@2.6.3
cat > shares.cjs <<'JS'
const assert = require("assert");
const money = require("money-math");

const asked = [
  ["add", "-1.00", "0.50", "-0.50"],
  ["div", "1.00", "8.00", "0.13"],
  ["div", "-1.00", "8.00", "-0.11"],
  ["div", "2.00", "3.00", "0.67"],
  ["div", "-2.00", "3.00", "-0.65"],
  ["div", "-1.00", "200.00", "0.01"],
  ["mul", "0.05", "0.50", "0.03"],
  ["mul", "-0.05", "0.50", "-0.01"],
];
for (const [name, a, b, expected] of asked) {
  const seen = money[name](a, b);
  console.log(name, a, b, "is", seen);
  assert.strictEqual(seen, expected);
}
JS
node shares.cjs
