#!/usr/bin/env bash
# @formulajs/formulajs 4.6.1 (Node): working days backwards are too few for some days and too many for others.
# The library is the functions of Excel in JavaScript. NETWORKDAYS from the day on which a brief was given to the day on
# which it was due says how late it was; backwards, Excel counts the same days, with a minus. One would expect that.
# Seen: forwards as in Excel; backwards from Tuesday to Monday 0 instead of -2, from Friday to Monday of one week -3
# instead of -5, and over three weeks -17 instead of -15. Weekends and holidays count, and one is added where one should
# be taken: what is a day late is on time.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund @formulajs/formulajs@4.6.1
node - <<'JS'
const assert = require("assert");
const { NETWORKDAYS } = require("@formulajs/formulajs");

const march = (day) => new Date(2026, 2, day);
// 2 March 2026 is a Monday
const seen = [3, 6, 9, 13, 20].map((day) => [
  NETWORKDAYS(march(2), march(day)),
  NETWORKDAYS(march(day), march(2)),
]);
console.log("forwards and backwards:", seen);
assert.deepStrictEqual(seen, [[2, 0], [5, -3], [6, -6], [10, -10], [15, -17]]);
JS
