"""The same dbt project on Spark: what it is handed, what it gives back, and the comparison.

Spark reads the current rows and the ops tables as Parquet (the dbt hook `register_sources` makes
tables of them) and writes its tables as Parquet below its own warehouse folder. DuckDB reads those.
Both folders lie below the home, which each worker of a cluster must see under the same path.
"""

import logging
import os
import shutil
import sys
from collections.abc import Sequence, Set
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipelines.project import project
from pipelines.publish.content import NOT_CONTENT, WALL_CLOCK_COLUMNS
from pipelines.runs import connection
from pipelines.settings import Settings, point_dbt_at
from pipelines.sql import literal, text_list
from pipelines.transform.build import NodeResult, build
from pipelines.transform.contents import deliveries, relations
from pipelines.transform.prepared import AFTER_SOLVE, CURRENT_SOURCES, Node, Plan, current_plan
from pipelines.transform.project import mart_schemas

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SOURCE_SCHEMAS = "schema_name in ('ops', 'solved') or schema_name like 'current!_%' escape '!'"
RELATIVE_TOLERANCE = 1e-9

logger = logging.getLogger(__name__)


def build_half(
    settings: Settings, as_of_at: datetime, *, after_solve: bool, selected: Sequence[str] = ()
) -> list[NodeResult]:
    """Build one of the two halves of the project on Spark, with its data tests.

    Nobody else may have the build file open.

    Args:
        settings: where.
        as_of_at: the clock of the models.
        after_solve: which half.
        selected: names of what alone is to be built of it; none for all.

    Raises:
        TransformError: a model or a test failed; the message names the first ones.
    """
    plan = current_plan()
    _name_python()
    unfed: Sequence[str] = ()
    with connection(settings.build_path) as con:
        if after_solve:
            hand_over_solved(con, settings.spark_dir)
        else:
            # The tables of what is solved, before anything is: Spark is handed those, too.
            for statement in plan.setup:
                con.execute(statement)
            hand_over(con, settings.spark_dir)
            unfed = hand_over_unfed(con, plan, as_of_at, settings.spark_dir)
    if after_solve:
        results = build(settings, selected or [AFTER_SOLVE])
    else:
        results = build(settings, selected, exclude=[AFTER_SOLVE], unfed=unfed)
    with connection(settings.build_path) as con:
        names = {*unfed, *(result.name for result in results)}
        bring_back(con, plan, names, settings.spark_dir)
    return results


def session(settings: Settings) -> "SparkSession":
    """The session of the project's profile; dbt's, where it has one in this process."""
    import yaml  # noqa: PLC0415
    from jinja2 import Environment  # noqa: PLC0415
    from pyspark.sql import SparkSession  # noqa: PLC0415 - of the extra spark

    point_dbt_at(settings)
    _name_python()
    text = (project().root / "profiles.yml").read_text(encoding="utf-8")
    rendered = Environment(autoescape=False).from_string(text).render(env_var=os.environ.get)  # noqa: S701 - no page
    outputs = yaml.safe_load(rendered)["throughline"]["outputs"]
    builder = SparkSession.builder
    for parameter, value in outputs["spark"]["server_side_parameters"].items():
        builder = builder.config(parameter, value)
    return builder.getOrCreate()


def _name_python() -> None:
    """Workers run the driver's Python, unless they are told of another before Spark begins."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)


def hand_over(con: duckdb.DuckDBPyConnection, spark_dir: Path) -> None:
    """Write every source table to `<spark_dir>/sources/<schema>/<table>/`, from scratch."""
    shutil.rmtree(spark_dir, ignore_errors=True)
    _write_sources(con, spark_dir, SOURCE_SCHEMAS)


def hand_over_solved(con: duckdb.DuckDBPyConnection, spark_dir: Path) -> None:
    """Write what was solved since: the other sources and Spark's own tables stay."""
    shutil.rmtree(spark_dir / "sources" / "solved", ignore_errors=True)
    _write_sources(con, spark_dir, "schema_name = 'solved'")


