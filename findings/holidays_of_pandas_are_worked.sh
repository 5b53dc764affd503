#!/usr/bin/env bash
# business-duration 0.68 with pandas 2.3.3: the holidays of pandas are working days.
# The library takes start and end as pandas' timestamps, and a list of holidays. An approval asked for on Thursday at
# 16:00 and given on Monday at 10:00, over Independence Day kept on Friday, takes two hours of an office that works
# from 9 to 17. One would expect the same from the holidays as dates and as pandas' calendar gives them, timestamps at
# midnight. Seen: with dates 2 hours, with pandas' own 10, as if there were no holiday: a day is looked up as a date,
# which is equal to no timestamp. Nothing is raised, and the holidays of a file that pandas read are worked as well.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check business-duration==0.68 pandas==2.3.3
printf 'holiday\n2026-07-03\n' > holidays.csv
env/bin/python - <<'PYTHON'
from datetime import time

import pandas as pd
from business_duration import businessDuration
from pandas.tseries.holiday import USFederalHolidayCalendar

asked, given = pd.Timestamp("2026-07-02 16:00"), pd.Timestamp("2026-07-06 10:00")
calendar = USFederalHolidayCalendar().holidays("2026-01-01", "2026-12-31")
assert pd.Timestamp("2026-07-03") in calendar
lists = {
    "none": None,
    "dates": [day.date() for day in calendar],
    "pandas": list(calendar),
    "read by pandas": list(pd.read_csv("holidays.csv", parse_dates=["holiday"])["holiday"]),
}
hours = {}
for name, days in lists.items():
    hours[name] = businessDuration(asked, given, time(9), time(17), holidaylist=days, unit="hour")
print(hours)
assert hours == {"none": 10.0, "dates": 2.0, "pandas": 10.0, "read by pandas": 10.0}
PYTHON
