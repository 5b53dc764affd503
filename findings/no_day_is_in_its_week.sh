#!/usr/bin/env bash
# isoweek 1.3.3: no day is in its week, and the last week of a long year has none a year earlier or later.
# Flights and reports are planned by ISO week. One would expect "day in week" to be true on seven days, as the class has
# days() and contains(), and week 53 of 2026, asked for a year earlier, to be the last week of 2025, or an error. Seen:
# a week is a pair of numbers, and "in" looks whether the day is one of them: it is never, and nothing is raised, while
# 53 and 2026 are in that week. A year earlier is week 1 of 2026, which is the same year, and a year later week 1 of
# 2028: compared with the year before, the last week is set against the first.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check isoweek==1.3.3
env/bin/python - <<'PYTHON'
from isoweek import Week

week = Week(2026, 53)
days = week.days()
seen = [day in week for day in days], [week.contains(day) for day in days], [number in week for number in (53, 2026)]
print(days[0], "to", days[-1], "| in:", seen[0], "| contains:", seen[1], "| 53, 2026 in:", seen[2])
assert seen == ([False] * 7, [True] * 7, [True, True])
earlier, later = week.replace(year=2025), week.replace(year=2027)
print("a year earlier:", earlier, "| a year later:", later, "| last of 2025:", Week.last_week_of_year(2025))
assert (earlier, later) == (Week(2026, 1), Week(2028, 1)) and Week.last_week_of_year(2025) == Week(2025, 52)
PYTHON
