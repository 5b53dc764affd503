#!/usr/bin/env bash
# jstat 1.9.6 (Node): by the one-sided test, a variant that is worse is as significant as one that is better.
# 70 of 1,000 readers of one mailing click, and 50 of 1,000 of another. The one-sided question is whether the first is
# better; turned round, whether the second is, and the two answers add up to 1: 0.03 and 0.97, as the normal
# distribution has it for a z of 1.88. One would expect that of oneSidedDifferenceOfProportions, which takes the
# two in an order. Seen: 0.03 either way, half of the two-sided one, as the sign is dropped; ztest and ttest with one
# side do so as well. A launch that asks for p below 0.05 takes the worse mailing.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund jstat@1.9.6
node - <<'JS'
const assert = require("assert");
const { jStat } = require("jstat");

const [first, second] = [0.07, 0.05];
const pooled = (first + second) / 2;
const z = (first - second) / Math.sqrt((2 * pooled * (1 - pooled)) / 1000);
const tail = (value) => 1 - jStat.normal.cdf(value, 0, 1);
const better = jStat().oneSidedDifferenceOfProportions(first, 1000, second, 1000);
const worse = jStat().oneSidedDifferenceOfProportions(second, 1000, first, 1000);
console.log("z:", z, "| expected:", tail(z), "and", tail(-z), "| seen:", better, "and", worse);
console.log("ztest:", jStat.ztest(2, 1), jStat.ztest(-2, 1), "| ttest:", jStat.ttest(2, 10, 1), jStat.ttest(-2, 10, 1));
assert(Math.abs(better - tail(z)) < 1e-6 && Math.abs(tail(-z) - 0.97) < 0.001);
assert.strictEqual(worse, better);
assert.strictEqual(jStat.ztest(-2, 1), jStat.ztest(2, 1));
assert.strictEqual(jStat.ttest(-2, 10, 1), jStat.ttest(2, 10, 1));
JS
