#!/usr/bin/env bash
# dayjs-business-time 1.0.4 with dayjs 1.11.13 (Node): from Saturday to Sunday is a working day, and a day more passes
# from midnight than from nine.
# businessDaysDiff tells the working days between two moments; an office works from 9 to 17. One would expect 0 from
# Saturday to Sunday, and as many days from Monday to Friday whether both are taken at midnight or at 9. Seen: 1 of the
# weekend, 5 from midnight to midnight, as dates without a time are, and 4 from 9 to 9, and even from Monday at 9 to
# Friday at 17, while the hours are right: 32 to Friday at 9, and 0 at the weekend. A day late is by the time of day.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund dayjs@1.11.13 dayjs-business-time@1.0.4
node - <<'JS'
const assert = require("assert");
const dayjs = require("dayjs");
dayjs.extend(require("dayjs-business-time"));

// 2 March 2026 is a Monday
const spans = [
  ["2026-03-07T00:00", "2026-03-08T00:00", 1, 0],
  ["2026-03-02T00:00", "2026-03-03T00:00", 2, 8],
  ["2026-03-02T09:00", "2026-03-03T09:00", 1, 8],
  ["2026-03-02T00:00", "2026-03-06T00:00", 5, 32],
  ["2026-03-02T09:00", "2026-03-06T09:00", 4, 32],
  ["2026-03-02T09:00", "2026-03-06T17:00", 4, 40],
];
for (const [start, end, ...expected] of spans) {
  const seen = [dayjs(start).businessDaysDiff(dayjs(end)), dayjs(start).businessHoursDiff(dayjs(end))];
  console.log(start, "to", end, "| days and hours:", seen);
  assert.deepStrictEqual(seen, expected);
}
JS
