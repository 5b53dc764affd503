#!/usr/bin/env bash
# bingads 13.0.30.1: a campaign whose name begins with Total is not in the report, and percentages are zero.
# Microsoft's own SDK reads the reports of its ad platform row by row, and the number of rows from the report's header.
# A shop has a campaign called Total Body Workout. One would expect three rows of three, and a click-through rate of
# "4.35%" as the report writes it to be 4.35, 0.0435 or an error. Seen: two rows; any whose first cell begins with Total
# is taken for the line of totals, and its spend is nowhere. float_value of "4.35%" is 0, as it is of what holds no
# number at all, and nothing is raised. The report here is a file of the documented form.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check bingads==13.0.30.1
cat > report.csv <<'CSV'
"Report Name: Campaigns"
"Report Time: 3/1/2026"
"Time Zone: (GMT+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna"
"Last Completed Available Day: 3/2/2026 9:00:00 AM (GMT)"
"Last Completed Available Hour: 3/2/2026 9:00:00 AM (GMT)"
"Report Aggregation: Summary"
"Report Filter: "
"Potential Incomplete Data: false"
"Rows: 3"

"CampaignName","Impressions","Ctr","Spend"
"Brand","1000","4.35%","10.00"
"Total Body Workout","5000","2.10%","400.00"
"Yoga","2000","1.00%","20.00"
"©2026 Microsoft Corporation. All rights reserved. "
CSV
env/bin/python -W ignore - <<'PYTHON'
from bingads.v13.reporting import ReportFileReader

report = ReportFileReader("report.csv", "Csv").get_report()
rows = [
    (record.value("CampaignName"), record.float_value("Spend"), record.value("Ctr"), record.float_value("Ctr"))
    for record in report.report_records
]
print("rows by the header:", report.record_count, "| read:", rows)
assert report.record_count == 3
assert rows == [("Brand", 10.0, "4.35%", 0), ("Yoga", 20.0, "1.00%", 0)]
PYTHON
