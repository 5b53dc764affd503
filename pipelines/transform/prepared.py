"""What dbt makes of this version of the project, kept: the seeds, and every node's own statement.

dbt needs a minute to build the project, most of it for itself. It does so here once per version,
into a database of its own whose raw tables are empty, and each statement that it sends is written
down. A run sends the same statements again (replay.py): its clock is data like any other. A version
is what it says, wherever it lies: companies of the same rules share it, and the last few are kept,
so that going back to earlier rules costs nothing. Of a new one dbt builds what none of them made
from the same (recipes.py); the rest is the nearest one's statements, sent again.
A bare `dbt build` prepares nothing and builds everything, on Spark what deliveries reach.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.project import LOCK, one_at_a_time, project
from pipelines.runs import connection
from pipelines.settings import Settings, made_dir
from pipelines.sql import literal
from pipelines.transform.build import build
from pipelines.transform.contents import rows_digest
from pipelines.transform.fingerprint import dbt_fingerprint
from pipelines.transform.manifest import current_manifest, descendants, is_mart
from pipelines.transform.recipes import recipes

if TYPE_CHECKING:
    import duckdb

# In dbt's words for selecting. What reads the solved tables waits for the solve, and all marts with
# it: they are audited together. By name, since dbt looks for paths from the current directory.
AFTER_SOLVE = "source:solved+ fqn:throughline.marts+"

SOURCES = "source."
CURRENT_SOURCES = "source.throughline.current_"

FOLDER = "prepared"
# Statements name the database that they are in, so it is called as every build file is.
DATABASE = "build.duckdb"
PLAN = "plan.json"
COMPILED = Path("dbt") / "compiled" / "throughline"
KINDS = ("seed", "model", "test")
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
        empty: of a model without rows where nothing is delivered: a query for its columns alone.
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
        return bool(self.depends_on) and all(
            name.startswith(CURRENT_SOURCES) for name in self.depends_on
        )

    @property
    def reads_what_is_kept(self) -> bool:
        """Whether it reads nothing but what the line itself keeps, as what was solved: sources that
        are told by their rows, with the clock of the run in each.
        """
        return bool(self.depends_on) and all(
            name.startswith(SOURCES) and not name.startswith(CURRENT_SOURCES)
            for name in self.depends_on
        )


@dataclass(frozen=True)
class Plan:
    """The whole project, in an order in which it can be built.

    Attributes:
        database: holds the seeds.
        setup: what is sent before the first node: the schemas, and the hooks of the project.
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
        (*_schemas(kept["nodes"]), *kept["setup"]),
        tuple(Node(**node) for node in kept["nodes"]),
        {name: tuple(relation) for name, relation in kept["sources"].items()},
    )


def compiled_folder() -> Path:
    """Where the SQL of this version's models lies, as dbt compiled it."""
    return _folder() / COMPILED


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
    manifest = json.loads(current_manifest().read_text(encoding="utf-8"))
    made_from = recipes(manifest, project())
    base = _nearest(folder, made_from)
    new = {
        unique_id: node
        for unique_id, node in manifest["nodes"].items()
        if unique_id in made_from and base.recipes.get(unique_id) != made_from[unique_id]
    }
    order = _in_order(manifest["nodes"])
    kept = [base.nodes[name] for name in order if name in base.nodes and name not in new]
    logger.info("%d models and tests of %d are new or have changed", len(new), len(made_from))
    with connection(settings.build_path) as con:
        if kept:
            _send_again(con, base, kept)
    _keep_compiled(base, folder, [manifest["nodes"][node["unique_id"]] for node in kept])
    heard = _Statements()
    if new:
        # Tests come with what they read, which is new if it is: dbt takes long over each name.
        names = [
            node["name"]
            for node in new.values()
            if node["resource_type"] != "test" or new.keys().isdisjoint(_reads(node))
        ]
        build(settings, names if kept else (), listener=heard)
    after = _after_solve(manifest)
    nodes = {node["unique_id"]: node for node in kept}
    with connection(settings.build_path) as con:
        for unique_id, node in new.items():
            if node["resource_type"] == "seed" or unique_id in heard.of_node:
                made = _node(con, node, heard, is_after_solve=unique_id in after)
                nodes[unique_id] = asdict(made)
    plan = {
        "setup": base.setup or heard.setup,
        "nodes": [
            nodes[unique_id]
            for unique_id in order
            if unique_id in nodes and not _is_of_seeds(manifest["nodes"][unique_id])
        ],
        "sources": {
            source["unique_id"]: (source["schema"], source["name"])
            for source in manifest["sources"].values()
        },
        "recipes": made_from,
    }
    # Last, and at once: where it is, all of it is.
    written = folder / f"{PLAN}.new"
    written.write_text(json.dumps(plan), encoding="utf-8")
    written.replace(folder / PLAN)


@dataclass(frozen=True)
class _Version:
    """What is kept of another version: its plan, as it was written."""

    folder: Path
    setup: list[str]
    nodes: dict[str, dict[str, Any]]
    recipes: dict[str, str]


