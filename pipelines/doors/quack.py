"""The release by DuckDB's Quack protocol: other DuckDBs ask it over HTTP, and change nothing.

One database in memory has a view a mart, and all of them turn to a new release in one transaction:
a statement reads one release or the other. What a client sends is parsed before it runs: queries
alone do, and only by table functions that reach neither files nor the server itself.
"""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import duckdb

from pipelines.ingest.environment import cause_of
from pipelines.ingest.warehouse import configuration
from pipelines.publish import published_path
from pipelines.settings import Settings, UsageError
from pipelines.sql import literal, quoted
from pipelines.transform.project import mart_schemas

# In this order: quack takes its random numbers from httpfs.
EXTENSIONS = ("httpfs", "quack")
# What a client's own DuckDB asks for when it attaches, and what touches nothing.
TABLE_FUNCTIONS = (
    *("duckdb_columns", "duckdb_constraints", "duckdb_databases", "duckdb_schemas"),
    *("duckdb_tables", "duckdb_views", "pragma_table_info"),
    *("generate_series", "json_each", "json_tree", "range", "unnest"),
)
# Only queries can be serialised: of all else, error is true.
MAY_RUN_SQL = f"""
    create macro may_run(connection_id, statement) as (
        select not cast(json_extract_string(parsed, '$.error') as boolean)
            and json_array_length(parsed, '$.statements') = 1
            and list_has_all(
                [{", ".join(map(literal, TABLE_FUNCTIONS))}],
                json_extract_string(parsed, '$..function.function_name')
            )
        from (select json_serialize_sql(cast(statement as varchar)) as parsed)
    )
"""
MARTS_SQL = """
    select schema_name, table_name, comment from duckdb_tables()
    where database_name = $release and schema_name in (select unnest($schemas))
    order by all
"""
COLUMNS_SQL = """
    select schema_name, table_name, column_name, comment from duckdb_columns()
    where database_name = $release and comment is not null
        and schema_name in (select unnest($schemas))
    order by schema_name, table_name, column_index
"""
VIEWS_SQL = """
    select schema_name, view_name from duckdb_views()
    where database_name = 'memory' and not internal
"""
# A query finds its views first and what they read then: the release before stays for so long.
KEPT_SECONDS = 60

logger = logging.getLogger(__name__)


def is_installed() -> bool:
    """Whether the extra `quack` is."""
    return all(find_spec(f"duckdb_extension_{name}") for name in EXTENSIONS)


