#!/usr/bin/env bash
# fastavro 1.13.1: what is required is cut to fit, and what is missing is false; what may be missing is refused.
# Conversions of a platform have decimals, and a consent is yes, no or not known. The schema says long and boolean, and
# some columns may be null. One would expect 0.5 and None to be refused where the schema does not have them, as they are
# for columns that may be null, or with strict=True ("an error if records do not contain exactly the same fields").
# Seen: in a required column 0.5 is 0 and 2.9 is 2, None is false and the text "false" is true, with strict=True too; in
# one that may be null, 0.5 and "false" raise. validator=True looks at both, and is off unless asked for.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check fastavro==1.13.1
env/bin/python - <<'PYTHON'
from io import BytesIO

import fastavro
from fastavro.validation import ValidationError


def read_back(kind, value, **options):
    schema = {"type": "record", "name": "visit", "fields": [{"name": "value", "type": kind}]}
    file = BytesIO()
    try:
        fastavro.writer(file, schema, [{"value": value}], **options)
    except (ValidationError, ValueError):
        return "refused"
    file.seek(0)
    return next(iter(fastavro.reader(file)))["value"]


CASES = {("long", 0.5): 0, ("long", 2.9): 2, ("boolean", None): False, ("boolean", "false"): True}
for (kind, value), expected in CASES.items():
    seen = read_back(kind, value), read_back(kind, value, strict=True), read_back(["null", kind], value)
    print(f"{kind}, {value!r}: required {seen[0]}, with strict {seen[1]}, where it may be null {seen[2]}")
    assert seen[:2] == (expected, expected) and type(seen[0]) is type(expected)
    assert seen[2] == (None if value is None else "refused")
    assert read_back(kind, value, validator=True) == "refused"
PYTHON
