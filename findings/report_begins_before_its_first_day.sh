#!/usr/bin/env bash
# parsedmarc 11.1.0: a report begins by one clock, and what is in it begins by another.
# Receivers of mail report by day, in UTC, who sent in a domain's name; begin and end are seconds since 1970. The
# library writes times as text without a zone, of the report (begin_date, end_date) and of each record in it
# (interval_begin, interval_end). One would expect both by one clock. Seen: the report's times are those of the
# machine's zone, the records' are UTC: in New York a report of 2 March is from 1 March 19:00 to 2 March 18:59, and its
# only record from 2 March 00:00 to 23:59. Joined by day, mails are not within their report, and reports of one day
# differ by office.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check parsedmarc==11.1.0
cat > report.py <<'PYTHON'
import os
from datetime import datetime, timezone

import parsedmarc

BEGIN = int(datetime(2026, 3, 2, tzinfo=timezone.utc).timestamp())
REPORT = f"""<?xml version="1.0"?><feedback>
<report_metadata><org_name>mail.example</org_name><email>dmarc@mail.example</email><report_id>1</report_id>
<date_range><begin>{BEGIN}</begin><end>{BEGIN + 86399}</end></date_range></report_metadata>
<policy_published><domain>shop.example</domain><adkim>r</adkim><aspf>r</aspf><p>none</p></policy_published>
<record><row><source_ip>192.0.2.1</source_ip><count>5</count>
<policy_evaluated><disposition>none</disposition><dkim>pass</dkim><spf>pass</spf></policy_evaluated></row>
<identifiers><header_from>shop.example</header_from></identifiers>
<auth_results><spf><domain>shop.example</domain><result>pass</result></spf></auth_results></record></feedback>"""
report = parsedmarc.parse_aggregate_report_xml(REPORT, offline=True)
whole = [report["report_metadata"][name] for name in ("begin_date", "end_date")]
record = [report["records"][0][name] for name in ("interval_begin", "interval_end")]
print("in", os.environ["TZ"], "the report is of", whole, "its record of", record)
day = ["2026-03-02 00:00:00", "2026-03-02 23:59:59"]
assert record == day
assert whole == (day if os.environ["TZ"] == "UTC" else ["2026-03-01 19:00:00", "2026-03-02 18:59:59"])
PYTHON
for zone in UTC America/New_York; do
    TZ=$zone env/bin/python -W ignore report.py
done
