#!/usr/bin/env bash
# vega-lite 6.4.3 with vega 6.4.0 (Node): one amount that is no number takes the whole channel off the chart.
# Of three rows of Search one has "1,250.00", as an export in text has it. Vega-Lite leaves out rows whose value is no
# number, and text such as "7.50" it adds up; one would expect the bar to be short of that one amount, or an error.
# Seen: the sum of the channel is no number, so the channel has no bar at all, though its other rows make 300, and Mail
# with 5 is the largest of what is drawn. The highest and the median of Search are there, from the rows that count. A
# row without an amount is left out of the sum as one would expect.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund vega-lite@6.4.3 vega@6.4.0
cat > chart.mjs <<'JS'
import assert from "assert";
import * as vega from "vega";
import { compile } from "vega-lite";

const rows = { Search: [100, 200, "1,250.00"], Mail: [5, null], TV: ["1.50", "2.50"] };
const values = Object.entries(rows).flatMap(([channel, amounts]) => amounts.map((spend) => ({ channel, spend })));
const bars = async (aggregate) => {
  const y = { aggregate, field: "spend", type: "quantitative" };
  const encoding = { x: { field: "channel", type: "nominal" }, y };
  const view = new vega.View(vega.parse(compile({ data: { values }, mark: "bar", encoding }).spec));
  await view.runAsync();
  const name = Object.keys(view.getState({ data: () => true }).data).find((data) => data.startsWith("data_"));
  return Object.fromEntries(view.data(name).map((bar) => Object.values(bar)));
};
const seen = {};
for (const aggregate of ["sum", "mean", "max", "median"]) seen[aggregate] = await bars(aggregate);
console.log(seen);
assert.deepStrictEqual(seen, {
  sum: { Mail: 5, TV: 4 },
  mean: { Mail: 5, TV: 2 },
  max: { Search: 200, Mail: 5, TV: 2.5 },
  median: { Search: 150, Mail: 5, TV: 2 },
});
JS
node chart.mjs
