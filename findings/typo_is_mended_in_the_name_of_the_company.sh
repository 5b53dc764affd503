#!/usr/bin/env bash
# mailcheck 1.1.1 (Node): a typing error in .com is mended in the middle of the company's name.
# Forms ask "did you mean kim@acme.com?" of whoever types kim@acme.con. One would expect kim@falcon.com of
# kim@falcon.con. Seen: kim@falcom.con, as the wrong ending is replaced where its letters come first in the domain; the
# ending stays wrong and the company is another one, whose mailbox is somebody else's. concert.con and contoso.con
# become comcert.con and comtoso.con. Names without those letters are right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund mailcheck@1.1.1
node - <<'JS'
const assert = require("assert");
const mailcheck = require("mailcheck");

const expected = {
  "kim@example.con": "kim@example.com",
  "kim@falcon.con": "kim@falcom.con",
  "kim@concert.con": "kim@comcert.con",
  "kim@contoso.con": "kim@comtoso.con",
};
for (const [email, suggestion] of Object.entries(expected)) {
  const { full } = mailcheck.run({ email });
  console.log(`${email}: did you mean ${full}?`);
  assert.strictEqual(full, suggestion);
}
JS
