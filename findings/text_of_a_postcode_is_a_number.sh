#!/usr/bin/env bash
# mlcroissant 1.1.1 with pandas 2.3.3: a column that is declared to be text is guessed first, and made text afterwards.
# A dataset is described in Croissant, whose schema says which type a column has; account, postcode, country and note
# are sc:Text. One would expect the text of the file. Seen: pandas guesses types as it reads, and what it guessed is
# turned into text: 01067 in Dresden is "1067", NA, which is Namibia, is nothing, as is the note "None", and an account
# of 18 digits, since another row has none, is "1.2021000000000002e+17", which is nobody's. The file is valid, its
# checksum is right, and nothing is said.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check mlcroissant==1.1.1 pandas==2.3.3
printf 'account,postcode,country,note\n120210000000000017,01067,DE,first\n,10115,NA,None\n' > contacts.csv
env/bin/python -W ignore - <<'PYTHON' 2> log
import csv
import hashlib
import json
import pathlib

import mlcroissant

CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "conformsTo": "dct:conformsTo",
    "recordSet": "cr:recordSet",
    "field": "cr:field",
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "source": "cr:source",
    "fileObject": "cr:fileObject",
    "extract": "cr:extract",
    "column": "cr:column",
}
COLUMNS = ["account", "postcode", "country", "note"]
fields = [
    {
        "@type": "cr:Field",
        "@id": f"contacts/{column}",
        "name": column,
        "dataType": "sc:Text",
        "source": {"fileObject": {"@id": "contacts.csv"}, "extract": {"column": column}},
    }
    for column in COLUMNS
]
dataset = {
    "@context": CONTEXT,
    "@type": "sc:Dataset",
    "name": "contacts",
    "description": "Contacts of a shop",
    "conformsTo": "http://mlcommons.org/croissant/1.0",
    "license": "https://creativecommons.org/licenses/by/4.0/",
    "url": "https://shop.example/",
    "distribution": [
        {
            "@type": "cr:FileObject",
            "@id": "contacts.csv",
            "name": "contacts.csv",
            "contentUrl": "contacts.csv",
            "encodingFormat": "text/csv",
            "sha256": hashlib.sha256(pathlib.Path("contacts.csv").read_bytes()).hexdigest(),
        }
    ],
    "recordSet": [{"@type": "cr:RecordSet", "@id": "contacts", "name": "contacts", "field": fields}],
}
pathlib.Path("croissant.json").write_text(json.dumps(dataset))
seen = [
    {key.split("/")[1]: value and value.decode() for key, value in record.items()}
    for record in mlcroissant.Dataset("croissant.json").records("contacts")
]
for text, record in zip(csv.DictReader(open("contacts.csv")), seen):
    print("in the file:", text, "read:", record)
assert [record["postcode"] for record in seen] == ["1067", "10115"]
assert [record["country"] for record in seen] == ["DE", None]
assert [record["note"] for record in seen] == ["first", None]
assert [record["account"] for record in seen] == ["1.2021000000000002e+17", None]
PYTHON
