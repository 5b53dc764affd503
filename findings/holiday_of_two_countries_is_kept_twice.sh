#!/usr/bin/env bash
# workdays 1.4: a holiday that two countries share is taken off twice.
# The functions are Excel's NETWORKDAYS and WORKDAY in Python, and take a list of holidays. Teams of two countries have
# the lists of both, one behind the other, with Easter Monday in each. One would expect that it is one day off, as in
# Excel, however often the day is in the list. Seen: from 30 March to 10 April 2026 there are 8 working days by the one
# list and 7 by both, and five working days after Thursday, 2 April, are 13 April by the one and 14 April by both. What
# is due on Monday is due a day later, and nothing is raised.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check workdays==1.4
env/bin/python - <<'PYTHON'
from datetime import date

from workdays import networkdays, workday

HERE = [date(2026, 4, 3), date(2026, 4, 6)]
THERE = [date(2026, 4, 6)]
counts = [networkdays(date(2026, 3, 30), date(2026, 4, 10), days) for days in (HERE, HERE + THERE)]
dues = [workday(date(2026, 4, 2), 5, days) for days in (HERE, HERE + THERE)]
print("working days:", counts, "| due:", *dues)
assert counts == [8, 7]
assert dues == [date(2026, 4, 13), date(2026, 4, 14)]
PYTHON
