"""One sample company and one warehouse a session, shared by every worker of it."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import duckdb
import pytest

from pipelines.simulate import CONFIG

# By the rules of the sample company, in this process and in those that it starts: its rates and
# accounts are also those of the vendors' exports below.
os.environ["THROUGHLINE_CONFIG"] = str(CONFIG)

AS_OF = "2026-10-01T06:00:00Z"
# As each vendor writes them, every quirk of its sheet, nobody's real data.
VENDOR_EXPORTS = Path(__file__).parent / "fixtures" / "exports"

# A checkout in which `make run` has just made the sample company's exports and warehouse, as CI's
# steps before the tests do: they are taken over, and a run over them finds nothing new.
MADE_BY_MAKE_RUN = os.environ.get("MADE_BY_MAKE_RUN")

# What two workers do first, as each of these files keeps one of them busy for minutes: whoever is
# done takes the next file, and no file is long enough to be waited for at the end. Files that share
# what takes long to build do not follow one another, or one worker waits for the other's.
LONGEST_FIRST = (
    *("test_spark", "test_runs", "test_dbt_unit_tests", "test_command_line", "test_dagster"),
    *("test_vendors_analytics", "test_cases", "test_outsiders", "test_portable", "test_erasure"),
    *("test_superset", "test_orders", "test_serve", "test_readings", "test_corrective_actions"),
    *("test_postgres", "test_doors", "test_identity", "test_semantic", "test_lead_scoring"),
    *("test_stores", "test_exports_of_others", "test_explain", "test_attribution_rules"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Integration tests before the others, the longest files first."""

    def place(item: pytest.Item) -> int:
        if item.path.parent.name != "integration":
            return len(LONGEST_FIRST) + 1
        if item.path.stem in LONGEST_FIRST:
            return LONGEST_FIRST.index(item.path.stem)
        return len(LONGEST_FIRST)

    items.sort(key=place)


def throughline(
    *arguments: object, check: bool = True, as_shipped: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run the command as a user does; `as_shipped`, as one who has no rules of their own."""
    command = [str(Path(sys.executable).with_name("throughline")), *map(str, arguments)]
    without = ("THROUGHLINE_CONFIG",) if as_shipped else ()
    environment = {name: value for name, value in os.environ.items() if name not in without}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert not check or result.returncode == 0, f"{result.stdout[-3000:]}\n{result.stderr[-3000:]}"
    return result


@contextmanager
def made_once(folder: Path) -> Iterator[bool]:
    """Whether this process is the first to come: the others wait until it is done."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield not (folder / "done").exists()
        (folder / "done").touch()


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all workers of the session see."""
    base = tmp_path_factory.getbasetemp()
    return (base if worker_id == "master" else base.parent) / "shared"


@pytest.fixture(scope="session")
def sample(shared_folder: Path) -> Path:
    """The sample company: exports/ and truth/."""
    folder = shared_folder / "sample"
    with made_once(folder) as first:
        if first and MADE_BY_MAKE_RUN:
            shutil.copytree(Path(MADE_BY_MAKE_RUN) / "sample", folder, dirs_exist_ok=True)
        elif first:
            throughline("simulate", "--out", folder)
    return folder


@pytest.fixture(scope="session")
def warehouse(shared_folder: Path, sample: Path) -> Path:
    """The home of a warehouse into which the sample company was run. Read it, don't write."""
    folder = shared_folder / "warehouse"
    run = ("run", "--exports", sample / "exports", "--home", folder / "home", "--as-of", AS_OF)
    with made_once(folder) as first:
        if first and MADE_BY_MAKE_RUN:
            shutil.copytree(Path(MADE_BY_MAKE_RUN) / "warehouse", folder / "home", symlinks=True)
            assert json.loads(throughline(*run, "--json").stdout)["status"] == "unchanged"
        elif first:
            throughline(*run)
    return folder / "home"


@pytest.fixture(scope="session")
def build(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The build file of that warehouse, read-only."""
    with closing(duckdb.connect(str(warehouse / "build.duckdb"), read_only=True)) as con:
        yield con


@pytest.fixture(scope="session")
def release(warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The release that readers of that warehouse see."""
    path = warehouse / "published" / "marketing.duckdb"
    with closing(duckdb.connect(str(path), read_only=True)) as con:
        yield con


@pytest.fixture(scope="session")
def vendors(shared_folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The build file into which the fixtures of every vendor were run, read-only."""
    with built_from(shared_folder / "vendors", VENDOR_EXPORTS) as con:
        yield con


@pytest.fixture(scope="session")
def everything(shared_folder: Path, sample: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The build file of the sample company that also has every vendor, read-only."""
    exports = shared_folder / "all" / "exports"
    with made_once(exports.parent) as first:
        if first:
            exports.mkdir()
            (exports / "sample").symlink_to(sample / "exports")
            (exports / "vendors").symlink_to(VENDOR_EXPORTS)
    with built_from(shared_folder / "everything", exports) as con:
        yield con


@contextmanager
def built_from(folder: Path, exports: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The build file below `folder` into which `exports` were run, by whoever comes first."""
    with made_once(folder) as first:
        if first:
            throughline("run", "--exports", exports, "--home", folder / "home", "--as-of", AS_OF)
    with closing(duckdb.connect(str(folder / "home" / "build.duckdb"), read_only=True)) as con:
        yield con


@pytest.fixture(scope="session")
def run_throughline() -> Callable[..., subprocess.CompletedProcess[str]]:
    """The command, for tests that have a warehouse of their own."""
    return throughline
