"""Which models Spark need not build, as no delivery reaches them."""

from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from pipelines.spark import hand_over_unfed
from pipelines.transform.prepared import Node, Plan

AS_OF = datetime(2026, 10, 1, 6)
SOURCES = {
    "source.throughline.current_asana.tasks": ("current_asana", "tasks"),
    "source.throughline.current_jira.issues": ("current_jira", "issues"),
    "source.throughline.ops.clock": ("ops", "clock"),
}
ASANA, JIRA, CLOCK = SOURCES


def model(name: str, *reads: str, is_after_solve: bool = False, kind: str = "model") -> Node:
    return Node(
        unique_id=name,
        name=name,
        kind=kind,
        schema="made",
        statement="",
        depends_on=reads,
        is_after_solve=is_after_solve,
        is_view=False,
    )


# What each reads, and whether Spark need not build it: of Jira nothing has come.
NODES = {
    model("words", kind="seed"): False,
    model("stg_asana__tasks", ASANA): False,
    model("stg_jira__issues", JIRA): True,
    model("stg_with_rows", JIRA): False,
    model("int_issues", "stg_jira__issues", "words"): True,
    model("int_issues_on_time", "stg_jira__issues", CLOCK): False,
    model("int_tasks_unioned", "stg_jira__issues", "stg_asana__tasks"): False,
    model("int_beyond_the_rows", "stg_with_rows"): False,
    model("int_calendar", "words"): False,
    model("test_issues", "stg_jira__issues", kind="test"): False,
    model("fct_issues", "int_issues", is_after_solve=True): False,
}


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    database = tmp_path / "build.duckdb"
    with duckdb.connect(str(database)) as con:
        con.execute("create schema made")
        con.execute("create table made.landed (issue_id varchar, opened_at timestamp)")
        for node in NODES:
            # A view as dbt makes one names its database.
            con.execute(f"create view {node.relation} as from build.made.landed")
        con.execute(
            "create or replace view made.stg_with_rows as select 'always' as issue_id, now() as at"
        )
    return Plan(database, (), tuple(NODES), SOURCES)


def test_models_that_no_delivery_reaches_are_handed_over_without_a_row(
    plan: Plan, tmp_path: Path
) -> None:
    con = duckdb.connect()
    con.execute(
        "create schema ops; create table ops.files"
        " (source varchar, stream varchar, rows_loaded bigint, loaded_at timestamp)"
    )
    con.execute("insert into ops.files values ('asana', 'tasks', 3, $1)", [AS_OF])
    names = hand_over_unfed(con, plan, AS_OF, tmp_path / "spark")
    assert names == [node.name for node, is_unfed in NODES.items() if is_unfed]
    for name in names:
        written = f"'{tmp_path}/spark/sources/made/{name}/*.parquet'"
        assert con.execute(f"describe from {written}").fetchall() == [
            ("issue_id", "VARCHAR", "YES", None, None, None),
            ("opened_at", "TIMESTAMP", "YES", None, None, None),
        ]
        assert con.execute(f"from {written}").fetchall() == []
