#!/usr/bin/env bash
# parse-duration 2.1.9 (Node): three to four hours are seven, and an hour and a half are thirteen.
# Estimates are typed into briefs and tickets as people say them: "3-4 hours", "1 1/2 h". The library answers null to
# what it does not understand, as "half an hour" and "3 business days", and takes a minus in front of the whole. One
# would expect 3, 3.5, 4 or null of the one, and 1.5 or null of the other. Seen: whatever numbers there are, are added
# up, and one without a unit has that of the answer: 3-4 hours are 7, 2-3 days are 74 hours, 1 1/2 h is 13, half an
# hour as 1/2 h is 3, and "2h of 5h" is 7. Plans are made of twice the work, and nothing is said.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund parse-duration@2.1.9
cat > estimates.mjs <<'JS'
import assert from "assert";
import parse from "parse-duration";

const asked = [
  ["3.5 hours", 3.5],
  ["-1h", -1],
  ["half an hour", null],
  ["3 business days", null],
  ["3-4 hours", 7],
  ["2-3 days", 74],
  ["1 1/2 h", 13],
  ["1/2 h", 3],
  ["2h of 5h", 7],
];
for (const [text, expected] of asked) {
  const seen = parse(text, "h");
  console.log(text, "in hours:", seen);
  assert.strictEqual(seen, expected);
}
JS
node estimates.mjs
