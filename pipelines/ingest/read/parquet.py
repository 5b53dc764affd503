"""Parquet, by DuckDB's read_parquet."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.ingest.read.file import FileToRead, Outcome
from pipelines.ingest.read.land import insert, require_all
from pipelines.sql import literal, quoted


def parquet_columns(con: duckdb.DuckDBPyConnection, path: Path) -> tuple[str, ...]:
    """The top-level columns of a Parquet file."""
    rows = con.execute(f"describe select * from read_parquet({literal(path)})").fetchall()
    return tuple(row[0] for row in rows)


def read_parquet(con: duckdb.DuckDBPyConnection, file: FileToRead) -> Outcome:
    """Scalars as text; structs and lists as JSON text, as in the JSON export of the same table."""
    types = con.execute(f"describe select * from read_parquet({literal(file.path)})").fetchall()
    cells = [
        (
            name,
            f"cast(to_json({quoted(name)}) as varchar)"
            if kind.endswith("[]") or kind.startswith(("STRUCT", "MAP"))
            else f"cast({quoted(name)} as varchar)",
        )
        for name, kind, *_ in types
    ]
    source = f"from read_parquet({literal(file.path)})"
    ((rows,),) = con.execute(
        f"select sum(num_rows) from parquet_file_metadata({literal(file.path)})"
    ).fetchall()
    return Outcome(require_all(rows, insert(con, file, cells, source)))
