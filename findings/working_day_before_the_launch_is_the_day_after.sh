#!/usr/bin/env bash
# business-days-js 2.3.0 with date-holidays 3.37.0 (Node): two working days before a launch is the day after it.
# Deadlines are counted back from a launch: two working days before Friday, 10 July 2026, is Wednesday. addDays "adds a
# specified number of business days", and countDays raises where the first day is after the last. One would expect
# Wednesday of addDays(day, -2), or an error. Seen: Saturday, the day after the launch and no working day, whatever
# number is asked for; 0 working days are a day as well. And Friday, 24 December 2027, on which Christmas is kept, is in
# the library's own list of public holidays, and a business day by check(): of two holidays of a day the first alone is
# looked at, which is Christmas Eve and optional.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts business-days-js@2.3.0 date-holidays@3.37.0
cat > days.cjs <<'JS'
const assert = require("assert");
const loaded = require("business-days-js");
const days = (loaded.default || loaded)();

const LAUNCH = "2026-07-10";
const seen = Object.fromEntries([2, 0, -1, -2, -10].map((n) => [n, days.addDays(LAUNCH, n).format("ddd YYYY-MM-DD")]));
console.log("working days from Friday,", LAUNCH, seen);
assert.strictEqual(seen[2], "Tue 2026-07-14");
for (const n of [0, -1, -2, -10]) assert.strictEqual(seen[n], "Sat 2026-07-11");
assert.strictEqual(days.check("2026-07-11"), false);

const kept = days.getHolidays("2027").filter((holiday) => holiday.date.startsWith("2027-12-24"));
console.log(kept.map(({ date, name, type }) => [date, name, type]), "a business day:", days.check("2027-12-24"));
assert.ok(kept.some(({ type }) => type === "public"));
assert.strictEqual(days.check("2027-12-24"), true);
assert.strictEqual(days.check("2026-12-25"), false);
JS
TZ=America/New_York node days.cjs
