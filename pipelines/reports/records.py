"""What every report is made of: rows with names, from a release or from the build file."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from pipelines.ingest.warehouse import foreign
from pipelines.publish import Release, opened, published_path, published_release
from pipelines.runs import reading
from pipelines.settings import Settings, UsageError

IS_OURS = (
    "select 1 from duckdb_tables()"
    " where database_name = 'build' and schema_name = 'ops' and table_name = 'runs'"
)

Report = dict[str, Any]
Record = dict[str, Any]


def records(con: duckdb.DuckDBPyConnection, sql: str, **named: object) -> list[Record]:
    """What a query finds; `named` are its parameters."""
    result = con.execute(sql, named)
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


@contextmanager
def released(home: Path) -> Iterator[tuple[duckdb.DuckDBPyConnection, Release]]:
    """The release that readers see, for reading.

    Raises:
        UsageError: nothing is published yet.
    """
    release = published_release(home)
    if release is None:
        raise UsageError(
            f"nothing is published in {home}; `throughline run --home {home}` publishes a release"
        )
    with opened(published_path(home)) as con:
        yield con, release


@contextmanager
def build_file(home: Path) -> Iterator[duckdb.DuckDBPyConnection | None]:
    """The build file for reading, with runs kept out of it; None if there is none.

    Raises:
        AlreadyRunningError: a run is under way.
        UsageError: the file is damaged, or not ours.
    """
    settings = Settings(exports=home, home=home)
    if not settings.build_path.exists():
        yield None
        return
    # By its own name: the staging views name the database they read.
    with reading(settings), opened(settings.build_path, "build") as con:
        if not con.execute(IS_OURS).fetchall():
            raise foreign(settings.build_path)
        yield con
