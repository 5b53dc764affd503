#!/usr/bin/env bash
# business-duration 0.68: a working day has eight hours while hours are counted, and 24 when days are.
# An office works from 9 to 17. A brief asked for on Monday at 9 and given on Friday at 17 takes 40 business hours, and
# unit="day" is to give business days. One would expect five, as for a whole week without business hours. Seen: 1.67;
# the business hours are divided by 24, whatever the business day has. By a limit of two working days a brief is in
# time that took all week.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check business-duration==0.68 pandas==2.3.3
env/bin/python - <<'PYTHON'
from datetime import time

import pandas as pd
from business_duration import businessDuration

asked, given = pd.Timestamp("2026-03-02 09:00"), pd.Timestamp("2026-03-06 17:00")
seen = {unit: businessDuration(asked, given, time(9), time(17), unit=unit) for unit in ("hour", "day")}
whole = businessDuration(asked.date(), given.date(), unit="day")
print(seen, "without business hours:", whole)
assert seen["hour"] == 40 and round(seen["day"], 2) == 1.67
assert whole == 5
PYTHON
