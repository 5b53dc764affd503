"""What Spark is handed, and what stands in the build file of what it wrote."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from pipelines.run import require_usable
from pipelines.settings import Settings, UsageError
from pipelines.spark import bring_back, hand_over_unfed, tell_relations
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
    unfed = hand_over_unfed(con, plan, AS_OF, tmp_path / "spark")
    names = [node.name for node in unfed]
    assert names == [node.name for node, is_unfed in NODES.items() if is_unfed]
    for name in names:
        written = f"'{tmp_path}/spark/sources/made/{name}/*.parquet'"
        assert con.execute(f"describe from {written}").fetchall() == [
            ("issue_id", "VARCHAR", "YES", None, None, None),
            ("opened_at", "TIMESTAMP", "YES", None, None, None),
        ]
        assert con.execute(f"from {written}").fetchall() == []


def test_what_spark_built_stands_in_the_build_file_and_what_it_did_not_build_is_left(
    plan: Plan, tmp_path: Path
) -> None:
    spark_dir = tmp_path / "spark"
    con = duckdb.connect()
    con.execute("create schema made; create schema core; create table made.clicks (n integer)")
    written = {"warehouse/made.db/clicks": 3, "warehouse/core.db/dim_days": 2, "sources/made/no": 0}
    for folder, rows in written.items():
        (spark_dir / folder).mkdir(parents=True)
        con.execute(
            f"copy (select range as n from range({rows})) to '{spark_dir / folder}/part-0.parquet'"
        )
    view = "create or replace view made.stg as from made.clicks where n > 0"
    nodes = (
        model("landed", kind="seed"),
        model("clicks"),
        replace(model("stg", "clicks"), is_view=True, statement=view),
        model("no"),
        replace(model("dim_days"), schema="core"),
        model("not_built"),
        model("test_clicks", "clicks", kind="test"),
    )
    names = {node.name for node in nodes} - {"not_built"}
    # A second run finds what the first one left.
    for _ in range(2):
        bring_back(con, replace(plan, nodes=nodes), names, spark_dir)
        found = con.execute(
            "select table_schema || '.' || table_name, table_type from information_schema.tables"
            " where table_catalog = current_database() order by 1"
        ).fetchall()
        assert found == [
            ("core.dim_days", "BASE TABLE"),
            ("made.clicks", "VIEW"),
            ("made.landed", "BASE TABLE"),
            ("made.no", "VIEW"),
            ("made.stg", "VIEW"),
        ]
        rows = " union all ".join(f"select count(*) from {relation}" for relation, _ in found)
        assert con.execute(rows).fetchall() == [(2,), (3,), (0,), (0,), (2,)]
    # DuckDB builds again what Spark had built.
    con.execute("drop view made.clicks; create table made.clicks as select 7 as n")
    bring_back(con, replace(plan, nodes=nodes), names, spark_dir)
    assert con.execute("select sum(n) from made.stg").fetchone() == (3,)


def test_spark_is_told_what_lies_there_with_its_columns(tmp_path: Path) -> None:
    spark_dir = tmp_path / "spark"
    con = duckdb.connect()
    rows = "select 'x' as \"a name\", now()::timestamp as at, 1.50::decimal(18, 2) as amount"
    for folder in ("sources/solved/shares", "sources/ops/files", "warehouse/made.db/clicks"):
        (spark_dir / folder).mkdir(parents=True)
        con.execute(f"copy ({rows}) to '{spark_dir / folder}/part-0.parquet'")
    view = {"schema": "made", "name": "stg", "statement": "create view made.stg", "is_anew": False}
    (spark_dir / "views.jsonl").write_text(json.dumps({"place": 0} | view))
    for after_solve in (False, True):
        tell_relations(con, spark_dir, after_solve=after_solve)
        lines = (spark_dir / "relations.jsonl").read_text().splitlines()
        told = [json.loads(line) for line in lines]
        assert [one.pop("place") for one in told] == [0, 1, 2, 3]
        # What was solved meanwhile is another than Spark knows, if it knows any of it.
        assert {one["name"]: one["is_anew"] for one in told} == {
            "files": not after_solve,
            "shares": True,
            "clicks": not after_solve,
            "stg": False,
        }
        assert told[2]["statement"] == (
            "create table made.clicks (`a name` string, `at` TIMESTAMP, `amount` DECIMAL(18,2))"
            f" using parquet location '{spark_dir}/warehouse/made.db/clicks'"
        )
        assert told[3] == view


@pytest.mark.parametrize("library", ["pyspark", "pyarrow", "dbt.adapters.spark"])
def test_a_missing_library_of_the_engine_is_told_at_once(
    library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.run.find_spec", lambda name: name != library)
    with pytest.raises(UsageError, match="--target spark needs the extra `spark`: uv sync"):
        require_usable(Settings(exports=tmp_path, home=tmp_path / "home", target="spark"), None)


def test_missing_java_is_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.run.find_spec", lambda name: True)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(UsageError, match="--target spark needs Java 17"):
        require_usable(Settings(exports=tmp_path, home=tmp_path / "home", target="spark"), None)
