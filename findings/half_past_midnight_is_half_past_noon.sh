#!/usr/bin/env bash
# later 1.2.0 (Node): half past midnight is half past noon.
# The library makes schedules of words, and says at which letter it stopped to understand, -1 if it understood all. A
# mailing goes out "at 12:30 am". One would expect 00:30, as "at 1:30 am" is 01:30 and "at 12:30 pm" is 12:30, and as it
# writes cron. Seen: 12:30; "am" changes nothing and "pm" adds twelve hours except at twelve. Jobs of the hour after
# midnight run twelve hours late, in the middle of the day, and -1 says that all was understood.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund later@1.2.0
cat > mailing.cjs <<'JS'
const assert = require("assert");
const later = require("later");

const from = new Date("2026-03-01T00:00:00Z");
const seen = ["at 12:30 am", "at 12:00 am", "at 1:30 am", "at 12:30 pm", "at 00:30"].map((words) => {
  const rule = later.parse.text(words);
  const next = later.schedule(rule).next(1, from).toISOString().slice(0, 16);
  console.log(words, "is", next, "| not understood from letter", rule.error);
  return [next.slice(11), rule.error];
});
assert.deepStrictEqual(seen, [["12:30", -1], ["12:00", -1], ["01:30", -1], ["12:30", -1], ["00:30", -1]]);
JS
node mailing.cjs
