#!/usr/bin/env bash
# rrule 2.8.1 (Node): what begins on a day, without a time, begins whenever its rule is read.
# A calendar says that a mailing goes out four Mondays in a row from 2 March 2026: DTSTART;VALUE=DATE:20260302, as
# iCalendar writes days and every calendar exports what lasts the whole day. One would expect four Mondays in March, as
# for DTSTART:20260302T000000Z, or an error, as there is one for an unknown rule. Seen: nothing is raised, the start is
# left out, and the four are at this very moment and the three weeks that follow: another answer at each reading.
# Without VALUE=DATE the same eight digits are the day.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund rrule@2.8.1
TZ=UTC node - <<'JS'
const assert = require("assert");
const { rrulestr } = require("rrule");

const sends = (start) => rrulestr(`${start}\nRRULE:FREQ=WEEKLY;COUNT=4`).all();
const before = Date.now();
const [moment, bare, day] = ["DTSTART:20260302T000000Z", "DTSTART:20260302", "DTSTART;VALUE=DATE:20260302"].map(sends);
console.log("moment:", moment.map(String), "\nday:", day.map(String));
const march = [2, 9, 16, 23].map((date) => new Date(Date.UTC(2026, 2, date)));
assert.deepStrictEqual(moment, march);
assert.deepStrictEqual(bare, march);
// The start has no milliseconds
assert(Math.abs(day[0] - before) < 60000 && day.length === 4);
assert.throws(() => rrulestr("DTSTART:20260302T000000Z\nRRULE:FREQ=SPRINTLY"));
JS
