"""The life of a run: one at a time, and a row in ops.runs that says how it ended.

The lock belongs to whoever writes below the home: the command line and Dagster alike. The rows are
what `throughline status` and meta.runs of a release tell readers.
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TextIO

import duckdb

from pipelines.personal import masked
from pipelines.settings import Settings, UsageError, utc_now, utc_text, without_credentials

# Only the user that runs Throughline reads what is written; publishing opens what is for others.
PRIVATE = 0o077
# How long a writer waits for `status` and `explain` to have read.
READERS_SECONDS = 10

# The locks that this process writes under, and the threads that may read meanwhile.
_held: set[tuple[Path, int]] = set()
# Build files that stay open between those who write them.
_kept: dict[Path, duckdb.DuckDBPyConnection] = {}


class AlreadyRunningError(UsageError):
    """Another process holds the warehouse."""


@contextmanager
def exclusive(settings: Settings, command: str = "a run of Dagster") -> Iterator[None]:
    """Hold the warehouse to write it; the kernel lets go when the process ends, however it ends.

    `throughline run` holds it from its first look to its last word, Dagster for a run's length.

    Args:
        settings: where the warehouse lives.
        command: what others are told it is held for.

    Raises:
        AlreadyRunningError: another process holds it; the message says which, for what, since when.
        UsageError: nothing can be written where the warehouse should live.
    """
    with _opened_for_writing(settings) as lock:
        if not _is_taken(lock):
            raise _already_running(settings, lock)
        lock.truncate(0)
        since = utc_text(utc_now().replace(microsecond=0))
        lock.write(f"{command}, process {os.getpid()}, since {since}")
        lock.flush()
        held = (settings.lock_path, threading.get_ident())
        _held.add(held)
        # The build file, its log and what spills from it hold people's data as vendors sent it.
        before = os.umask(PRIVATE)
        try:
            yield
        finally:
            os.umask(before)
            _held.remove(held)
            # Who holds the file without saying so, as a backup does, is not to be taken for us.
            lock.truncate(0)


@contextmanager
def reading(settings: Settings) -> Iterator[None]:
    """Keep writers out of the build file while it is read; they wait a few seconds for that.

    A thread that holds the warehouse itself reads: a run reports how it ended before it lets go.

    Raises:
        AlreadyRunningError: another process writes it.
    """
    if (settings.lock_path, threading.get_ident()) in _held or not settings.lock_path.exists():
        yield
        return
    with settings.lock_path.open() as lock:
        if not _is_locked(lock, fcntl.LOCK_SH):
            raise _already_running(settings, lock)
        yield


def _opened_for_writing(settings: Settings) -> TextIO:
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        return settings.lock_path.open("a+")
    except OSError as error:
        raise UsageError(
            f"--home {settings.home} cannot be written ({error.filename}: {error.strerror});"
            " name a folder that can"
        ) from error


def _is_taken(lock: TextIO) -> bool:
    """Take it for writing, if no writer has it; readers are given the time to finish."""
    until = time.monotonic() + READERS_SECONDS
    while not _is_locked(lock, fcntl.LOCK_EX):
        # What cannot even be shared is a writer's.
        if not _is_locked(lock, fcntl.LOCK_SH) or time.monotonic() > until:
            return False
        fcntl.flock(lock, fcntl.LOCK_UN)
        time.sleep(0.05)
    return True


def _is_locked(lock: TextIO, operation: int) -> bool:
    try:
        fcntl.flock(lock, operation | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _already_running(settings: Settings, lock: TextIO) -> AlreadyRunningError:
    lock.seek(0)
    holder = lock.read() or "another program"
    return AlreadyRunningError(
        f"{settings.home} is held by {holder}; wait for it to end, or use another --home"
    )


@contextmanager
def connection(build_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The build file, open for writing; always opened with these same settings."""
    con = _opened(build_path)
    try:
        yield con
    finally:
        con.close()


def _opened(build_path: Path) -> duckdb.DuckDBPyConnection:
    from pipelines.ingest.warehouse import another, connect  # noqa: PLC0415 - a light --help

    if build_path not in _kept:
        return connect(build_path)
    try:
        return another(_kept[build_path])
    except duckdb.FatalException:
        # After a fault of its own DuckDB answers nothing more until the file is opened anew; then
        # how the run ended can be noted.
        _kept[build_path].close()
        _kept[build_path] = connect(build_path)
        return another(_kept[build_path])


@contextmanager
def kept_open(build_path: Path) -> Iterator[None]:
    """Keep the build file open: to read its catalogue, look for what contracts changed, and
    checkpoint it at the end costs a third of a second each time.

    Raises:
        UsageError: the file is damaged, in use, or not ours.
    """
    if build_path in _kept:
        yield
        return
    with connection(build_path) as con:
        _kept[build_path] = con
        try:
            yield
        finally:
            _kept.pop(build_path).close()


def newest_batch(con: duckdb.DuckDBPyConnection) -> datetime | None:
    """The time of the newest successful batch, naive UTC; None before the first."""
    row = con.execute("select max(loaded_at) from ops.batches where status = 'loaded'").fetchone()
    return row[0] if row else None


def start_run(con: duckdb.DuckDBPyConnection, run_id: str, as_of_at: datetime) -> None:
    """Note that a run began. A run that never ends stays 'running' and is read as interrupted."""
    con.execute("delete from ops.runs where run_id = ?", [run_id])
    con.execute(
        "insert into ops.runs by name select ? as run_id, ? as as_of_at, ? as started_at,"
        " 'running' as status",
        [run_id, as_of_at, utc_now()],
    )


def continue_run(con: duckdb.DuckDBPyConnection, run_id: str, earlier_id: str) -> None:
    """Note that a run goes on where an earlier one failed.

    It began when that one began: what was loaded and judged since then is its own. Dagster may ask
    twice, as it starts a run's resources again for whoever asks for its result.

    Raises:
        UsageError: another run has written the build file since.
    """
    later = con.execute(
        "select run_id, started_at from ops.runs"
        " where started_at > (select started_at from ops.runs where run_id = ?)"
        " order by started_at desc limit 1",
        [earlier_id],
    ).fetchone()
    if later:
        raise UsageError(
            f"run {earlier_id} cannot be continued: run {later[0]} has written the build file since"
            f" {utc_text(later[1])}; start a new run"
        )
    con.execute(
        "insert or ignore into ops.runs by name select ? as run_id, as_of_at, started_at,"
        " 'running' as status from ops.runs where run_id = ?",
        [run_id, earlier_id],
    )


def finish_run(
    con: duckdb.DuckDBPyConnection,
    run_id: str,
    status: str,
    *,
    release_id: str | None = None,
    message: str | None = None,
) -> None:
    """Note how a run ended.

    Args:
        con: the build file.
        run_id: Dagster's id of the run.
        status: published, unchanged, refused (by the audit) or failed (by an error).
        release_id: the release that readers see afterwards, where there is one.
        message: one sentence for people.
    """
    con.execute(
        "update ops.runs set finished_at = ?, status = ?, release_id = ?, message = ?"
        " where run_id = ?",
        [utc_now(), status, release_id, message and masked(without_credentials(message)), run_id],
    )
