"""The same dbt project on Spark: what it is handed, what it gives back, and the comparison.

Spark is handed the current rows, the ops tables and the seeds as Parquet, and writes its tables as
Parquet below its own warehouse folder. DuckDB reads those. Both folders lie below the home, which
each worker of a cluster must see under the same path. What lies there Spark is told at the begin of
each half, by statements that the dbt hook `register_relations` sends: it keeps no catalog.
"""

import json
import logging
import os
import shutil
import sys
from collections.abc import Sequence, Set
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
# What Spark is told at the begin of a half, and the views of the first one, a line each.
RELATIONS, VIEWS = "relations.jsonl", "views.jsonl"

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
    spark_dir = settings.spark_dir
    handed: list[NodeResult] = []
    with connection(settings.build_path) as con:
        if after_solve:
            hand_over_solved(con, spark_dir)
            forget_built(plan, spark_dir, selected)
        else:
            # The tables of what is solved, before anything is: Spark is handed those, too.
            for statement in plan.setup:
                con.execute(statement)
            hand_over(con, plan, spark_dir)
            unfed = hand_over_unfed(con, plan, as_of_at, spark_dir)
            handed = [_stands(node) for node in plan.nodes if node.kind == "seed" or node in unfed]
        tell_relations(con, spark_dir, after_solve=after_solve)
    views = _Views()
    without = [result.name for result in handed if result.kind == "model"]
    if after_solve:
        built = build(settings, selected or [AFTER_SOLVE], listener=views)
    else:
        built = build(
            settings,
            selected,
            exclude=[AFTER_SOLVE, *without],
            # A test that reads what is not built and another model is run all the same.
            tests="cautious" if without else "eager",
            listener=views,
        )
    views.keep(spark_dir)
    results = [*handed, *built]
    with connection(settings.build_path) as con:
        bring_back(con, plan, {result.name for result in results}, spark_dir)
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


def _stands(node: Node) -> NodeResult:
    """Of what Spark is handed and need not build."""
    return NodeResult(
        node.unique_id, node.name, node.kind, "success", None, None, seconds=0, stands=True
    )


class _Views:
    """Hears what dbt sends for each view, for a process that did not make them."""

    def __init__(self) -> None:
        self._made: list[_Told] = []

    def __call__(self, event: Any) -> None:
        if event.info.name != "SQLQuery":
            return
        node, relation = event.data.node_info, event.data.node_info.node_relation
        # What the hooks send is of views, too.
        if node.resource_type == "model" and node.materialized == "view":
            self._made.append(_Told(relation.schema, relation.alias, event.data.sql.strip()))

    def keep(self, spark_dir: Path) -> None:
        """Write them down behind those of the first half, each behind what it reads."""
        _write_told(spark_dir / VIEWS, [*_read_told(spark_dir / VIEWS), *self._made])


def hand_over(con: duckdb.DuckDBPyConnection, plan: Plan, spark_dir: Path) -> None:
    """Write every source table and every seed to `<spark_dir>/sources/<schema>/<table>/`, from
    scratch.
    """
    shutil.rmtree(spark_dir, ignore_errors=True)
    _write_sources(con, spark_dir, SOURCE_SCHEMAS)
    with closing(duckdb.connect(str(plan.database), read_only=True)) as prepared:
        for node in plan.nodes:
            if node.kind == "seed":
                _write(prepared, node.relation, spark_dir, node.schema, node.name)


def hand_over_solved(con: duckdb.DuckDBPyConnection, spark_dir: Path) -> None:
    """Write what was solved since: the other sources and Spark's own tables stay."""
    shutil.rmtree(spark_dir / "sources" / "solved", ignore_errors=True)
    _write_sources(con, spark_dir, "schema_name = 'solved'")


