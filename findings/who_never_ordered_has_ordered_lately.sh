#!/usr/bin/env bash
# @growthbook/growthbook 1.8.0 (Node) and growthbook 4.0.0 (Python): who never ordered is within 30 days of an order in
# the browser, and is not on the server.
# An experiment is for customers whose last order is less than 30 days ago: {"daysSinceOrder": {"$lt": 30}}. One set of
# features goes to both SDKs, so that a person meets one experiment in both places. Who never ordered has no such
# attribute. One would expect them to be out by both, or at least alike. Seen: in JavaScript what is missing counts as
# 0 and is less than 30, so that they are in; in Python they are out. A number that came as text ("12") is in by the
# one and out by the other too, and so is "true" of {"optedIn": true}. Groups are mixed, and nothing is said.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund @growthbook/growthbook@1.8.0
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check growthbook==4.0.0
cat > asked.json <<'JSON'
[
  [{"daysSinceOrder": {"$lt": 30}}, {"daysSinceOrder": 12}],
  [{"daysSinceOrder": {"$lt": 30}}, {"daysSinceOrder": 90}],
  [{"daysSinceOrder": {"$lt": 30}}, {}],
  [{"daysSinceOrder": {"$lt": 30}}, {"daysSinceOrder": null}],
  [{"daysSinceOrder": {"$lt": 30}}, {"daysSinceOrder": "12"}],
  [{"optedIn": true}, {"optedIn": "true"}]
]
JSON
cat > browser.cjs <<'JS'
const { GrowthBook } = require("@growthbook/growthbook");

const answers = require("./asked.json").map(([condition, attributes]) => {
  const features = { mailing: { defaultValue: false, rules: [{ condition, force: true }] } };
  return new GrowthBook({ attributes, features }).isOn("mailing");
});
console.log(JSON.stringify(answers));
JS
node browser.cjs > browser.json
env/bin/python - <<'PYTHON'
import json

from growthbook import GrowthBook

asked = json.load(open("asked.json"))
server = []
for condition, attributes in asked:
    features = {"mailing": {"defaultValue": False, "rules": [{"condition": condition, "force": True}]}}
    server.append(GrowthBook(attributes=attributes, features=features).is_on("mailing"))
browser = json.load(open("browser.json"))
for (condition, attributes), *answers in zip(asked, browser, server):
    print(condition, attributes, "browser {}, server {}".format(*answers))
assert browser == [True, False, True, True, True, True]
assert server == [True, False, False, False, False, False]
PYTHON
