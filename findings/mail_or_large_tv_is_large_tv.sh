#!/usr/bin/env bash
# dataframe-js 1.4.4 (Node): "Mail, or TV above 50" has no Mail in it, and LIMIT 1 has no limit.
# The library asks data frames in SQL. WHERE channel = Mail OR channel = TV AND spend > 50 is all of Mail, and of TV
# what is above 50, as everywhere. One would expect that, or an error, as there is one for IS NULL. Seen: conditions
# are taken from left to right, so that Mail has to be above 50 as well; turned round, spend > 50 AND channel = TV OR
# channel = Mail is right. LIMIT is passed over. All 25.00 of Mail are left out, and nothing is said.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts dataframe-js@1.4.4
cat > spend.cjs <<'JS'
const assert = require("assert");
const { DataFrame } = require("dataframe-js");

const rows = [["Mail", 15], ["Mail", 10], ["TV", 20], ["TV", 80]];
DataFrame.sql.registerTable(new DataFrame(rows, ["channel", "spend"]), "spend");
const asked = (where) => {
  const found = DataFrame.sql.request("SELECT * FROM spend " + where).toArray();
  const seen = found.map((row) => row.join(" ")).sort();
  console.log(where, "->", seen);
  return seen;
};
const expected = ["Mail 10", "Mail 15", "TV 80"];
assert.deepStrictEqual(asked("WHERE spend > 50 AND channel = TV OR channel = Mail"), expected);
assert.deepStrictEqual(asked("WHERE channel = Mail OR channel = TV AND spend > 50"), ["TV 80"]);
assert.strictEqual(asked("LIMIT 1").length, 4);
JS
node spend.cjs
