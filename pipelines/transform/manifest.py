"""dbt's manifest, parsed anew only when what dbt parses has changed: rows of seeds are not.

Dagster draws the graph from it, and a run hands it to dbt, which then need not read the project at
all: a changed as-of alone would make it read everything again. Each engine has one of its own, as
it holds the macros of that engine's adapter; what is asked of the project itself is asked of
DuckDB's.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.project import one_at_a_time, project
from pipelines.publish import Described
from pipelines.settings import UsageError, keep_made, point_dbt_at, settings_from_environment
from pipelines.transform.fingerprint import parse_fingerprint

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

STAMP = "manifest.fingerprint"
MANIFEST = "manifest.json"
MARTS = "marts.json"
MARTS_FOLDER = "dbt_project/models/marts/"
PARSED = "partial_parse.msgpack"

logger = logging.getLogger(__name__)


class ParseError(UsageError):
    """The dbt project does not parse; the message is dbt's own."""


def current_manifest(target: str = "duckdb") -> Path:
    """The path of a manifest that fits the project as it is now.

    Args:
        target: the engine whose macros it holds.

    Raises:
        ParseError: dbt could not parse the project.
    """
    fingerprint = parse_fingerprint()
    made = _made(target)
    made.mkdir(parents=True, exist_ok=True)
    with one_at_a_time(made):
        stamp, manifest = made / STAMP, made / MANIFEST
        if not (manifest.exists() and stamp.exists() and stamp.read_text() == fingerprint):
            logger.info("reading the dbt project")
            stamp.unlink(missing_ok=True)
            _parse(target)
            stamp.write_text(fingerprint)
    return manifest


def _made(target: str) -> Path:
    """Not dbt's own target/, which every other dbt command and sqlfluff write as they see it."""
    made = project().made
    return made if target == "duckdb" else made / target


def marts() -> dict[tuple[str, str], Described]:
    """Every mart of the project, by schema and table, with what dbt says of it."""
    return {
        (mart["schema"], mart["name"]): Described(mart["description"], mart["columns"])
        for mart in _marts_of(current_manifest())
    }


def mart_keys() -> dict[tuple[str, str], list[str]]:
    """The columns that tell the rows of each mart apart, by schema and table."""
    nodes = json.loads(current_manifest().read_text(encoding="utf-8"))["nodes"]
    return {
        (
            nodes[test["attached_node"]]["config"]["schema"],
            nodes[test["attached_node"]]["name"],
        ): test["test_metadata"]["kwargs"]["columns"]
        for test in nodes.values()
        if test["resource_type"] == "test"
        and (test.get("test_metadata") or {}).get("name") == "primary_key"
        and is_mart(nodes[test["attached_node"]])
    }


def mart_sources() -> dict[tuple[str, str], list[tuple[str, str]]]:
    """(schema, table) of the sources that each mart is made of, by its schema and table.

    By the manifest that was parsed last: who shows lineage waits for no parsing. Nothing where none
    was parsed yet.
    """
    path = project().made / MANIFEST
    if not path.exists():
        return {}
    return {
        (mart["schema"], mart["name"]): [(schema, name) for schema, name in mart["sources"]]
        for mart in _marts_of(path)
    }


def _marts_of(path: Path) -> list[dict[str, Any]]:
    """What a manifest says of its marts, kept beside it: a page of ten megabytes is theirs."""
    kept, written = path.with_name(MARTS), path.stat()
    version = [written.st_mtime_ns, written.st_size]
    if kept.exists():
        told = json.loads(kept.read_text(encoding="utf-8"))
        if told.get("of") == version:
            return list(told["marts"])
    manifest = json.loads(path.read_text(encoding="utf-8"))
    sources = manifest["sources"]
    found = [
        {
            "schema": node["config"]["schema"],
            "name": node["name"],
            "description": node["description"],
            "columns": {name: column["description"] for name, column in node["columns"].items()},
            "sources": sorted(
                (sources[parent]["schema"], sources[parent]["name"])
                for parent in _ancestors(manifest, [key])
                if parent in sources
            ),
        }
        for key, node in sorted(manifest["nodes"].items())
        if is_mart(node)
    ]
    keep_made(kept, json.dumps({"of": version, "marts": found}))
    return found


def _ancestors(manifest: Mapping[str, Any], keys: Iterable[str]) -> set[str]:
    """What nodes are made of, they themselves among it."""
    return _reached(manifest["parent_map"], keys)


def descendants(manifest: Mapping[str, Any], keys: Iterable[str]) -> set[str]:
    """What is made of nodes and sources, they themselves among it."""
    return _reached(manifest["child_map"], keys)


def _reached(ways: Mapping[str, Iterable[str]], keys: Iterable[str]) -> set[str]:
    waiting = list(keys)
    found: set[str] = set()
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting += ways.get(key, ())
    return found


def unread_sources() -> set[tuple[str, str]]:
    """(schema, table) of every source that no mart is made of."""
    manifest = json.loads(current_manifest().read_text(encoding="utf-8"))
    read = _ancestors(manifest, (key for key, node in manifest["nodes"].items() if is_mart(node)))
    return {
        (source["schema"], source["name"])
        for key, source in manifest["sources"].items()
        if key not in read
    }


def is_mart(node: Mapping[str, Any]) -> bool:
    """Whether a node is a model that readers see."""
    path: str = node["original_file_path"]
    return node["resource_type"] == "model" and path.startswith(MARTS_FOLDER)


def parsed_manifest(target: str = "duckdb") -> Manifest:
    """The same manifest as dbt itself keeps it between runs.

    Args:
        target: the engine whose macros it holds.

    Raises:
        ParseError: dbt could not parse the project.
    """
    from dbt.contracts.graph.manifest import Manifest  # noqa: PLC0415 - stays out of the graph

    current_manifest(target)
    manifest = Manifest.from_msgpack((_made(target) / PARSED).read_bytes())
    # What macros see as `graph`: dbt makes it where it reads the project itself.
    manifest.build_flat_graph()
    return manifest


def _parse(target: str) -> None:
    from dbt.cli.main import dbtRunner  # noqa: PLC0415 - two seconds that most runs save

    # A manifest names the database of each relation: the build file's, wherever that lies.
    point_dbt_at(settings_from_environment())
    root, made = str(project().root), str(_made(target))
    result = dbtRunner().invoke(
        [
            *("--quiet", "parse", "--no-partial-parse", "--target", target),
            *("--project-dir", root, "--profiles-dir", root),
            *("--target-path", made, "--log-path", made),
        ]
    )
    if not result.success:
        raise ParseError(f"the dbt project does not parse: {result.exception}")
