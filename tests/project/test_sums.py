"""A sum of doubles depends on the order and the number of threads that add it up."""

import json
from collections.abc import Iterator
from typing import Any

import duckdb

from pipelines.transform.prepared import compiled_folder, current_plan

# Squares of a month's spend do not fit into decimals, and what comes of them is rounded.
KEPT = {"fct_hypothesis_tests"}


def test_no_model_adds_up_doubles() -> None:
    """A plain sum differs in its last bits, and what is rounded of it in a cent: once in three
    marts of a company of 2,000 contacts, between DuckDB and Spark.
    """
    plan = current_plan()
    names = {node.name for node in plan.nodes if node.kind == "model"} - KEPT
    compiled = {path.stem: path for path in compiled_folder().rglob("*.sql")}
    with duckdb.connect(str(plan.database), read_only=True) as con:
        found = [name for name in sorted(names) if adds_doubles(con, compiled[name].read_text())]
    assert found == [], "use exact_sum, or decimal_sum over a window; a mean is a ratio of sums"


def test_a_sum_of_doubles_is_found_and_one_of_decimals_is_not() -> None:
    with duckdb.connect() as con:
        con.execute("create table t (amount decimal(18, 2), share double)")
        for sql in ("sum(share)", "avg(share)", "sum(share * amount) over (order by share)"):
            assert adds_doubles(con, f"select {sql} from t"), sql
        for sql in ("sum(amount)", "sum(cast(share as decimal(38, 18)))", "max(share)"):
            assert not adds_doubles(con, f"select {sql} from t"), sql


def adds_doubles(con: duckdb.DuckDBPyConnection, sql: str) -> bool:
    """Whether a query has a sum or a mean of doubles, as the database understands it."""
    ((text,),) = con.execute("select json_serialize_plan($1)", [sql]).fetchall()
    plan = json.loads(text)
    assert not plan["error"], plan
    return any(
        argument["id"] == "DOUBLE"
        for aggregate in aggregates(plan)
        for argument, value in zip(aggregate["arguments"], aggregate["children"], strict=True)
        if not value.get("value", {}).get("is_null")
    )


def aggregates(plan: Any) -> Iterator[dict[str, Any]]:
    """Each sum and mean in a plan."""
    if isinstance(plan, list):
        for each in plan:
            yield from aggregates(each)
    elif isinstance(plan, dict):
        if plan.get("name") in ("sum", "avg") and "arguments" in plan:
            yield plan
        yield from aggregates(list(plan.values()))
