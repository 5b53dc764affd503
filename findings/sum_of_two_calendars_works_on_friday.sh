#!/usr/bin/env bash
# holidays 0.109: the calendars of two countries, added, have the weekend of neither.
# A team in Riyadh and Manama rests on Friday and Saturday, and both calendars say so; "+" joins them into one. One
# would expect Friday to be no working day of the sum, and Sunday to be one. Seen: the sum rests on Saturday and
# Sunday, whatever its parts do, while the holidays are right: days due are counted by a week that nobody there has.
# Likewise a Saturday that China works in exchange for a holiday is a working day of China's, and none of the sum with
# Taiwan's.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check holidays==0.109
env/bin/python - <<'PYTHON'
from holidays import country_holidays

FRIDAY, SUNDAY, NATIONAL_DAY = "2026-04-10", "2026-04-12", "2026-09-23"
riyadh, manama = country_holidays("SA"), country_holidays("BH")
both = riyadh + manama
for name, calendar in (("SA", riyadh), ("BH", manama), ("SA + BH", both)):
    print(name, "works on Friday:", calendar.is_working_day(FRIDAY), "on Sunday:", calendar.is_working_day(SUNDAY))
assert not riyadh.is_working_day(FRIDAY) and not manama.is_working_day(FRIDAY)
assert riyadh.is_working_day(SUNDAY) and manama.is_working_day(SUNDAY)
assert both.is_working_day(FRIDAY) and not both.is_working_day(SUNDAY)
assert not both.is_working_day(NATIONAL_DAY)
for name, calendar in (("SA", riyadh), ("SA + BH", both)):
    print(name, "next working day after a Thursday:", calendar.get_nth_working_day("2026-04-09", 1))
assert riyadh.get_nth_working_day("2026-04-09", 1).isoformat() == SUNDAY
assert both.get_nth_working_day("2026-04-09", 1).isoformat() == FRIDAY

MADE_UP = "2026-02-14"
china = country_holidays("CN")
with_taiwan = china + country_holidays("TW")
print("a Saturday worked in China:", china.is_working_day(MADE_UP), "in the sum:", with_taiwan.is_working_day(MADE_UP))
assert china.is_working_day(MADE_UP) and not with_taiwan.is_working_day(MADE_UP)
PYTHON
