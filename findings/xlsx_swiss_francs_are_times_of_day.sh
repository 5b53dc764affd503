#!/usr/bin/env bash
# DuckDB 1.5.5, excel extension (duckdb-extension-excel 1.5.5): an amount in Swiss francs is read as a time of day.
# The number format #,##0.00 [$CHF] is what Excel offers for the franc; its H stands inside brackets that hold
# literal text. Likewise a unit in quotes, 0.0 "h". One would expect a DOUBLE, as for [$SEK] in the same sheet,
# and as openpyxl, which asks the same question of a format, answers for all three.
# Seen: type TIME; the whole francs are gone, 1,250.50 is 12:00:00.
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

formats = {"francs": "#,##0.00 [$CHF]", "kronor": "#,##0.00 [$SEK]", "hours": '0.0 "h"'}
with xlsxwriter.Workbook("spend.xlsx") as book:
    sheet = book.add_worksheet()
    for column, (name, number_format) in enumerate(formats.items()):
        sheet.write(0, column, name)
        sheet.write_number(1, column, 1250.5, book.add_format({"num_format": number_format}))

con = duckdb.connect()
duckdb_extensions.import_extension("excel", con=con)
con.execute("load excel")
found = con.sql("from read_xlsx('spend.xlsx')")
expected = [cell.value for cell in openpyxl.load_workbook("spend.xlsx").active[2]]
print("openpyxl:", expected, "| read_xlsx:", list(map(str, found.types)), found.fetchall())
assert expected == [1250.5, 1250.5, 1250.5], expected
assert list(map(str, found.types)) == ["TIME", "DOUBLE", "TIME"]
assert found.fetchall() == [(dt.time(12), 1250.5, dt.time(12))]
PYTHON
