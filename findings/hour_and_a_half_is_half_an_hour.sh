#!/usr/bin/env bash
# timelength 3.0.4: an hour and a half, written down in one of the usual ways, is half an hour or a whole one.
# Time spent is typed into trackers as people say it. The result says whether the text was understood, and one would
# expect either the right time or that it was not. Seen: "one and a half hours" is half an hour, "1h30" and "1h 30" are
# an hour, "a day and a half" is a day, all of them a success; the number that was left out is listed beside it, as
# invalid. "1.5 hours" and "1:30:00" are right. Sums of time sheets are too small without a word.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check timelength==3.0.4
env/bin/python - <<'PYTHON'
from timelength import TimeLength

TEXTS = ["1.5 hours", "1:30:00", "one and a half hours", "1h30", "1h 30", "a day and a half"]
seen = {}
for text in TEXTS:
    result = TimeLength(text).result
    seen[text] = result.success, result.seconds / 3600
    print(f"{text}: success {result.success}, hours {result.seconds / 3600}, invalid {result.invalid}")
assert seen == {
    "1.5 hours": (True, 1.5),
    "1:30:00": (True, 1.5),
    "one and a half hours": (True, 0.5),
    "1h30": (True, 1.0),
    "1h 30": (True, 1.0),
    "a day and a half": (True, 24.0),
}
PYTHON
