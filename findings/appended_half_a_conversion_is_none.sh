#!/usr/bin/env bash
# deltalake 1.6.6 with PyArrow 26.0.1: what is appended to a table is cut to the table's type, unless it is a decimal.
# Delta tables refuse what does not have their schema: a decimal of three places for a column of two is an error,
# SchemaMismatchError. The first month of conversions was of whole numbers, later ones have halves. One would expect an
# error, or schema_mode="merge" to widen the column. Seen: 0.5 is 0 and 2.6 is 2, with it and without; with it a moment
# in a column of days is its day. There is no error and no warning, and the column stays as it was.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check deltalake==1.6.6 pyarrow==26.0.1
env/bin/python - <<'PYTHON'
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
from deltalake import DeltaTable, write_deltalake
from deltalake.exceptions import SchemaMismatchError


def appended(name, first, then, **options):
    write_deltalake(name, pa.table({"value": first}))
    write_deltalake(name, pa.table({"value": then}), mode="append", **options)
    return sorted(DeltaTable(name).to_pyarrow_table()["value"].to_pylist())


seen = {
    "conversions": appended("halves", [5, 7], [0.5, 2.6]),
    "merged": appended("merged", [5, 7], [0.5, 2.6], schema_mode="merge"),
    "days": appended("days", [date(2026, 3, 1)], [datetime(2026, 3, 2, 18)], schema_mode="merge"),
}
print(*seen.items(), sep="\n")
assert seen == {
    "conversions": [0, 2, 5, 7],
    "merged": [0, 2, 5, 7],
    "days": [date(2026, 3, 1), date(2026, 3, 2)],
}
try:
    print(appended("cents", [Decimal("1.25")], [Decimal("1.255")]))
except SchemaMismatchError as error:
    print("decimals:", error)
else:
    raise AssertionError("a decimal of three places is taken")
PYTHON
