#!/usr/bin/env bash
# singer-sdk 0.54.9: of a column of true and false, each text is true, "false" and "0" as well.
# A tap reads contacts from a CSV or an API that writes booleans as text, and its schema says that opted_out is a
# boolean or null. One would expect "false" to become false, or the record to be refused, or sent as it is, so that a
# target refuses it. Seen: what is sent is true; anything but zero is. A number that is text is sent as text beside it,
# and only an empty cell keeps somebody's consent. Nobody may be written to any more, and nothing is said.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check singer-sdk==0.54.9
cat > tap.py <<'PYTHON'
import csv

from singer_sdk import Stream, Tap
from singer_sdk import typing as th


class Contacts(Stream):
    name = "contacts"
    schema = th.PropertiesList(
        th.Property("id", th.IntegerType), th.Property("opted_out", th.BooleanType)
    ).to_dict()

    def get_records(self, context):
        with open("contacts.csv") as file:
            for row in csv.DictReader(file):
                yield {"id": row["id"], "opted_out": row["opted_out"] or None}


class Crm(Tap):
    name = "tap-crm"
    config_jsonschema = th.PropertiesList().to_dict()

    def discover_streams(self):
        return [Contacts(self)]


Crm.cli()
PYTHON
printf 'id,opted_out\n1,true\n2,false\n3,0\n4,\n' > contacts.csv
env/bin/python tap.py > messages 2> log
env/bin/python - <<'PYTHON'
import json

messages = [json.loads(line) for line in open("messages")]
records = [message["record"] for message in messages if message["type"] == "RECORD"]
print(records)
assert [record["opted_out"] for record in records] == [True, True, True, None]
assert [record["id"] for record in records] == ["1", "2", "3", "4"]
PYTHON
