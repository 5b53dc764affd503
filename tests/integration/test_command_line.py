"""The command as a shell or a service manager has it: who waits, how it ends, what it says."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from subprocess import CompletedProcess, Popen

import duckdb
import pytest

from pipelines.settings import PROJECT_DIR, Settings, parse_as_of
from tests.conftest import AS_OF, VENDOR_EXPORTS

Command = Callable[..., CompletedProcess[str]]

INTERRUPTED = "throughline: interrupted; readers keep the release that they have"
THROUGHLINE = str(Path(sys.executable).with_name("throughline"))


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    """Something to load, and small."""
    folder = tmp_path / "exports"
    folder.mkdir()
    contacts = (
        VENDOR_EXPORTS / "hubspot" / "hubspot-crm-exports-contacts-and-companies-2026-09-30.csv"
    )
    shutil.copyfile(contacts, folder / "contacts.csv")
    return folder


# --- one run at a time, and how one is stopped ---


def started(exports: Path, home: Path, moment: str) -> Popen[str]:
    """A run that has come to a moment, as its progress tells."""
    run = Popen(
        [THROUGHLINE, "run", "--exports", exports, "--home", home, "--as-of", AS_OF],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert run.stderr is not None
    for line in run.stderr:
        if moment in line:
            return run
    raise AssertionError(f"it ended before {moment}")


def children(process: int) -> list[str]:
    tasks = Path(f"/proc/{process}/task").iterdir()
    return [child for task in tasks for child in (task / "children").read_text().split()]


def is_alive(process: str) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def stopped(run: Popen[str], number: signal.Signals) -> tuple[int, list[str], float]:
    """The exit code, the lines on stderr since the moment, and the seconds it took."""
    offspring, began = children(run.pid), time.monotonic()
    run.send_signal(number)
    _, said = run.communicate(timeout=60)
    seconds = time.monotonic() - began
    deadline = time.monotonic() + 5
    while any(map(is_alive, offspring)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(map(is_alive, offspring))
    return run.returncode, said.splitlines(), seconds


@pytest.mark.slow
def test_a_second_run_and_a_stopped_one_disturb_nothing(
    tmp_path: Path, exports: Path, run_throughline: Command
) -> None:
    home = tmp_path / "home"
    (home / "releases").mkdir(parents=True)
    run = started(exports, home, "audit_delivery …")
    (log,) = (home / "logs").iterdir()
    before = log.read_text(), sorted(home.rglob("*"))
    commands = (
        ("run", "--exports", exports, "--home", home),
        ("rollback", "--home", home),
    )
    for command in commands:
        second = run_throughline(*command, check=False)
        assert (second.returncode, second.stdout) == (2, "")
        (line,) = second.stderr.splitlines()
        assert f"`throughline run`, process {run.pid}, since 2" in line
    status = run_throughline("status", "--home", home, check=False)
    assert f"Under way      {home} is held by `throughline run`" in status.stdout
    assert log.read_text().startswith(before[0])
    assert sorted(home.rglob("*")) >= before[1]

    code, lines, seconds = stopped(run, signal.SIGINT)
    assert (code, lines[-1]) == (130, INTERRUPTED)
    assert seconds < 5
    assert log.read_text().endswith(f"{INTERRUPTED}\n")
    status = run_throughline("status", "--home", home, "--json", check=False)
    assert [r["status"] for r in json.loads(status.stdout)["runs"]] == ["interrupted"]

    code, lines, seconds = stopped(started(exports, home, "dbt_models …"), signal.SIGTERM)
    assert (code, lines[-1]) == (143, INTERRUPTED.replace("interrupted", "terminated"))
    assert seconds < 5

    run_throughline("run", "--exports", exports, "--home", home, "--as-of", AS_OF)
    assert len(list((home / "logs").iterdir())) == 3

    shown = run_throughline("status", "--home", home).stdout
    clocks = re.findall(r"\d{4}-\d{2}-\d{2}T[\d:.]+Z?", shown)
    assert len(clocks) > 4
    for clock in clocks:
        assert f"{parse_as_of(clock).isoformat()}Z" == clock
    (as_of,) = re.findall(r"as of (\S+), since", shown)
    command = ("run", "--exports", exports, "--home", home, "--as-of", as_of, "--json")
    assert json.loads(run_throughline(*command).stdout)["status"] == "unchanged"


# --- what cannot be worked with: one line, exit 2 ---


def one_line(result: CompletedProcess[str]) -> str:
    assert result.returncode == 2, result.stderr[-2000:]
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("throughline: ")
    return line


@pytest.mark.parametrize(
    ("home", "said"),
    [
        ("file", "cannot be written"),
        ("file/home", "cannot be written"),
        ("/proc/home", "cannot be written"),
        ("random", "build.duckdb cannot be opened: "),
        ("other", "is no warehouse of Throughline but another database; use another --home"),
        ("exports", "name two folders side by side"),
        ("exports/home", "name two folders side by side"),
    ],
)
def test_a_home_that_cannot_be(
    tmp_path: Path, exports: Path, run_throughline: Command, home: str, said: str
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "random").mkdir()
    (tmp_path / "random" / "build.duckdb").write_bytes(b"\x17\x2a" * 20_000)
    (tmp_path / "other").mkdir()
    other = tmp_path / "other" / "build.duckdb"
    with closing(duckdb.connect(str(other))) as con:
        con.execute("create table theirs as select 1 as one")
    line = one_line(
        run_throughline("run", "--exports", exports, "--home", tmp_path / home, check=False)
    )
    assert said in line
    assert str(tmp_path / home if home[0] != "/" else home) in line
    assert list(exports.iterdir()) == [exports / "contacts.csv"]
    with closing(duckdb.connect(str(other), read_only=True)) as con:
        assert con.execute("select table_name from duckdb_tables()").fetchall() == [("theirs",)]


def test_exports_among_the_releases(tmp_path: Path, run_throughline: Command) -> None:
    exports = tmp_path / "home" / "releases" / "exports"
    exports.mkdir(parents=True)
    result = run_throughline("run", "--exports", exports, "--home", tmp_path / "home", check=False)
    assert "name two folders side by side" in one_line(result)


@pytest.mark.parametrize("home", ["nowhere", "empty", "file", "random", "other"])
def test_status_fails_where_nothing_can_be_read(
    tmp_path: Path, run_throughline: Command, home: str
) -> None:
    (tmp_path / "file").touch()
    for folder in ("empty", "random", "other"):
        (tmp_path / folder).mkdir()
    (tmp_path / "random" / "build.duckdb").write_bytes(b"\x17\x2a" * 20_000)
    with closing(duckdb.connect(str(tmp_path / "other" / "build.duckdb"))) as con:
        con.execute("create table theirs as select 1 as one")
    before = sorted(tmp_path.rglob("*"))
    line = one_line(run_throughline("status", "--home", tmp_path / home, check=False))
    assert str(tmp_path / home) in line
    assert sorted(tmp_path.rglob("*")) == before


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, for its rules to be spoiled."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("pipelines", "expectations", "seeds", "dbt_project"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(PROJECT_DIR / name, folder / name, ignore=ignored)
    for name in ("dbt_project.yml", "profiles.yml", "uv.lock", "pyproject.toml"):
        shutil.copyfile(PROJECT_DIR / name, folder / name)
    return folder


@pytest.fixture
def spoil(project: Path) -> Iterator[Callable[[str, str, str], Path]]:
    """Replace a text in a file of the project, until the test is over."""
    originals: dict[Path, str] = {}

    def replace(name: str, old: str, new: str) -> Path:
        path = project / name
        originals[path] = text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))
        return path

    yield replace
    for path, text in originals.items():
        path.write_text(text)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "pipelines/contracts/hubspot/contacts.yml",
            "\nschema:",
            "\nscheme:",
            "did you mean schema?",
        ),
        ("pipelines/contracts/hubspot/contacts.yml", "\nschema:", "\nschema: [", "line "),
        (
            "seeds/attribution/channels.csv",
            "channel,",
            "chanel,",
            "line 1 has no column channel; expected channel, ",
        ),
        (
            "seeds/attribution/channels.csv",
            "\nEmail,",
            "\nDirect,1\nDirect,2\nEmail,",
            "has the channel of line ",
        ),
        (
            "dbt_project.yml",
            "reporting_time_zone: America/New_York",
            "reporting_time_zone: America/NewYork",
            "reporting_time_zone is 'America/NewYork', which is no time zone",
        ),
    ],
)
def test_rules_that_cannot_be_used(
    project: Path,
    exports: Path,
    spoil: Callable[[str, str, str], Path],
    file: str,
    old: str,
    new: str,
    said: str,
) -> None:
    path = spoil(file, old, new)
    command = ("-m", "pipelines.cli", "run", "--exports", exports, "--home", exports / "../home")
    result = subprocess.run(
        [sys.executable, *map(str, command)],
        cwd=project,
        # An empty name is none: these are rules as they are shipped.
        env={**os.environ, "PYTHONPATH": str(project), "THROUGHLINE_CONFIG": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    line = one_line(result)
    assert str(path) in line
    assert said in line


# --- the rest ---


@pytest.mark.parametrize(
    "command", [("status",), ("status", "--json"), ("explain", "Paid Search"), ("--help",)]
)
def test_a_reader_that_goes_away(warehouse: Path, command: tuple[str, ...]) -> None:
    home = () if command == ("--help",) else ("--home", str(warehouse))
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as stdout:
        result = subprocess.run(
            [THROUGHLINE, *command, *home],
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert result.stderr.strip() == ""


def test_the_version(run_throughline: Command) -> None:
    assert run_throughline("--version").stdout == f"throughline {version('throughline')}\n"


def test_reading_does_not_fail_a_run(warehouse: Path) -> None:
    """Both may look at once; a lock that a reader could not share would turn one away."""
    looks = [
        Popen([THROUGHLINE, "status", "--home", warehouse], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for look in looks:
        shown, _ = look.communicate()
        assert look.returncode == 0
        assert "Under way" not in shown
    assert Settings(warehouse, warehouse).lock_path.exists()
