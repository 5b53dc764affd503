#!/usr/bin/env bash
# sqlglot 30.30.0, from DuckDB 1.5.5 to PySpark 4.3.0: local times are moved the wrong way by translation.
# An office's export has times without a zone; timestamp '…' at time zone 'America/New_York' says whose they are, so
# 09:00 in New York is 13:00 UTC. One would expect that moment in Spark. Seen: FROM_UTC_TIMESTAMP, which takes the time to
# be of UTC and moves it to New York: 05:00, eight hours early, though the query itself says that it is a timestamp
# without a zone. TO_UTC_TIMESTAMP is the one.
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

QUERY = "select cast(timestamp '2026-07-01 09:00' at time zone 'America/New_York' as varchar) as sent_at"
duckdb.sql("set timezone = 'UTC'")
translated = sqlglot.transpile(QUERY, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)[0]
here = duckdb.sql(QUERY).fetchall()
spark = SparkSession.builder.master("local[1]").config("spark.sql.session.timeZone", "UTC").getOrCreate()
there = [tuple(row) for row in spark.sql(translated).collect()]
spark.stop()
print(translated, f"DuckDB {here}", f"Spark  {there}", sep="\n")
assert here == [("2026-07-01 13:00:00+00",)]
assert there == [("2026-07-01 05:00:00",)]
PYTHON
