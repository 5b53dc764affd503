#!/usr/bin/env bash
# alasql 4.19.1 (Node): the average of spend that is text is higher than any of it, and its sum is nothing.
# The library asks arrays in SQL, and rows of a CSV come to it as text. Mail has spend of "7" and "8". One would expect
# an average of 7.5, as MySQL and SQLite have of text, or an error. Seen: 39; the two are joined as text, 78, and that
# is divided by two, and 10 and 9.5 of Search average 54.75. SUM and MAX of the same column are undefined, COUNT is
# right, and nothing is raised. A channel with more rows has a longer number: three of "5" average 185.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund alasql@4.19.1
cat > average.cjs <<'JS'
const assert = require("assert");
const alasql = require("alasql");

const spends = { Mail: ["7", "8"], Search: ["10", "9.5"], TV: ["5", "5", "5"] };
const rows = Object.entries(spends).flatMap(([channel, all]) => all.map((spend) => ({ channel, spend })));
const query = "select channel, avg(spend) as average, sum(spend) as summed, count(spend) as n from ? group by channel";
const seen = alasql(query, [rows]);
const right = alasql(query, [rows.map((row) => ({ ...row, spend: Number(row.spend) }))]);
console.log("text:", seen, "\nnumbers:", right);
assert.deepStrictEqual(seen.map((row) => [row.average, row.summed, row.n]), [
  [39, undefined, 2],
  [54.75, undefined, 2],
  [185, undefined, 3],
]);
assert.deepStrictEqual(right.map((row) => row.average), [7.5, 9.75, 5]);
JS
node average.cjs
