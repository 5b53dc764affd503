#!/usr/bin/env bash
# dateparser 1.5.0: the second half of a year is in February, and its twelfth week in December.
# Plans are titled H2 2026 and W12 2026. The library reads Q3 2026 for the quarter that it is, and what it does not
# understand, as KW 12 or FY 2026, is None. One would expect either of the two for half-years and weeks. Seen: the
# letter is left out, and the number is a month: H1 is January, H2 February; W12 is December where the languages are not
# named, as "w" is a word of Polish. Due dates are months early or late, and nothing is said.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check dateparser==1.5.0
env/bin/python -W ignore - <<'PYTHON'
import dateparser

SETTINGS = {"PREFER_DAY_OF_MONTH": "first", "PREFER_MONTH_OF_YEAR": "first"}
seen = {}
for text in ("Q3 2026", "H1 2026", "H2 2026", "W12 2026", "FY 2026"):
    day = dateparser.parse(text, languages=None if text.startswith(("W", "FY")) else ["en"], settings=SETTINGS)
    seen[text] = day and str(day.date())
print(seen)
assert seen == {
    "Q3 2026": "2026-07-01",
    "H1 2026": "2026-01-01",
    "H2 2026": "2026-02-01",
    "W12 2026": "2026-12-01",
    "FY 2026": None,
}
PYTHON
