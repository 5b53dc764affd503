#!/usr/bin/env bash
# vega-lite 6.4.3 with vega 6.4.0 (Node): the first days of January have a bar that begins before New Year's Eve's.
# Work is charted by sprints of two weeks: timeUnit {unit: "yearweek", step: 2}, weeks from Sunday as Vega has them. One
# would expect each bar to begin where the one before ends, and to hold the days between its own ends. Seen, at the end
# of 2023: 31 December has the bar from 31 December to 14 January, and 1 to 6 January, which come later, the one from
# 24 December to 7 January, in which 24 to 30 December are not: those are with the week before. The two bars lie upon
# each other, with one day and six; by single weeks all is right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund vega-lite@6.4.3 vega@6.4.0
cat > chart.mjs <<'JS'
import assert from "assert";
import * as vega from "vega";
import { compile } from "vega-lite";

const days = Array.from({ length: 35 }, (_, at) => new Date(Date.UTC(2023, 11, 10 + at)));
const values = days.map((day) => ({ day: `${day.toISOString().slice(0, 10)}T00:00:00` }));
const bars = async (timeUnit) => {
  const encoding = { x: { timeUnit, field: "day" }, y: { aggregate: "count" } };
  const view = new vega.View(vega.parse(compile({ data: { values }, mark: "bar", encoding }).spec));
  await view.runAsync();
  const name = Object.keys(view.getState({ data: () => true }).data).find((data) => data.startsWith("data_"));
  return view.data(name).map((bar) => Object.values(bar).map((cell) => cell.toISOString?.().slice(5, 10) ?? cell));
};
const [weeks, sprints] = [await bars("yearweek"), await bars({ unit: "yearweek", step: 2 })];
console.log("weeks:", weeks, "\nsprints:", sprints);
assert.deepStrictEqual(weeks.map((bar) => bar[2]), [7, 7, 7, 7, 7]);
assert.deepStrictEqual(sprints.slice(0, 4), [
  ["12-03", "12-17", 7],
  ["12-17", "12-31", 14],
  ["12-31", "01-14", 1],
  ["12-24", "01-07", 6],
]);
JS
TZ=UTC node chart.mjs
