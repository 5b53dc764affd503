#!/usr/bin/env bash
# simple-statistics 7.12.1 (Node): a t-test divides by the wrong deviation, so that few values are surer than they are.
# Leads of five weeks, 3.2 a week, are compared with the 2 that there were before. One would expect the t of a test of
# one sample, 1.395, as SciPy and every textbook have it: the deviation is that of a sample, by n - 1. Seen: 1.560, by
# n; each t is too large, by 12 percent with five values and by 41 with two, and a significant one is not.
# tTestTwoSample of the same library is by n - 1, and so is sampleStandardDeviation.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund simple-statistics@7.12.1
cat > test.mjs <<'JS'
import assert from "assert";
import { mean, sampleStandardDeviation, tTest, tTestTwoSample } from "simple-statistics";

const textbook = (values, before) =>
  (mean(values) - before) / (sampleStandardDeviation(values) / Math.sqrt(values.length));
const seen = [[1, 2, 3, 4, 6], [3, 5]].map((weeks) => {
  const pair = [tTest(weeks, 2), textbook(weeks, 2)];
  console.log(weeks, "t:", pair[0].toFixed(4), "by the textbook:", pair[1].toFixed(4));
  return pair.map((value) => value.toFixed(4));
});
assert.deepStrictEqual(seen, [["1.5596", "1.3950"], ["2.8284", "2.0000"]]);
const two = tTestTwoSample([1, 2, 3, 4, 5], [2, 4, 6, 8, 10]);
console.log("two samples:", two.toFixed(4));
assert.strictEqual(two.toFixed(4), "-1.8974");
JS
node test.mjs
