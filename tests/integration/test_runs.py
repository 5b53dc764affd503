"""A warehouse over its life: first run, nothing new, a day amended, a refusal, a look back.

The steps build on one another, so one fixture takes them all and each test looks at one of them.
"""

import gzip
import json
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import duckdb
import pytest

from pipelines.runs import exclusive
from pipelines.settings import Settings

FIRST, SECOND, THIRD = (f"2026-10-0{day}T06:00:00Z" for day in (1, 2, 3))
AMENDED_DAY = "20260929"
Command = Callable[..., CompletedProcess[str]]


@dataclass(frozen=True)
class Step:
    """One run: what it returned and said, and what readers saw afterwards."""

    code: int
    report: dict[str, Any]
    hash_of: dict[str, str]
    events_by_day: dict[str, int]
    late_events: int


@dataclass(frozen=True)
class Life:
    """The steps of one warehouse."""

    first: Step
    again: Step
    amended: Step
    refused: Step
    back: Step


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory, run_throughline: Command) -> Life:
    folder = tmp_path_factory.mktemp("life")
    run_throughline("simulate", "--out", folder / "sample", "--contacts", 300)
    exports, home = folder / "sample" / "exports", folder / "home"

    def run(as_of: str | None) -> Step:
        clock = ("--as-of", as_of) if as_of else ()
        result = run_throughline(
            "run", "--json", "--exports", exports, "--home", home, *clock, check=False
        )
        assert result.stdout, result.stderr[-3000:]
        return Step(
            result.returncode, json.loads(result.stdout), hashes(home), events(home), late(home)
        )

    first = run(FIRST)
    again = run(None)
    amend_a_day(exports)
    amended = run(SECOND)
    report = exports / "google_ads" / "broken.csv"
    report.write_text(
        "Campaign report\nAll time\nCampaign status,Campaign,Currency code,Day,Cost\n"
        "Enabled,brand-search-2026,EUR,2026-09-30,-12.50\n"
    )
    refused = run(THIRD)
    report.unlink()
    return Life(first, again, amended, refused, run(FIRST))


def amend_a_day(exports: Path) -> None:
    """The same day delivered again: one event less, one new."""
    (path,) = (exports / "ga4").rglob(f"*{AMENDED_DAY}*")
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    lines = text.decode().splitlines()
    new = json.loads(lines[0]) | {"event_name": "late_event"}
    (path.parent / "amended.json").write_text("\n".join([*lines[1:], json.dumps(new)]) + "\n")


def hashes(home: Path) -> dict[str, str]:
    """Content hash by release id, as the published file knows them."""
    path = home / "published" / "marketing.duckdb"
    with closing(duckdb.connect(str(path), read_only=True)) as con:
        return dict(con.execute("select release_id, content_hash from meta.releases").fetchall())


def events(home: Path) -> dict[str, int]:
    with closing(duckdb.connect(str(home / "build.duckdb"), read_only=True)) as con:
        return dict(
            con.execute(
                "select cast(event_date as varchar), count(*)"
                " from staging.stg_ga4__events group by 1"
            ).fetchall()
        )


def late(home: Path) -> int:
    """Events that only the amended day holds, and the amended file alone."""
    with closing(duckdb.connect(str(home / "build.duckdb"), read_only=True)) as con:
        rows = con.execute(
            "select count(*) from staging.stg_ga4__events"
            f" where event_date = strptime('{AMENDED_DAY}', '%Y%m%d') and file_id ="
            " (select max(file_id) from staging.stg_ga4__events where event_name = 'late_event')"
        ).fetchall()
    return int(rows[0][0])


def test_the_first_run_publishes(life: Life) -> None:
    assert life.first.code == 0
    assert life.first.report["status"] == "published"
    assert life.first.report["release"]["as_of_at"] == "2026-10-01T06:00:00Z"


def test_a_second_run_changes_nothing_and_says_so(life: Life) -> None:
    assert life.again.code == 0
    assert life.again.report["status"] == "unchanged"
    assert "nothing new" in life.again.report["message"]
    assert life.again.hash_of == life.first.hash_of


def test_a_day_delivered_again_replaces_that_day_and_no_other(life: Life) -> None:
    assert life.amended.report["status"] == "published"
    assert life.amended.events_by_day == life.first.events_by_day
    day = f"{AMENDED_DAY[:4]}-{AMENDED_DAY[4:6]}-{AMENDED_DAY[6:]}"
    assert life.first.late_events == 0
    assert life.amended.late_events == life.amended.events_by_day[day] > 0
    assert life.amended.hash_of != life.first.hash_of


def test_a_critical_failure_publishes_nothing_and_names_check_rows_and_owner(life: Life) -> None:
    assert life.refused.code == 3
    assert life.refused.report["status"] == "refused"
    assert life.refused.report["release"] == life.amended.report["release"]
    assert life.refused.hash_of == life.amended.hash_of
    (failed,) = life.refused.report["checks"]["failed"]
    assert failed["table"] == "raw_google_ads.campaign_report"
    assert (failed["failed"], failed["owner"]) == (1, "Paid media")
    assert "google_ads/broken.csv row 1" in failed["sample_keys"]
    assert failed["action"] in life.refused.report["message"]


def test_an_earlier_clock_reproduces_the_earlier_release(life: Life) -> None:
    assert life.back.code == 0
    assert life.back.report["release"]["as_of_at"] == "2026-10-01T06:00:00Z"
    assert (
        life.back.report["release"]["content_hash"] == life.first.report["release"]["content_hash"]
    )


def test_nothing_usable_ends_with_2_and_one_line(tmp_path: Path, run_throughline: Command) -> None:
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "slides.pdf").write_bytes(b"%PDF-1.7")
    result = run_throughline(
        "run", "--exports", tmp_path / "exports", "--home", tmp_path / "home", check=False
    )
    assert result.returncode == 2
    assert "1 file" in result.stdout + result.stderr
    assert "slides.pdf is a PDF document" in result.stdout + result.stderr


def test_an_empty_folder_and_no_folder_end_with_2(tmp_path: Path, run_throughline: Command) -> None:
    (tmp_path / "exports").mkdir()
    empty = run_throughline(
        "run", "--exports", tmp_path / "exports", "--home", tmp_path / "home", check=False
    )
    assert empty.returncode == 2
    missing = run_throughline("run", "--exports", tmp_path / "nowhere", check=False)
    assert missing.returncode == 2
    assert missing.stderr.splitlines()[-1].startswith("throughline: there is no folder")


def test_a_clock_of_the_future_ends_with_2(tmp_path: Path, run_throughline: Command) -> None:
    result = run_throughline(
        "run",
        "--exports",
        tmp_path,
        "--home",
        tmp_path / "home",
        "--as-of",
        "2999-01-01",
        check=False,
    )
    assert result.returncode == 2
    assert "is in the future" in result.stderr


def test_two_runs_never_overlap(tmp_path: Path, run_throughline: Command) -> None:
    with exclusive(Settings(exports=tmp_path, home=tmp_path / "home")):
        result = run_throughline(
            "run", "--exports", tmp_path, "--home", tmp_path / "home", check=False
        )
    assert result.returncode == 2
    assert "is being written by another run" in result.stderr
    shutil.rmtree(tmp_path / "home")
