"""Dagster as it is started for real: what leaves the machine, what a tick and a retry do."""

import os
import shutil
import signal
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from dagster._core.definitions.reconstruct import ReconstructableRepository

from pipelines.defs.automation.automation import WAREHOUSE_JOB, hourly, new_exports
from pipelines.defs.automation.packages import FOLDER, approved_briefs, package_job
from pipelines.defs.automation.packs import schedule_of
from pipelines.packs import ceremonies
from pipelines.settings import PROJECT_DIR
from pipelines.transform.build import TransformError
from pipelines.transform.manifest import current_manifest

READY = ("Serving dagster-webserver on", "is configured with the following daemons")
START_SECONDS = 180
STOP_SECONDS = 120
LINGER_SECONDS = 3


class Trap(socketserver.ThreadingTCPServer):
    """Stands where the way out should be: a proxy that answers nobody and counts who came."""

    daemon_threads = True

    def __init__(self) -> None:
        self.callers: list[bytes] = []
        super().__init__(("127.0.0.1", 0), _Hear)

    @property
    def environment(self) -> dict[str, str]:
        """Everything that speaks HTTP to another machine speaks to the trap."""
        url = f"http://127.0.0.1:{self.server_address[1]}"
        names = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY")
        kept = {k: v for k, v in os.environ.items() if k != "DAGSTER_DISABLE_TELEMETRY"}
        return {**kept, **dict.fromkeys(names, url), "no_proxy": "127.0.0.1,localhost"}


class _Hear(socketserver.StreamRequestHandler):
    server: Trap

    def handle(self) -> None:
        self.server.callers.append(self.rfile.readline())


@pytest.fixture
def trap() -> Iterator[Trap]:
    with Trap() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A DAGSTER_HOME in whose logs/ lies what would be posted."""
    logs = tmp_path / "dagster" / "logs"
    logs.mkdir(parents=True)
    (logs / "dbt.log").write_text("a customer's name\n")
    return logs.parent


@contextmanager
def make_dev(home: Path, environment: dict[str, str]) -> Iterator[None]:
    """`make dev`, from its first word until it serves, and down again."""
    # The environment is the one that the tests run in; bringing it up to date needs the way out.
    kept = "--assume-old=.venv/run.stamp"
    command = ["make", kept, "dev", f"DAGSTER_HOME={home}", "DAGSTER_OPTIONS=--port 0"]
    log = home / "output.txt"
    with log.open("w") as out:
        process = subprocess.Popen(
            command, cwd=PROJECT_DIR, env=environment, stdout=out, stderr=out, process_group=0
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not all(words in log.read_text() for words in READY):
            assert process.poll() is None, log.read_text()[-3000:]
            assert time.monotonic() < deadline, log.read_text()[-3000:]
            time.sleep(0.2)
        yield
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=STOP_SECONDS)


@pytest.mark.slow
def test_nothing_leaves_the_machine(trap: Trap, home: Path, tmp_path: Path) -> None:
    current_manifest()
    (tmp_path / "exports").mkdir()
    before = git_status()
    environment = trap.environment | {
        "THROUGHLINE_EXPORTS": str(tmp_path / "exports"),
        "THROUGHLINE_HOME": str(tmp_path / "warehouse"),
    }
    with make_dev(home, environment):
        time.sleep(LINGER_SECONDS)
    assert trap.callers == []
    assert (home / "logs" / "dbt.log").exists()
    assert git_status() == before


@pytest.mark.slow
def test_without_the_variable_the_trap_hears_dagster(trap: Trap, home: Path) -> None:
    """What the test above can see: the same uploader, as Dagster's services start it."""
    upload = "from dagster._core.telemetry_upload import *; t = uploading_logging_thread"
    subprocess.run(
        [sys.executable, "-c", f"{upload}\nwith t(): import time; time.sleep(2)"],
        env=trap.environment | {"DAGSTER_HOME": str(home)},
        check=True,
    )
    assert b"telemetry.dagster.io" in b"".join(trap.callers)


def git_status() -> str:
    command = ["git", "status", "--porcelain"]
    return subprocess.run(
        command, cwd=PROJECT_DIR, capture_output=True, text=True, check=True
    ).stdout


