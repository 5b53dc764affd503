#!/usr/bin/env bash
# papaparse 5.7.1 (Node): a German export is parted at its decimals, if its last line ends as the others do.
# A report of spend has a semicolon between the cells and a comma in the amounts; the semicolons are alike in each line,
# and the header has no comma. The library guesses the delimiter, and one would expect the one that makes all lines as
# long as the header. Seen: so it is without a newline at the end of the file; with one, as files have it, the comma is
# taken: the one column is "day;spend", and holds "2026-03-01;1" of 1.25; that there are too many fields is said. The
# empty last line counts as a cell, and not as a line. With skipEmptyLines the guess is right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund papaparse@5.7.1
node - <<'JS'
const assert = require("assert");
const { parse } = require("papaparse");

const day = "day;spend\n2026-03-01;1,25\n2026-03-02;1,50\n2026-03-03;2,75";
const fee = "spend;fee\n1,25;2,50\n1,50;3,00\n2,75;5,50";
const seen = [[day], [`${day}\n`], [`${day}\n`, true], [fee], [`${fee}\n`]].map(([text, skipEmptyLines = false]) => {
  const { data, meta } = parse(text, { header: true, skipEmptyLines });
  console.log(JSON.stringify(text.slice(-6)), skipEmptyLines, "delimiter", JSON.stringify(meta.delimiter), data[0]);
  return [meta.delimiter, Object.values(data[0])[0]];
});
const right = [";", "2026-03-01"];
assert.deepStrictEqual(seen, [right, [",", "2026-03-01;1"], right, [";", "1,25"], [",", "1"]]);
JS
