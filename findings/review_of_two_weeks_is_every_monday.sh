#!/usr/bin/env bash
# ical.js 2.2.1 (Node): what comes on the Monday of two weeks of the year comes on every Monday.
# A budget review is on Monday of the ISO weeks 20 and 40: FREQ=YEARLY;BYWEEKNO=20,40;BYDAY=MO, which is 11 May and
# 28 September in 2026. BYDAY=20MO is the twentieth Monday of the year, 18 May. The library refuses rules that it holds
# for wrong, as BYWEEKNO with BYMONTHDAY; one would expect those days, or an error. Seen: BYWEEKNO only moves the
# start, the number in front of MO is passed over, and what is left is every Monday; BYWEEKNO without BYDAY is no day at
# all. rrule.js 2.8.1 has the days that one would expect. Two reviews a year are 52, and nothing is raised.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund ical.js@2.2.1 rrule@2.8.1
cat > reviews.mjs <<'JS'
import assert from "assert";
import ICAL from "ical.js";
import rrule from "rrule";

const seen = (rule, start, number) => {
  const iterator = ICAL.Recur.fromString(rule).iterator(ICAL.Time.fromString(start));
  const days = [];
  for (let at = iterator.next(); at && days.length < number; at = iterator.next()) {
    days.push(at.toString().slice(0, 10));
  }
  return days;
};
const expected = (rule, start, number) => {
  const stamp = start.replace(/[-:]/g, "");
  const found = rrule.rrulestr(`DTSTART:${stamp}\nRRULE:${rule}`).all((_, at) => at < number);
  return found.map((day) => day.toISOString().slice(0, 10));
};
const weeks = ["FREQ=YEARLY;BYWEEKNO=20,40;BYDAY=MO", "2026-05-11T09:00:00Z", 4];
const twentieth = ["FREQ=YEARLY;BYDAY=20MO", "2026-05-18T09:00:00Z", 3];
const bare = ["FREQ=YEARLY;BYWEEKNO=20", "2026-05-11T09:00:00Z", 3];
for (const asked of [weeks, twentieth, bare]) {
  console.log(asked[0], "ical.js:", seen(...asked).join(" "), "| rrule.js:", expected(...asked).join(" "));
}
assert.deepStrictEqual(expected(...weeks), ["2026-05-11", "2026-09-28", "2027-05-17", "2027-10-04"]);
assert.deepStrictEqual(expected(...twentieth), ["2026-05-18", "2027-05-17", "2028-05-15"]);
const gaps = (days) => days.slice(1).map((day, at) => (new Date(day) - new Date(days[at])) / 86400000);
assert.deepStrictEqual(gaps(seen(...weeks)), [7, 7, 7]);
assert.deepStrictEqual(gaps(seen(...twentieth)), [7, 7]);
assert.deepStrictEqual(seen(...bare), []);
JS
TZ=UTC node reviews.mjs
