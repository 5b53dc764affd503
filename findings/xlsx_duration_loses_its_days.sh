#!/usr/bin/env bash
# DuckDB 1.5.5, excel extension (duckdb-extension-excel 1.5.5): a duration over 24 hours loses its days.
# Time sheets and trackers format hours spent as [h]:mm, whose point is to go beyond 24. One would expect 36 hours
# (an INTERVAL, or at least an error), as openpyxl reads it.
# Seen: type TIME, 12:00:00. Sums over such a column are too small without a word.
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

with xlsxwriter.Workbook("hours.xlsx") as book:
    sheet, hours = book.add_worksheet(), book.add_format({"num_format": "[h]:mm"})
    sheet.write_row(0, 0, ["task", "time spent"])
    for row, (task, days) in enumerate([("brief", 0.25), ("video", 1.5), ("site", 3.0)], start=1):
        sheet.write(row, 0, task)
        sheet.write_number(row, 1, days, hours)

con = duckdb.connect()
duckdb_extensions.import_extension("excel", con=con)
con.execute("load excel")
found = con.sql("from read_xlsx('hours.xlsx')").fetchall()
cells = openpyxl.load_workbook("hours.xlsx").active["B"][1:]
expected = [c.value if isinstance(c.value, dt.timedelta) else str(c.value) for c in cells]
print("openpyxl:", expected, "| read_xlsx:", found)
assert expected[1:] == [dt.timedelta(hours=36), dt.timedelta(hours=72)], expected
assert found == [("brief", dt.time(6)), ("video", dt.time(12)), ("site", dt.time(0))], found
PYTHON
