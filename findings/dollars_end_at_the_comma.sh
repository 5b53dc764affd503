#!/usr/bin/env bash
# @segment/facade 3.4.10 (Node): revenue of a thousand dollars and more is one dollar.
# Destinations read events through the facade, so that they need not look at properties themselves; revenue() makes a
# number of text and takes the dollar sign off. One would expect "$1,250.50", as shops write it, to be 1250.5, or no
# revenue, as "€12.50" has none. Seen: 1; what stands behind the comma is left out, and "12,50" is 12. Large orders
# are worth the least. A quantity of 0, of a line that was taken out of a cart, is 1.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund @segment/facade@3.4.10
node - <<'JS'
const assert = require("assert");
const { Track } = require("@segment/facade");

const track = (properties) => new Track({ event: "Order Completed", properties });
const texts = ["$980.50", "$1,250.50", "12,50", "€12.50", 1250.5];
const seen = texts.map((revenue) => track({ revenue }).revenue());
const quantities = [2, 0].map((quantity) => track({ quantity }).quantity());
console.log("revenue:", texts, seen, "| quantity of 2 and 0:", quantities);
assert.deepStrictEqual(seen, [980.5, 1, 12, undefined, 1250.5]);
assert.deepStrictEqual(quantities, [2, 1]);
JS
