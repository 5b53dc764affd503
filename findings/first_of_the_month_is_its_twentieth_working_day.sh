#!/usr/bin/env bash
# moment-business-days 1.2.0 (Node): the first of a month is the twentieth working day of it, if it is a Sunday.
# Budgets are paced by how many of a month's working days have passed, which businessDaysIntoMonth() tells: 22 on
# Tuesday, 31 March 2026, 5 on Saturday, 7 March. One would expect 0 on Sunday, 1 March: none has passed. Seen: 20; a
# day of rest is taken for the working day before it, also where that is in another month, and the days of that month
# are counted. On the first of the month spend is judged as if it were nearly over.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund moment@2.30.1 moment-business-days@1.2.0
node - <<'JS'
const assert = require("assert");
const moment = require("moment-business-days");

const into = (day) => moment(day, "YYYY-MM-DD").businessDaysIntoMonth();
const days = ["2026-03-31", "2026-03-07", "2026-03-02", "2026-03-01", "2026-02-01", "2026-08-02"];
const seen = days.map(into);
days.forEach((day, at) => console.log(day, "is working day", seen[at]));
assert.deepStrictEqual(seen, [22, 5, 1, 20, 22, 23]);
JS
