"""The packs of the sample company, by the release that readers see of it."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from pipelines.outbox.channels import FILE, FileChannel
from pipelines.outbox.tell import queue_packs
from pipelines.packs import ceremonies, make_pack
from pipelines.settings import Settings, UsageError
from tests.warehouse import empty_warehouse

# Thursday: the first of the month, and the sample's clock is six in the morning, UTC.
THURSDAY = date(2026, 10, 1)


@pytest.fixture(scope="module")
def settings(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home that readers see the sample company's release in, and that may be written."""
    home = tmp_path_factory.mktemp("packs")
    shutil.copytree(warehouse / "published", home / "published")
    return Settings(exports=home / "exports", home=home)


@pytest.mark.parametrize("name", list(ceremonies()))
def test_each_pack_has_its_four_parts_and_says_how_far_to_trust_it(
    settings: Settings, name: str
) -> None:
    pack = make_pack(settings, ceremonies()[name], THURSDAY)
    text, page = pack.path.read_text(), pack.page.read_text()
    parts = [line for line in text.splitlines() if line.startswith("## ")]
    assert [part for part in parts if part[3:] in ("Blocked", "Done", "Changed", "Next")] == [
        "## Blocked",
        "## Done",
        "## Changed",
        "## Next",
    ]
    assert f"# {pack.ceremony.title}, 2026-10-01" in text
    assert "as of 2026-10-01T06:00:00Z" in text
    assert "operations 100 %" in text
    assert "These figures are old" not in text
    assert "<h2>Blocked</h2>" in page
    assert "http" not in page
    assert oct(pack.page.stat().st_mode)[-3:] == "644"


def test_what_waits_has_its_owner_and_date(settings: Settings) -> None:
    text = make_pack(settings, ceremonies()["wednesday_blockers"], THURSDAY).path.read_text()
    row = "| Legal approval (approval) | Customer Stories Fall | Dana Whitfield | Fri 11 Sep"
    assert f"{row} **overdue** | legal |" in text


def test_the_review_tells_since_monday_and_the_report_of_the_month_before(
    settings: Settings,
) -> None:
    review = make_pack(settings, ceremonies()["friday_review"], date(2026, 10, 2)).path.read_text()
    assert "what happened since 2026-09-28" in review
    assert "- Creative approval (approval, Scale Webinar Q4): Dana Whitfield, Tue 29 Sep" in review
    assert "Set up tracking links (task, Customer Stories Fall)" not in review.split("## Next")[0]
    report = make_pack(settings, ceremonies()["monthly_report"], THURSDAY).path.read_text()
    assert "| Conversions: closed_won | 13 | 17 |" in report


def test_the_review_begins_with_what_went_well(settings: Settings) -> None:
    review = make_pack(settings, ceremonies()["friday_review"], date(2026, 9, 18)).path.read_text()
    first = review.split("## Blocked")[0].split("## What went well")[1]
    assert "- Scale Webinar Q4: 1 on time (Brief approved)" in first
    assert "Cleared fastest: Late feedback cycles, part 3" in first
    assert "in 53 h." in first
    later = make_pack(settings, ceremonies()["friday_review"], date(2026, 10, 2)).path.read_text()
    assert "No milestone was done by its baseline since 2026-09-28." in later
    assert "Cleared fastest" not in later


def test_the_strategy_is_reviewed_against_what_was_done(settings: Settings) -> None:
    review = ceremonies()["strategy_review"]
    text = make_pack(settings, review, date(2026, 10, 5)).path.read_text()
    assert "| Strategy | Founder, marketing lead | Whom to reach with what" in text
    refuted = "A newsletter for practitioners brings more leads **refuted**, Jonas Feld"
    assert f"- H-04: {refuted}" in text
    assert "**figures have spoken against it for 53 days: change it or say why not**" in text
    assert "- Brand Awareness 2026, channel: declared google/display, mostly done" in text
    assert "- Spend more on brand search: **open** since Mon 07 Sep" in text
    assert (
        "| Marketing qualified leads | contacts that entered the stage MQL | 1 | not yet |" in text
    )


def test_planning_begins_with_what_holds_most_up(settings: Settings) -> None:
    text = make_pack(settings, ceremonies()["monday_planning"], date(2026, 10, 5)).path.read_text()
    first = text.split("## What keeps the most from going on")[1].split("## Blocked")[0]
    assert first.strip().startswith("- inconsistent naming: not_lower_case, 10 open for")
    assert len(first.strip().splitlines()) == 3


def test_the_page_of_hygiene_names_what_was_missed_and_what_there_is_to_do(
    settings: Settings,
) -> None:
    text = make_pack(settings, ceremonies()["monthly_hygiene"], THURSDAY).path.read_text()
    assert "| Deduplicate CRM records | Marketing Ops | 2026-09-01 | done | " in text
    assert "| Update firmographics | Marketing Ops | 2026-10-01 | due | " in text
    assert "- Deduplicate CRM records, several records in hubspot: contact: 16, the oldest" in text
    # The quarter to June was missed, and told in July.
    assert "| 2026-04-01 |" not in text
    july = make_pack(settings, ceremonies()["monthly_hygiene"], date(2026, 7, 1)).path.read_text()
    assert "| Update firmographics | Marketing Ops | 2026-04-01 | **missed** | " in july


def test_old_figures_are_said_to_be_old(settings: Settings) -> None:
    pack = make_pack(settings, ceremonies()["monday_planning"], date(2026, 10, 5))
    assert "**These figures are old: nothing newer than 2026-10-01T06:00:00Z" in (
        pack.path.read_text()
    )


def test_a_pack_is_sent_once_and_an_old_one_never(settings: Settings, tmp_path: Path) -> None:
    fresh = date.today()  # noqa: DTZ011 - as the outbox reads the wall clock
    make_pack(settings, ceremonies()["friday_review"], fresh)
    channels = {"room": FileChannel(tmp_path / "room"), FILE: FileChannel(tmp_path / "file")}
    with empty_warehouse(tmp_path / "build.duckdb") as con:
        for _ in range(2):
            queue_packs(con, settings, channels)
        sent = con.execute("select channel, subject, html is not null from ops.outbox").fetchall()
    assert sent == [("room", f"Friday review, {fresh}", True)]


def test_without_a_release_there_is_no_pack(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no published release to make a pack of"):
        make_pack(Settings(tmp_path, tmp_path), ceremonies()["friday_review"], THURSDAY)
