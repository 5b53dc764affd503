#!/usr/bin/env bash
# evidently 0.7.23 with pandas 2.3.3 and NumPy 2.3.5: where a tenth of the cells is missing, all of them are.
# DatasetMissingValueCount tells the count and the "share (percentage)" of missing values over all columns, or over
# those that are named. Contacts have ten columns, of which one has no value yet. One would expect a share of 0.1, and
# of the column "email" alone, which is complete, 0. Seen: 1.0; the missing cells are divided by the rows, so that two
# empty columns are a share of 2. The columns that are named make no difference, count and share are of all. A limit of
# a share for the whole table fails by one new column, and a check of the columns that matter by others.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check evidently==0.7.23 pandas==2.3.3 numpy==2.3.5
export DO_NOT_TRACK=1
env/bin/python -W ignore - <<'PYTHON' 2> log
import pandas as pd
from evidently import Dataset, Report
from evidently.metrics import DatasetMissingValueCount, MissingValueCount

numbers = ("id", "visits", "orders", "spend", "age", "score", "opens", "clicks")
complete = {name: [1.0, 2.0, 3.0, 4.0] for name in numbers}
emails = {"email": [f"kim{number}@example.com" for number in range(4)]}


def asked(rows, metric):
    return Report([metric]).run(Dataset.from_pandas(pd.DataFrame(rows)), None).dict()["metrics"][0]["value"]


one = {**complete, **emails, "phone": [None] * 4}
two = {**one, "orders": [None] * 4}
for rows in (one, two):
    whole = asked(rows, DatasetMissingValueCount())
    named = asked(rows, DatasetMissingValueCount(columns=["email"]))
    column = asked(rows, MissingValueCount(column="email"))
    cells = pd.DataFrame(rows).isna().mean().mean()
    print(f"{cells:.0%} of the cells are missing; whole table: {whole}, of email: {named}, by column: {column}")
    assert named == whole
    assert column == {"count": 0, "share": 0}
    assert whole["share"] == round(cells * 10)
PYTHON
