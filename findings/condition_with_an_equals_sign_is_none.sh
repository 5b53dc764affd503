#!/usr/bin/env bash
# sqlmesh 0.236.4: an audit whose condition has an equals sign looks at every row.
# Audits take a condition for the rows that they are about; arguments are written with := or with =. One would expect
# condition=channel='Search' to be that condition, or an error, as condition=channel<>'TV' is one. Seen: it is taken,
# and left out of the query: WHERE TRUE. A mean of spend that is to hold for Search fails for TV, and one that Search
# breaks is hidden by all the others. With := or brackets around the condition it is there.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check sqlmesh==0.236.4 duckdb==1.5.6 pandas==2.3.3
export SQLMESH__DISABLE_ANONYMIZED_ANALYTICS=1
env/bin/python -W ignore - <<'PYTHON'
from sqlmesh.core.dialect import parse
from sqlmesh.core.model import load_sql_based_model
from sqlmesh.utils.errors import ConfigError

MODEL = """
MODEL (name shop.spend, kind FULL, dialect duckdb, audits (mean_in_range({arguments})));
SELECT channel, spend FROM shop.exports
"""


def audit(arguments):
    model = load_sql_based_model(parse(MODEL.format(arguments=arguments)))
    ((found, given),) = model.audits_with_args
    return model.render_audit_query(found, **given).sql("duckdb")


CONDITIONS = {
    "condition=channel='Search'": "WHERE TRUE",
    "condition=(channel='Search')": "= 'Search'",
    "condition := channel='Search'": "= 'Search'",
}
for condition, expected in CONDITIONS.items():
    query = audit(f"column=spend, max_v=10, {condition}")
    print(condition, "|", query)
    assert expected in query and ("Search" in query) is (expected != "WHERE TRUE"), query
try:
    audit("column=spend, max_v=10, condition=channel<>'TV'")
    raise SystemExit("another condition was taken")
except ConfigError as refused:
    print(refused)
PYTHON
