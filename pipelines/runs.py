"""The life of a run: one at a time, and a row in ops.runs that says how it ended.

The lock belongs to whoever writes the build file: the command line and Dagster alike. The rows
are what `throughline status` and meta.runs of a release tell readers.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import duckdb

from pipelines.settings import Settings, UsageError, utc_now


class AlreadyRunningError(UsageError):
    """Another process holds the warehouse."""


@contextmanager
def exclusive(settings: Settings) -> Iterator[None]:
    """Hold the warehouse for one run; the kernel lets go when the process ends, however it ends.

    Raises:
        AlreadyRunningError: another run holds it; the message names its process.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    with settings.lock_path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise AlreadyRunningError(
                f"{settings.home} is being written by another run ({lock.read().strip()}); "
                "wait for it to end, or use another --home"
            ) from error
        lock.truncate(0)
        lock.write(f"process {os.getpid()} since {utc_now():%Y-%m-%d %H:%M:%S} UTC")
        lock.flush()
        yield


@contextmanager
def connection(build_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The build file, open for writing; always opened with these same settings."""
    from pipelines.ingest.warehouse import connect  # noqa: PLC0415 - keeps --help light

    con = connect(build_path)
    try:
        yield con
    finally:
        con.close()


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
        [utc_now(), status, release_id, message, run_id],
    )
