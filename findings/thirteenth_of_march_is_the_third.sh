#!/usr/bin/env bash
# any-date-parser 2.2.4 (Node): 13 March is 3 March, and Christmas is 12 May, if the day comes first.
# A report of an account in Britain has the day before the month; it is read as American, by the locale. One would
# expect an invalid date at the first day after the 12th, as for "March 2026", so that the slip is seen. Seen: the first
# digit is left out, and the rest is read: 13/03/2026 is 3/03, 25/12/2026 is 5/12, which is 12 May, and 45/12/2026 is
# the same day. The other way round 03/13/2026 is 3 January in Britain, of 03/1 and whatever follows. Spend of most days
# of a month is on other days, and nothing is said.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund any-date-parser@2.2.4
cat > days.cjs <<'JS'
const assert = require("assert");
const loaded = require("any-date-parser");
const parser = loaded.default || loaded;

const day = (text, locale) => {
  const date = parser.fromString(text, locale);
  return date.invalid ? "invalid" : date.toISOString().slice(0, 10);
};
const asked = [
  ["12/03/2026", "en-GB", "2026-03-12"],
  ["13/03/2026", "en-GB", "2026-03-13"],
  ["March 2026", "en-US", "invalid"],
  ["13/03/2026", "en-US", "2026-03-03"],
  ["31/01/2026", "en-US", "2026-01-01"],
  ["25/12/2026", "en-US", "2026-05-12"],
  ["45/12/2026", "en-US", "2026-05-12"],
  ["03/13/2026", "en-GB", "2026-01-03"],
];
for (const [text, locale, expected] of asked) {
  const seen = day(text, locale);
  console.log(text, "in", locale, "is", seen);
  assert.strictEqual(seen, expected);
}
JS
TZ=UTC node days.cjs
