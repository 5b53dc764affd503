#!/usr/bin/env bash
# formulas 1.3.4: what a workbook holds as text is a number, and is summed and counted as one.
# A cell that was typed with an apostrophe or came from an export holds the text "5". Excel leaves it out of SUM and
# COUNT of a range, says that ISNUMBER is false, and marks the cell. The library computes workbooks without Excel, and
# one would expect the same. Seen: SUM is 27.5 instead of 22.5, COUNT 4 instead of 3, ISNUMBER is true: so is ISTEXT.
# openpyxl and pycel 1.0b30 read the same cell as text, and pycel sums to 22.5.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check "formulas[excel]==1.3.4" openpyxl==3.1.5 pycel==1.0b30
env/bin/python -W ignore - <<'PYTHON' 2> log
import formulas
import openpyxl
from pycel import ExcelCompiler

book = openpyxl.Workbook()
sheet = book.active
sheet.title = "Plan"
for cost in ("5", 5, "n/a", 7.5, 10):
    sheet.append([cost])
FORMULAS = {"=SUM(A1:A5)": (27.5, 22.5), "=COUNT(A1:A5)": (4, 3), "=ISNUMBER(A1)": (True, False)}
for number, formula in enumerate([*FORMULAS, "=ISTEXT(A1)"], start=1):
    sheet.cell(number, 4, formula)
book.save("plan.xlsx")
cells = formulas.ExcelModel().loads("plan.xlsx").finish().calculate()
pycel = ExcelCompiler("plan.xlsx")
for number, (formula, expected) in enumerate(FORMULAS.items(), start=1):
    seen = cells[f"'[plan.xlsx]PLAN'!D{number}"].value[0, 0], pycel.evaluate(f"Plan!D{number}")
    print(formula, seen)
    assert seen == expected, seen
assert cells["'[plan.xlsx]PLAN'!D4"].value[0, 0]
PYTHON
