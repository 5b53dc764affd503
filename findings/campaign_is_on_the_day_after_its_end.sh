#!/usr/bin/env bash
# ics 0.7.3: an event of whole days is still on the day after its last.
# A flight runs on 2, 3 and 4 March, which iCalendar writes with an end on the 5th, as the end is not part of it. One
# would expect timeline.on(day) to find it on three days. Seen: on four; a day counts if the event ends in its first
# moment. A holiday of one day is on two. Looked at by day, campaigns that follow each other collide, and a freeze keeps
# launches out a day too long; events with times of day, from 18:00 to 19:00, are right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check ics==0.7.3
env/bin/python -W ignore - <<'PYTHON'
import arrow
from ics import Calendar

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:flights
BEGIN:VEVENT
UID:1
DTSTAMP:20260101T000000Z
SUMMARY:flight
DTSTART;VALUE=DATE:20260302
DTEND;VALUE=DATE:20260305
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTAMP:20260101T000000Z
SUMMARY:next
DTSTART;VALUE=DATE:20260305
DTEND;VALUE=DATE:20260306
END:VEVENT
END:VCALENDAR
"""
timeline = Calendar(CALENDAR.replace("\n", "\r\n")).timeline
days = {day: [event.name for event in timeline.on(arrow.get(2026, 3, day))] for day in range(1, 8)}
print(days)
assert days == {1: [], 2: ["flight"], 3: ["flight"], 4: ["flight"], 5: ["flight", "next"], 6: ["next"], 7: []}
PYTHON
