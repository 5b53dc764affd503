#!/usr/bin/env bash
# sqlglot 30.30.0, from DuckDB 1.5.5 to PySpark 4.3.0: the months between two dates are others after translation.
# date_diff of DuckDB counts the borders that lie between: from 31 January to 1 February is one month, from 23:00 to 01:00
# is one day. One would expect the translation to do so, or to raise, as it is asked to. Seen: it says DATEDIFF(MONTH, …),
# which counts full months in Spark: 0 for each, for quarters and years too, and nothing is raised. Cohorts by
# month and days from lead to deal differ from one warehouse to the other.
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
select
    date_diff('day', timestamp '2026-01-01 23:00', timestamp '2026-01-02 01:00') as days,
    date_diff('month', date '2026-01-31', date '2026-02-01') as months,
    date_diff('quarter', date '2026-03-31', date '2026-04-01') as quarters,
    date_diff('year', date '2026-12-31', date '2027-01-01') as years
"""
translated = sqlglot.transpile(QUERY, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)[0]
here = duckdb.sql(QUERY).fetchall()
spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
there = [tuple(row) for row in spark.sql(translated).collect()]
spark.stop()
print(translated, f"DuckDB {here}", f"Spark  {there}", sep="\n")
assert (here, there) == ([(1, 1, 1, 1)], [(0, 0, 0, 0)])
PYTHON
