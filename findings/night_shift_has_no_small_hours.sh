#!/usr/bin/env bash
# business-duration 0.68: of a night shift, the hours after midnight count only for what began before midnight.
# A desk works from 21:00 to 03:00; business hours that end before they begin are provided for: 20:00 to 04:00 has six
# of them. One would expect a request of 01:00 that is answered at 02:00 to have taken one hour, and one that waits
# from 01:00 to 23:00 to have taken four. Seen: 0 and 2, and 4 instead of 6 until 01:00 of the next night: the small
# hours of the day on which a request comes in are left out.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check business-duration==0.68 pandas==2.3.3
env/bin/python - <<'PYTHON'
from datetime import time

import pandas as pd
from business_duration import businessDuration


def hours(asked: str, answered: str) -> float:
    return businessDuration(pd.Timestamp(asked), pd.Timestamp(answered), time(21), time(3), unit="hour")


WEEKDAYS = [
    ("2026-03-03 20:00", "2026-03-04 04:00", 6, 6),
    ("2026-03-03 23:00", "2026-03-04 01:00", 2, 2),
    ("2026-03-03 01:00", "2026-03-03 02:00", 1, 0),
    ("2026-03-03 01:00", "2026-03-03 23:00", 4, 2),
    ("2026-03-03 01:00", "2026-03-04 01:00", 6, 4),
]
for asked, answered, true, seen in WEEKDAYS:
    print(asked, answered, "hours of the shift:", true, "seen:", hours(asked, answered))
    assert hours(asked, answered) == seen
PYTHON
