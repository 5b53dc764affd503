#!/usr/bin/env bash
# frictionless 5.21.0: a column of amounts with a decimal comma is inferred to be of places on earth.
# A German export has semicolons between the cells and a comma in the amounts: 1,25. One would expect numbers, or text.
# Seen: its schema says geopoint, each amount is a pair of longitude and latitude, the file is valid, and a cost of 1.25
# is read as [1, 25]. In a short file an amount above 180, or one with 95 cents, makes text of it: it depends on the month.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check frictionless==5.21.0
printf 'Anzeige;Kosten;Klicks\nA;1,25;40\nB;0,80;55\n' > june.csv
printf 'Anzeige;Kosten;Klicks\nA;1,25;40\nB;200,80;55\n' > july.csv
printf 'Anzeige;Kosten;Klicks\nA;1,25;40\nB;0,95;55\n' > august.csv
env/bin/python - <<'PYTHON'
from frictionless import Resource

inferred = {}
for month in ("june", "july", "august"):
    file = Resource(f"{month}.csv")
    file.infer()
    report = file.validate()
    assert report.valid, report
    (first, _) = Resource(f"{month}.csv").read_rows()
    inferred[month] = f"{file.schema.get_field('Kosten').type} {first['Kosten']}"
print(inferred)
assert inferred == {"june": "geopoint [1.0, 25.0]", "july": "string 1,25", "august": "string 1,25"}
PYTHON
