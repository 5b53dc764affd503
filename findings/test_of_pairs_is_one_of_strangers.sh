#!/usr/bin/env bash
# @formulajs/formulajs 4.6.1 (Node): T.TEST makes one test, whichever is asked for, and F.TEST is no probability.
# The library is the functions of Excel in JavaScript. T.TEST takes two columns, the tails, and the type: pairs, equal
# variances or unequal ones. Five shops each sold one or two more after a mailing than before. One would expect the test
# of pairs to give 0.0039, as SciPy 1.17.1 does. Seen: 0.3126, which is the test of two groups that have nothing to do
# with each other; tails and type make no difference. F.TEST is the ratio of the variances, 0.614, where Excel and the
# textbook have its probability, 0.648. Nothing is raised, and a mailing that worked has not.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund @formulajs/formulajs@4.6.1
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check scipy==1.17.1
node - > seen.json <<'JS'
const { F, T } = require("@formulajs/formulajs");

const before = [1, 2, 3, 4, 5];
const after = [2, 3, 4, 5, 7];
const tests = [[2, 1], [1, 1], [2, 2], [2, 3]].map(([tails, type]) => T.TEST(before, after, tails, type));
console.log(JSON.stringify({ tests, variances: F.TEST([6, 7, 9, 15, 21], [20, 28, 31, 38, 40]) }));
JS
env/bin/python - <<'PYTHON'
import json
from statistics import variance

from scipy import stats

seen = json.load(open("seen.json"))
before, after = [1, 2, 3, 4, 5], [2, 3, 4, 5, 7]
pairs, strangers = stats.ttest_rel(before, after).pvalue, stats.ttest_ind(before, after).pvalue
print("pairs:", round(pairs, 4), "| strangers:", round(strangers, 4), "| seen:", seen["tests"])
assert round(pairs, 4) == 0.0039 and {round(test, 6) for test in seen["tests"]} == {round(strangers, 6)}
left, right = [6, 7, 9, 15, 21], [20, 28, 31, 38, 40]
ratio = variance(left) / variance(right)
probability = 2 * stats.f.cdf(ratio, len(left) - 1, len(right) - 1)
print("ratio:", round(ratio, 3), "| probability:", round(probability, 3), "| seen:", seen["variances"])
assert round(seen["variances"], 6) == round(ratio, 6) and round(probability, 3) == 0.648
PYTHON
