#!/usr/bin/env bash
# pm4py 2.7.23.11: what one person did a week apart is a batch, if the cases do not come in the order of their days.
# discover_batches finds what was worked on together: what one person did within 15 minutes, unless told otherwise. Kim
# sends three mailings on three Mondays; one would expect no batch. Seen: none, as long as the cases stand in the order
# of their sends. As soon as the second case was sent after the third, as planned ones are, the two are a "concurrent"
# batch that lasts a week: the intervals are kept in a heap, which is not in order, and read as if they were sorted.
# format_dataframe sorts by case, and does not help.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pm4py==2.7.23.11 pandas==2.3.3
env/bin/python -W ignore - <<'PYTHON'
import pandas as pd
import pm4py

MONDAYS = ["2026-03-02 09:00", "2026-03-09 09:00", "2026-03-16 09:00"]


def batches(days):
    rows = [(f"mail {number}", "Send", day, "Kim") for number, day in enumerate(days, start=1)]
    log = pm4py.format_dataframe(
        pd.DataFrame(rows, columns=["case", "activity", "time", "org:resource"]),
        case_id="case",
        activity_key="activity",
        timestamp_key="time",
    )
    return [
        (who, kind, (end - start) / 86400)
        for who, _, kinds in pm4py.discover_batches(log)
        for kind, found in kinds.items()
        for start, end, _ in found
    ]


in_order = batches(MONDAYS)
out_of_order = batches([MONDAYS[0], MONDAYS[2], MONDAYS[1]])
print("in order:", in_order, "| out of order (days):", out_of_order)
assert in_order == []
assert out_of_order == [(("Send", "Kim"), "Concurrent batching", 7.0)]
PYTHON
