#!/usr/bin/env bash
# icalevents 0.3.1: of what comes again and again, the one that is under way is not found.
# A sprint lasts from Monday to Friday, every week. Asked what is on from Wednesday to Thursday, the library finds a
# sprint that was entered once, as it overlaps. One would expect the same of one that comes every week. Seen: nothing,
# on any day but the Monday on which it begins: single events are kept by overlap, those of a rule by their start.
# Whether a week is taken depends on how somebody entered it, and a calendar of freezes and sprints says that there is
# none.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check icalevents==0.3.1
env/bin/python -W ignore - <<'PYTHON'
from datetime import datetime

from icalevents.icalevents import events

PLAN = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example//plan//EN
BEGIN:VEVENT
UID:sprint
DTSTAMP:20260101T000000Z
DTSTART:20260302T090000Z
DTEND:20260306T170000Z
{rule}SUMMARY:Sprint
END:VEVENT
END:VCALENDAR
"""
seen = {}
for name, rule in {"once": "", "every week": "RRULE:FREQ=WEEKLY;COUNT=4\n"}.items():
    plan = PLAN.format(rule=rule).replace("\n", "\r\n").encode()
    seen[name] = [
        len(events(string_content=plan, start=datetime(2026, 3, day, 8), end=datetime(2026, 3, day, 18)))
        for day in range(2, 7)
    ]
    print(name, "from Monday to Friday:", seen[name])
assert seen == {"once": [1, 1, 1, 1, 1], "every week": [1, 0, 0, 0, 0]}
PYTHON
