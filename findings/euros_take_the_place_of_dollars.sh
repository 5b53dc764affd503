#!/usr/bin/env bash
# dlt 1.31.0 on DuckDB 1.5.5: of two columns whose names differ in the currency sign, one is loaded.
# An ad account that bills in two currencies exports "Spend ($)" and "Spend (€)". One would expect two columns, or an
# error that their names collide, as dlt makes identifiers of them. Seen: both become spendx, the later value takes the
# place of the earlier one in every row, and the load succeeds.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export RUNTIME__DLTHUB_TELEMETRY=false DLT_DATA_DIR="$folder/dlt"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check "dlt[duckdb]==1.31.0" duckdb==1.5.5
env/bin/python - <<'PYTHON'
import dlt

ROWS = [{"Campaign": "Brand", "Spend ($)": 100, "Spend (€)": 7}, {"Campaign": "Launch", "Spend ($)": 200, "Spend (€)": 0}]
pipeline = dlt.pipeline("ads", destination=dlt.destinations.duckdb("warehouse.duckdb"), dataset_name="ads")
pipeline.run(ROWS, table_name="spend").raise_on_failed_jobs()
with pipeline.sql_client() as client:
    loaded = client.execute_sql("select * exclude (_dlt_load_id, _dlt_id) from spend order by campaign")
    names = client.execute_sql("select column_name from (describe spend) where column_name not like '$_dlt%' escape '$'")
print(names, loaded)
assert names == [("campaign",), ("spendx",)]
assert loaded == [("Brand", 7), ("Launch", 0)]
PYTHON
