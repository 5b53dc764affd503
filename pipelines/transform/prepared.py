"""What dbt makes of this version of the project, kept: the seeds, and every node's own statement.

dbt needs a minute or two to build the project, most of it for itself. It does so here once per
version, into a database of its own whose raw tables are empty, and each statement that it sends is
written down. A run sends the same statements again (replay.py): its clock is data like any other.
A version is what it says, wherever it lies: companies of the same rules share it, and the last few
are kept, so that going back to earlier rules costs nothing.
A bare `dbt build` prepares nothing and builds everything, on Spark what deliveries reach.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.project import LOCK, one_at_a_time
from pipelines.runs import connection
from pipelines.settings import Settings, made_dir
from pipelines.transform.build import build
from pipelines.transform.contents import rows_digest
from pipelines.transform.fingerprint import dbt_fingerprint
from pipelines.transform.manifest import parsed_manifest

if TYPE_CHECKING:
    import duckdb

# In dbt's words for selecting. What reads the solved tables waits for the solve, and all marts with
# it: they are audited together. By name, since dbt looks for paths from the current directory.
AFTER_SOLVE = "source:solved+ fqn:throughline.marts+"

CURRENT_SOURCES = "source.throughline.current_"

FOLDER = "prepared"
# Statements name the database that they are in, so it is called as every build file is.
DATABASE = "build.duckdb"
PLAN = "plan.json"
# Of 70 MB each.
KEPT = 4

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Node:
    """A seed, a model or a data test, as dbt built it.

    Attributes:
        unique_id, name, kind: as dbt's manifest has them.
        schema: of the relation, as `<schema>.<name>`.
        statement: what dbt sent for it; empty for a seed, which is copied.
        rows: of a seed: a text that changes whenever its rows do.
        depends_on: unique ids of the nodes and sources that it reads.
        is_after_solve: whether it waits for the solve.
        is_view: whether a model is a view.
        empty: of a view without rows where nothing is delivered: a query for its columns alone.
        severity, warn_if, error_if: of a test.
    """

    unique_id: str
    name: str
    kind: str
    schema: str
    statement: str
    depends_on: tuple[str, ...]
    is_after_solve: bool
    is_view: bool
    rows: str = ""
    empty: str = ""
    severity: str = ""
    warn_if: str = ""
    error_if: str = ""

    @property
    def relation(self) -> str:
        """The name of the relation in SQL."""
        return f'{self.schema}."{self.name}"'

    @property
    def reads_deliveries_only(self) -> bool:
        """Whether it reads nothing but what was delivered."""
        return all(name.startswith(CURRENT_SOURCES) for name in self.depends_on)


@dataclass(frozen=True)
class Plan:
    """The whole project, in an order in which it can be built.

    Attributes:
        database: holds the seeds.
        setup: what dbt sends before the first node.
        nodes: seeds, models and their tests; of tests on seeds alone only the verdict was needed.
        sources: schema and table of each source, by unique id.
    """

    database: Path
    setup: tuple[str, ...]
    nodes: tuple[Node, ...]
    sources: dict[str, tuple[str, str]]


def current_plan() -> Plan:
    """The plan of this version of the project; it is prepared now if it was not yet.

    Raises:
        TransformError: the project does not build where nothing is delivered.
    """
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    plan = folder / PLAN
    with one_at_a_time(folder):
        if not plan.exists():
            logger.info("preparing the dbt project: it is new or has changed")
            _empty(folder)
            _prepare(folder)
            _forget_old(folder.parent)
        os.utime(folder)
    kept = json.loads(plan.read_text(encoding="utf-8"))
    return Plan(
        folder / DATABASE,
        tuple(kept["setup"]),
        tuple(Node(**node) for node in kept["nodes"]),
        {name: tuple(relation) for name, relation in kept["sources"].items()},
    )


def compiled_folder() -> Path:
    """Where the SQL of this version's models lies, as dbt compiled it."""
    return _folder() / "dbt" / "compiled" / "throughline"


