#!/usr/bin/env bash
# @segment/facade 3.4.10 (Node): a name with spaces before it has a last name that begins in the first one.
# Forms hand over what was typed: "  Kim Lee". Destinations ask the facade for the parts of a name, and it trims: name()
# is "Kim Lee" and firstName() "Kim". One would expect lastName() to be "Lee". Seen: "m Lee"; the place where the first
# name ends is looked up in the trimmed name and cut from the other one. Mails address Ms m Lee, and the hash of the
# last name, which ad platforms match by, is that of nobody. A single space does no harm.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund @segment/facade@3.4.10
node - <<'JS'
const assert = require("assert");
const { Identify } = require("@segment/facade");

const parts = (name) => {
  const person = new Identify({ userId: "1", traits: { name } });
  return [person.name(), person.firstName(), person.lastName()];
};
const seen = ["Kim Lee", " Kim Lee", "  Kim Lee"].map(parts);
console.log(seen);
assert.deepStrictEqual(seen[0], ["Kim Lee", "Kim", "Lee"]);
assert.deepStrictEqual(seen[1], seen[0]);
assert.deepStrictEqual(seen[2], ["Kim Lee", "Kim", "m Lee"]);
JS
