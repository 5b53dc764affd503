"""The same project on Spark: every mart equal to DuckDB's."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from functools import partial
from pathlib import Path

import duckdb
import pytest

from expectations.runner import audit_marts
from pipelines.attribution import on_spark
from pipelines.attribution.counting import count_here
from pipelines.attribution.journeys import INPUTS, Source
from pipelines.attribution.solve import Rules, solutions
from pipelines.settings import Settings
from pipelines.spark import (
    bring_back,
    compare,
    hand_over,
    mart_folders,
    session,
    spark_folder,
    tell_relations,
)
from pipelines.sql import relations as of_build
from pipelines.transform.contents import relations
from pipelines.transform.manifest import current_manifest
from pipelines.transform.prepared import current_plan
from pipelines.transform.project import mart_schemas
from tests.dbt import SPARK_OF_FEW_ROWS, run_dbt

AS_OF = "2026-10-01 06:00:00.000000"

# A part of the line: its first half, and its second in two parts of which one reads the other.
FIRST = (
    *("stg_templates__tool_inventory", "stg_ops__files", "stg_ops__streams"),
    "int_source_freshness",
)
SECOND = ("fct_tool_audits", "stg_solved__intervals")
REST = ("fct_tool_inventory", "fct_attribution_intervals")
HALVES = """
import sys
from datetime import datetime
from pathlib import Path

from pipelines.settings import Settings
from pipelines.spark import build_half

home, clock, *halves = sys.argv[1:]
settings = Settings(Path(home), Path(home), target="spark")
for half in halves:
    number, *selected = half.split()
    after_solve = number == "2"
    build_half(settings, datetime.fromisoformat(clock), after_solve=after_solve, selected=selected)
"""

pytestmark = pytest.mark.spark


def test_every_mart_is_equal_on_both_engines(
    everything: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    assert shutil.which("java"), "Spark needs Java 17 or newer on the PATH"
    spark_dir = tmp_path / "spark"
    hand_over(everything, current_plan(), spark_dir)
    tell_relations(everything, spark_dir)
    run_dbt(
        tmp_path / "build.duckdb",
        *("build", "--target", "spark", "--exclude-resource-type", "unit_test"),
        *("--exclude-resource-type", "test", "--exclude-resource-type", "seed"),
        as_of_at=AS_OF,
    )
    compared, differences = compare(everything, spark_dir)
    assert differences == []
    assert compared == sum(
        node["resource_type"] == "model" and node["fqn"][1] == "marts"
        for node in json.loads(current_manifest().read_text())["nodes"].values()
    )
    brought = tmp_path / "brought" / "build.duckdb"
    look_for_each_relation(everything, spark_dir, brought)
    hear_the_audit(everything, brought)


def test_journeys_are_counted_on_spark_as_they_are_here(
    everything: duckdb.DuckDBPyConnection,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Files in no order, and persons whose touches lie in several of them."""
    touches = spark_folder(tmp_path / "spark", "intermediate", "int_journey_touches")
    touches.mkdir(parents=True)
    for number in range(3):
        everything.execute(
            "copy (from intermediate.int_journey_touches where hash(step) % 3 = ?"
            f" order by hash(step)) to '{touches}/part-{number}.parquet'",
            [number],
        )
    # More than one part a core.
    monkeypatch.setattr(on_spark, "TOUCHES_AT_ONCE", 1_000)
    source = Source(everything, of_build(INPUTS))
    rules = Rules.of(source, datetime.fromisoformat(AS_OF))
    settings = Settings(exports=tmp_path, home=tmp_path, target="spark")
    counting = on_spark.counted_on_spark(partial(session, settings), touches)
    here, there = (list(solutions(source, rules, how)) for how in (count_here, counting))
    assert len(here) > 6, "each model of each type"
    for own, of_spark in zip(here, there, strict=True):
        assert (of_spark.model, of_spark.conversion_type) == (own.model, own.conversion_type)
        for of in ("share", "low", "high", "touch_credit", "baseline_credit"):
            assert getattr(of_spark, of) == pytest.approx(getattr(own, of), rel=1e-9, abs=1e-12)


def look_for_each_relation(
    everything: duckdb.DuckDBPyConnection, spark_dir: Path, brought: Path
) -> None:
    """What audits, erasure and drills read of a build file is there after a build on Spark, too."""
    brought.parent.mkdir()
    shutil.copy(path_of(everything), brought)
    plan = current_plan()
    made = [node for node in plan.nodes if node.kind != "test"]
    with closing(duckdb.connect(str(brought))) as con:
        bring_back(con, plan, {node.name for node in made}, spark_dir)
        is_view = {relation: is_view for relation, is_view, *_ in relations(con)}
        for node in made:
            is_file = node.kind == "model" and node.schema not in mart_schemas()
            assert is_view[node.relation] == (is_file or node.is_view), node.relation
            count = f"select count(*) from {node.relation}"
            assert con.execute(count).fetchone() == everything.execute(count).fetchone(), count


def path_of(con: duckdb.DuckDBPyConnection) -> str:
    """The build file that is open."""
    ((path,),) = con.execute("select path from duckdb_databases() where not internal").fetchall()
    return str(path)


def hear_the_audit(everything: duckdb.DuckDBPyConnection, brought: Path) -> None:
    """Each check says of what Spark built what it said of what DuckDB built."""
    columns = (
        *("table_schema", "table_name", "expectation", "column_name"),
        *("success", "evaluated", "failed"),
    )
    said = everything.execute(
        f"select {', '.join(columns)} from ops.quality_results where suite = 'marts'"
    ).fetchall()
    with closing(duckdb.connect(str(brought))) as con:
        con.execute("set timezone = 'UTC'")
        con.execute("update ops.quality_results set key = null")
        # As before the first release, when the other was judged.
        con.execute("delete from ops.published_figures")
        found = audit_marts(con, datetime.fromisoformat(AS_OF))
    says = [tuple(getattr(result, name) for name in columns) for result in found]
    assert len(says) > 250, "there is something to hear"
    assert set(says) == set(said)


def test_a_process_builds_on_what_another_one_built(
    everything: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """As Dagster goes on with a run that failed in its second half."""
    shutil.copy(path_of(everything), tmp_path)
    build_halves(tmp_path, ["1", *FIRST], ["2", *SECOND])
    # What it had written by then.
    left = tmp_path / "spark" / "warehouse" / "operations.db" / REST[0]
    left.mkdir()
    (left / "part-0.parquet").write_text("no table")
    build_halves(tmp_path, ["2", *REST])
    marts = {"operations.fct_tool_audits", f"operations.{REST[0]}", f"attribution.{REST[1]}"}
    assert {".".join(mart) for mart in mart_folders(tmp_path / "spark")} == marts
    _, differences = compare(everything, tmp_path / "spark")
    assert marts.isdisjoint(difference.table for difference in differences)
    assert everything.execute(f"select count(*) > 0 from operations.{REST[0]}").fetchone() == (
        True,
    )


def build_halves(home: Path, *halves: Sequence[str]) -> None:
    """Build a part of each half, one after the other in a process of their own."""
    command = [sys.executable, "-c", HALVES, str(home), AS_OF, *map(" ".join, halves)]
    subprocess.run(command, env=os.environ | SPARK_OF_FEW_ROWS, check=True)
