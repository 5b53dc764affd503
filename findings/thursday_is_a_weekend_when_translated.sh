#!/usr/bin/env bash
# sqlglot 30.30.0, from DuckDB 1.5.5 to PySpark 4.3.0: the translated week ends on Wednesday.
# isodow is 1 on Monday and 7 on Sunday; "isodow(day) < 6" is how a working day is told. One would expect the same days
# in Spark. Seen: isodow becomes ((DAYOFWEEK(day) % 7) + 1), which is 3 on Monday, since DAYOFWEEK of Spark is 2 there
# and not 1: Thursday and Friday are no working days, Saturday and Sunday are. dayofweek, which is 0 on Sunday in DuckDB
# and 1 in Spark, is handed on as it is.
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
    cast(day as varchar) as day, isodow(day) < 6 as works, isodow(day) as isodow, dayofweek(day) as dayofweek
from (
    values (date '2026-11-25'), (date '2026-11-26'), (date '2026-11-27'), (date '2026-11-28'), (date '2026-11-29')
) as days(day)
order by 1
"""
translated = sqlglot.transpile(QUERY, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)[0]
here = duckdb.sql(QUERY).fetchall()
spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
there = [tuple(row) for row in spark.sql(translated).collect()]
spark.stop()
print(translated, f"DuckDB {here}", f"Spark  {there}", sep="\n")
assert [works for _, works, *_ in here] == [True, True, True, False, False]
assert [works for _, works, *_ in there] == [True, False, False, True, True]
assert [days[-1] for days in here] == [3, 4, 5, 6, 0]
assert [days[-1] for days in there] == [4, 5, 6, 7, 1]
PYTHON
