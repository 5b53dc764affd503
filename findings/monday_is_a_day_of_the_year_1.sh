#!/usr/bin/env bash
# agate 1.14.2 (which csvkit reads files with): the days of the week are days of the year 1.
# A report of clicks by weekday has a column of Monday, Tuesday, Sunday, a plan one of Mar, Apr, May; types are
# guessed. One would expect text: such words name no day. Seen: both columns are dates, Monday is 8 January of the year
# 1, Mar is 1 March of that year, and people called May, April and June are dates, too. The words are gone: Monday
# comes behind Sunday, and a join by month with text finds nothing.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check agate==1.14.2
printf 'weekday,month,season,clicks\nMonday,Mar,Spring,5\nTuesday,Apr,Summer,7\nSunday,May,Fall,9\n' > clicks.csv
printf 'name,leads\nMay,1\nApril,2\nJune,3\n' > agents.csv
env/bin/python - <<'PYTHON'
import agate

clicks = agate.Table.from_csv("clicks.csv")
agents = agate.Table.from_csv("agents.csv")
types = {name: type(kind).__name__ for name, kind in zip(clicks.column_names, clicks.column_types)}
read = {name: [str(value) for value in clicks.columns[name].values()] for name in ("weekday", "month")}
names = [str(value) for value in agents.columns["name"].values()]
print(types, read, names)
assert types == {"weekday": "Date", "month": "Date", "season": "Text", "clicks": "Number"}
assert read["weekday"] == ["0001-01-08", "0001-01-02", "0001-01-07"]
assert read["month"] == ["0001-03-01", "0001-04-01", "0001-05-01"]
assert names == ["0001-05-01", "0001-04-01", "0001-06-01"]
PYTHON
