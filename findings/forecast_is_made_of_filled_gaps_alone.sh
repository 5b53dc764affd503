#!/usr/bin/env bash
# utilsforecast 0.2.17 with pandas 2.3.3 and Polars 2.1.0: filling gaps in weekly spend leaves nothing but gaps.
# fill_gaps adds what is missing in a series before it is forecast. Spend by week has the Monday of each, and one week
# is missing. One would expect the three rows and a fourth for the gap, or an error that the days are not of freq="W".
# Seen: that frequency has Sundays, the Mondays are not among them and are dropped: four weeks, each without a value. In
# Polars freq="1mo" of ends of months from 28 February on is 28 March and 28 April, and what was spent by 31 March is
# gone; from 31 January on all is right. Nothing is said, and a model is fitted to what is left.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check utilsforecast==0.2.17 pandas==2.3.3 polars==2.1.0
env/bin/python -W ignore - <<'PYTHON'
from datetime import date

import pandas as pd
import polars as pl
from utilsforecast.preprocessing import fill_gaps


def series(*days):
    return {"unique_id": ["Mail"] * len(days), "ds": list(days), "y": [10.0 * (at + 1) for at in range(len(days))]}


weeks = pd.DataFrame(series(*pd.to_datetime(["2026-03-02", "2026-03-09", "2026-03-23"])))
filled = {freq: fill_gaps(weeks, freq=freq)["y"] for freq in ("W", "W-MON")}
for freq, values in filled.items():
    print("weeks,", freq, values.tolist(), "sum:", values.sum())
assert [values.sum() for values in filled.values()] == [0, 60]
assert filled["W"].isna().all() and len(filled["W"]) == 4

ends = [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]
sums = []
for days in (ends, ends[1:]):
    rows = fill_gaps(pl.DataFrame(series(*days)), freq="1mo")
    sums.append(rows["y"].sum())
    print("months:", [f"{day:%m-%d}" for day in rows["ds"]], rows["y"].to_list())
assert sums == [100, 10]
PYTHON
