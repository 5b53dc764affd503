#!/usr/bin/env bash
# ical.js 2.2.1 (Node): of a mailing that goes out on three days, the first is none of them.
# A mailing goes out on 2, 9 and 11 March: DTSTART is the first day and RDATE lists the other two, as calendars write
# days that follow no rule. By RFC 5545 DTSTART "defines the first instance in the recurrence set". One would expect
# three days of the event's own iterator. Seen: two; with dates alone the start is left out, while with a rule beside
# them it is there, and a start that RDATE repeats is there as well. icalendar 7.3.2 with recurring-ical-events 3.8.2
# finds three in the same text. The first send of each such mailing is in no plan and collides with nothing.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund ical.js@2.2.1
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check recurring-ical-events==3.8.2 icalendar==7.3.2
cat > sends.ics <<'ICS'
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//finding//EN
BEGIN:VEVENT
UID:mailing
DTSTAMP:20260101T000000Z
DTSTART:20260302T090000Z
DTEND:20260302T100000Z
RDATE:20260309T090000Z,20260311T090000Z
SUMMARY:Mailing
END:VEVENT
END:VCALENDAR
ICS
cat > sends.mjs <<'JS'
import assert from "assert";
import { readFileSync } from "fs";
import ICAL from "ical.js";

const text = readFileSync("sends.ics", "utf8");
const days = (calendar) => {
  const component = new ICAL.Component(ICAL.parse(calendar)).getFirstSubcomponent("vevent");
  const found = [];
  const iterator = new ICAL.Event(component).iterator();
  for (let at = iterator.next(); at; at = iterator.next()) found.push(at.toString().slice(0, 10));
  return found;
};
const dates = days(text);
const withRule = days(text.replace("RDATE", "RRULE:FREQ=WEEKLY;COUNT=1\nRDATE"));
const repeated = days(text.replace("RDATE:", "RDATE:20260302T090000Z,"));
console.log("dates alone:", dates, "with a rule:", withRule, "with the start repeated:", repeated);
const all = ["2026-03-02", "2026-03-09", "2026-03-11"];
assert.deepStrictEqual([dates, withRule, repeated], [all.slice(1), all, all]);
JS
node sends.mjs
env/bin/python - <<'PYTHON'
from datetime import date

import icalendar
import recurring_ical_events

calendar = icalendar.Calendar.from_ical(open("sends.ics").read())
events = recurring_ical_events.of(calendar).between(date(2026, 3, 1), date(2026, 4, 1))
days = sorted(event["DTSTART"].dt.date().isoformat() for event in events)
print("recurring-ical-events:", days)
assert days == ["2026-03-02", "2026-03-09", "2026-03-11"]
PYTHON
