#!/usr/bin/env bash
# pandera 0.35.0 on pandas 2.3.3: drop_invalid_rows drops valid rows that stand at the same place of another export.
# Two exports are put together with pandas.concat, which keeps each row's number. One row of the first has a negative
# amount, and the schema is to drop what is invalid; its check is of single amounts. One would expect one row to go.
# Seen: rows are dropped by their label, so the second row of the second export, 40.0 and valid, goes with that of the
# first, and nothing says so: spend is lost from one platform for a slip in another's. With ignore_index=True it stays.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check "pandera[pandas]==0.35.0" pandas==2.3.3
env/bin/python - <<'PYTHON'
import pandas as pd
import pandera.pandas as pa

google = pd.DataFrame({"platform": "google", "spend": [10.0, -20.0]})
meta = pd.DataFrame({"platform": "meta", "spend": [30.0, 40.0]})
schema = pa.DataFrameSchema(
    {"platform": pa.Column(str), "spend": pa.Column(float, pa.Check.ge(0))}, drop_invalid_rows=True
)
alone = schema.validate(meta, lazy=True)["spend"].tolist()
together = schema.validate(pd.concat([google, meta]), lazy=True)["spend"].tolist()
renumbered = schema.validate(pd.concat([google, meta], ignore_index=True), lazy=True)["spend"].tolist()
print("meta alone", alone, "together", together, "renumbered", renumbered)
assert alone == [30.0, 40.0]
assert together == [10.0, 30.0]
assert renumbered == [10.0, 30.0, 40.0]
PYTHON
