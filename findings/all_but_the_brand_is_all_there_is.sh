#!/usr/bin/env bash
# pycel 1.0b30: spend without the campaigns of the brand is all spend.
# A plan has SUMIF(A:A,"<>brand*",B:B) for what does not go to the brand. In Excel a wildcard means the same behind <>
# as by itself, and the library, which computes workbooks without Excel, knows wildcards: "brand*" finds three rows. One
# would expect "<>brand*" to find the other two. Seen: all five; behind <> the asterisk is a letter like any other, no
# name has it, and the parts sum to more than the whole. Likewise COUNTIF; "<>Other" is right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check openpyxl==3.1.5 pycel==1.0b30
env/bin/python -W ignore - <<'PYTHON'
import openpyxl
from pycel import ExcelCompiler

book = openpyxl.Workbook()
for row in [("Brand a", 1), ("brand b", 2), ("Other", 4), ("Search", 8), ("BRAND c", 16)]:
    book.active.append(row)
FORMULAS = {
    "=SUM(B1:B5)": 31,
    '=SUMIF(A1:A5,"brand*",B1:B5)': 19,
    '=SUMIF(A1:A5,"<>brand*",B1:B5)': 31,
    '=COUNTIF(A1:A5,"<>brand*")': 5,
    '=SUMIF(A1:A5,"<>Other",B1:B5)': 27,
}
for number, formula in enumerate(FORMULAS, start=1):
    book.active.cell(number, 4, formula)
book.save("plan.xlsx")
pycel = ExcelCompiler("plan.xlsx")
for number, (formula, expected) in enumerate(FORMULAS.items(), start=1):
    seen = pycel.evaluate(f"Sheet!D{number}")
    print(formula, seen)
    assert seen == expected, seen
PYTHON
