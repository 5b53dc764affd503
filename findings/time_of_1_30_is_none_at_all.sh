#!/usr/bin/env bash
# durations-nlp 1.0.1: a time of 1:30 is no time, 1h30 is an hour, and a year has 366 days.
# The library refuses what it does not know: "half an hour" and "5 working days" are errors. So one would expect 1:30
# and 1h30, as time sheets have them, to be understood or refused. Seen: 1:30 is 0 seconds, as is any number without a
# unit, and 1h30 is 3600; both are valid, by the library's own question. A year has 366 days, as three years in four
# have not: a term of three years ends two or three days late.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check durations-nlp==1.0.1
env/bin/python - <<'PYTHON'
from durations_nlp import Duration
from durations_nlp.exceptions import InvalidTokenError
from durations_nlp.helpers import valid_duration

seen = {text: Duration(text).to_seconds() for text in ("1.5h", "1h 30m", "1:30", "1h30", "90")}
print("seconds:", seen, "| days of a year:", Duration("1y").to_seconds() / 86400)
assert seen == {"1.5h": 5400, "1h 30m": 5400, "1:30": 0, "1h30": 3600, "90": 0}
assert Duration("1y").to_seconds() == 366 * 86400
print("valid:", valid_duration("1:30"), valid_duration("1h30"))
try:
    Duration("half an hour")
    raise SystemExit("half an hour was understood")
except InvalidTokenError as refused:
    print(refused)
PYTHON
