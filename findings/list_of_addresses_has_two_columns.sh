#!/usr/bin/env bash
# clevercsv 0.8.5: a list of addresses is read as two columns, parted at the @.
# A list of readers who must not be written to is a file with one column. CleverCSV finds out how a file is written by
# how well its cells are of one type, and addresses are one of its types; one would expect one column, or that it finds
# no delimiter. Seen: the delimiter is "@". Each reader is a name and a domain, the header has one cell fewer than the
# rows, and no address of the list is equal to one of the mailing's. With a second column the same addresses are whole.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check clevercsv==0.8.5
printf 'email\nkim@example.com\nlee@example.org\nkim.lee@example.net\n' > unsubscribed.csv
printf 'email,day\nkim@example.com,2026-01-01\nlee@example.org,2026-01-02\n' > by_day.csv
env/bin/python - <<'PYTHON'
import clevercsv

rows = clevercsv.read_table("unsubscribed.csv")
delimiter = clevercsv.detect_dialect("unsubscribed.csv").delimiter
print(delimiter, rows)
assert delimiter == "@"
assert rows == [["email"], ["kim", "example.com"], ["lee", "example.org"], ["kim.lee", "example.net"]]
assert clevercsv.read_table("by_day.csv")[1] == ["kim@example.com", "2026-01-01"]
PYTHON
