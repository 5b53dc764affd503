#!/usr/bin/env bash
# parsedatetime 2.6: the end of next month is its first day, and the last day of the month was yesterday.
# Due dates are typed into briefs and mails as people say them. The library says by a flag whether it understood, and
# knows "end of month": 31 March 2026. One would expect "end of next month" to be 30 April and "last day of month" 31
# March, or that they are not understood, as "next quarter" is not. Seen: 1 April, and 5 March, which is yesterday: what
# is known of the words is taken, "next month" of the first and "last day" of the second, the rest is passed over, and
# the flag says that each is a date. What is due in eight weeks is due in four, and what is due in four is overdue.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check parsedatetime==2.6
env/bin/python - <<'PYTHON'
from datetime import datetime

from parsedatetime import Calendar

NOW = datetime(2026, 3, 6, 10, 0)
WORDS = ("end of month", "end of next month", "last day of month", "next quarter")
seen = {}
for words in WORDS:
    moment, understood = Calendar().parseDT(words, NOW)
    seen[words] = f"{moment:%m-%d}", understood
    print(f"{words!r} on {NOW:%m-%d}:", seen[words])
assert [seen[words] for words in WORDS[:3]] == [("03-31", 1), ("04-01", 1), ("03-05", 1)]
assert seen["next quarter"] == ("03-06", 0)
PYTHON
