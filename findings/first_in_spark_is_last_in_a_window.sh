#!/usr/bin/env bash
# sqlframe 4.10.0 on DuckDB 1.5.6: inside a window, what has no day comes last instead of first.
# SQLFrame runs programs that are written for PySpark on DuckDB, and sees to it that orderBy("day") of a data frame has
# what is missing first, as Spark has. One would expect the same of orderBy("day") of a window, which is so in PySpark
# 4.0.5. Seen: there it is last, while F.asc("day"), which is to be the same, has it first. The first stage of a lead
# by row_number() is the one without a day in Spark, and another in DuckDB: one deduplication keeps two different
# records.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check "sqlframe[duckdb]==4.10.0" sqlglot==30.29.0 duckdb==1.5.6
env/bin/python - <<'PYTHON'
from sqlframe.duckdb import DuckDBSession, Window
from sqlframe.duckdb import functions as F

rows = [("L-1", "new", None), ("L-1", "open", "2026-01-02"), ("L-1", "won", "2026-01-03")]
leads = DuckDBSession.builder.getOrCreate().createDataFrame(rows, schema="lead string, stage string, day string")
seen = {"data frame": [row["stage"] for row in leads.orderBy("day").collect()]}
for name, order in (("window", "day"), ("window, asc", F.asc("day"))):
    number = F.row_number().over(Window.partitionBy("lead").orderBy(order))
    seen[name] = [row["stage"] for row in leads.withColumn("number", number).orderBy("number").collect()]
print(seen)
assert seen["data frame"] == seen["window, asc"] == ["new", "open", "won"]
assert seen["window"] == ["open", "won", "new"]
PYTHON
