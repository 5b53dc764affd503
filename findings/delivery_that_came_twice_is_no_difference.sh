#!/usr/bin/env bash
# ibis-framework 12.0.0: on Polars, a difference of rows that keeps duplicates keeps none.
# Two exports are reconciled by difference(distinct=False), which is EXCEPT ALL: of three equal rows here and one
# there, two are left. One would expect that on each engine. Seen: so it is on DuckDB; on Polars every row that has an
# equal one on the other side is gone, however often it came: a delivery that was loaded three times is no difference,
# and nothing is raised. union(distinct=False) keeps them all on both.
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

once = pd.DataFrame({"order_id": ["O-1", "O-2"], "amount": [10, 20]})
loaded = pd.concat([once, once, once])
seen = {}
for name, engine in (("DuckDB", ibis.duckdb.connect()), ("Polars", ibis.polars.connect())):
    here, there = engine.create_table("loaded", loaded), engine.create_table("sent", once)
    left = engine.execute(here.difference(there, distinct=False).order_by("order_id"))
    both = engine.execute(here.union(there, distinct=False))
    seen[name] = (left["order_id"].tolist(), len(both))
    print(name, *seen[name])
assert seen["DuckDB"] == (["O-1", "O-1", "O-2", "O-2"], 8)
assert seen["Polars"] == ([], 8)
PYTHON
