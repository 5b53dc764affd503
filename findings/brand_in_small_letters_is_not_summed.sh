#!/usr/bin/env bash
# formulas 1.3.4: SUMIF minds the case of letters as soon as there is a wildcard.
# The library computes workbooks without Excel. A media plan sums spend by "brand*". In Excel neither text nor wildcards
# mind the case, and one would expect that here. Seen: SUMIF with "other" finds Other, and with "brand*" finds "brand b"
# but neither "Brand a" nor "BRAND c": 2 instead of 19. So do COUNTIF, SUMIFS and AVERAGEIF; a row that was typed in
# another case is left out of its budget, and there is no error. MATCH, with the same pattern, finds "Brand a".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check "formulas[excel]==1.3.4" openpyxl==3.1.5
env/bin/python -W ignore - <<'PYTHON' 2> log
import formulas
import openpyxl

book = openpyxl.Workbook()
sheet = book.active
sheet.title = "Plan"
for row in [("Brand a", 1), ("brand b", 2), ("Other", 4), ("BRAND c", 16)]:
    sheet.append(row)
FORMULAS = {
    '=SUMIF(A1:A4,"other",B1:B4)': 4,
    '=MATCH("brand*",A1:A4,0)': 1,
    '=SUMIF(A1:A4,"brand*",B1:B4)': 2,
    '=COUNTIF(A1:A4,"brand*")': 1,
    '=SUMIFS(B1:B4,A1:A4,"brand*")': 2,
    '=AVERAGEIF(A1:A4,"brand*",B1:B4)': 2,
}
for number, formula in enumerate(FORMULAS, start=1):
    sheet.cell(number, 4, formula)
book.save("plan.xlsx")
cells = formulas.ExcelModel().loads("plan.xlsx").finish().calculate()
for number, (formula, expected) in enumerate(FORMULAS.items(), start=1):
    seen = cells[f"'[plan.xlsx]PLAN'!D{number}"].value[0, 0]
    print(formula, seen)
    assert seen == expected, seen
PYTHON
