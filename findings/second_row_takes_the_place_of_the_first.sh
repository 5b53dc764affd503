#!/usr/bin/env bash
# @tidyjs/tidy 2.6.1 (Node): a table with a column for each channel has the last amount of a day, not all of them.
# Spend by day and channel comes in rows, one for each account; Search has two on 2 March, of 100 and 5. pivotWider
# makes a column of each channel. The library is tidyr's functions in JavaScript, and tidyr keeps both and warns that
# values are not uniquely identified; one would expect that, a sum, or an error. Seen: Search is 5; whichever row comes
# last takes the place of the others, 100 of 112 are gone, and nothing is said.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund @tidyjs/tidy@2.6.1
cat > wide.mjs <<'JS'
import assert from "assert";
import { groupBy, pivotWider, sum, summarize, tidy } from "@tidyjs/tidy";

const spends = [["Search", 100], ["Search", 5], ["Mail", 7]];
const rows = spends.map(([channel, spend]) => ({ day: "03-02", channel, spend }));
const wide = pivotWider({ namesFrom: "channel", valuesFrom: "spend" });
const summed = tidy(rows, groupBy(["day", "channel"], [summarize({ spend: sum("spend") })]), wide);
console.log("as it is:", tidy(rows, wide), "summed before:", summed);
assert.deepStrictEqual(tidy(rows, wide), [{ day: "03-02", Search: 5, Mail: 7 }]);
assert.deepStrictEqual(tidy([...rows].reverse(), wide)[0].Search, 100);
assert.deepStrictEqual(summed, [{ day: "03-02", Search: 105, Mail: 7 }]);
JS
node wide.mjs
