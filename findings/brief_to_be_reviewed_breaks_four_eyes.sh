#!/usr/bin/env bash
# pm4py 2.7.23.11: a brief that nobody has reviewed yet is taken out of the log as if four eyes had been broken.
# filter_four_eyes_principle "filters out the cases of the log that violate" it, and keeps those instead if asked to:
# of a log, one would expect each case in one of the two. Seen: a case that has only one of the two activities is in
# neither. Of four cases one has one person for both; it leaves one, and the share of violations over both answers is a
# half instead of a quarter. filter_activity_done_different_resources, its neighbour, keeps such cases.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pm4py==2.7.23.11 pandas==2.3.3
env/bin/python -W ignore - <<'PYTHON'
import pandas as pd
import pm4py

log = pm4py.format_dataframe(
    pd.DataFrame(
        [
            ("two people", "Brief", "2026-03-02 09:00", "Kim"),
            ("two people", "Review", "2026-03-03 09:00", "Lee"),
            ("one person", "Brief", "2026-03-02 10:00", "Kim"),
            ("one person", "Review", "2026-03-04 10:00", "Kim"),
            ("under way", "Brief", "2026-03-05 10:00", "Lee"),
            ("no brief", "Review", "2026-03-05 11:00", "Lee"),
        ],
        columns=["case", "activity", "time", "org:resource"],
    ),
    case_id="case",
    activity_key="activity",
    timestamp_key="time",
)


def cases(found):
    return sorted(set(found["case:concept:name"]))


kept = cases(pm4py.filter_four_eyes_principle(log, "Brief", "Review"))
broken = cases(pm4py.filter_four_eyes_principle(log, "Brief", "Review", keep_violations=True))
other = cases(pm4py.filter_activity_done_different_resources(log, "Review", keep_violations=False))
print("kept:", kept, "| violations:", broken, "| kept by the other filter:", other)
assert (kept, broken) == (["two people"], ["one person"])
assert other == ["no brief", "one person", "two people", "under way"]
PYTHON
