"""What a run says that it assumed, and how a company settles it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from pipelines.company import write_blank
from pipelines.project import project
from pipelines.reports.assumptions import as_settings, assumed
from pipelines.transform.project import project_vars

SOURCES = ("asana", "ga4", "pipedrive")
DEALS = [{"source": "pipedrive", "deals": 1204}]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The company.yml of a company that says nothing yet."""
    write_blank(tmp_path / "company")
    monkeypatch.setenv("THROUGHLINE_CONFIG", str(tmp_path / "company"))
    monkeypatch.setattr("pipelines.project.made_dir", lambda: tmp_path / "made")
    _anew()
    yield tmp_path / "company" / "company.yml"
    _anew()


def _anew() -> None:
    project.cache_clear()
    project_vars.cache_clear()


def test_whatever_nobody_said_is_told(settings: Path) -> None:
    assert [row["what"] for row in assumed(SOURCES, DEALS)] == [
        "figures are in USD",
        "a day ends at midnight in America/New_York",
        "working hours and holidays are those of US",
        "of revenue 80% is margin, for ROI",
        "ga4: times and days without a zone are those of America/New_York",
        "pipedrive: times and days without a zone are those of America/New_York",
        "pipedrive: deals without a currency (1,204) count as USD",
    ]


def test_the_lines_that_it_prints_settle_it(settings: Path) -> None:
    settings.write_text(as_settings(assumed(SOURCES, DEALS)))
    _anew()
    assert assumed(SOURCES, DEALS) == []
    assert yaml.safe_load(settings.read_text())["sources"]["pipedrive"] == {
        "time_zone": "America/New_York",
        "currency": "USD",
    }


def test_what_is_said_is_no_assumption(settings: Path) -> None:
    settings.write_text("sources:\n  ga4: {time_zone: Asia/Tokyo}\nreporting_currency: JPY\n")
    _anew()
    told = [row["what"] for row in assumed(SOURCES, ())]
    assert not [what for what in told if what.startswith(("ga4", "figures"))]
    assert len(told) == 4
