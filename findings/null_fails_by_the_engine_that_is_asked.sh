#!/usr/bin/env bash
# cuallee 0.15.4 with pandas 2.3.3, Polars 2.1.0 and DuckDB 1.5.6: what is missing breaks a rule by the engine asked.
# One check is written once and runs on many data frames, which is what the library is for. One of four visits has no
# channel. One would expect one verdict of each rule. Seen: that no visit is of the channel "Bots" (not_contained_in)
# holds in pandas, and fails in Polars and DuckDB; that id and channel together are unique (are_unique) fails in pandas
# and DuckDB, and holds in Polars; that there are three channels (has_cardinality) fails in pandas and DuckDB, and
# holds in Polars, which counts the missing one. Nothing is said of missing values.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check cuallee==0.15.4 pandas==2.3.3 polars==2.1.0 duckdb==1.5.6
env/bin/python -W ignore - <<'PYTHON'
import duckdb
import pandas as pd
import polars as pl
from cuallee import Check, CheckLevel

VISITS = {"id": [1, 2, 3, 4], "channel": ["Email", "Ads", None, "Email"]}
RULES = {
    "not_contained_in": ("channel", ("Bots",)),
    "are_unique": (("id", "channel"),),
    "has_cardinality": ("channel", 3),
}
pandas = pd.DataFrame(VISITS)
database = duckdb.connect()
database.execute("create table visits as select * from pandas")
engines = {"pandas": pandas, "Polars": pl.DataFrame(VISITS), "DuckDB": database}
seen = {}
for rule, arguments in RULES.items():
    seen[rule] = {}
    for name, data in engines.items():
        check = getattr(Check(CheckLevel.WARNING, "visits", table_name="visits"), rule)(*arguments)
        seen[rule][name] = list(check.validate(data)["status"])[0]
    print(rule, seen[rule])
assert seen["not_contained_in"] == {"pandas": "PASS", "Polars": "FAIL", "DuckDB": "FAIL"}
assert seen["are_unique"] == {"pandas": "FAIL", "Polars": "PASS", "DuckDB": "FAIL"}
assert seen["has_cardinality"] == {"pandas": "FAIL", "Polars": "PASS", "DuckDB": "FAIL"}
PYTHON
