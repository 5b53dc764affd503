#!/usr/bin/env bash
# pyexcel 0.7.6 with pyexcel-io 0.6.8: a phone number loses its plus, and keeps its zeros.
# A CSV of contacts is read with types guessed, and text that begins with a zero is left alone, since it may be a number
# of that kind. One would expect the same of what begins with a plus, as international numbers do. Seen: +4930901820 is
# the whole number 4930901820, which nobody can call and no other list has, 030901820 stays text in the same column, and
# a product called 12E4 is 120000.0. Nothing is said.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check pyexcel==0.7.6 pyexcel-io==0.6.8
printf 'name,phone,product\nKim,+4930901820,12E4\nLee,030901820,12F4\n' > contacts.csv
env/bin/python - <<'PYTHON'
import pyexcel

rows = [list(record.values()) for record in pyexcel.get_records(file_name="contacts.csv")]
print(rows)
assert rows == [["Kim", 4930901820, 120000.0], ["Lee", "030901820", "12F4"]]
PYTHON
