#!/usr/bin/env bash
# alasql 4.19.1 (Node): each touch of a contact is the first one, wherever two contacts alternate.
# The library asks arrays in SQL, and takes row_number() over (partition by … order by …): the first touch of a contact
# is the one whose number is 1. Touches come in the order of an export, of two contacts in turn. One would expect two
# first touches, those of the earliest days, or an error. Seen: all four are; the number starts anew wherever the row
# before is of somebody else, and "order by" is left out: without a partition rows are numbered as they come. Journeys
# have as many first touches as they have touches, and sum(…) over (…) is 0 in each row.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund alasql@4.19.1
cat > touches.cjs <<'JS'
const assert = require("assert");
const alasql = require("alasql");

const touches = [
  { who: "C-1", day: "2026-03-09", channel: "Mail" },
  { who: "C-2", day: "2026-03-03", channel: "Social" },
  { who: "C-1", day: "2026-03-02", channel: "Search" },
  { who: "C-2", day: "2026-03-01", channel: "Search" },
];
const numbers = (over) => alasql(`select who, day, row_number() over (${over}) as touch from ?`, [touches]);
const [byContact, byDay] = [numbers("partition by who order by day"), numbers("order by day")];
const sums = alasql("select sum(1) over (partition by who) as n from ?", [touches]);
console.log("by contact:", byContact, "\nby day:", byDay, "\nsums:", sums);
assert.deepStrictEqual(byContact.map((row) => row.touch), [1, 1, 1, 1]);
assert.deepStrictEqual(byDay.map((row) => row.touch), [1, 2, 3, 4]);
assert.deepStrictEqual(sums.map((row) => row.n), [0, 0, 0, 0]);
JS
node touches.cjs
