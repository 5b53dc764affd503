#!/usr/bin/env bash
# luxon-business-days 3.0.1 with luxon 3.7.2 (Node): a holiday is a business day by one function, and none by the next.
# The library has holidays of its own, and New Year's Day is one by isHoliday(). isBusinessDay() "checks if DateTime
# instance is a business day", and one would expect false, as plusBusiness({ days: 1 }) goes from 31 December 2026, a
# Thursday, past it to Monday. Seen: true; only the day of the week is asked for. Days that are told apart one by one
# have more business days than the same library counts, and what is due on the holiday is late by the one and not by
# the other.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund luxon-business-days@3.0.1 luxon@3.7.2
cat > days.cjs <<'JS'
const assert = require("assert");
const { DateTime } = require("luxon-business-days");

const day = (text) => DateTime.fromISO(text, { zone: "utc" });
const seen = ["2026-12-31", "2027-01-01", "2027-01-02", "2027-01-04"].map((text) => {
  const answers = [day(text).isHoliday(), day(text).isBusinessDay()];
  console.log(text, "holiday:", answers[0], "business day:", answers[1]);
  return answers;
});
const next = day("2026-12-31").plusBusiness({ days: 1 }).toISODate();
console.log("a business day after 2026-12-31:", next);
assert.deepStrictEqual(seen, [[false, true], [true, true], [false, false], [false, true]]);
assert.strictEqual(next, "2027-01-04");
JS
node days.cjs
