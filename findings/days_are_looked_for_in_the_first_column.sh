#!/usr/bin/env bash
# cuallee 0.15.4 with Polars 2.1.0: is_daily("day") looks for the days in whatever column comes first.
# The check is that no working day is missing between the first and the last. An export has the day it was loaded on
# first, then the day that it is about. One would expect the verdict of the same data in pandas: from Monday to
# Thursday nothing is missing; without Tuesday and Wednesday two days are. Seen: in Polars the gap passes, as each day
# was loaded on a day of its own, and the complete one fails where an id comes first. With "day" in the first column
# both are right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check cuallee==0.15.4 polars==2.1.0 pandas==2.3.3
env/bin/python - <<'PYTHON'
from datetime import date

import pandas as pd
import polars as pl
from cuallee import Check, CheckLevel

MONDAY, TUESDAY, WEDNESDAY, THURSDAY = (date(2026, 3, day) for day in (2, 3, 4, 5))


def verdicts(columns: dict) -> list[str]:
    polars = Check(CheckLevel.WARNING, "days").is_daily("day").validate(pl.DataFrame(columns))
    frame = pd.DataFrame(columns)
    pandas = Check(CheckLevel.WARNING, "days").is_daily("day").validate(frame.assign(day=pd.to_datetime(frame["day"])))
    return [pandas["status"].tolist()[0], polars["status"].to_list()[0]]


week = [MONDAY, TUESDAY, WEDNESDAY, THURSDAY]
gap = [MONDAY, MONDAY, THURSDAY, THURSDAY]
seen = {
    "gap, day first": verdicts({"day": gap, "loaded_on": week}),
    "gap, loaded_on first": verdicts({"loaded_on": week, "day": gap}),
    "complete, day first": verdicts({"day": week, "ad_id": [1, 2, 3, 4]}),
    "complete, ad_id first": verdicts({"ad_id": [1, 2, 3, 4], "day": week}),
}
for name, pair in seen.items():
    print(name, "- pandas:", pair[0], "Polars:", pair[1])
assert seen["gap, day first"] == ["FAIL", "FAIL"] and seen["complete, day first"] == ["PASS", "PASS"]
assert seen["gap, loaded_on first"] == ["FAIL", "PASS"]
assert seen["complete, ad_id first"] == ["PASS", "FAIL"]
PYTHON
