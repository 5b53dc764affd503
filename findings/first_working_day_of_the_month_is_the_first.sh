#!/usr/bin/env bash
# rrule 2.8.1 (Node): a rule in words that is not understood is another one.
# Trackers take "every month on the last Friday" as people type it; RRule.fromText makes a rule of that, and raises
# "Unknown symbol" at "every 3rd month" and "Unexpected end" at "every quarter". One would expect the right rule or an
# error. Seen: the first working day of the month is the 1st, the last one the last day, "every day except Sunday" is
# every day, and what the words do not begin with "every" may be anything: "daily" and "biweekly" are each once a year,
# by the library's own toText() "every year". Reminders fall on weekends, and a review every two weeks is a year away.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund rrule@2.8.1
node - <<'JS'
const assert = require("assert");
const { RRule } = require("rrule");

const expected = {
  "every month on the last Friday": "every month on the last Friday",
  "every month on the first working day": "every month on the 1st",
  "every month on the last working day": "every month on the last",
  "every day except Sunday": "every day",
  "every week except in August": "every week",
  daily: "every year",
  biweekly: "every year",
};
for (const [words, meaning] of Object.entries(expected)) {
  const rule = RRule.fromText(words);
  console.log(`${words} -> ${rule.toText()} (${rule.toString()})`);
  assert.strictEqual(rule.toText(), meaning);
}
assert.throws(() => RRule.fromText("every 3rd month"), /Unknown symbol/);
assert.throws(() => RRule.fromText("every quarter"), /Unexpected end/);
JS
