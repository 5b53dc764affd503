#!/usr/bin/env bash
# lifelines 0.30.3 with pandas 2.3.3 and NumPy 2.3.5: who stayed for a year stayed for eleven months, or for no year.
# datetimes_to_durations makes durations of the days on which customers came and went, in the unit asked for ("See
# Pandas 'freq'"). One would expect 12 months and 1 year from 1 January to 1 January, and 1 month from 1 February to
# 1 March, as pandas counts periods. Seen: 11, 0 and 0; a month is a span of 30.44 days, a year of 365.2425, and what is
# short of it is cut off. In a leap year the same is 12 and 1. A contract of a year ends in the first year's churn.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check lifelines==0.30.3 pandas==2.3.3 numpy==2.3.5
env/bin/python - <<'PYTHON'
import pandas as pd
from lifelines.utils import datetimes_to_durations

came, went = ["2025-01-01", "2024-01-01", "2025-02-01"], ["2026-01-01", "2025-01-01", "2025-03-01"]
months, years = (datetimes_to_durations(came, went, freq=unit)[0].tolist() for unit in "MY")
periods = [pd.Period(end, "M").ordinal - pd.Period(start, "M").ordinal for start, end in zip(came, went)]
for row in zip(came, went, months, periods, years):
    print("{} to {}: {} months, by pandas' periods {}, {} years".format(*row))
assert periods == [12, 12, 1]
assert (months, years) == ([11, 12, 0], [0, 1, 0])
PYTHON
