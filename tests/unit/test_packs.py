"""When a meeting is due: weekdays, holidays and the days after them, in the reporting zone."""

from datetime import date, datetime

import pytest

from pipelines.packs import ceremonies, due_at, due_on, due_since
from pipelines.packs.pages import _literally, _page


@pytest.mark.parametrize(
    ("name", "day", "is_due"),
    [
        ("monday_planning", date(2026, 10, 5), True),
        ("monday_planning", date(2026, 10, 6), False),
        # Labor Day in the US: on Tuesday instead, and once.
        ("monday_planning", date(2026, 9, 7), False),
        ("monday_planning", date(2026, 9, 8), True),
        ("monday_planning", date(2026, 9, 9), False),
        # Thanksgiving is a Thursday: its pack joins that of Friday.
        ("thursday_qa", date(2026, 11, 26), False),
        ("thursday_qa", date(2026, 11, 27), True),
        ("friday_review", date(2026, 11, 27), True),
        # New Year's Day is a Friday, so January's report comes on Monday the 4th.
        ("monthly_report", date(2027, 1, 1), False),
        ("monthly_report", date(2027, 1, 4), True),
        ("monthly_report", date(2026, 10, 1), True),
        # 1 August 2026 is a Saturday.
        ("monthly_report", date(2026, 8, 1), False),
        ("monthly_report", date(2026, 8, 3), True),
        ("monthly_report", date(2026, 8, 4), False),
    ],
)
def test_a_holiday_moves_it_to_the_next_business_day(name: str, day: date, is_due: bool) -> None:
    assert due_on(ceremonies()[name], day) is is_due


@pytest.mark.parametrize(
    ("name", "day", "since"),
    [
        ("monday_planning", date(2026, 10, 5), date(2026, 10, 2)),
        ("friday_review", date(2026, 10, 9), date(2026, 10, 5)),
        ("wednesday_blockers", date(2026, 9, 9), date(2026, 9, 8)),
        ("monthly_report", date(2026, 10, 1), date(2026, 9, 1)),
        # Christmas Day and New Year's Day are Fridays: their reviews are on the Mondays after.
        ("monday_planning", date(2027, 1, 4), date(2026, 12, 28)),
    ],
)
def test_a_pack_tells_since_the_meeting_that_it_names(name: str, day: date, since: date) -> None:
    assert due_since(ceremonies()[name], day) == since


def test_it_is_made_by_the_clock_of_the_reporting_zone() -> None:
    planning = ceremonies()["monday_planning"]
    assert due_at(planning, date(2026, 10, 5)) == datetime(2026, 10, 5, 11)
    # The Monday after the clocks went back.
    assert due_at(planning, date(2026, 11, 2)) == datetime(2026, 11, 2, 12)


def test_titles_of_trackers_mean_nothing_in_a_page() -> None:
    title = "<img src=x> [a](http://x) *bold* | `code`\nnext"
    page = _page("<t>", f"- {_literally(title)}\n")
    assert "<title>&lt;t&gt;</title>" in page
    assert "<li>&lt;img src=x&gt; [a](http://x) *bold* | `code` next</li>" in page
    assert _literally(None) == "-"
