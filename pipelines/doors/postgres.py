"""A PostgreSQL schema that holds the marts of the release, swapped in whole.

One transaction: readers see the release before or this one. The tables stand in one schema, by the
names of the marts, with their descriptions as comments; what the schema is says its comment.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import duckdb

from pipelines.publish.content import MartTable, mart_tables
from pipelines.publish.release import Release
from pipelines.settings import utc_text
from pipelines.sql import literal, quoted
from pipelines.transform.project import mart_schemas

if TYPE_CHECKING:
    from psycopg import Connection

# What is sent as itself; what is whole and larger than 64 bits goes as a number, the rest as text.
TYPES = {
    "BOOLEAN": "boolean",
    **dict.fromkeys(("TINYINT", "UTINYINT", "SMALLINT"), "smallint"),
    **dict.fromkeys(("USMALLINT", "INTEGER"), "integer"),
    **dict.fromkeys(("UINTEGER", "BIGINT"), "bigint"),
    **dict.fromkeys(("UBIGINT", "HUGEINT", "UHUGEINT"), "numeric"),
    "FLOAT": "real",
    "DOUBLE": "double precision",
    "DATE": "date",
    "TIME": "time",
    "TIMESTAMP": "timestamp",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
}
TEXT = "text"
# Long enough for a server that wakes up, short enough for a run.
CONNECT_SECONDS = 10
# A statement that reads several tables finds their names one by one. To swap between two of them
# would show it half a release, so the swap waits for a moment in which nobody reads; who reads for
# longer than this is not waited for.
PATIENCE_SECONDS = 30
BETWEEN_TRIES_SECONDS = 0.05
CHUNK = 1 << 16
# How the comment of a schema of ours begins.
OURS = "Throughline release "


class DoorError(Exception):
    """The door could not be brought to the release; says why, without a secret."""


@dataclass(frozen=True)
class Postgres:
    """Where the marts go.

    Attributes:
        url: postgresql://user:password@host/database, or what else libpq reads.
        schema: ours alone; it is replaced as a whole.
        readers: roles that may read it.
    """

    url: str
    schema: str
    readers: Sequence[str] = ()


def push(con: duckdb.DuckDBPyConnection, release: Release, door: Postgres) -> bool:
    """Bring the schema to a release; whether it was at another.

    Args:
        con: the release.
        release: which it is.
        door: where to.

    Raises:
        DoorError: the server could not be reached, or did not take it; readers keep what they have.
    """
    import psycopg  # noqa: PLC0415 - an extra

    try:
        psycopg.conninfo.conninfo_to_dict(door.url)
    except psycopg.Error as error:
        # Its message would repeat the password.
        raise DoorError(
            "doors.postgres.url cannot be read, expected postgresql://user:password@host/database"
        ) from error
    try:
        with psycopg.connect(
            door.url, connect_timeout=CONNECT_SECONDS, application_name="throughline"
        ) as server:
            return _push(con, release, door, server)
    except psycopg.Error as error:
        detail = error.diag.message_detail
        said = f"{error.diag.message_primary or error}{f': {detail}' if detail else ''}"
        raise DoorError(" ".join(said.split())) from error


def _push(
    con: duckdb.DuckDBPyConnection, release: Release, door: Postgres, server: Connection[Any]
) -> bool:
    # Two runs of two homes into one schema: one after the other.
    server.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"throughline {door.schema}"])
    shown = _comment(server, door.schema)
    if shown is not None and not shown.startswith(OURS):
        raise DoorError(
            f"there is a schema {door.schema} that is not ours; name another under"
            " doors.postgres.schema"
        )
    mark = f"{OURS}{release.release_id}, as of {utc_text(release.as_of_at)}"
    if shown == mark:
        return False
    _drop_left_over(server, door.schema)
    fresh = f"{door.schema}__new"
    server.execute(f"create schema {quoted(fresh)}")
    with TemporaryDirectory(prefix="throughline-") as folder:
        for mart in _marts(con):
            _copy(con, server, mart, fresh, Path(folder) / "rows.csv")
    _grant(server, fresh, door.readers)
    _swap(server, door.schema, fresh, mark, is_first=shown is None)
    return True


def _comment(server: Connection[Any], schema: str) -> str | None:
    """What a schema says it is; None if there is none."""
    row = server.execute(
        "select coalesce(obj_description(oid, 'pg_namespace'), '') from pg_namespace"
        " where nspname = %s",
        [schema],
    ).fetchone()
    return None if row is None else str(row[0])


def _marts(con: duckdb.DuckDBPyConnection) -> Sequence[MartTable]:
    marts = mart_tables(con, "release", mart_schemas())
    names = [mart.name for mart in marts]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DoorError(f"two schemas of the release have a table {', '.join(twice)}")
    return marts


def _copy(
    con: duckdb.DuckDBPyConnection,
    server: Connection[Any],
    mart: MartTable,
    schema: str,
    path: Path,
) -> None:
    """A table of the types that its values have, filled from the text that DuckDB writes of them.

    DuckDB's own extension makes a double of a whole number beyond 64 bits.
    """
    name = f"{quoted(schema)}.{quoted(mart.name)}"
    kinds = {column: _kind(kind) for column, kind in mart.columns}
    listed = ", ".join(f"{quoted(column)} {kind}" for column, kind in kinds.items())
    server.execute(f"create table {name} ({listed})")
    texts = [column for column, kind in kinds.items() if kind == TEXT]
    cells = [
        # PostgreSQL has no NUL in a text.
        f"replace(cast({quoted(column)} as varchar), chr(0), '') as {quoted(column)}"
        if kind == TEXT
        else quoted(column)
        for column, kind in kinds.items()
    ]
    # An empty text is quoted, NULL is not.
    forced = f", force_quote ({', '.join(map(quoted, texts))})" if texts else ""
    con.execute(
        f"copy (select {', '.join(cells)} from {quoted(mart.schema)}.{quoted(mart.name)})"
        f" to {literal(path)} (format csv, header false{forced})"
    )
    with (
        server.cursor().copy(f"copy {name} from stdin (format csv, encoding 'UTF8')") as copy,
        path.open("rb") as rows,
    ):
        while chunk := rows.read(CHUNK):
            copy.write(chunk)
    for target, said in _descriptions(con, mart):
        where = f"column {name}.{quoted(target)}" if target else f"table {name}"
        server.execute(f"comment on {where} is {literal(said)}")


def _kind(kind: str) -> str:
    if kind.startswith("DECIMAL("):
        return kind.replace("DECIMAL", "numeric")
    return TYPES.get(kind, TEXT)


def _descriptions(
    con: duckdb.DuckDBPyConnection, mart: MartTable
) -> Sequence[tuple[str | None, str]]:
    """What the release says of a table, None, and of its columns, by their names."""
    return con.execute(
        "select null as column_name, comment from duckdb_tables()"
        " where database_name = current_database() and schema_name = $schema"
        " and table_name = $table and comment is not null"
        " union all select column_name, comment from duckdb_columns()"
        " where database_name = current_database() and schema_name = $schema"
        " and table_name = $table and comment is not null",
        {"schema": mart.schema, "table": mart.name},
    ).fetchall()


def _grant(server: Connection[Any], schema: str, readers: Sequence[str]) -> None:
    for reader in readers:
        server.execute(f"grant usage on schema {quoted(schema)} to {quoted(reader)}")
        server.execute(f"grant select on all tables in schema {quoted(schema)} to {quoted(reader)}")


def _swap(server: Connection[Any], schema: str, fresh: str, mark: str, *, is_first: bool) -> None:
    """Put the new schema in the place of the old, and drop that once nobody reads it."""
    if not is_first:
        old = _tables(server, schema)
        is_free = _within_patience(server, lambda: _lock(server, schema, old))
        server.execute(f"alter schema {quoted(schema)} rename to {quoted(_left_over(schema))}")
        if is_free:
            _drop(server, _left_over(schema))
    server.execute(f"alter schema {quoted(fresh)} rename to {quoted(schema)}")
    server.execute(f"comment on schema {quoted(schema)} is {literal(mark)}")


def _left_over(schema: str) -> str:
    """A schema that somebody still read when it was replaced."""
    return f"{schema}__old"


def _drop_left_over(server: Connection[Any], schema: str) -> None:
    left = _left_over(schema)
    if _comment(server, left) is not None:
        tables = _tables(server, left)
        if not _within_patience(server, lambda: _lock(server, left, tables)):
            raise DoorError(f"somebody still reads {left}, the release before the last; end that")
        _drop(server, left)


def _tables(server: Connection[Any], schema: str) -> list[str]:
    rows = server.execute(
        "select relname from pg_class where relkind = 'r' and relnamespace ="
        " (select oid from pg_namespace where nspname = %s) order by 1",
        [schema],
    ).fetchall()
    return [str(name) for (name,) in rows]


def _lock(server: Connection[Any], schema: str, tables: Sequence[str]) -> None:
    if tables:
        names = ", ".join(f"{quoted(schema)}.{quoted(table)}" for table in tables)
        server.execute(f"lock table {names} in access exclusive mode nowait")


def _drop(server: Connection[Any], schema: str) -> None:
    """Drop a schema of ours; what is somebody else's in it, or rests on it, is in the way."""
    if tables := _tables(server, schema):
        names = ", ".join(f"{quoted(schema)}.{quoted(table)}" for table in tables)
        server.execute(f"drop table {names}")
    server.execute(f"drop schema {quoted(schema)}")


def _within_patience(server: Connection[Any], attempt: Callable[[], None]) -> bool:
    """Whether it could be done before patience ended; a failed attempt holds no lock."""
    import psycopg  # noqa: PLC0415 - an extra

    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with server.transaction():
                attempt()
        except psycopg.errors.LockNotAvailable:
            if time.monotonic() > until:
                return False
            time.sleep(BETWEEN_TRIES_SECONDS)
        else:
            return True
