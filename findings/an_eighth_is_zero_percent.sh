#!/usr/bin/env bash
# hyperformula 3.5.0 (Node): a conversion rate of an eighth is shown as 0%, and 1,234.50 as "1235,##0.00".
# The library computes sheets without Excel; TEXT writes a figure into a sentence, as in "we convert "&TEXT(A1,"0%").
# One would expect "13%" and "1,234.50" of Excel's own formats, "0%" and "#,##0.00", or an error. Seen: the number is
# put into the first run of digits of the format, and what remains stands behind it as text: "0%" of 0.125 is 0%,
# "0.0%" is 0.1%, and in "#,##0.00" the run is the first "#". "mmm yy" of March is "030 26". A sentence says a hundredth
# of each rate.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund hyperformula@3.5.0
cat > text.cjs <<'JS'
const assert = require("assert");
const { HyperFormula } = require("hyperformula");

const formulas = [
  ['=TEXT(0.125,"0%")', "0%"],
  ['=TEXT(0.125,"0.0%")', "0.1%"],
  ['=TEXT(1234.5,"#,##0.00")', "1235,##0.00"],
  ['=TEXT(1234.5,"0.00")', "1234.50"],
  ['=TEXT(DATE(2026,3,1),"mmm yy")', "030 26"],
  ['=TEXT(DATE(2026,3,1),"yyyy-mm-dd")', "2026-03-01"],
];
const sheet = HyperFormula.buildFromArray(formulas.map(([formula]) => [formula]), { licenseKey: "gpl-v3" });
const seen = sheet.getSheetValues(0).map(([value]) => value);
formulas.forEach(([formula], at) => console.log(formula, "is", seen[at]));
assert.deepStrictEqual(seen, formulas.map(([, text]) => text));
JS
node text.cjs
