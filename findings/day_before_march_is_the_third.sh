#!/usr/bin/env bash
# pycel 1.0b30: the day before 1 March is 3 March, and so is the day a month after 31 January.
# The library computes workbooks without Excel. DATE(2026,3,0) is how a sheet asks for the last day of February, and
# EDATE moves a day by months and stays within the month; in Excel both are 28 February 2026, as EOMONTH is here. One
# would expect that, or an error. Seen: 3 March. Day 0 of March is counted back from the 31 days of March, and what
# February does not have runs over, for EDATE as well. A flight that ends with its month ends in the next one.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check openpyxl==3.1.5 pycel==1.0b30
env/bin/python -W ignore - <<'PYTHON'
import openpyxl
from openpyxl.utils.datetime import from_excel
from pycel import ExcelCompiler

FORMULAS = {
    "=DATE(2026,3,0)": "2026-03-03",
    "=EDATE(DATE(2026,1,31),1)": "2026-03-03",
    "=EOMONTH(DATE(2026,3,31),-1)": "2026-02-28",
    "=DATE(2026,3,1)-1": "2026-02-28",
}
book = openpyxl.Workbook()
for formula in FORMULAS:
    book.active.append([formula])
book.save("flights.xlsx")
pycel = ExcelCompiler("flights.xlsx")
for number, (formula, expected) in enumerate(FORMULAS.items(), start=1):
    seen = str(from_excel(pycel.evaluate(f"Sheet!A{number}")).date())
    print(formula, seen)
    assert seen == expected, seen
PYTHON
