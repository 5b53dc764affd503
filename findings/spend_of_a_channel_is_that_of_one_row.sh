#!/usr/bin/env bash
# hyperformula 3.5.0 (Node): spend of a channel is that of one row, if it is summed by SUMPRODUCT.
# The library computes sheets without Excel. SUMPRODUCT((A1:A3="Mail")*B1:B3) is how sheets sum by a condition, and in
# Excel it needs no array formula. Mail has 10 and 5; one would expect 15, or an error. Seen: 10 in the first line of
# the sheet, 0 in the second and 5 in the third: each of the ranges is the one cell that stands in the formula's own
# line. Inside ARRAYFORMULA, or with the option useArrayArithmetic, which is off unless set, it is 15, and so is SUMIF.
# Totals beside a plan are short of most of it, and differ by line.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund hyperformula@3.5.0
cat > plan.cjs <<'JS'
const assert = require("assert");
const { HyperFormula } = require("hyperformula");

const plan = [["Mail", 10], ["Search", 20], ["Mail", 5]];
const column = (formula, options = {}) => {
  const sheet = HyperFormula.buildFromArray(plan.map((row) => [...row, formula]), { licenseKey: "gpl-v3", ...options });
  return sheet.getSheetValues(0).map((row) => row[2]);
};
const formula = '=SUMPRODUCT(($A$1:$A$3="Mail")*$B$1:$B$3)';
const seen = {
  asItIs: column(formula),
  array: column(formula.replace("=", "=ARRAYFORMULA(") + ")"),
  option: column(formula, { useArrayArithmetic: true }),
  sumif: column('=SUMIF($A$1:$A$3,"Mail",$B$1:$B$3)'),
};
console.log(seen);
const right = [15, 15, 15];
assert.deepStrictEqual(seen, { asItIs: [10, 0, 5], array: right, option: right, sumif: right });
JS
node plan.cjs
