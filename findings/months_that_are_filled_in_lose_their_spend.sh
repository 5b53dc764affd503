#!/usr/bin/env bash
# @tidyjs/tidy 2.6.1 (Node): filling in the months that have no spend takes away the months that have some.
# Spend by month, each on its last day, as ledgers book it: January to April. complete() with fullSeqDate("month", …)
# adds what is missing with zeros, so that a chart has no gaps. One would expect the four rows, as nothing is missing.
# Seen: a month after 31 January is 3 March, the next 3 April; of the four only January is a day of that sequence, the
# others are not in the answer, and 10 of 100 are left. Booked on the first of the month all four stay.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund @tidyjs/tidy@2.6.1
cat > months.mjs <<'JS'
import assert from "assert";
import { complete, fullSeqDate, tidy } from "@tidyjs/tidy";

const show = (days) => {
  const spend = days.map((month, at) => ({ month, spend: 10 * (at + 1) }));
  const filled = tidy(spend, complete({ month: fullSeqDate("month", "month") }, { spend: 0 }));
  const rows = filled.map((row) => [row.month.toISOString().slice(0, 10), row.spend]);
  const sum = rows.reduce((total, [, amount]) => total + amount, 0);
  console.log(rows, "sum:", sum);
  return [rows, sum];
};
const [, firsts] = show([0, 1, 2, 3].map((month) => new Date(2026, month, 1)));
const [rows, lasts] = show([1, 2, 3, 4].map((month) => new Date(2026, month, 0)));
assert.deepStrictEqual([firsts, lasts], [100, 10]);
assert.deepStrictEqual(rows, [["2026-01-31", 10], ["2026-03-03", 0], ["2026-04-03", 0]]);
JS
TZ=UTC node months.mjs
