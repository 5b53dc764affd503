"""What packs and the site share: a query a file over a release, and a page that is written whole.

Knows no template and no page: those are packs/ and site/.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

READABLE = 0o644


class Rows(list[dict[str, Any]]):
    """What a query found, with the names of its columns also where it found nothing."""

    def __init__(self, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        super().__init__(dict(zip(names, row, strict=True)) for row in rows)
        self.names = tuple(names)

    def where(self, name: str, value: Any) -> Rows:
        """Those of the rows that have this value in this column."""
        return Rows(self.names, [tuple(row.values()) for row in self if row[name] == value])


def run_file(con: duckdb.DuckDBPyConnection, path: Path, known: Mapping[str, Any]) -> Rows:
    """Run the query of a file; of what is known it is given the parameters that it names.

    Raises:
        duckdb.Error: it cannot be run.
    """
    sql = path.read_text(encoding="utf-8")
    named = {key: value for key, value in known.items() if f"${key}" in sql}
    result = con.execute(sql, named)
    return Rows([column[0] for column in result.description or []], result.fetchall())


def write_whole(path: Path, text: str) -> None:
    """Whole or not at all, for everybody to read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{path.name}.unfinished")
    half.write_text(text, encoding="utf-8")
    half.chmod(READABLE)
    half.replace(path)
