#!/usr/bin/env bash
# hyperformula 3.5.0 (Node): the week before a launch is the week of the launch.
# The library computes sheets without Excel. INT((day-launch)/7) counts the weeks since a launch, from 0; in Excel INT
# rounds down, so that the seven days before it are week -1. One would expect that. Seen: INT(-0.1) is 0, the decimals
# are cut off as by TRUNC: thirteen days, from six before the launch to six after it, are week 0, and what was sold
# before the launch is sold by it. FLOOR(…,1) is right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund hyperformula@3.5.0
cat > weeks.cjs <<'JS'
const assert = require("assert");
const { HyperFormula } = require("hyperformula");

const days = [-8, -7, -6, -1, 0, 6, 7];
const weeks = (formula) =>
  HyperFormula.buildFromArray(days.map((day) => [formula.replace("DAY", day)]), { licenseKey: "gpl-v3" })
    .getSheetValues(0)
    .map(([week]) => week);
const [int, floor] = [weeks("=INT((DAY)/7)"), weeks("=FLOOR((DAY)/7,1)")];
console.log("days since the launch:", days, "\nINT:", int, "\nFLOOR:", floor);
assert.deepStrictEqual(int.map((week) => week + 0), [-1, -1, 0, 0, 0, 0, 1]);
assert.deepStrictEqual(floor.map((week) => week + 0), [-2, -1, -1, -1, 0, 0, 1]);
JS
node weeks.cjs
