"""Putting a release in front of the readers, and an earlier one back.

Readers open one path. What lies there changes only by rename, from a finished file in the same
folder: whoever opens it gets one whole release, and whoever has it open keeps the one they have.
Order makes it safe to be killed anywhere: first the readers' file, then the archive; what a
killed process leaves behind is removed, or filed, by the next.
"""

import logging
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from pipelines.publish.build import build_release, discard, write_history
from pipelines.publish.content import content_hash
from pipelines.publish.describe import Described
from pipelines.publish.release import (
    UNFINISHED,
    Release,
    Standing,
    in_memory,
    opened,
    published_path,
    readable_folder,
    release_path,
    standing,
)
from pipelines.publish.restatements import write_ledger
from pipelines.runs import exclusive
from pipelines.settings import Settings, UsageError, utc_now
from pipelines.sql import literal
from pipelines.transform.project import mart_schemas

KEPT = 5
READ_ONLY = 0o444

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Published:
    """How publishing ended.

    Attributes:
        status: published, or unchanged where readers already see this, or were spared it.
        release: what readers see now.
        path: the file they open.
        row_counts: rows of each mart of that file, by `<schema>.<table>`.
        message: one sentence for people; None where a new release was published.
        restated: figures of a past month that differ from those of the release before.
    """

    status: str
    release: Release
    path: Path
    row_counts: Mapping[str, int]
    message: str | None = None
    restated: int = 0


def publish(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    as_of_at: datetime,
    run_id: str,
    *,
    marts: Mapping[tuple[str, str], Described] | None = None,
) -> Published:
    """Build a release and swap it in, unless readers have it already. Arguments: `build_release`.

    A release that a rollback withdrew is not put back by building the same thing again.

    Raises:
        PublishError: the build holds what must not be published.
    """
    home = settings.home
    before = tidy(home)
    release = build_release(con, settings, as_of_at, run_id, marts=marts)
    staged = release_path(home, UNFINISHED)
    status = before.statuses.get(release.release_id)
    if before.current is not None and status in ("published", "withdrawn"):
        discard(staged)
        return _outcome(home, "unchanged", before.current, _why_unchanged(release, status))
    restated = write_ledger(staged, home, before, release, release.published_at)
    others = [entry for entry in before.kept if entry.release_id != release.release_id]
    history = [(entry, before.status_of(entry)) for entry in others[: KEPT - 1]]
    _swap_in(home, staged, release, history)
    _file(staged, release_path(home, release.release_id))
    for old in others[KEPT - 1 :]:
        discard(release_path(home, old.release_id))
    logger.info("published release %s in %s", release.release_id, home)
    return _outcome(home, "published", release, restated=restated)


def rollback(home: Path, release_id: str | None = None) -> Release:
    """Put an earlier release back in front of the readers.

    What was published after it counts as withdrawn until a later rollback names it.

    Args:
        home: where the warehouse lives.
        release_id: the release; None for the newest before the current one that was not withdrawn.

    Returns:
        The release that readers see from now on.

    Raises:
        UsageError: there is no such release, it is in front already, or its file was altered.
    """
    if not (home / "releases").is_dir():
        raise UsageError(f"{home} holds no release yet; publish one with `throughline run`")
    with exclusive(Settings(exports=home, home=home), "`throughline rollback`"):
        before = tidy(home)
        target = _target(before, release_id)
        path = release_path(home, target.release_id)
        _require_unaltered(path, target)
        later = [entry for entry in before.kept if entry.published_at > target.published_at]
        history = [
            (entry, "withdrawn" if entry in later else before.status_of(entry))
            for entry in before.kept
            if entry != target
        ]
        # As after publishing: the archive holds what readers see, the ledger too.
        staged = release_path(home, UNFINISHED)
        shutil.copyfile(path, staged)
        write_ledger(staged, home, before, target, utc_now(), is_rollback=True)
        _swap_in(home, staged, target, history)
        _file(staged, path)
    return target


def tidy(home: Path) -> Standing:
    """Remove what a killed process left unfinished, and file a release it had no time to file.

    Returns:
        What lies there afterwards.
    """
    staged, front = release_path(home, UNFINISHED), published_path(home)
    discard(staged)
    discard(front.with_name(f"{UNFINISHED}.duckdb"))
    found = standing(home)
    if found.current is None or found.current in found.kept:
        return found
    readable_folder(staged.parent)
    shutil.copyfile(front, staged)
    _file(staged, release_path(home, found.current.release_id))
    return standing(home)


def _swap_in(
    home: Path, source: Path, release: Release, history: Iterable[tuple[Release, str]]
) -> None:
    """Replace the readers' file by a copy of `source` that knows the releases beside it.

    A copy, not a link: whoever spoils the readers' file must not spoil the archive.
    """
    front = published_path(home)
    readable_folder(front.parent)
    copy = front.with_name(f"{UNFINISHED}.duckdb")
    discard(copy)
    shutil.copyfile(source, copy)
    with in_memory() as con:
        con.execute(f"attach {literal(copy)} as copied")
        write_history(con, "copied", [*history, (release, "published")])
        con.execute("checkpoint copied")
        con.execute("detach copied")
    # Left by someone who opened the readers' file for writing; it belongs to the old one.
    front.with_name(f"{front.name}.wal").unlink(missing_ok=True)
    _file(copy, front)


def _file(source: Path, destination: Path) -> None:
    """Move a finished file into its place, on disk before it is visible."""
    source.chmod(READ_ONLY)
    _sync(source)
    source.replace(destination)
    _sync(destination.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _outcome(
    home: Path, status: str, release: Release, message: str | None = None, restated: int = 0
) -> Published:
    path = published_path(home)
    with opened(path) as con:
        tables = con.execute(
            "select schema_name, table_name from duckdb_tables()"
            " where database_name = 'release' order by all"
        ).fetchall()
        counts = {
            f"{schema}.{table}": int(
                con.execute(f'select count(*) from "{schema}"."{table}"').fetchall()[0][0]
            )
            for schema, table in tables
        }
    return Published(status, release, path, counts, message, restated)


def _why_unchanged(release: Release, status: str) -> str:
    if status == "withdrawn":
        return (
            f"release {release.release_id} was withdrawn by a rollback and stays so; put it back"
            f" with `throughline rollback {release.release_id}`"
        )
    return f"the figures are those of release {release.release_id}, which stays"


def _target(before: Standing, release_id: str | None) -> Release:
    """The release to go back to."""
    current = before.current
    names = ", ".join(entry.release_id for entry in before.kept) or "none"
    if release_id is None:
        if current is None:
            raise UsageError(f"no release can be read in front; name the one to put there: {names}")
        for entry in before.kept:
            earlier = entry.published_at < current.published_at
            if earlier and before.status_of(entry) != "withdrawn":
                return entry
        raise UsageError(f"there is no release before {current.release_id} to go back to")
    if current is not None and current.release_id == release_id:
        raise UsageError(f"readers already see release {release_id}")
    for entry in before.kept:
        if entry.release_id == release_id:
            return entry
    raise UsageError(f"there is no release {release_id!r}; these are kept: {names}")


def _require_unaltered(path: Path, release: Release) -> None:
    with opened(path) as con:
        found = content_hash(con, "release", mart_schemas())
    if found != release.content_hash:
        raise UsageError(f"{path} is no longer what was published; choose another release")
