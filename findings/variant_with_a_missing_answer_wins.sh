#!/usr/bin/env bash
# bayesian-testing 0.10.0 with NumPy 2.3.5: of two mailings the one with a missing answer is the best, for certain.
# Satisfaction after a mailing is known of those who answered. One answer of mailing A is missing, and B is better by
# two points, with 200 answers each. One would expect the missing one to be left out, an error, or no probability. Seen:
# the mean of A is "nan", and its probability to be the best is 1.0: what is no number counts as the largest of each
# draw. With the missing answer in B it is B that wins. Without it B is the best with a probability of 1.0, and A of
# 0.0. Whoever reads prob_being_best alone launches the mailing that has a gap in its data.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check bayesian-testing==0.10.0 numpy==2.3.5
env/bin/python -W ignore - <<'PYTHON'
import math

from bayesian_testing.experiments import NormalDataTest

worse = [3.0, 4.0, 5.0, 4.0] * 50
better = [5.0, 6.0, 7.0, 6.0] * 50


def best(a, b):
    test = NormalDataTest()
    test.add_variant_data("A", a)
    test.add_variant_data("B", b)
    result = test.evaluate(sim_count=2000, seed=1)
    for row in result:
        print({key: row[key] for key in ("variant", "totals", "avg_values", "prob_being_best")})
    return [row["prob_being_best"] for row in result]


assert best(worse, better) == [0.0, 1.0]
assert best([*worse, math.nan], better) == [1.0, 0.0]
assert best(better, [*worse, math.nan]) == [0.0, 1.0]
PYTHON