def hand_over_unfed(
    con: duckdb.DuckDBPyConnection, plan: Plan, as_of_at: datetime, spark_dir: Path
) -> list[str]:
    """Write the models that no delivery reaches as they were prepared, without a row.

    A company feeds a few of the vendors that the project knows, and each model costs Spark about as
    much without rows as with some.

    Returns:
        Their names, marts never among them: Spark need not build these.
    """
    delivered = deliveries(con, as_of_at)
    unfed = {
        unique_id
        for unique_id, (schema, stream) in plan.sources.items()
        if unique_id.startswith(CURRENT_SOURCES)
        and (schema.removeprefix("current_"), stream) not in delivered
    }
    rules = {node.unique_id for node in plan.nodes if node.kind == "seed"}
    names = []
    # Not attached: its views name what they read by the database that it is when it is opened.
    with closing(duckdb.connect(str(plan.database), read_only=True)) as prepared:
        for node in plan.nodes:
            reads = set(node.depends_on)
            if node.kind != "model" or node.is_after_solve:
                continue
            # What reads the rules and the clock alone, as a calendar does, is never unfed.
            if not reads & unfed or not reads <= unfed | rules:
                continue
            if prepared.execute(f"from {node.relation} limit 1").fetchone():
                continue
            _write(prepared, node.relation, spark_dir, node.schema, node.name)
            unfed.add(node.unique_id)
            names.append(node.name)
    logger.info("no delivery reaches %d models: Spark need not build them", len(names))
    return names


def spark_folder(spark_dir: Path, schema: str, table: str) -> Path:
    """Where Spark writes a table."""
    return spark_dir / "warehouse" / f"{schema}.db" / table


def written_by_spark(spark_dir: Path, schema: str, table: str) -> str:
    """A table that Spark wrote, as what stands behind DuckDB's `from`."""
    return f"read_parquet('{spark_folder(spark_dir, schema, table)}/*.parquet')"


def _write_sources(con: duckdb.DuckDBPyConnection, spark_dir: Path, schemas: str) -> None:
    tables = con.execute(
        "select distinct schema_name, table_name from duckdb_columns()"
        f" where {schemas} order by schema_name, table_name"
    ).fetchall()
    for schema, table in tables:
        _write(con, f"{schema}.{table}", spark_dir, schema, table)
    logger.info("handed %d tables to Spark", len(tables))


def _write(
    con: duckdb.DuckDBPyConnection, relation: str, spark_dir: Path, schema: str, table: str
) -> None:
    folder = _handed(spark_dir, schema, table)
    folder.mkdir(parents=True)
    con.execute(
        f"copy (from {relation}) to '{folder}/part-0.parquet' (format parquet, compression zstd)"
    )


def _handed(spark_dir: Path, schema: str, table: str) -> Path:
    """Where Spark finds a table that it is handed: the hook register_sources looks there."""
    return spark_dir / "sources" / schema / table


def mart_folders(spark_dir: Path) -> dict[tuple[str, str], Path]:
    """The folder of each mart that Spark wrote, by (schema, table)."""
    return {
        (schema, folder.name): folder
        for schema in mart_schemas()
        for folder in sorted((spark_dir / "warehouse" / f"{schema}.db").glob("*"))
        if folder.is_dir()
    }


def bring_back(
    con: duckdb.DuckDBPyConnection, plan: Plan, names: Set[str], spark_dir: Path
) -> None:
    """Have what Spark built in the build file, where audits, erasure and drills look for it.

    Marts and seeds are tables there, views are DuckDB's own, and any other table is a view of the
    files that Spark wrote: the largest of them are read by few, and need not lie there twice.

    Args:
        con: the build file.
        plan: of the project, in whose order each relation finds those that it reads.
        names: the seeds and models that Spark built, or that it was handed without a row.
        spark_dir: where Spark wrote them.
    """
    was_view = {relation: is_view for relation, is_view, *_ in relations(con)}
    marts = mart_schemas()
    con.execute(f"attach {literal(plan.database)} as prepared (read_only)")
    try:
        for node in plan.nodes:
            if node.kind == "test" or node.name not in names:
                continue
            is_seed = node.kind == "seed"
            is_view = node.is_view or not (is_seed or node.schema in marts)
            kind = "view" if is_view else "table"
            if was_view.get(node.relation, is_view) != is_view:
                con.execute(f"drop {'table' if is_view else 'view'} {node.relation}")
            rows = f"prepared.{node.relation}" if is_seed else _written(spark_dir, node)
            con.execute(
                node.statement
                if node.is_view
                else f"create or replace {kind} {node.relation} as from {rows}"
            )
    finally:
        con.execute("detach prepared")


