#!/usr/bin/env bash
# recurring-ical-events 3.8.2: a campaign that ends earlier in the day than it began is not on its last day.
# A flight runs from Monday 18:00 to Wednesday 12:00. Asked by a date what is on Wednesday, one would expect the
# flight, as the same question with two datetimes finds it. Seen: at(date) and between(date, date) do not have it: the
# dates that an event covers are its first one and as many more as it lasts whole days, and 42 hours are one. A flight
# until 19:00 is there. A calendar of what runs today, or a look for collisions by day, misses the last morning.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check recurring-ical-events==3.8.2 icalendar==7.3.2
env/bin/python - <<'PYTHON'
from datetime import date, datetime

import icalendar
import recurring_ical_events

PLAN = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example//plan//EN
BEGIN:VEVENT
UID:flight
DTSTAMP:20260101T000000Z
DTSTART;TZID=Europe/Berlin:20260302T180000
DTEND;TZID=Europe/Berlin:20260304T{end}0000
SUMMARY:Spring sale
END:VEVENT
END:VCALENDAR
"""
days = range(1, 6)
for end in (12, 19):
    plan = recurring_ical_events.of(icalendar.Calendar.from_ical(PLAN.format(end=end)))
    at = [len(plan.at(date(2026, 3, day))) for day in days]
    dates = [len(plan.between(date(2026, 3, day), date(2026, 3, day + 1))) for day in days]
    datetimes = [len(plan.between(datetime(2026, 3, day), datetime(2026, 3, day + 1))) for day in days]
    print("until", end, "at a date:", at, "between dates:", dates, "between datetimes:", datetimes)
    assert datetimes == [0, 1, 1, 1, 0]
    assert at == dates == [0, 1, 1, int(end == 19), 0]
PYTHON
