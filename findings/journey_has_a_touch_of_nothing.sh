#!/usr/bin/env bash
# sqlframe 4.10.0 on DuckDB 1.5.6: a list of touches holds the ones that are missing.
# SQLFrame runs programs that are written for PySpark on DuckDB. A journey is collect_list(channel) of a person, the
# number of its channels size(collect_set(channel)); of three touches one has no channel. In Spark what is missing is
# in neither, and one would expect two touches and two channels, as PySpark 4.0.5 has. Seen: the list has three
# touches, one of them null, and the set three channels; who has no touch at all has one: a conversion is shared by
# more touches than there are.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check "sqlframe[duckdb]==4.10.0" sqlglot==30.29.0 duckdb==1.5.6
env/bin/python - <<'PYTHON'
from sqlframe.duckdb import DuckDBSession
from sqlframe.duckdb import functions as F

rows = [("P-1", "Email"), ("P-1", None), ("P-1", "Ads"), ("P-2", None)]
touches = DuckDBSession.builder.getOrCreate().createDataFrame(rows, schema="person string, channel string")
journeys = (
    touches.groupBy("person")
    .agg(
        F.size(F.collect_list("channel")).alias("touches"),
        F.size(F.collect_set("channel")).alias("channels"),
        F.countDistinct("channel").alias("counted"),
    )
    .orderBy("person")
    .collect()
)
seen = [(row["person"], row["touches"], row["channels"], row["counted"]) for row in journeys]
print(seen)
assert seen == [("P-1", 3, 3, 2), ("P-2", 1, 1, 0)]
PYTHON
