#!/usr/bin/env bash
# sqlmesh 0.236.4 with DuckDB 1.5.6: the chi-square of two columns leaves out the pairs that nobody has.
# The audit chi_square fails where two columns are not as dependent as a model takes for granted. Of ten customers, four
# came by Search, all of them new, and six by Mail, two new and four old. By the textbook, with all four cells, that is
# 4.44, which is more than 3.841: dependent. One would expect the audit to hold. Seen: it fails, with a chi-square of
# 2.84; sums are made over the pairs that there are, and old customers by Search, the very cell that says so, are not
# there. The fewer mixed pairs, the less dependent.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check sqlmesh==0.236.4 duckdb==1.5.6 pandas==2.3.3
export SQLMESH__DISABLE_ANONYMIZED_ANALYTICS=1
env/bin/python -W ignore - <<'PYTHON'
import duckdb
from sqlmesh.core.dialect import parse
from sqlmesh.core.model import load_sql_based_model

CUSTOMERS = {("Search", "new"): 4, ("Search", "old"): 0, ("Mail", "new"): 2, ("Mail", "old"): 4}
rows = [pair for pair, number in CUSTOMERS.items() for _ in range(number)]
MODEL = """
MODEL (
    name shop.customers, kind FULL, dialect duckdb,
    audits (chi_square(column_a := channel, column_b := kind, dependent := true, critical_value := 3.841))
);
SELECT channel, kind FROM shop.sources
"""
model = load_sql_based_model(parse(MODEL))
((audit, arguments),) = model.audits_with_args
connection = duckdb.connect()
connection.execute("create schema shop")
connection.execute("create table shop.customers (channel text, kind text)")
connection.executemany("insert into shop.customers values (?, ?)", rows)
failures = connection.execute(model.render_audit_query(audit, **arguments).sql("duckdb")).fetchall()


def total(place, value):
    return sum(number for pair, number in CUSTOMERS.items() if pair[place] == value)


expected = {pair: total(0, pair[0]) * total(1, pair[1]) / len(rows) for pair in CUSTOMERS}
textbook = sum((CUSTOMERS[pair] - expected[pair]) ** 2 / expected[pair] for pair in CUSTOMERS)
print("by the textbook:", round(textbook, 3), "| rows of the audit, any of which is a failure:", failures)
assert round(textbook, 3) == 4.444
assert [(freedom, round(value, 3)) for freedom, value in failures] == [(1, 2.844)]
PYTHON
