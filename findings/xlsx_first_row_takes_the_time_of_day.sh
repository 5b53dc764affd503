#!/usr/bin/env bash
# DuckDB 1.5.5, excel extension (duckdb-extension-excel 1.5.5): the style of the first row takes the time of day.
# Somebody types a day into the first row of a log of moments; Excel formats that one cell as a date. One would
# expect the wider type, TIMESTAMP, or an error for the rows that do not fit, as read_csv would have it.
# Seen: the column is DATE, and 18:00 of the second row is dropped without a word.
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

with xlsxwriter.Workbook("launches.xlsx") as book:
    sheet = book.add_worksheet()
    day, moment = (book.add_format({"num_format": f}) for f in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm"))
    sheet.write_row(0, 0, ["campaign", "live at"])
    sheet.write_row(1, 0, ["Webinar"])
    sheet.write_datetime(1, 1, dt.datetime(2026, 6, 1), day)
    sheet.write_row(2, 0, ["Guide"])
    sheet.write_datetime(2, 1, dt.datetime(2026, 6, 2, 18), moment)

con = duckdb.connect()
duckdb_extensions.import_extension("excel", con=con)
con.execute("load excel")
found = con.sql("from read_xlsx('launches.xlsx')")
print(list(map(str, found.types)), found.fetchall())
assert list(map(str, found.types)) == ["VARCHAR", "DATE"]
assert found.fetchall() == [("Webinar", dt.date(2026, 6, 1)), ("Guide", dt.date(2026, 6, 2))]
PYTHON
