#!/usr/bin/env bash
# parsedatetime 2.6: two weeks before 1 May 2026 are in 2025, and a week after 3 April is in 2027.
# Briefs are due "2 weeks before May 1". The library says by a flag whether it understood: "May 1" is 1 May 2026, asked
# on 4 March 2026, and "2 weeks before 2026-05-01" is 17 April 2026. One would expect that day also where the month is
# a word, or that it was not understood. Seen: 17 April 2025, even with the year behind it, "May 1 2026"; before a day
# with a named month is before that day of the year before, and after one is after that of the next year: a week after
# 3 April is 10 April 2027. The flag says that each is a date. What is due in six weeks is long overdue, or due next
# year.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check parsedatetime==2.6
env/bin/python - <<'PYTHON'
from datetime import datetime

import parsedatetime

calendar = parsedatetime.Calendar()
asked = {
    "May 1": "2026-05-01",
    "2 weeks before 2026-05-01": "2026-04-17",
    "2 weeks before May 1": "2025-04-17",
    "2 weeks before May 1 2026": "2025-04-17",
    "3 days before March 20": "2025-03-17",
    "1 week after April 3": "2027-04-10",
}
for text, expected in asked.items():
    day, flag = calendar.parseDT(text, sourceTime=datetime(2026, 3, 4, 12))
    print(f"{text}: {day:%d %B %Y}, understood as a date: {flag == 1}")
    assert (f"{day:%Y-%m-%d}", flag) == (expected, 1)
PYTHON
