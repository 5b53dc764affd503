#!/usr/bin/env bash
# pm4py 2.7.23.11: business hours are counted by the clock of UTC, whatever zone the events carry.
# An approval asked for on Friday at 16:00 and given on Monday at 09:00, in an office that works from 7 to 17, takes
# three business hours. One would expect that of any office, as the timestamps carry its zone. Seen: 3 hours in London,
# 7 in New York and 10 in Los Angeles: the events are turned to UTC first, the slots are not, and nothing takes a zone.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pm4py==2.7.23.11
env/bin/python - 2>/dev/null <<'PYTHON' | grep -v PM4Py | tee log
import pandas as pd
import pm4py

for zone in ("Europe/London", "America/New_York", "America/Los_Angeles"):
    events = pd.DataFrame(
        {
            "case": ["A", "A"],
            "step": ["asked", "approved"],
            "at": pd.to_datetime(["2026-11-27 16:00", "2026-11-30 09:00"]).tz_localize(zone),
        }
    )
    log = pm4py.format_dataframe(events, case_id="case", activity_key="step", timestamp_key="at")
    print(zone, pm4py.get_case_duration(log, "A", business_hours=True) / 3600, "business hours")
PYTHON
grep -q 'Europe/London 3.0' log
grep -q 'America/New_York 7.0' log
grep -q 'America/Los_Angeles 10.0' log
