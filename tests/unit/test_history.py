"""Closed months are held against the release before: what moves much is told, late rows are not."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from expectations.suites.history import closed_months, keep_figures
from tests.warehouse import empty_warehouse

AS_OF = datetime(2026, 10, 1, 6)
MART = "attribution.fct_ad_spend_daily"


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A build file with half a year of spend, of which July is the last month that is closed."""
    with closing(empty_warehouse(tmp_path / "build.duckdb")) as con:
        con.execute("create schema if not exists attribution")
        con.execute(
            f"create table {MART} as select date '2026-03-01' + cast(n as integer) as date_day,"
            " 'google_ads' as platform, 10.0 as spend, 12.0 as spend_reporting, 100 as impressions,"
            " 5 as clicks from range(210) as days(n)"
        )
        yield con


def moved(
    con: duckdb.DuckDBPyConnection, as_of_at: datetime = AS_OF
) -> dict[str, tuple[float, float]]:
    """What the check tells of the mart: by measure, what was said and what is said now."""
    check = dict(closed_months(con, as_of_at)).get(MART)
    query = check.failing(MART) if check else "select '', '', 0, 0 where false"
    assert query
    return {measure: (said, says) for measure, _, said, says in con.execute(query).fetchall()}


def test_nothing_is_told_before_the_first_release(con: duckdb.DuckDBPyConnection) -> None:
    assert moved(con) == {}


def test_what_stands_is_not_told(con: duckdb.DuckDBPyConnection) -> None:
    keep_figures(con, AS_OF)
    assert moved(con) == {}
    assert moved(con, AS_OF + timedelta(days=40)) == {}


def test_a_month_that_is_closed_and_says_something_else_is_told(
    con: duckdb.DuckDBPyConnection,
) -> None:
    keep_figures(con, AS_OF)
    con.execute(f"update {MART} set spend = spend / 100 where month(date_day) = 6")
    assert moved(con) == {"spend": (1530, 1233)}


def test_a_few_late_rows_and_open_months_are_not_told(con: duckdb.DuckDBPyConnection) -> None:
    keep_figures(con, AS_OF)
    con.execute(f"update {MART} set spend = 2 * spend where date_day >= '2026-08-01'")
    con.execute(f"update {MART} set spend = 2 * spend where date_day < '2026-03-06'")
    assert moved(con) == {}


def test_a_part_that_is_gone_or_new_is_told(con: duckdb.DuckDBPyConnection) -> None:
    keep_figures(con, AS_OF)
    con.execute(f"update {MART} set platform = 'meta_ads'")
    check = dict(closed_months(con, AS_OF))[MART]
    found = con.execute(f"select distinct part from ({check.failing(MART)}) order by 1").fetchall()
    assert found == [("google_ads",), ("meta_ads",)]
    con.execute(f"delete from {MART}")
    assert moved(con)["row_count"] == (153, 0)


def test_an_earlier_clock_is_not_held_against_a_later_release(
    con: duckdb.DuckDBPyConnection,
) -> None:
    keep_figures(con, AS_OF)
    con.execute(f"delete from {MART}")
    assert moved(con, AS_OF - timedelta(days=1)) == {}


def test_one_of_twenty_is_not_told_and_two_are(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(f"delete from {MART} where date_day > '2026-03-20'")
    con.execute(f"update {MART} set impressions = 3, spend = 3, spend_reporting = 3, clicks = 3")
    keep_figures(con, AS_OF)
    con.execute(f"delete from {MART} where date_day = '2026-03-03'")
    assert "row_count" not in moved(con)
    con.execute(f"delete from {MART} where date_day = '2026-03-04'")
    assert moved(con)["row_count"] == (20, 18)


def test_one_of_few_is_not_told(con: duckdb.DuckDBPyConnection) -> None:
    """A part of fewer than twenty: one that comes late is more than a twentieth of them."""
    con.execute(f"delete from {MART} where date_day > '2026-03-19'")
    con.execute(f"update {MART} set impressions = 1, spend = 1, spend_reporting = 1, clicks = 1")
    keep_figures(con, AS_OF)
    con.execute(f"delete from {MART} where date_day = '2026-03-03'")
    assert moved(con) == {}


def test_what_moves_in_a_tiny_part_is_told_where_the_whole_feels_it(
    con: duckdb.DuckDBPyConnection,
) -> None:
    """153 days of 10 and one of 20: of 1,550 a thousandth is 1.55."""
    con.execute(f"insert into {MART} values ('2026-03-01', 'meta_ads', 20, 12, 100, 5)")
    keep_figures(con, AS_OF)
    con.execute(f"update {MART} set spend = 21.5 where platform = 'meta_ads'")
    assert moved(con) == {}
    con.execute(f"update {MART} set spend = 21.6 where platform = 'meta_ads'")
    assert moved(con) == {"spend": (20, 21.6)}


def test_what_each_model_repeats_is_told_once(con: duckdb.DuckDBPyConnection) -> None:
    """Two models share 400 won in June otherwise; both lose 40 of it."""
    mart = "attribution.fct_net_revenue"
    con.execute(
        f"create table {mart} as select date '2026-06-01' as month_start_date, model as"
        " attribution_model, channel, 'booking_period' as reporting_basis, amount as"
        " original_amount, 0.0 as refund_amount, amount as net_amount from (values ('linear',"
        " 'Email', 300.0), ('linear', 'Direct', 100.0), ('first_touch', 'Email', 400.0)) as"
        " credited(model, channel, amount)"
    )
    keep_figures(con, AS_OF)
    con.execute(f"update {mart} set net_amount = 0.9 * net_amount")
    query = dict(closed_months(con, AS_OF))[mart].failing(mart)
    assert query
    assert con.execute(query).fetchall() == [("net_amount", "booking_period", 400, 360)]


def test_hours_that_still_run_are_none_that_moved(con: duckdb.DuckDBPyConnection) -> None:
    """What waits since May waits a month longer; what was answered in 50 hours took 60."""
    mart = "operations.fct_approval_rounds"
    con.execute("create schema if not exists operations")
    con.execute(
        f"create table {mart} as select timestamp '2026-05-04 09:00:00' as requested_at, 'legal' as"
        " approval_step, * from (values (null, true, 900::double, null, false),"
        " (timestamp '2026-05-06 11:00:00', false, 50, 30::double, true),"
        " (timestamp '2026-05-08 09:00:00', true, 20, 400, true)) as rounds(decided_at,"
        " is_latest_round, active_review_hours, rework_hours, is_within_sla)"
    )
    keep_figures(con, AS_OF)
    check = dict(closed_months(con, AS_OF))[mart].failing(mart)
    assert check
    con.execute(
        f"update {mart} set active_review_hours = active_review_hours + 720 where decided_at is"
        f" null; update {mart} set rework_hours = rework_hours + 720 where is_latest_round"
    )
    assert con.execute(check).fetchall() == []
    con.execute(f"update {mart} set active_review_hours = 60 where active_review_hours = 50")
    assert con.execute(check).fetchall() == [("active_review_hours", "legal", 70, 80)]