def test_schedule_and_sensor_answer_as_the_command_does(
    warehouse: Path, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exports, home = tmp_path / "exports", tmp_path / "home"
    shutil.copytree(sample / "exports", exports)
    shutil.copytree(warehouse, home, symlinks=True)
    monkeypatch.setenv("THROUGHLINE_EXPORTS", str(exports))
    monkeypatch.setenv("THROUGHLINE_HOME", str(home))
    with dg.instance_for_test() as instance:
        cursor: str | None = None

        def sense() -> dg.SensorResult:
            nonlocal cursor
            result = new_exports(dg.build_sensor_context(instance=instance, cursor=cursor))
            assert isinstance(result, dg.SensorResult)
            cursor = result.cursor
            return result

        def tick() -> dg.RunRequest | dg.SkipReason:
            return hourly(dg.build_schedule_context(instance=instance))

        nothing = tick()
        assert isinstance(nothing, dg.SkipReason)
        assert "nothing new: every file is known" in nothing.skip_message
        sense()
        assert sense().skip_reason == dg.SkipReason(nothing.skip_message)
        (exports / "new.csv").write_text("a,b\n1,2\n")
        assert isinstance(tick(), dg.RunRequest)
        sense()
        assert len(sense().run_requests or []) == 1


@pytest.mark.slow
def test_a_run_that_is_re_executed_from_its_failure_has_its_row(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exports, home = tmp_path / "exports", tmp_path / "home"
    exports.mkdir()
    (file,) = (sample / "exports" / "hubspot").glob("*all-companies-2026-10-01.csv")
    shutil.copy(file, exports)
    job = ReconstructableRepository.for_module(
        "pipelines.definitions", "defs"
    ).get_reconstructable_job(WAREHOUSE_JOB)
    config = {
        "resources": {"warehouse": {"config": {"exports": str(exports), "home": str(home)}}},
        "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
    }

    def no_dbt(*_: object, **__: object) -> None:
        raise TransformError("dbt: a model failed", [])

    monkeypatch.setattr("pipelines.transform.replay.build_half", no_dbt)
    # In memory: on disk Dagster spends half a minute on each run's two thousand planned events.
    with dg.DagsterInstance.ephemeral() as instance:

        def run(after: str | None = None) -> str:
            options = dg.ReexecutionOptions.from_failure(after, instance) if after else None
            with dg.execute_job(
                job, instance, run_config=config, reexecution_options=options
            ) as result:
                assert not result.success
                return result.run_id

        first = run()
        again = run(first)
        steps = instance.get_run_by_id(again).step_keys_to_execute
        assert "load_exports" not in steps
        other = run()
        # Raised where the result is asked for, which starts the resources once more.
        with pytest.raises(dg.DagsterUserCodeExecutionError):
            run(first)
        refused = instance.get_runs(limit=1)[0]
        events = instance.all_logs(refused.run_id, of_type=dg.DagsterEventType.PIPELINE_FAILURE)
        assert "start a new run" in str(events)
        assert rows(home) == dict.fromkeys((first, again, other), ("failed", "dbt: a model failed"))


def rows(home: Path) -> dict[str, tuple[str, str | None]]:
    with closing(duckdb.connect(str(home / "build.duckdb"), read_only=True)) as con:
        found = con.execute("select run_id, status, message from ops.runs").fetchall()
    return {run_id: (status, message) for run_id, status, message in found}


def test_a_meeting_has_its_schedule_by_the_reporting_zone() -> None:
    planning = schedule_of(ceremonies()["monday_planning"])
    assert (planning.cron_schedule, planning.execution_timezone) == (
        "0 7 * * *",
        "America/New_York",
    )
    # Labor Day, and the Tuesday after it.
    for day, is_due in (("2026-09-07", False), ("2026-09-08", True)):
        at = datetime.fromisoformat(f"{day}T11:00:00+00:00")
        with dg.DagsterInstance.ephemeral() as instance:
            found = planning.evaluate_tick(
                dg.build_schedule_context(instance=instance, scheduled_execution_time=at)
            )
        assert [request.run_key for request in found.run_requests or ()] == (
            [f"monday_planning:{day}"] if is_due else []
        )


def test_an_approved_brief_becomes_files_once(
    warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("THROUGHLINE_HOME", str(home))
    with dg.DagsterInstance.ephemeral() as instance:
        cursor = None

        def sense() -> dg.RunRequest | dg.SkipReason:
            nonlocal cursor
            context = dg.build_sensor_context(instance=instance, cursor=cursor)
            found = approved_briefs(context)
            cursor = context.cursor
            assert isinstance(found, dg.RunRequest | dg.SkipReason)
            return found

        unpublished = sense()
        assert isinstance(unpublished, dg.SkipReason)
        assert "nothing is published" in unpublished.skip_message
        home.mkdir()
        for folder in ("published", "releases"):
            shutil.copytree(warehouse / folder, home / folder, symlinks=True)
        assert isinstance(sense(), dg.RunRequest)
        again = sense()
        assert isinstance(again, dg.SkipReason)
        assert again.skip_message == "the packages of this release are made"
        assert package_job.execute_in_process(instance=instance).success
    names = [path.name for path in (home / FOLDER).iterdir()]
    assert {name.rpartition("-")[2] for name in names} == {"asana.csv", "jira.csv"}
    assert "B-001-v1-asana.csv" in names
    # What nobody approved, and what first needs an answer, leads to nothing.
    assert not any(name.startswith(("B-013-", "B-016-")) for name in names)
