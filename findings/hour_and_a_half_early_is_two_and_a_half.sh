#!/usr/bin/env bash
# numbro 2.5.0 and numeral 2.0.6 (Node): an hour and a half too early is shown as two hours and a half.
# A plan and what came of it are compared in seconds, and shown as hours, minutes and seconds: 5400 seconds late are
# 1:30:00. Both libraries write the sign of a number, and read the time back. One would expect 5400 seconds early to be
# -1:30:00. Seen: -2:30:00; hours are rounded down, which is away from zero below it, and minutes are counted up from
# there: 90 seconds early are -1:58:30, and a second early is -1:59:59. Whole hours are right, and both read their own
# text back as the number that it was made of, so that no test that writes and reads finds it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund numbro@2.5.0 numeral@2.0.6
cat > late.cjs <<'JS'
const assert = require("assert");
const numbro = require("numbro");
const numeral = require("numeral");

const asked = [
  [5400, "1:30:00"],
  [-3600, "-1:00:00"],
  [-5400, "-2:30:00"],
  [-90, "-1:58:30"],
  [-1, "-1:59:59"],
];
for (const [seconds, expected] of asked) {
  const seen = [numbro(seconds).format({ output: "time" }), numeral(seconds).format("00:00:00")];
  const read = [numbro.unformat(seen[0]), numeral(seen[1]).value()];
  console.log(seconds, "seconds late:", seen, "read back:", read);
  assert.deepStrictEqual(seen, [expected, expected]);
  assert.deepStrictEqual(read, [seconds, seconds]);
}
JS
node late.cjs
