#!/usr/bin/env bash
# lifetimes 0.11.3 with pandas 2.3.3: the value of a purchase means one thing before the split and another after it.
# calibration_and_holdout_data parts a customer's purchases at a day, to compare the value foretold with what came. All
# that is bought on one day is one purchase in either half. One would expect the value to be per purchase in both, so
# that times their number it is what was spent. Seen: so it is before the split; after it the value is the average of
# the rows. Of 260 spent on three days, two rows of it on one day, 195 are left: a model that is right expects too
# much.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check lifetimes==0.11.3 pandas==2.3.3
env/bin/python -W ignore - <<'PYTHON'
import pandas as pd
from lifetimes.utils import calibration_and_holdout_data

orders = pd.DataFrame(
    [
        ("2026-01-01", 10),
        ("2026-01-10", 20),
        ("2026-01-10", 30),
        ("2026-02-01", 40),
        ("2026-04-01", 50),
        ("2026-04-01", 60),
        ("2026-04-10", 70),
        ("2026-05-01", 80),
    ],
    columns=["day", "amount"],
).assign(customer="C-1")
row = calibration_and_holdout_data(
    orders, "customer", "day", "2026-03-01", observation_period_end="2026-05-01", monetary_value_col="amount"
).loc["C-1"]
before = row["frequency_cal"] * row["monetary_value_cal"]
after = row["frequency_holdout"] * row["monetary_value_holdout"]
print("repeat purchases before:", row["frequency_cal"], "spent:", 20 + 30 + 40, "seen:", before)
print("purchases after:", row["frequency_holdout"], "spent:", 50 + 60 + 70 + 80, "seen:", after)
assert (row["frequency_cal"], before) == (2, 90)
assert (row["frequency_holdout"], row["monetary_value_holdout"], after) == (3, 65, 195)
PYTHON
