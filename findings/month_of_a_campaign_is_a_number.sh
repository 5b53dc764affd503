#!/usr/bin/env bash
# petl 1.7.30: codes of campaigns that are joined with "_" become numbers without it.
# convertnumbers makes numbers of what looks like numbers in a table, and leaves the rest as it is. A plan names
# campaigns 2026_03, and ad groups 12_5 and 1_25. One would expect text: no export writes numbers so. Seen: as in a
# program in Python "_" only parts digits: 2026_03 is 202603, 12_5 and 1_25 are both 125, so that two ad groups are one,
# and none of them is found in a table that was left as text. "nan", a name too, is a number, and 5j a complex one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check petl==1.7.30
env/bin/python - <<'PYTHON'
import petl

plan = petl.wrap([("campaign", "ad group"), ("2026_03", "12_5"), ("2026_03", "1_25"), ("2026-03", "5j")])
rows = list(petl.convertnumbers(plan))[1:]
print(rows)
assert rows == [(202603, 125), (202603, 125), ("2026-03", 5j)]
spend = petl.aggregate(petl.addfield(petl.convertnumbers(plan), "clicks", 10), "ad group", sum, "clicks")
print("clicks by ad group:", list(spend)[1:])
assert (125, 20) in list(spend)
PYTHON
