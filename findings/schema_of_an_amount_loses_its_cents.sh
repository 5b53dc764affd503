#!/usr/bin/env bash
# avsc 5.7.9 (Node): a schema made from a value cannot hold that value.
# Type.forValue makes the Avro schema of a record, so that events need not be described by hand. A revenue of 1234567.89
# and a time in milliseconds are numbers of 64 bits in JavaScript, and Avro has double and long for those. One would
# expect the record to come back as it was. Seen: anything that is no small whole number is "float", of 32 bits: the
# revenue is 1234567.875, 19.99 is 19.989999771..., the moment is 45 seconds later, and the id of an account is another
# account's. Nothing is raised at either end; clicks of 5 are an int, and right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund avsc@5.7.9
node - <<'JS'
const assert = require("assert");
const { Type } = require("avsc");

const event = { revenue: 1234567.89, price: 19.99, at: 1772352000123, account: 120210000000000, clicks: 5 };
const type = Type.forValue(event);
const read = type.fromBuffer(type.toBuffer(event));
const kinds = Object.fromEntries(type.fields.map((field) => [field.name, field.type.typeName]));
console.log("sent:", event, "\nschema:", kinds, "\nread:", { ...read });
assert.deepStrictEqual(kinds, { revenue: "float", price: "float", at: "float", account: "float", clicks: "int" });
assert.deepStrictEqual({ ...read }, {
  revenue: 1234567.875,
  price: 19.989999771118164,
  at: 1772352045056,
  account: 120210002542592,
  clicks: 5,
});
JS
