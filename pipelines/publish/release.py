"""A release, and how one is found and read. Writes nothing.

A file says itself which release it is: the row of its meta.releases whose status is 'published'.
In the published file the other rows are the releases that could be put back, and why they are not
in front: superseded by a later one, or withdrawn by a rollback.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import duckdb

from pipelines.ingest.warehouse import configuration, unreadable
from pipelines.sql import literal

UNFINISHED = "unfinished"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Release:
    """One set of marts as readers see it.

    Attributes:
        release_id: the as-of and eight hex digits that stand for clock, rules and content.
        as_of_at: the clock of the run, naive UTC.
        config_version: the fingerprint of the rules.
        content_hash: over every table; see `content_hash`.
        published_at: when it was first put in front of readers, naive UTC.
    """

    release_id: str
    as_of_at: datetime
    config_version: str
    content_hash: str
    published_at: datetime


def published_path(home: Path) -> Path:
    """The file that readers open."""
    return home / "published" / "marketing.duckdb"


def readable_folder(folder: Path) -> Path:
    """A folder of releases, which others may read whatever else a run keeps to itself."""
    if not folder.is_dir():
        folder.mkdir(parents=True)
        folder.chmod(0o755)
    return folder


def release_path(home: Path, release_id: str) -> Path:
    """Where a release is kept."""
    return home / "releases" / f"{release_id}.duckdb"


@dataclass(frozen=True)
class Standing:
    """What lies in a home: the release in front, and the others.

    Attributes:
        current: what readers see; None before the first, or if their file cannot be read.
        statuses: published, superseded or withdrawn, by release id, as the readers' file has it.
        kept: what lies below `<home>/releases`, newest first.
    """

    current: Release | None
    statuses: Mapping[str, str]
    kept: tuple[Release, ...]

    def status_of(self, release: Release) -> str:
        """Why a kept release is not in front."""
        status = self.statuses.get(release.release_id)
        return "withdrawn" if status == "withdrawn" else "superseded"


@contextmanager
def opened(path: Path, name: str = "release") -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB file for reading, attached by a name to a connection in memory.

    DuckDB keeps one instance a path and process; attached like this, a file that has just been
    swapped is never mistaken for the one before.

    Raises:
        UsageError: the file is damaged, or in use.
    """
    with in_memory() as con:
        try:
            con.execute(f"attach {literal(path)} as {name} (read_only)")
        except duckdb.Error as error:
            raise unreadable(path, error) from error
        con.execute(f"use {name}")
        yield con


@contextmanager
def in_memory() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that files can be attached to."""
    con = duckdb.connect(config=configuration())
    try:
        con.execute("set timezone = 'UTC'")
        yield con
    finally:
        con.close()


def has_table(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    """Whether the database that is read has a table: an earlier version made fewer."""
    return bool(
        con.execute(
            "select 1 from duckdb_tables() where database_name = current_database()"
            " and schema_name = ? and table_name = ?",
            [schema, table],
        ).fetchone()
    )


def published_release(home: Path) -> Release | None:
    """The release that readers see; None before the first."""
    path = published_path(home)
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return _in_front(path, found.st_ino, found.st_mtime_ns)


@lru_cache(maxsize=8)
def _in_front(path: Path, inode: int, modified_ns: int) -> Release | None:
    """The release of a file, which is read once: whoever swaps another in swaps these numbers."""
    with in_memory() as con:
        return _current(_history(con, path))


def standing(home: Path) -> Standing:
    """What lies in the home now."""
    paths = [path for path in (home / "releases").glob("*.duckdb") if path.stem != UNFINISHED]
    with in_memory() as con:
        front = _history(con, published_path(home))
        found = [_current(_history(con, path)) for path in paths]
    kept = sorted(
        (release for release in found if release is not None),
        key=lambda release: (release.published_at, release.release_id),
        reverse=True,
    )
    statuses = {release.release_id: status for release, status in front}
    return Standing(_current(front), statuses, tuple(kept))


def _current(history: Iterable[tuple[Release, str]]) -> Release | None:
    return next((release for release, status in history if status == "published"), None)


def _history(con: duckdb.DuckDBPyConnection, path: Path) -> list[tuple[Release, str]]:
    """The releases that a file knows of, with their status; none if there is no such file.

    A file that cannot be read counts as none: the next publish replaces it.
    """
    if not path.exists():
        return []
    try:
        con.execute(f"attach {literal(path)} as looked_at (read_only)")
    except duckdb.Error as error:
        logger.warning("%s cannot be opened: %s", path, error)
        return []
    try:
        rows = con.execute(
            "select release_id, as_of_at, config_version, content_hash, published_at, status"
            " from looked_at.meta.releases"
        ).fetchall()
    except duckdb.Error as error:
        logger.warning("%s is no release: %s", path, error)
        return []
    finally:
        con.execute("detach looked_at")
    return [(Release(*row[:5]), row[5]) for row in rows]
