#!/usr/bin/env bash
# sqlglot 30.30.0, from DuckDB 1.5.5 to PySpark 4.3.0: a journey's touches are in no order after translation.
# list(channel order by touched_at) makes a journey of touches. One would expect the order to be kept, or an error, since
# COLLECT_LIST knows none; unsupported_level=RAISE asks for one. Seen: "order by" is left out without a word, and the
# journey is in the order that rows come in: the first touch is Email, which was the last.
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

QUERY = """
select array_to_string(list(channel order by touched_at), ' > ') as journey
from (values ('Email', 3), ('Search', 1), ('Social', 2)) as touches(channel, touched_at)
"""
translated = sqlglot.transpile(QUERY, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)[0]
here = duckdb.sql(QUERY).fetchall()
spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
there = [tuple(row) for row in spark.sql(translated).collect()]
spark.stop()
print(translated, f"DuckDB {here}", f"Spark  {there}", sep="\n")
assert here == [("Search > Social > Email",)]
assert there == [("Email > Search > Social",)]
PYTHON
