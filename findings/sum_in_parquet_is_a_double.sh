#!/usr/bin/env bash
# duckdb 1.5.5: a sum of whole numbers, written to Parquet, is a floating-point number there.
# The sum of a BIGINT column is a HUGEINT, which Parquet has no type for; one would expect a decimal, or an error.
# Seen: the column is DOUBLE, nothing says so, and 9007199254740993, which a BIGINT holds, comes back as ...992.
# As decimal(38, 0) it survives.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check duckdb==1.5.5
env/bin/python - <<'PYTHON'
import duckdb

RIGHT = 9_007_199_254_740_993
con = duckdb.connect()
con.execute(f"create table amounts as select {RIGHT}::bigint as micros")
con.execute("copy (select sum(micros) as total from amounts) to 'sum.parquet'")
con.execute("copy (select sum(micros)::decimal(38, 0) as total from amounts) to 'kept.parquet'")
for name in ("sum", "kept"):
    ((type_, total),) = con.execute(
        f"select typeof(total), total::decimal(38, 0) from '{name}.parquet'"
    ).fetchall()
    print(f"{name}.parquet: {type_}, {total}")
    assert (type_, int(total) == RIGHT) == (("DOUBLE", False) if name == "sum" else ("DECIMAL(38,0)", True))
PYTHON
