#!/usr/bin/env bash
# babel 2.19.0: a date whose month is 13 is one of April, also by an explicit format.
# A report of an account in Britain has the day first. It is read as American, by the locale or by format="MM/dd/yyyy".
# One would expect an error at the first day after the 12th, as for "13/14/2026", so that the slip is seen. Seen:
# 13/04/2026 is 13 April by either; a month above 12 is taken for the day without a word. Of one column, twelve days of
# each month are read as months and the others are right: no error, and spend of April is in all the months of the year.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check babel==2.19.0
env/bin/python - <<'PYTHON'
from datetime import date

from babel.dates import ParseError, parse_date

for text, expected in (("12/04/2026", date(2026, 12, 4)), ("13/04/2026", date(2026, 4, 13))):
    seen = parse_date(text, locale="en_US"), parse_date(text, locale="en_US", format="MM/dd/yyyy")
    print(text, "is", *seen)
    assert seen == (expected, expected)
try:
    parse_date("13/14/2026", locale="en_US")
except ParseError as error:
    print(error)
else:
    raise AssertionError("13/14/2026 is a date")
days = [parse_date(f"{day:02}/04/2026", locale="en_US", format="MM/dd/yyyy") for day in range(1, 31)]
print("months of the days of April:", [day.month for day in days])
assert [day.month for day in days] == [*range(1, 13), *[4] * 18]
PYTHON
