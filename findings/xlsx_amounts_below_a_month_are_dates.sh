#!/usr/bin/env bash
# DuckDB 1.5.5, excel extension (duckdb-extension-excel 1.5.5): amounts below a month are read as dates of 1903.
# A media plan has months across, and the header cells are real dates formatted mmm-yy. One would expect the header
# to be found (the first cell is text, and the rows below differ from it in kind) or the amounts to stay numbers:
# each has a number format of its own.
# Seen: no header (columns A1, B1), and the style of the header cell makes the amounts below it dates. Asking for
# header = true gives numbers, under names such as 46174.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check duckdb==1.5.5 duckdb-extension-excel==1.5.5 duckdb-extensions==1.5.5 xlsxwriter==3.2.5
env/bin/python - <<'PYTHON'
import datetime as dt

import duckdb
import duckdb_extensions
import xlsxwriter

with xlsxwriter.Workbook("plan.xlsx") as book:
    sheet = book.add_worksheet()
    month, money = (book.add_format({"num_format": f}) for f in ("mmm-yy", "#,##0.00"))
    sheet.write(0, 0, "campaign")
    sheet.write_datetime(0, 1, dt.datetime(2026, 6, 1), month)
    sheet.write(1, 0, "Webinar")
    sheet.write_number(1, 1, 1200, money)

con = duckdb.connect()
duckdb_extensions.import_extension("excel", con=con)
con.execute("load excel")
guessed = con.sql("from read_xlsx('plan.xlsx')")
told = con.sql("from read_xlsx('plan.xlsx', header = true)")
print(guessed.columns, guessed.fetchall(), "| header = true:", told.columns, told.fetchall())
assert guessed.columns == ["A1", "B1"]
assert guessed.fetchall()[1] == ("Webinar", dt.date(1903, 4, 14))
assert told.columns == ["campaign", "46174"] and told.fetchall() == [("Webinar", 1200.0)]
PYTHON