def hand_over_unfed(
    con: duckdb.DuckDBPyConnection, plan: Plan, as_of_at: datetime, spark_dir: Path
) -> list[Node]:
    """Write the models that no delivery reaches as they were prepared, without a row.

    A company feeds a few of the vendors that the project knows, and each model costs Spark about as
    much without rows as with some.

    Returns:
        They, marts never among them: Spark need not build these.
    """
    delivered = deliveries(con, as_of_at)
    unfed = {
        unique_id
        for unique_id, (schema, stream) in plan.sources.items()
        if unique_id.startswith(CURRENT_SOURCES)
        and (schema.removeprefix("current_"), stream) not in delivered
    }
    rules = {node.unique_id for node in plan.nodes if node.kind == "seed"}
    found = []
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
            found.append(node)
    logger.info("no delivery reaches %d models: Spark need not build them", len(found))
    return found


def forget_built(plan: Plan, spark_dir: Path, selected: Sequence[str]) -> None:
    """Take away what a run that failed had built of the second half: Spark writes a table into an
    empty folder only.

    Args:
        plan: of the project.
        spark_dir: where Spark writes.
        selected: names of what alone is to be built anew; none for all.
    """
    names = {node.name for node in plan.nodes if node.is_after_solve}
    names = names.intersection(selected) if selected else names
    for folder in spark_dir.glob("warehouse/*.db/*/"):
        if folder.name in names:
            shutil.rmtree(folder)
    views = _read_told(spark_dir / VIEWS)
    _write_told(spark_dir / VIEWS, [view for view in views if view.name not in names])


def tell_relations(
    con: duckdb.DuckDBPyConnection, spark_dir: Path, *, after_solve: bool = False
) -> None:
    """Write the statements by which Spark knows what lies below `spark_dir`.

    The columns are told with each table: Spark would look for them in a job of its own.

    Args:
        con: any connection.
        spark_dir: what Spark is handed, and what it has written.
        after_solve: whether Spark has built the first half. If this process was it, Spark knows
            all of it but what was solved since.
    """
    handed, written = spark_dir.glob("sources/*/*/"), spark_dir.glob("warehouse/*.db/*/")
    told = [
        _Told(
            schema := folder.parent.name.removesuffix(".db"),
            folder.name,
            _table(con, schema, folder),
            is_anew=not after_solve or schema == "solved",
        )
        for folder in (*sorted(handed), *sorted(written))
    ]
    _write_told(spark_dir / RELATIONS, [*told, *_read_told(spark_dir / VIEWS)])


def _table(con: duckdb.DuckDBPyConnection, schema: str, folder: Path) -> str:
    columns = con.execute(f"describe from read_parquet('{folder}/*.parquet')").fetchall()
    # The engines call all other types alike that there are.
    typed = ", ".join(f"`{name}` {kind.replace('VARCHAR', 'string')}" for name, kind, *_ in columns)
    return f"create table {schema}.{folder.name} ({typed}) using parquet location '{folder}'"


@dataclass(frozen=True)
class _Told:
    """A relation that Spark is to know.

    Attributes:
        schema, name: of the relation.
        statement: which makes it known.
        is_anew: whether what Spark knows by that name is of another time.
    """

    schema: str
    name: str
    statement: str
    is_anew: bool = False


def _write_told(path: Path, told: Sequence[_Told]) -> None:
    lines = (json.dumps({"place": place} | asdict(one)) for place, one in enumerate(told))
    path.write_text("\n".join(lines), encoding="utf-8")


def _read_told(path: Path) -> list[_Told]:
    if not path.exists():
        return []
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [_Told(**{field: row[field] for field in _Told.__annotations__}) for row in rows]


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
    """Where Spark finds a table that it is handed."""
    return spark_dir / "sources" / schema / table


def spark_folder(spark_dir: Path, schema: str, table: str) -> Path:
    """Where Spark writes a table."""
    return spark_dir / "warehouse" / f"{schema}.db" / table


def table_folder(spark_dir: Path, schema: str, table: str) -> Path:
    """Where a table lies that Spark wrote, or was handed."""
    written = spark_folder(spark_dir, schema, table)
    return written if written.is_dir() else _handed(spark_dir, schema, table)


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
    return f"read_parquet('{table_folder(spark_dir, node.schema, node.name)}/*.parquet')"


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
