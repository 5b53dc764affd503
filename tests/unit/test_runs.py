"""Who may write a warehouse, and who may read it meanwhile."""

import errno
import fcntl
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from pipelines import cli, progress, runs
from pipelines.ingest import warehouse
from pipelines.line import Run, objections, publish_release, take_steps
from pipelines.publish.release import readable_folder
from pipelines.run import Outcome
from pipelines.runs import (
    AlreadyRunningError,
    connection,
    continue_run,
    exclusive,
    finish_run,
    kept_open,
    reading,
    start_run,
)
from pipelines.settings import Settings, UsageError, parse_as_of, utc_now
from tests.locks import held_by_another

# Reads for as long as its stdin is open.
READER = """
import sys
from pathlib import Path
from pipelines.runs import reading
from pipelines.settings import Settings
with reading(Settings(Path(sys.argv[1]), Path(sys.argv[1]))):
    print("reading", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(exports=tmp_path / "exports", home=tmp_path / "home")


def test_another_process_is_named_and_what_it_wrote_stays(settings: Settings) -> None:
    with held_by_another(settings):
        before = settings.lock_path.read_text()
        for take in (exclusive, reading):
            with (
                pytest.raises(
                    AlreadyRunningError,
                    match="`throughline run`, process 4711, since 2026-10-01T06:00:00Z",
                ),
                take(settings),
            ):
                pass
        assert settings.lock_path.read_text() == before
    with exclusive(settings):
        pass


def test_who_holds_it_without_saying_so_is_not_taken_for_the_last_run(settings: Settings) -> None:
    with exclusive(settings):
        pass
    with settings.lock_path.open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(AlreadyRunningError, match="held by another program"), reading(settings):
            pass


NO_SPACE = pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device", "releases/unfinished.duckdb"),
        duckdb.IOException("IO Error: Could not write file: No space left on device"),
        duckdb.TransactionException("Failed to commit: Could not write: No space left on device"),
        duckdb.FatalException(
            "FATAL Error: Failed: database has been invalidated because of a previous fatal error."
            ' The database must be restarted prior to being used again.\nOriginal error: "Failed to'
            ' create checkpoint because of error: Could not write "a": No space left on device"'
        ),
    ],
)


@NO_SPACE
def test_what_is_in_the_way_of_a_step_is_said(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def step(run: Run) -> None:
        with run.connect() as con:
            start_run(con, run.run_id, utc_now())
        raise error

    monkeypatch.setattr("pipelines.line.STEPS", {"release": step})
    with pytest.raises(UsageError, match=r"release could not go on: .*No space left on device"):
        take_steps(Run("r1", settings, None))
    with connection(settings.build_path) as con:
        row = con.execute("select status, message from ops.runs").fetchone()
    assert row is not None
    assert row[0] == "failed"
    assert "make room" in row[1]
    assert "invalidated" not in row[1]


@NO_SPACE
def test_what_is_in_the_way_outside_the_steps_is_said_in_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception
) -> None:
    def full(_: object) -> None:
        raise error

    monkeypatch.setattr(cli, "stoppable", full)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    (said,) = capsys.readouterr().err.splitlines()
    assert ended.value.code == 2
    assert said.startswith("throughline: ")
    assert "No space left on device" in said
    assert "invalidated" not in said


@pytest.mark.parametrize(
    "clock", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-10:00", "", "now"]
)
def test_a_clock_that_no_calendar_has_is_refused(clock: str) -> None:
    with pytest.raises(UsageError, match="--as-of"):
        parse_as_of(clock)


def test_the_thread_that_holds_it_reads(settings: Settings) -> None:
    """A run reports how it ended before it lets go; another thread is as another process."""
    with exclusive(settings, "outer"):
        with reading(settings):
            assert settings.lock_path.read_text().startswith("outer, process ")
        assert is_held(settings), "reading must not let go"
        with ThreadPoolExecutor(1) as another, pytest.raises(AlreadyRunningError, match="outer"):
            another.submit(exclusive(settings).__enter__).result()
    assert not is_held(settings)


def is_held(settings: Settings) -> bool:
    try:
        with held_by_another(settings, wait=False):
            return False
    except BlockingIOError:
        return True


def test_a_writer_waits_for_readers_and_not_for_ever(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with exclusive(settings):
        pass
    with subprocess.Popen(
        [sys.executable, "-c", READER, str(settings.home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as reader:
        assert reader.stdin is not None
        assert reader.stdout is not None
        assert reader.stdout.readline() == b"reading\n"
        with reading(settings):
            pass
        monkeypatch.setattr(runs, "READERS_SECONDS", 0.2)
        with pytest.raises(AlreadyRunningError), exclusive(settings):
            pass
        monkeypatch.setattr(runs, "READERS_SECONDS", 10)
        began = time.monotonic()
        reader.stdin.close()
        with exclusive(settings):
            assert time.monotonic() - began < 5


def test_a_home_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for home in (tmp_path / "file", tmp_path / "file" / "home", Path("/proc/home")):
        with pytest.raises(UsageError, match="cannot be written"), exclusive(Settings(home, home)):
            pass


def test_a_run_goes_on_where_another_failed_unless_one_came_between(settings: Settings) -> None:
    as_of_at = datetime(2026, 10, 1, 6)
    with exclusive(settings), connection(settings.build_path) as con:
        start_run(con, "first", as_of_at)
        con.execute(
            "insert into ops.quality_results by name select 'marts' as suite, 'core' as"
            " table_schema, 'dim_contacts' as table_name, 'rows' as expectation, 'volume' as"
            " dimension, 'critical' as severity, '' as owner, '' as action, true as success,"
            " ? as as_of_at, ? as evaluated_at",
            [as_of_at, utc_now()],
        )
        continue_run(con, "again", "first")
        assert con.execute(
            "select count(distinct started_at), any_value(as_of_at) from ops.runs"
        ).fetchone() == (1, as_of_at)
        # What the first had judged need not be judged again.
        assert objections(con, as_of_at, "again") == []
        start_run(con, "other", as_of_at)
        assert objections(con, as_of_at, "other") != []
        with pytest.raises(UsageError, match="run other has written the build file"):
            continue_run(con, "late", "first")


def test_what_is_written_is_private_but_for_what_is_published(settings: Settings) -> None:
    with exclusive(settings), connection(settings.build_path) as con:
        con.execute("create table ops.some as from range(10)")
        wal = settings.build_path.with_name(f"{settings.build_path.name}.wal")
        assert wal.stat().st_mode & 0o777 == 0o600
        folder = readable_folder(settings.home / "published")
        assert folder.stat().st_mode & 0o777 == 0o755
    assert settings.build_path.stat().st_mode & 0o777 == 0o600
    settings.build_path.chmod(0o644)
    with connection(settings.build_path):
        assert settings.build_path.stat().st_mode & 0o777 == 0o600, "also of an earlier version"


@pytest.mark.parametrize(
    ("status", "pending", "code"),
    [
        *(("published", 0, 0), ("published", 2, 4), ("unchanged", 1, 4)),
        *(("refused", 2, 3), ("unusable", 2, 2), ("failed", 2, 1)),
    ],
)
def test_the_exit_code_says_that_files_are_pending(
    settings: Settings, status: str, pending: int, code: int
) -> None:
    assert Outcome(status, settings, pending=pending).exit_code == code


def test_a_log_that_a_full_disk_cuts_short_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "new_log", lambda _: Path("/dev/full"))

    def run() -> None:
        with progress.show_progress(tmp_path):
            progress.logger.warning("a line that does not fit")
            raise UsageError("no space is left; make room")

    with pytest.raises(UsageError, match="make room"):
        run()
    assert "Traceback" not in capsys.readouterr().err


def test_rules_that_were_changed_meanwhile_publish_nothing(settings: Settings) -> None:
    """A release that one set of rules built would be named after another."""
    with pytest.raises(UsageError, match="the rules were changed while the run was under way"):
        publish_release(Run("r1", settings, None, rules="of before"))


def test_how_a_run_ended_is_noted_after_a_fault_of_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stood before it is there, and the next run finds the file closed."""
    build = tmp_path / "build.duckdb"
    faults = [duckdb.FatalException("the database has been invalidated")]
    another = warehouse.another

    def failing(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
        if faults:
            raise faults.pop()
        return another(con)

    with kept_open(build):
        monkeypatch.setattr(warehouse, "another", failing)
        with connection(build) as con:
            start_run(con, "a run", datetime(2026, 10, 1))
        with connection(build) as con:
            finish_run(con, "a run", "failed", message="the database closed itself")
    assert not faults
    with closing(duckdb.connect(str(build), read_only=True)) as con:
        assert con.execute("select status from ops.runs").fetchall() == [("failed",)]
