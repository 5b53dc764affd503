"""An empty build file for a test: made once a process, and copied for whoever wants one."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from pipelines.ingest.warehouse import connect


def empty_warehouse(path: Path) -> duckdb.DuckDBPyConnection:
    """`connect`, for a file that is not there yet; its hundreds of tables come with the copy."""
    path.write_bytes(_empty())
    return connect(path)


@cache
def _empty() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "build.duckdb"
        connect(path).close()
        return path.read_bytes()