@dataclass
class Shelf:
    """The releases that a server of Quack has open, the newest in front of its clients.

    Attributes:
        con: the database that clients ask; nobody else uses it.
        home: whose releases they are.
        folder: this process's own; no other file can be read by a query.
    """

    con: duckdb.DuckDBPyConnection
    home: Path
    folder: Path
    _seen: tuple[int, int] | None = None
    _count: int = 0
    _replaced: dict[str, float] = field(default_factory=dict)
    _front: str | None = None

    def turn(self) -> bool:
        """Put the release that readers see in front; whether it was another.

        Raises:
            OSError, duckdb.Error: it cannot be opened; the one before stays.
        """
        self._drop_old()
        front = published_path(self.home)
        found = front.stat()
        seen = (found.st_ino, found.st_mtime_ns)
        if seen == self._seen:
            return False
        name = self._attach(front)
        self._show(name)
        if self._front:
            self._replaced[self._front] = time.monotonic()
        self._front, self._seen = name, seen
        return True

    def _attach(self, front: Path) -> str:
        """Open a release under a name of its own: DuckDB opens no path twice."""
        self._count += 1
        name = f"release_{self._count}"
        path = self.folder / f"{name}.duckdb"
        path.unlink(missing_ok=True)
        try:
            os.link(front, path)
        except OSError:
            # Another user's file, or a file system that knows no links.
            shutil.copyfile(front, path)
        try:
            self.con.execute(f"attach {literal(path)} as {name} (read_only)")
        finally:
            # What is open stays readable, and nothing is left behind by whoever is killed.
            path.unlink()
        return name

    def _show(self, name: str) -> None:
        about = {"release": name, "schemas": list(mart_schemas())}
        marts = self.con.execute(MARTS_SQL, about).fetchall()
        columns = self.con.execute(COLUMNS_SQL, about).fetchall()
        gone = {*self.con.execute(VIEWS_SQL).fetchall()} - {mart[:2] for mart in marts}
        lines = [f"drop view {_name(*view)}" for view in sorted(gone)]
        for schema in sorted({schema for schema, _, _ in marts}):
            lines.append(f"create schema if not exists {quoted(schema)}")
        for schema, table, comment in marts:
            view = _name(schema, table)
            lines.append(f"create or replace view {view} as from {name}.{view}")
            if comment is not None:
                lines.append(f"comment on view {view} is {literal(comment)}")
        for schema, table, column, comment in columns:
            about_column = f"{_name(schema, table)}.{quoted(column)}"
            lines.append(f"comment on column {about_column} is {literal(comment)}")
        self.con.begin()
        try:
            self.con.execute(";\n".join(lines))
            self.con.commit()
        except duckdb.Error:
            self.con.rollback()
            raise

    def _drop_old(self) -> None:
        now = time.monotonic()
        for name, since in list(self._replaced.items()):
            if now - since > KEPT_SECONDS:
                self.con.execute(f"detach {name}")
                del self._replaced[name]


def _name(schema: str, table: str) -> str:
    return f"{quoted(schema)}.{quoted(table)}"


@contextmanager
def answering(home: Path, uri: str, token: str, *, is_local: bool) -> Iterator[Shelf]:
    """Answer clients at an address, until the context ends or the process does.

    Args:
        home: where the warehouse lives.
        uri: quack:host:port.
        token: what clients have to say.
        is_local: the host is this machine.

    Raises:
        UsageError: the address is taken, the home cannot be written, or is served already.
    """
    with (
        _own_folder(Settings(home, home).served_dir) as folder,
        duckdb.connect(config=configuration()) as con,
    ):
        for name in EXTENSIONS:
            con.execute(f"load {literal(_extension(name))}")
        con.execute("set timezone = 'UTC'")
        con.execute(f"set temp_directory = {literal(folder / 'spilled')}")
        con.execute(f"set allowed_directories = [{literal(folder)}]")
        con.execute("set enable_external_access = false")
        con.execute(MAY_RUN_SQL)
        con.execute("set global quack_authorization_function = 'may_run'")
        shelf = Shelf(con, home, folder)
        shelf.turn()
        try:
            con.execute(
                f"call quack_serve({literal(uri)}, token = {literal(token)},"
                f" allow_other_hostname = {not is_local})"
            )
        except duckdb.Error as error:
            raise UsageError(
                f"{uri} cannot be listened at ({cause_of(error)}); --quack-port names another port"
            ) from error
        con.execute("set lock_configuration = true")
        try:
            yield shelf
        finally:
            con.execute(f"call quack_stop({literal(uri)})")


@contextmanager
def _own_folder(folder: Path) -> Iterator[Path]:
    """A folder for one process, without what one that was killed left in it."""
    folder.mkdir(mode=0o700, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UsageError(
                f"another `throughline serve` of {folder.parent} runs; end it, or leave Quack to it"
                " with --no-quack"
            ) from error
        for left in folder.iterdir():
            if left.is_dir():
                shutil.rmtree(left)
            elif left.name != "lock":
                left.unlink()
        yield folder.resolve()


def _extension(name: str) -> Path:
    """The file that the environment brings: nothing is downloaded, and DuckDB checks who signed."""
    place = files(f"duckdb_extension_{name}")
    return Path(
        str(place.joinpath("extensions", f"v{duckdb.__version__}", f"{name}.duckdb_extension"))
    )