def _written(spark_dir: Path, node: Node) -> str:
    """A table that Spark wrote, or was handed, as what stands behind DuckDB's `from`."""
    if spark_folder(spark_dir, node.schema, node.name).is_dir():
        return written_by_spark(spark_dir, node.schema, node.name)
    return f"read_parquet('{_handed(spark_dir, node.schema, node.name)}/*.parquet')"


@dataclass(frozen=True)
class Difference:
    """One mart on which the engines disagree, and how."""

    table: str
    what: str


def compare(
    con: duckdb.DuckDBPyConnection, spark_dir: Path, *, of_two_runs: bool = False
) -> tuple[int, list[Difference]]:
    """Hold every mart of the build file, or of a release, against Spark's.

    Counts, text, dates, decimals and booleans must be equal; doubles to a relative 1e-9. Rows are
    paired by the order of all columns that are no doubles, then of the doubles.

    Args:
        con: what DuckDB made.
        spark_dir: what Spark made.
        of_two_runs: leave out what tells of the run itself (see publish/content.py).

    Returns:
        The number of marts compared and the differences, none if the engines agree.
    """
    spark_marts = mart_folders(spark_dir)
    duckdb_marts = set(
        con.execute(
            "select schema_name, table_name from duckdb_tables()"
            f" where schema_name in {text_list(mart_schemas())}"
        ).fetchall()
    )
    apart = NOT_CONTENT if of_two_runs else frozenset()
    differences = [
        Difference(f"{schema}.{table}", "only one of the engines built it")
        for schema, table in sorted((duckdb_marts ^ set(spark_marts)) - apart)
    ]
    both = sorted((duckdb_marts & set(spark_marts)) - apart)
    without = WALL_CLOCK_COLUMNS if of_two_runs else frozenset()
    for schema, table in both:
        differences += _compare_table(con, schema, table, spark_marts[schema, table], without)
    return len(both), differences


def _compare_table(
    con: duckdb.DuckDBPyConnection, schema: str, table: str, folder: Path, without: Set[str]
) -> list[Difference]:
    name = f"{schema}.{table}"
    theirs = f"read_parquet('{folder}/*.parquet')"
    columns: list[tuple[str, str]] = [
        (row[0], row[1]) for row in con.execute(f"describe {name}").fetchall()
    ]
    their_columns = [row[0] for row in con.execute(f"describe select * from {theirs}").fetchall()]
    if sorted(column for column, _ in columns) != sorted(their_columns):
        odd = sorted({column for column, _ in columns} ^ set(their_columns))
        return [Difference(name, f"columns that only one engine has: {', '.join(odd)}")]
    ours_count, theirs_count = (
        con.execute(f"select count(*) from {relation}").fetchall()[0][0]
        for relation in (name, theirs)
    )
    if ours_count != theirs_count:
        return [Difference(name, f"{ours_count} rows on DuckDB, {theirs_count} on Spark")]
    return _compare_cells(con, name, theirs, [c for c in columns if c[0] not in without])


def _compare_cells(
    con: duckdb.DuckDBPyConnection, name: str, theirs: str, columns: list[tuple[str, str]]
) -> list[Difference]:
    doubles = [column for column, kind in columns if kind in ("DOUBLE", "FLOAT")]
    exact = [column for column, kind in columns if kind not in ("DOUBLE", "FLOAT")]
    casts = ", ".join(f'cast("{column}" as {kind}) as "{column}"' for column, kind in columns)
    order = ", ".join(f'"{column}" nulls first' for column in [*exact, *doubles])
    numbered = "select *, row_number() over (order by {order}) as _n from (select {casts} from {r})"
    ours_sql, theirs_sql = (
        numbered.format(order=order, casts=casts, r=relation) for relation in (name, theirs)
    )
    unequal = [f'count(*) filter (a."{c}" is distinct from b."{c}")' for c in exact] + [
        f'count(*) filter ((a."{c}" is null) <> (b."{c}" is null)'
        f' or abs(a."{c}" - b."{c}") > {RELATIVE_TOLERANCE}'
        f' * greatest(abs(a."{c}"), abs(b."{c}")))'
        for c in doubles
    ]
    counts = con.execute(
        f"select {', '.join(unequal)} from ({ours_sql}) as a join ({theirs_sql}) as b using (_n)"
    ).fetchall()[0]
    return [
        Difference(name, f"{count} rows differ in {column}")
        for column, count in zip([*exact, *doubles], counts, strict=True)
        if count
    ]
