#!/usr/bin/env bash
# sqlglot 30.30.0, from DuckDB 1.5.5 to PySpark 4.3.0: the parts of a campaign's name are others after translation.
# regexp_replace without an option replaces the first match in DuckDB, every match in Spark, and a group is \1 in the
# one and $1 in the other. One would expect the translation of a function that both have to know that, or to raise. Seen:
# it is handed on as it is; the name comes out otherwise, and 06/2026 as the text 2/1.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check duckdb==1.5.5 pyspark==4.3.0 sqlglot==30.30.0
env/bin/python - <<'PYTHON'
import duckdb
import sqlglot
from pyspark.sql import SparkSession

QUERY = r"""
select
    regexp_replace('DE - Brand - Q3', ' - ', '|') as name, regexp_replace('2026-06', '(\d+)-(\d+)', '\2/\1') as month
"""
translated = sqlglot.transpile(QUERY, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)[0]
here = duckdb.sql(QUERY).fetchall()
spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
there = [tuple(row) for row in spark.sql(translated).collect()]
spark.stop()
print(translated, f"DuckDB {here}", f"Spark  {there}", sep="\n")
assert here == [("DE|Brand - Q3", "06/2026")]
assert there == [("DE|Brand|Q3", "2/1")]
PYTHON
