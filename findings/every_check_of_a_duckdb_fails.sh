#!/usr/bin/env bash
# great-expectations 1.24.1 with duckdb-engine 0.17.0 on DuckDB 1.5.5: every expectation over a table fails.
# Four that hold, over five rows: one would expect four passes, or a word that DuckDB is not supported. Seen: each is
# "success: False" as a broken expectation would be, with an exception in the result alone. The library hands its
# connection back before it fetches what it asked for, SQLAlchemy rolls back what is handed back, and a rollback takes
# DuckDB's pending results away. Without transactions, which nothing here needs, all four pass.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check \
    great-expectations==1.24.1 duckdb-engine==0.17.0 duckdb==1.5.5 sqlalchemy==2.0.44
export GX_ANALYTICS_ENABLED=false
cat > verdicts.py <<'PYTHON'
import re
import sys

import duckdb_engine
import great_expectations as gx
import great_expectations.expectations as gxe

if sys.argv[1] == "kept":
    nothing = lambda self, connection: None
    duckdb_engine.Dialect.do_begin = duckdb_engine.Dialect.do_rollback = nothing
context = gx.get_context(mode="ephemeral")
context.variables.progress_bars = {"globally": False}
source = context.data_sources.add_sql("ads", connection_string="duckdb:///ads.duckdb")
asset = source.add_table_asset("ads", table_name="ads")
batch = asset.add_batch_definition_whole_table("all").get_batch()
for expectation in (
    gxe.ExpectTableRowCountToBeBetween(min_value=1),
    gxe.ExpectColumnValuesToNotBeNull(column="spend"),
    gxe.ExpectColumnValuesToBeUnique(column="ad_id"),
    gxe.UnexpectedRowsExpectation(unexpected_rows_query="select * from {batch} where spend < 0"),
):
    result = batch.validate(expectation)
    said = re.search(r"'exception_message': [\"'](.*?)[\"'], 'raised", str(result.exception_info))
    print(f"{sys.argv[1]}: {type(expectation).__name__} {result.success} {said[1] if said else ''}")
PYTHON
env/bin/python -c "import duckdb
duckdb.connect('ads.duckdb').execute('create table ads as select i as ad_id, 10.00 as spend from range(5) as t(i)')"
for rollback in asitis kept; do env/bin/python verdicts.py "$rollback" 2>/dev/null; done | tee log
[ "$(grep -c '^asitis: .* False ' log)" -eq 4 ]
[ "$(grep -c '^kept: .* True ' log)" -eq 4 ]
