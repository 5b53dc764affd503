#!/usr/bin/env bash
# tea-tasting 1.14.0 with pandas 2.3.3 and SciPy 1.17.1: the more values are missing, the surer a test is.
# Satisfaction after a mailing is known of those who answered; the rest of either group has no value. One would expect
# them to be left out, as in SciPy and as after dropping their rows, or an error. Seen: the means leave them out, and
# the sizes of the groups, by which the error of a mean is judged, do not: with half of the values missing p is 0.005
# instead of 0.047, and with nine in ten it is 3e-10, from the same 200 answers in each group.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check tea-tasting==1.14.0 pandas==2.3.3 scipy==1.17.1
env/bin/python - <<'PYTHON'
import pandas as pd
import tea_tasting as tt
from scipy import stats

ANSWERS = {0: [10.0, 0.0, 4.0, 2.0] * 50, 1: [11.0, 1.0, 4.0, 3.0] * 50}


def experiment(silent):
    rows = [(group, value) for group, values in ANSWERS.items() for value in [*values, *[None] * silent]]
    data = pd.DataFrame(rows, columns=["variant", "answer"])
    return tt.Experiment(answer=tt.Mean("answer")).analyze(data)["answer"]


expected = stats.ttest_ind(ANSWERS[0], ANSWERS[1], equal_var=False).pvalue
print(f"SciPy: p = {expected:.4f}")
seen = {silent: experiment(silent) for silent in (0, 200, 1800)}
for silent, result in seen.items():
    print(f"{silent} of {200 + silent} silent: {result.control} and {result.treatment}, p = {result.pvalue:.2g}")
    assert (result.control, result.treatment) == (4.0, 4.75)
assert abs(seen[0].pvalue - expected) < 1e-9
assert abs(seen[200].pvalue - 0.0049) < 0.0001 and seen[1800].pvalue < 1e-9
PYTHON