def _folder() -> Path:
    return made_dir() / FOLDER / dbt_fingerprint()


def _empty(folder: Path) -> None:
    """Take away what somebody left who was killed."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != LOCK:
            path.unlink()


def _forget_old(prepared: Path) -> None:
    """All versions but those that were asked for last."""
    versions = sorted(prepared.iterdir(), key=lambda folder: folder.stat().st_mtime_ns)
    for folder in versions[:-KEPT]:
        shutil.rmtree(folder)


def _prepare(folder: Path) -> None:
    settings = Settings(exports=folder, home=folder)
    with connection(settings.build_path):
        pass
    heard = _Statements()
    before = build(settings, exclude=[AFTER_SOLVE], tests="cautious", listener=heard)
    after = build(settings, [AFTER_SOLVE], listener=heard)
    manifest = parsed_manifest()
    seeds = {name for name, node in manifest.nodes.items() if node.resource_type == "seed"}
    with connection(settings.build_path) as con:
        nodes = [
            _node(con, manifest.nodes[result.unique_id], heard, is_after_solve=results is after)
            for results in (before, after)
            for result in results
            if result.unique_id in seeds | heard.of_node.keys()
            # Of a test on seeds alone the verdict was all that was wanted.
            and not (
                result.kind == "test"
                and seeds.issuperset(manifest.nodes[result.unique_id].depends_on_nodes)
            )
        ]
    plan = {
        "setup": heard.setup,
        "nodes": [asdict(node) for node in nodes],
        "sources": {
            source.unique_id: (source.schema, source.name) for source in manifest.sources.values()
        },
    }
    # Last, and at once: where it is, all of it is.
    new = folder / f"{PLAN}.new"
    new.write_text(json.dumps(plan), encoding="utf-8")
    new.replace(folder / PLAN)


class _Statements:
    """Hears what dbt sends to the database, and keeps what makes a relation or judges one."""

    def __init__(self) -> None:
        self.setup: list[str] = []
        self.of_node: dict[str, str] = {}

    def __call__(self, event: Any) -> None:
        if event.info.name != "SQLQuery":
            return
        node, sql = event.data.node_info, event.data.sql.strip()
        makes, judges = sql[:7].lower() == "create ", "as should_error" in sql
        if (node.resource_type == "model" and makes) or (node.resource_type == "test" and judges):
            if node.unique_id in self.of_node:
                raise ValueError(f"{node.unique_id} takes two statements: it cannot be prepared")
            self.of_node[node.unique_id] = sql
        elif makes and node.resource_type != "seed" and sql not in self.setup:
            self.setup.append(sql)


def _node(
    con: duckdb.DuckDBPyConnection, node: Any, heard: _Statements, *, is_after_solve: bool
) -> Node:
    is_seed = node.resource_type == "seed"
    made = Node(
        unique_id=node.unique_id,
        name=node.name,
        kind=str(node.resource_type),
        schema=node.schema,
        statement=heard.of_node.get(node.unique_id, ""),
        depends_on=tuple(node.depends_on_nodes),
        is_after_solve=is_after_solve,
        is_view=node.config.materialized == "view",
        rows=rows_digest(con, f'{node.schema}."{node.name}"') if is_seed else "",
        severity=node.config.get("severity") or "",
        warn_if=node.config.get("warn_if") or "",
        error_if=node.config.get("error_if") or "",
    )
    is_staged = made.is_view and made.reads_deliveries_only
    return replace(made, empty=_columns_alone(con, made)) if is_staged else made


def _columns_alone(con: duckdb.DuckDBPyConnection, view: Node) -> str:
    """A query for no row of a view's columns; empty if the view has rows of nothing."""
    asked = con.execute(f"from {view.relation} limit 1")
    if asked.fetchone():
        return ""
    cells = ", ".join(f'cast(null as {kind}) as "{name}"' for name, kind, *_ in asked.description)
    return f"select {cells} where false"
