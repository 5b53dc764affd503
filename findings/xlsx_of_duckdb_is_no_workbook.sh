#!/usr/bin/env bash
# duckdb 1.5.5 with its excel extension: a text with a control character makes a workbook that is no XML.
# Such a character (a vertical tab of a form, say) cannot stand in XML 1.0; one would expect it to be escaped as Excel
# does (_x000B_), left out, or refused.
# Seen: COPY succeeds and writes it as it is; openpyxl, a strict reader, raises. XlsxWriter escapes it, and openpyxl
# reads that (as one_x000B_two). A day is written with the format dd/mm/yy, whatever the reader's locale: 1 February reads as 2 January
# in the United States.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check \
    duckdb==1.5.5 duckdb-extension-excel==1.5.5 openpyxl==3.1.5 xlsxwriter==3.2.9
env/bin/python - <<'PYTHON'
from importlib.resources import files
from xml.etree.ElementTree import ParseError

import duckdb
import openpyxl
import xlsxwriter

con = duckdb.connect()
con.execute(f"load '{files('duckdb_extension_excel')}/extensions/v1.5.5/excel.duckdb_extension'")
con.execute("copy (select 'one' || chr(11) || 'two' as said) to 'duckdb.xlsx' (format xlsx)")
con.execute("copy (select date '2026-02-01' as day) to 'days.xlsx' (format xlsx, header true)")
with xlsxwriter.Workbook("xlsxwriter.xlsx") as book:
    book.add_worksheet().write_string(0, 0, "one\x0btwo")
print("xlsxwriter:", repr(openpyxl.load_workbook("xlsxwriter.xlsx").active["A1"].value))
cell = openpyxl.load_workbook("days.xlsx").active["A2"]
print("a day:", cell.value, cell.number_format)
assert cell.number_format == "dd/mm/yy"
try:
    openpyxl.load_workbook("duckdb.xlsx")
except ParseError as error:
    print("duckdb:", error)
else:
    raise SystemExit("openpyxl reads DuckDB's workbook")
PYTHON
