#!/usr/bin/env bash
# pm4py 2.7.23.11: get_all_case_durations answers in no order that belongs to the cases.
# One would expect one duration a case, as the cases stand in the log. Seen: the durations are sorted, the shortest
# first, and no case comes with them: put beside the cases' ids, the longest approval is blamed on whoever comes last.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pm4py==2.7.23.11
env/bin/python - 2>/dev/null <<'PYTHON' | grep -v PM4Py | tee log
import pandas as pd
import pm4py

HOURS = {"A": 65, "B": 1, "C": 27}
start = pd.Timestamp("2026-11-23 09:00", tz="UTC")
events = pd.DataFrame(
    [
        (case, step, start + pd.Timedelta(hours=passed))
        for case, hours in HOURS.items()
        for step, passed in (("asked", 0), ("approved", hours))
    ],
    columns=["case", "step", "at"],
)
log = pm4py.format_dataframe(events, case_id="case", activity_key="step", timestamp_key="at")
print("cases", list(HOURS), "take", [pm4py.get_case_duration(log, case) / 3600 for case in HOURS])
print("all of them", [seconds / 3600 for seconds in pm4py.get_all_case_durations(log)])
PYTHON
grep -q 'take \[65.0, 1.0, 27.0\]' log
grep -q 'all of them \[1.0, 27.0, 65.0\]' log
