#!/usr/bin/env bash
# humanparser 2.7.0 (Node): who is called Ma has no last name, and who has a degree is called by it.
# Names of contacts are taken apart to greet by the first one and to match by the last one. One would expect Kim Ma to
# be Kim and Ma, as Kim Lee is Kim and Lee, and "Kim Lee, MBA, CPA" to be Kim and Lee with two degrees. Seen: Ma is
# the degree M.A., and the last name is empty; with two degrees the last name is "Kim Lee" and the first "MBA,", comma
# included. Mails begin with "Dear MBA,,", and all who are called Ma have one last name to match by, which is none.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund humanparser@2.7.0
cat > names.cjs <<'JS'
const assert = require("assert");
const { parseName } = require("humanparser");

const seen = ["Kim Ma", "Kim Lee", "Kim Lee, MBA, CPA", "Lee, Kim"].map((name) => {
  const { firstName, lastName, suffix = "" } = parseName(name);
  console.log(`${name}: first "${firstName}", last "${lastName}", suffix "${suffix}"`);
  return [firstName, lastName, suffix];
});
assert.deepStrictEqual(seen, [["Kim", "", "Ma"], ["Kim", "Lee", ""], ["MBA,", "Kim Lee", ""], ["Kim", "Lee", ""]]);
JS
node names.cjs
