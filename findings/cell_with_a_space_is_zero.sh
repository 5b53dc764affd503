#!/usr/bin/env bash
# exceljs 4.4.0 (Node): a cell of a CSV with a space in it is 0, and the code 0x1F is 31.
# Exports of systems with fields of a fixed width fill what has no value with spaces. The library reads a CSV as a
# worksheet and guesses types; an empty cell is null. One would expect null or text of a space as well. Seen: 0, so that
# a mean is drawn to nothing and what is missing counts as an amount. What JavaScript can read as a number is one:
# 120210000000000017, an ad's id, is ...020, the product code 0x1F is 31 and 12E4 is 120000; "1,250.00" stays text.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund exceljs@4.4.0
printf 'ad,code,spend\n120210000000000017,0x1F,12.50\nspring,12E4, \nsummer,12F4,\nautumn,A1,"1,250.00"\n' > spend.csv
node - <<'JS'
const assert = require("assert");
const { Workbook } = require("exceljs");

(async () => {
  const sheet = await new Workbook().csv.readFile("spend.csv");
  const seen = [2, 3, 4, 5].map((row) => [1, 2, 3].map((column) => sheet.getCell(row, column).value));
  console.log(seen);
  assert.deepStrictEqual(seen, [
    [120210000000000020, 31, 12.5],
    ["spring", 120000, 0],
    ["summer", "12F4", null],
    ["autumn", "A1", "1,250.00"],
  ]);
})();
JS
