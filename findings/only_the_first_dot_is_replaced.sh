#!/usr/bin/env bash
# ibis-framework 12.0.0: on Polars, replace() replaces the first match alone.
# German amounts are made numbers by striking out the dots and turning the comma into a dot. Ibis says that replace()
# replaces "each exact match", and runs one expression on many engines: one would expect 1.234.567,89 to lose both dots
# on each. Seen: both on DuckDB, one on Polars; names of campaigns that are joined with "_" differ between engines,
# too.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check \
    "ibis-framework[duckdb,polars]==12.0.0" duckdb==1.5.6 polars==1.44.2 sqlglot==28.10.1 pandas==2.3.3
env/bin/python -W ignore - <<'PYTHON'
import ibis
import pandas as pd

spend = pd.DataFrame({"amount": ["1.234.567,89", "1.250,50"], "campaign": ["spring sale de", "brand"]})
seen = {}
for name, engine in (("DuckDB", ibis.duckdb.connect()), ("Polars", ibis.polars.connect())):
    table = engine.create_table("spend", spend)
    answer = engine.execute(
        table.select(
            amount=table.amount.replace(".", "").replace(",", "."), campaign=table.campaign.replace(" ", "_")
        )
    )
    seen[name] = answer["amount"].tolist() + answer["campaign"].tolist()
    print(name, *seen[name])
assert seen["DuckDB"] == ["1234567.89", "1250.50", "spring_sale_de", "brand"]
assert seen["Polars"] == ["1234.567.89", "1250.50", "spring_sale de", "brand"]
PYTHON
