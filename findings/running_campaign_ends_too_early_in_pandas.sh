#!/usr/bin/env bash
# great-expectations 1.24.1 with pandas 2.3.3 and SQLite: what has no end yet ends before it began, in pandas.
# Campaigns end on or after the day they begin; one that is running has no end yet. The expectation that end is greater
# or equal is written once, for whatever the data are in, and is to leave out rows in which both are missing. One would
# expect one verdict. Seen: in SQL, where a comparison with nothing is neither true nor false, it holds; in pandas it
# fails by the running campaign, which is listed as unexpected. Likewise parts that are to sum to a total, of which one
# is missing: such a row is a fault in pandas and none in SQL.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check great-expectations==1.24.1 pandas==2.3.3 sqlalchemy==2.0.44
export GX_ANALYTICS_ENABLED=false
env/bin/python -W ignore - <<'PYTHON' 2> log
import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd
import sqlalchemy as sa

frame = pd.DataFrame(
    [("A", 1, 5, 60.0, 40.0), ("B", 3, 3, 50.0, 50.0), ("running", 4, None, None, 30.0)],
    columns=["campaign", "begins", "ends", "search", "social"],
)
frame.to_sql("campaigns", sa.create_engine("sqlite:///campaigns.db"), index=False)
context = gx.get_context(mode="ephemeral")
context.variables.progress_bars = {"globally": False}
pandas = context.data_sources.add_pandas("pandas").add_dataframe_asset("campaigns")
sql = context.data_sources.add_sqlite("sql", connection_string="sqlite:///campaigns.db")
batches = {
    "pandas": pandas.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame}),
    "sql": sql.add_table_asset("campaigns").add_batch_definition_whole_table("all").get_batch(),
}
EXPECTATIONS = [
    gxe.ExpectColumnPairValuesAToBeGreaterThanB(column_A="ends", column_B="begins", or_equal=True),
    gxe.ExpectMulticolumnSumToEqual(column_list=["search", "social"], sum_total=100),
]
for expectation in EXPECTATIONS:
    for name, batch in batches.items():
        seen = batch.validate(expectation)
        found = seen.success, seen.result["unexpected_count"]
        print(type(expectation).__name__, name, "success: {}, unexpected: {}".format(*found))
        assert found == ((False, 1) if name == "pandas" else (True, 0)), seen
PYTHON