def _nearest(folder: Path, made_from: Mapping[str, str]) -> _Version:
    """Of the versions that are kept the one that has most of this one; one of nothing if none has
    anything.
    """
    nearest, most = _Version(folder, [], {}, {}), 0
    for plan in sorted(folder.parent.glob(f"*/{PLAN}")):
        kept = json.loads(plan.read_text(encoding="utf-8"))
        shared = len(kept.get("recipes", {}).items() & made_from.items())
        if shared > most:
            nodes = {node["unique_id"]: node for node in kept["nodes"]}
            nearest = _Version(plan.parent, kept["setup"], nodes, kept["recipes"])
            most = shared
    if nearest.folder != folder:
        # Not to be forgotten meanwhile.
        os.utime(nearest.folder)
    return nearest


def _send_again(
    con: duckdb.DuckDBPyConnection, base: _Version, nodes: Sequence[Mapping[str, Any]]
) -> None:
    """Make relations as they were made for another version."""
    for statement in (*_schemas(nodes), *base.setup):
        con.execute(statement)
    con.execute(f"attach {literal(base.folder / DATABASE)} as kept (read_only)")
    for node in (Node(**node) for node in nodes if node["kind"] != "test"):
        is_seed = node.kind == "seed"
        seed = f"create table {node.relation} as from kept.{node.relation}"
        con.execute(seed if is_seed else node.statement)
    con.execute("detach kept")


def _schemas(nodes: Iterable[Mapping[str, Any]]) -> list[str]:
    names = {node["schema"] for node in nodes if node["kind"] != "test"}
    return [f"create schema if not exists {name}" for name in sorted(names)]


def _keep_compiled(base: _Version, folder: Path, nodes: Iterable[Mapping[str, Any]]) -> None:
    """Have the compiled SQL of models that dbt does not build anew, too."""
    for node in nodes:
        if node["resource_type"] == "model":
            path = folder / COMPILED / node["original_file_path"]
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(base.folder / COMPILED / node["original_file_path"], path)


def _in_order(nodes: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Seeds, models and tests, each behind what it reads, a test before all else that it can be."""
    tests: dict[str, list[str]] = {}
    for unique_id in sorted(nodes):
        if nodes[unique_id]["resource_type"] == "test":
            for read in set(_reads(nodes[unique_id])):
                tests.setdefault(read, []).append(unique_id)
    # A dict for its order.
    placed: dict[str, None] = {}

    def place(unique_id: str) -> None:
        if unique_id in placed or unique_id not in nodes:
            return
        for read in sorted(_reads(nodes[unique_id])):
            place(read)
        placed[unique_id] = None
        for test in tests.get(unique_id, ()):
            if placed.keys() >= {read for read in _reads(nodes[test]) if read in nodes}:
                placed[test] = None

    for unique_id in sorted(nodes):
        if nodes[unique_id]["resource_type"] in KINDS:
            place(unique_id)
    return list(placed)


def _after_solve(manifest: Mapping[str, Any]) -> set[str]:
    """What AFTER_SOLVE selects, without dbt."""
    solved = (key for key, of in manifest["sources"].items() if of["source_name"] == "solved")
    marts = (key for key, node in manifest["nodes"].items() if is_mart(node))
    return descendants(manifest, (*solved, *marts))


def _reads(node: Mapping[str, Any]) -> list[str]:
    """The nodes and sources that a node reads."""
    reads: list[str] = node["depends_on"].get("nodes", [])
    return reads


def _is_of_seeds(node: Mapping[str, Any]) -> bool:
    """Whether it is a test on seeds alone, of which the verdict is all that is wanted."""
    return node["resource_type"] == "test" and all(
        read.startswith("seed.") for read in _reads(node)
    )


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
        elif makes and node.resource_type == "operation" and sql not in self.setup:
            self.setup.append(sql)


def _node(
    con: duckdb.DuckDBPyConnection,
    node: Mapping[str, Any],
    heard: _Statements,
    *,
    is_after_solve: bool,
) -> Node:
    kind, config = node["resource_type"], node["config"]
    made = Node(
        unique_id=node["unique_id"],
        name=node["name"],
        kind=kind,
        schema=node["schema"],
        statement=heard.of_node.get(node["unique_id"], ""),
        depends_on=tuple(_reads(node)),
        is_after_solve=is_after_solve,
        is_view=config["materialized"] == "view",
        rows=rows_digest(con, f'{node["schema"]}."{node["name"]}"') if kind == "seed" else "",
        severity=config.get("severity") or "",
        warn_if=config.get("warn_if") or "",
        error_if=config.get("error_if") or "",
    )
    is_staged = kind == "model" and made.reads_deliveries_only
    return replace(made, empty=_columns_alone(con, made)) if is_staged else made


def _columns_alone(con: duckdb.DuckDBPyConnection, model: Node) -> str:
    """A query for no row of a model's columns; empty if the model has rows of nothing."""
    asked = con.execute(f"from {model.relation} limit 1")
    if asked.fetchone():
        return ""
    cells = ", ".join(f'cast(null as {kind}) as "{name}"' for name, kind, *_ in asked.description)
    return f"select {cells} where false"
