#!/usr/bin/env bash
# ics 0.7.3: an event whose zone is told in the calendar itself takes place by the clock of Greenwich.
# Outlook names zones in its own way, as "Eastern Standard Time", and says in the same file, in a VTIMEZONE, what the
# name means; RFC 5545 has it so. One would expect 18:00 in June to be 22:00 UTC, or an error. Seen: 18:00 UTC; a name
# that the system does not know is passed over together with its definition, and the file that the library writes says
# so, too. vobject 0.9.9 reads the same text as 22:00 UTC. A launch of 18:00 has been for four hours when it comes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check ics==0.7.3 vobject==0.9.9
cat > launch.ics <<'ICS'
BEGIN:VCALENDAR
VERSION:2.0
PRODID:launches
BEGIN:VTIMEZONE
TZID:Eastern Standard Time
BEGIN:STANDARD
DTSTART:16010101T020000
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
UID:1
DTSTAMP:20260101T000000Z
SUMMARY:Launch
DTSTART;TZID=Eastern Standard Time:20260616T180000
DTEND;TZID=Eastern Standard Time:20260616T190000
END:VEVENT
END:VCALENDAR
ICS
sed -i 's/$/\r/' launch.ics
env/bin/python -W ignore - <<'PYTHON'
from datetime import timezone

import vobject
from ics import Calendar

text = open("launch.ics", newline="").read()
calendar = Calendar(text)
(event,) = calendar.events
written = [line for line in event.serialize().splitlines() if line.startswith("DTSTART")]
other = vobject.readOne(text).vevent.dtstart.value.astimezone(timezone.utc)
print("ics:", event.begin, written, "| vobject:", other)
assert str(event.begin) == "2026-06-16T18:00:00+00:00" and written == ["DTSTART:20260616T180000Z"]
assert str(other) == "2026-06-16 22:00:00+00:00"
PYTHON
