#!/usr/bin/env bash
# babel 2.19.0: the week numbers of a language are not those of any country that speaks it.
# Plans and reports are titled with the week (W53). A language without a country stands for its usual one in CLDR, as de
# for Germany, and Babel formats numbers and dates of de and de_DE alike. One would expect the same of weeks. Seen:
# a week of de, fr or sv is week 1 as soon as one of its days is in the new year, so 30 December 2026 is in week 1, and
# the weeks of 2027 are called one more than the calendar on the wall says; de_DE, fr_FR and sv_SE are right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check babel==2.19.0
env/bin/python - <<'PYTHON'
import datetime

from babel.dates import format_date

DAYS = [datetime.date(2026, 12, 30), datetime.date(2027, 1, 4), datetime.date(2027, 6, 7)]
weeks = {
    locale: [format_date(day, "YYYY-'W'ww", locale=locale) for day in DAYS]
    for locale in ("de", "de_DE", "fr", "fr_FR", "sv", "sv_SE")
}
iso = [f"{day.isocalendar().year}-W{day.isocalendar().week:02}" for day in DAYS]
print("ISO  ", iso, *(f"{locale:5} {seen}" for locale, seen in weeks.items()), sep="\n")
for language, country in (("de", "de_DE"), ("fr", "fr_FR"), ("sv", "sv_SE")):
    assert weeks[country] == iso == ["2026-W53", "2027-W01", "2027-W23"]
    assert weeks[language] == ["2027-W01", "2027-W02", "2027-W24"]
    assert format_date(DAYS[0], locale=language) == format_date(DAYS[0], locale=country)
PYTHON
