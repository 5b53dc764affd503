#!/usr/bin/env bash
# DuckDB 1.5.5, excel extension (duckdb-extension-excel 1.5.5): read_xlsx ignores a workbook's date system.
# Excel for Mac wrote workbooks that count days from 1904 (date1904 in workbook.xml) for many years, and a
# workbook keeps it for life. One would expect 2026-06-01, as openpyxl reads it from the same file.
# Seen: 2022-05-31. Every date is 1,462 days early, and plausible.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check duckdb==1.5.5 duckdb-extension-excel==1.5.5 duckdb-extensions==1.5.5 xlsxwriter==3.2.5 openpyxl==3.1.5
env/bin/python - <<'PYTHON'
import datetime as dt

import duckdb
import duckdb_extensions
import openpyxl
import xlsxwriter

with xlsxwriter.Workbook("spend.xlsx", {"date_1904": True}) as book:
    sheet = book.add_worksheet()
    sheet.write(0, 0, "day")
    sheet.write_datetime(1, 0, dt.datetime(2026, 6, 1), book.add_format({"num_format": "yyyy-mm-dd"}))

con = duckdb.connect()
duckdb_extensions.import_extension("excel", con=con)
con.execute("load excel")
found = con.sql("from read_xlsx('spend.xlsx')").fetchall()
expected = openpyxl.load_workbook("spend.xlsx").active["A2"].value
print("openpyxl:", expected, "| read_xlsx:", found)
assert expected == dt.datetime(2026, 6, 1)
assert found == [(dt.date(2022, 5, 31),)], found
assert (expected.date() - found[0][0]).days == 1462
PYTHON
