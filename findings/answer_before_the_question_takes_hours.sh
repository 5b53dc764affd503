#!/usr/bin/env bash
# businesstimedelta 1.0.1: business time between two moments is the same, whichever comes first.
# A tracker says that an approval was given on Friday at 9 and asked for on Friday at 17, as after an import that swapped
# two columns. One would expect less than nothing, as two datetimes give, or an error. Seen: the two are sorted first,
# the answer is 8 hours, and a check for negative durations finds none: such tickets count as answered in time.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check businesstimedelta==1.0.1
env/bin/python - <<'PYTHON'
import datetime

import businesstimedelta

office = businesstimedelta.WorkDayRule(
    start_time=datetime.time(9), end_time=datetime.time(17), working_days=[0, 1, 2, 3, 4]
)
asked = datetime.datetime(2026, 11, 27, 17)
given = datetime.datetime(2026, 11, 27, 9)
business, plain = office.difference(asked, given), given - asked
print("business hours", business.hours, "hours", plain.total_seconds() / 3600)
assert business.hours == 8
assert plain == datetime.timedelta(hours=-8)
PYTHON
