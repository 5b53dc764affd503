#!/usr/bin/env bash
# sqlglot 30.30.0, from DuckDB 1.5.5 to PySpark 4.3.0: the logarithm of spend is another one after translation.
# log(x) is to the base of ten in DuckDB and natural in Spark. sqlglot knows of dialects in which it is natural, and one
# would expect LOG10(x), or an error as asked for. Seen: LOG(x) stays: the curve of saturation of a spend of 1,000 is at
# 6.9 instead of 3, and coefficients that were fitted on the one warehouse are wrong on the other.
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

QUERY = "select log(1000.0::double) as saturation"
translated = sqlglot.transpile(QUERY, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)[0]
here = duckdb.sql(QUERY).fetchall()
spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
there = [tuple(row) for row in spark.sql(translated).collect()]
spark.stop()
print(translated, f"DuckDB {here}", f"Spark  {there}", sep="\n")
assert [round(row[0], 4) for row in here] == [3.0]
assert [round(row[0], 4) for row in there] == [6.9078]
PYTHON
