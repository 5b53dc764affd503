#!/usr/bin/env bash
# xlsx2csv 0.8.6: an afternoon's time in a workbook is written as a time of the morning.
# Excel's own format of a moment is m/d/yy h:mm, and openpyxl's is yyyy-mm-dd h:mm:ss; a single h without AM/PM is an
# hour from 0 to 23. One would expect 18:30 in the CSV. Seen: 06:30, and nothing says that it is of the evening; with
# hh it is 18:30, and a time without a day is right in either. Sends, calls and changes of the afternoon are moved by
# twelve hours.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check xlsx2csv==0.8.6 openpyxl==3.1.5
env/bin/python - <<'PYTHON'
from datetime import datetime, time

import openpyxl

MOMENT = datetime(2026, 3, 2, 18, 30)
book = openpyxl.Workbook()
sheet = book.active
sheet.append(["openpyxl", "Excel", "hh", "AM/PM", "time"])
sheet.append([MOMENT, MOMENT, MOMENT, MOMENT, time(18, 30)])
assert sheet["A2"].number_format == "yyyy-mm-dd h:mm:ss"
for cell, form in zip("BCDE", ("m/d/yy h:mm", "yyyy-mm-dd hh:mm:ss", "m/d/yyyy h:mm AM/PM", "h:mm")):
    sheet[f"{cell}2"].number_format = form
book.save("log.xlsx")
PYTHON
env/bin/xlsx2csv log.xlsx log.csv
cat log.csv
env/bin/python - <<'PYTHON'
import csv

[row] = csv.DictReader(open("log.csv"))
assert row["openpyxl"] == "2026-03-02 06:30:00" and row["Excel"] == "03/02/26 06:30"
assert row["hh"] == "2026-03-02 18:30:00" and row["AM/PM"] == "03/02/2026 06:30 PM" and row["time"] == "18:30"
PYTHON
