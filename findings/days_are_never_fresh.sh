#!/usr/bin/env bash
# pointblank 1.1.1 with Polars 2.1.0: data by day is never fresh.
# data_freshness takes, by its documentation, a column of "date or datetime values" and the age that the last one may
# have. Spend of yesterday, with three days allowed, passes where the column holds text or moments. One would expect
# the same of dates. Seen: the step fails, however fresh the day is. A date cannot be taken from a moment, the error is
# kept inside the step, and the step says that it failed, with no evaluation error: whoever is called finds fresh data
# and nothing to mend.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pointblank==1.1.1 polars==2.1.0
env/bin/python - <<'PYTHON'
from datetime import date, datetime

import pointblank
import polars

NOW = datetime(2026, 3, 5, 8)
seen = {}
for kind, last in {"text": "2026-03-04", "moment": datetime(2026, 3, 4), "date": date(2026, 3, 4)}.items():
    spend = polars.DataFrame({"day": [last], "amount": [1.5]})
    step = (
        pointblank.Validate(spend)
        .data_freshness(column="day", max_age="3 days", reference_time=NOW)
        .interrogate()
        .validation_info[0]
    )
    seen[kind] = (step.all_passed, step.eval_error, step.val_info.get("error"))
    print(kind, *seen[kind])
assert seen["text"] == seen["moment"] == (True, None, None)
assert seen["date"][:2] == (False, None) and "unsupported operand" in seen["date"][2]
PYTHON
