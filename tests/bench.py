"""A build file, the exports of one test, and contracts as their YAML says them."""

from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from pipelines.ingest import Contract, load_exports
from pipelines.ingest.contract import read_contract
from pipelines.ingest.relations import ensure_relations
from tests.warehouse import empty_warehouse

NOON = datetime(2026, 3, 1, 12)


def column(name: str, kind: str = "string", **more: Any) -> dict[str, Any]:
    custom = more.pop("custom", {})
    properties = [{"property": key, "value": value} for key, value in custom.items()]
    extra = {"customProperties": properties} if properties else {}
    return {"name": name, "description": "-", "logicalType": kind, **more, **extra}


def contract(folder: Path, stream: str, columns: list[dict[str, Any]], **custom: Any) -> Contract:
    """A contract as its YAML says it."""
    said = {"format": "csv", "replaces": {"by": [columns[0]["name"]], "unit": "row"}, **custom}
    document = {
        "name": stream,
        "team": {"name": "Tests"},
        "slaProperties": [{"property": "latency", "value": 48}],
        "customProperties": [{"property": key, "value": value} for key, value in said.items()],
        "schema": [
            {"name": stream, "dataGranularityDescription": "One row.", "properties": columns}
        ],
    }
    path = folder / "trial" / f"{stream}.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump(document))
    return read_contract(path)


class Bench:
    """A build file and the files of one test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.exports = folder / "exports"
        self.exports.mkdir()
        self.con = empty_warehouse(folder / "build.duckdb")

    def put(self, name: str, content: bytes | str) -> Path:
        path = self.exports / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def load(self, *contracts: Contract) -> dict[str, dict[str, Any]]:
        ensure_relations(self.con, contracts)
        load_exports(self.con, self.exports, contracts=contracts, loaded_at=NOON)
        result = self.con.execute("select * from ops.files")
        names = [part[0] for part in result.description]
        entries = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
        for entry in entries:
            read = entry["rows_loaded"] + entry["rows_rejected"] + entry["rows_skipped"]
            assert entry["rows_read"] == read, entry
        return {entry["path"]: entry for entry in entries}

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.con.execute(query).fetchall()


def counts(entry: dict[str, Any]) -> tuple[int, int, int]:
    return entry["rows_loaded"], entry["rows_rejected"], entry["rows_skipped"]
