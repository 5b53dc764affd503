#!/usr/bin/env bash
# referer-parser 0.0.3 (Node): every page is a known referrer.
# The library looks a page up in a list of search engines, mailboxes and networks; "known" is true for Google, whose
# name and medium come with it. One would expect a blog that is in no list not to be known. Seen: known is whether the
# address begins with http: a blog is known, and its medium "unknown". So is a page of the shop itself, which is
# "internal" by the documentation, where the one has www and the other has not. Whoever counts visits from known
# referrers counts every visit that has one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund referer-parser@0.0.3
node - <<'JS' 2> log
const assert = require("assert");
const Referer = require("referer-parser");

const PAGES = ["https://www.google.com/search?q=a", "https://blog.example/post", "https://shop.example/cart"];
const seen = PAGES.map((page) => {
  const found = new Referer(page, "https://www.shop.example/");
  return [found.known, found.referer, found.medium];
});
console.log(seen);
assert.deepStrictEqual(seen, [
  [true, "Google", "search"],
  [true, null, "unknown"],
  [true, null, "unknown"],
]);
JS
