#!/usr/bin/env bash
# perspective-python 5.6.1: three billion impressions are less than none, and 2.6 conversions are two.
# Perspective charts tables that grow while one looks at them. Its types are those of the first rows: whole numbers up
# to two billion are "integer". A later row has three billion impressions and 2.6 conversions, as a shared conversion
# has. One would expect the columns to widen, or an error, as there is one for a text that is no date. Seen: integers
# have 32 bits, and what is larger turns round: -1294967296 impressions, and the total is below zero; 2.6 is 2. The
# same rows at once have all of it, as a column is then guessed with room. Nothing is said.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check perspective-python==5.6.1
env/bin/python - <<'PYTHON'
import perspective

first = [{"channel": "Mail", "impressions": 5, "conversions": 1}]
later = [{"channel": "TV", "impressions": 3000000000, "conversions": 2.6}]
client = perspective.Server().new_local_client()
columns = ["impressions", "conversions"]


def rows(table):
    found = [[row[column] for column in columns] for row in table.view(columns=columns).to_records()]
    total = table.view(columns=columns, group_by=["channel"]).to_records()[0]["impressions"]
    print(table.schema(), found, "impressions in all:", total)
    return found, total


at_once = client.table(first + later)
grown = client.table(first)
grown.update(later)
assert rows(at_once) == ([[5, 1], [3000000000, 2.6]], 3000000005)
assert rows(grown) == ([[5, 1], [-1294967296, 2]], -1294967291)
PYTHON
