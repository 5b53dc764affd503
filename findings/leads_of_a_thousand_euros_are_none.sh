#!/usr/bin/env bash
# regression 2.0.1 (Node): leads by spend are the same at any spend, as the slope is rounded to nothing.
# Spend of 1,000, 2,000 and 3,000 euros brought 4.2, 8.5 and 12.4 leads; a line through them has 0.0041 leads a euro.
# The option "precision", two unless told otherwise, is what "the output is rounded to". One would expect figures to
# be rounded when they are shown, and 41.17 leads from predict(10000). Seen: the slope is 0 before anything is computed
# with it: 8.37 leads at any spend, and R² is 0, of a line that fits to 0.9992. The same spend in thousands has a slope
# of 4.1, and all is right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund regression@2.0.1
cat > leads.cjs <<'JS'
const assert = require("assert");
const regression = require("regression");

const weeks = [[1000, 4.2], [2000, 8.5], [3000, 12.4]];
const seen = [1, 1000].map((unit) => {
  const line = regression.linear(weeks.map(([spend, leads]) => [spend / unit, leads]));
  console.log("in", unit, "euros:", line.string, "R²", line.r2, "at 10,000 euros:", line.predict(10000 / unit)[1]);
  return [...line.equation, Math.abs(line.r2), line.predict(10000 / unit)[1]];
});
const exact = regression.linear(weeks, { precision: 12 });
console.log("to 12 decimals:", exact.equation[0].toFixed(6), exact.r2.toFixed(4), exact.predict(10000)[1].toFixed(2));
assert.deepStrictEqual(seen[0], [0, 8.37, 0, 8.37]);
assert.deepStrictEqual([seen[1][0], seen[1][3]], [4.1, 41.17]);
assert.deepStrictEqual([exact.equation[0].toFixed(4), exact.r2.toFixed(4)], ["0.0041", "0.9992"]);
JS
node leads.cjs
