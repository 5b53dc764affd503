"""The restatement ledger: what counts as restated, by how much, why, and that no row is lost."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.ingest.warehouse import CONFIG, OPS_TABLES
from pipelines.publish import build, opened, publish, published_path, rollback, swap
from pipelines.reports import report_status
from pipelines.runs import start_run
from pipelines.screen import draw_status, show
from pipelines.screen.standing import said_of_figure
from pipelines.settings import Settings

AS_OF = datetime(2026, 10, 1, 6)
LATER = datetime(2026, 10, 3, 6)
AUGUST, SEPTEMBER, OCTOBER = date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)

# One deal won in August by two touches, a lead of each month. All by New York's calendar: t4 is of
# September there.
MARTS = """
    create schema core; create schema attribution; create schema meta; create schema quality;
    create table core.dim_contacts as
    select * from (values
        ('k1', 'hubspot', 1::bigint, false, timestamp '2026-08-04 12:00:00'),
        ('k2', 'hubspot', 1, false, timestamp '2026-09-20 12:00:00'),
        ('k3', 'hubspot', 1, true, timestamp '2026-09-21 12:00:00')
    ) as t(contact_key, crm_source, record_count, is_excluded, first_seen_at);
    create table attribution.fct_touches as
    select * from (values
        ('t1', 'k1', 'a1', 'Email', timestamp '2026-08-04 12:00:00'),
        ('t2', 'k1', 'a1', 'Paid Search', timestamp '2026-08-05 12:00:00'),
        ('t3', 'k2', null, 'Email', timestamp '2026-09-20 12:00:00'),
        ('t4', null, null, 'Direct', timestamp '2026-10-01 02:00:00')
    ) as t(touch_id, contact_key, account_key, channel, touched_at);
    create table attribution.fct_conversions as
    select * from (values
        ('c1', 'closed_won', 'k1', 'a1', 1000.00::decimal(18, 2), timestamp '2026-08-10 12:00:00'),
        ('l1', 'lead', 'k1', null, null, timestamp '2026-08-05 12:00:00'),
        ('l2', 'lead', 'k2', null, null, timestamp '2026-09-20 12:00:00')
    ) as t(conversion_id, conversion_type, contact_key, account_key, amount_reporting,
        converted_at);
    create table attribution.fct_attribution_credits as
    select * from (values
        ('c1', 'closed_won', 't1', 'headline', 'Email', 0.5::double, 500.00::decimal(18, 2),
            false, timestamp '2026-08-10 12:00:00'),
        ('c1', 'closed_won', 't2', 'headline', 'Paid Search', 0.5, 500.00, false,
            timestamp '2026-08-10 12:00:00'),
        ('c1', 'closed_won', 't2', 'another', 'Paid Search', 1, 1000.00, false,
            timestamp '2026-08-10 12:00:00'),
        ('l2', 'lead', 't3', 'headline', 'Email', 1, null, false, timestamp '2026-09-20 12:00:00')
    ) as t(conversion_id, conversion_type, touch_id, attribution_model, channel, credit,
        credited_amount, is_fallback, converted_at);
    create table attribution.fct_channel_performance_daily as
    select * from (values ('headline', true), ('another', false))
        as t(attribution_model, is_headline_model);
    create table attribution.fct_ad_spend_daily as
    select * from (values
        ('google_ads', date '2026-08-05', 10.00::decimal(18, 2), false, 'America/Los_Angeles'),
        ('google_ads', date '2026-09-29', 20.00, true, 'America/Los_Angeles'),
        ('google_ads', date '2026-09-30', 30.00, true, 'America/Los_Angeles')
    ) as t(platform, date_day, spend_reporting, is_provisional, source_timezone);
    create table meta.files as
    select * from (values (1::bigint, 'hubspot', 'loaded'), (2, 'google_ads', 'loaded'))
        as t(file_id, source, status);
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(exports=tmp_path, home=tmp_path / "home")


@pytest.fixture(autouse=True)
def _the_same_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "rules_fingerprint", lambda: "rules")


@pytest.fixture
def con(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    settings.home.mkdir()
    with duckdb.connect(str(settings.build_path), config=CONFIG) as con:
        con.execute(OPS_TABLES)
        con.execute(MARTS)
        start_run(con, "run-1", AS_OF)
        publish(con, settings, AS_OF, "run-1")
        yield con


def restated(
    con: duckdb.DuckDBPyConnection, settings: Settings, change: str, as_of_at: datetime = LATER
) -> list[tuple[Any, ...]]:
    """What a release with that change adds: figure, month, channel or platform, old, new, cause."""
    con.execute(change)
    done = publish(con, settings, as_of_at, "run-1")
    assert done.status == "published"
    rows = ledger(
        settings,
        "figure, period_month, coalesce(channel, platform), old_value, new_value, cause",
        f"release_id = '{done.release.release_id}'",
    )
    assert len(rows) == done.restated
    return rows


def ledger(settings: Settings, columns: str, condition: str = "true") -> list[tuple[Any, ...]]:
    with opened(published_path(settings.home)) as release:
        return release.execute(
            f"select {columns} from meta.restatements where {condition}"
            " order by restated_at, figure, period_month, channel nulls first, platform"
        ).fetchall()


# --- what is a restatement ---


def test_nothing_changed_and_nothing_is_restated(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    assert ledger(settings, "*") == []
    assert restated(con, settings, "select 1") == []


def test_what_the_release_before_could_not_know_is_none(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    grown = """
        insert into attribution.fct_touches values
            ('t5', 'k1', 'a1', 'Email', timestamp '2026-10-01 06:00:01');
        insert into attribution.fct_conversions values
            ('l3', 'lead', 'k9', null, null, timestamp '2026-10-02 12:00:00');
        insert into core.dim_contacts values
            ('k9', 'hubspot', 1, false, timestamp '2026-10-02 12:00:00');
        -- In Los Angeles the 30th was not over at 6 o'clock UTC.
        update attribution.fct_ad_spend_daily set spend_reporting = 31
        where date_day = date '2026-09-30';
        insert into attribution.fct_ad_spend_daily values
            ('google_ads', date '2026-10-01', 9.00, true, 'America/Los_Angeles');
    """
    assert restated(con, settings, grown) == []


def test_a_day_of_an_account_that_nobody_places_ends_with_the_reporting_zone_s(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    """At ten in the evening of New York, when it is the next day by UTC."""
    came = """
        insert into attribution.fct_ad_spend_daily values
            ('meta_ads', date '2026-09-30', 5.00, true, null);
    """
    assert restated(con, settings, came, datetime(2026, 10, 1, 2)) == []


def test_the_open_month_is_provisional_and_a_month_is_the_reporting_zone_s(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    late = """
        insert into attribution.fct_touches values
            ('t5', 'k1', 'a1', 'Email', timestamp '2026-10-01 05:59:59'),
            ('t6', null, null, 'Direct', timestamp '2026-10-01 03:59:59');
    """
    assert restated(con, settings, late) == [
        ("touches", SEPTEMBER, "Direct", 1, 2, "late_event"),
        ("touches", OCTOBER, "Email", 0, 1, "late_event"),
    ]
    assert ledger(settings, "is_provisional, is_material, booking_month") == [
        (False, True, OCTOBER),
        (True, True, OCTOBER),
    ]


def test_a_channel_that_appears_and_one_that_is_gone(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    moved = "update attribution.fct_touches set channel = 'Referral' where touch_id = 't3'"
    assert restated(con, settings, moved) == [
        ("touches", SEPTEMBER, "Email", 1, 0, "changed_record"),
        ("touches", SEPTEMBER, "Referral", 0, 1, "changed_record"),
    ]


def test_doubles_are_rounded(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    credit = "update attribution.fct_attribution_credits set credit = credit + {} where true"
    assert restated(con, settings, credit.format("1e-10")) == []
    rows = restated(con, settings, credit.format("1.0 / 3"), LATER.replace(day=4))
    assert rows[0] == (
        "customers",
        AUGUST,
        "Email",
        Decimal("0.5"),
        Decimal("0.833333"),
        "unexplained",
    )


@pytest.mark.parametrize(("amount", "is_material"), [("990.00", False), ("989.99", True)])
def test_more_than_one_percent_is_material(
    con: duckdb.DuckDBPyConnection, settings: Settings, amount: str, is_material: bool
) -> None:
    refund = f"update attribution.fct_conversions set amount_reporting = {amount} where {{}}"
    rows = restated(con, settings, refund.format("conversion_id = 'c1'"))
    assert rows == [
        ("revenue_amount", AUGUST, None, 1000, Decimal(amount), "amount_change"),
    ]
    assert ledger(settings, "delta, unit, evidence_count, is_material, is_provisional") == [
        (Decimal(amount) - 1000, "reporting currency", 1, is_material, False)
    ]


# --- why ---

REMOVED = """
    delete from attribution.fct_touches where touch_id = 't1';
    delete from attribution.fct_attribution_credits where touch_id = 't1';
    update attribution.fct_attribution_credits set credit = 1, credited_amount = 1000
    where touch_id = 't2';
"""


def test_a_removed_touch_restates_its_channel_and_who_gets_its_credit(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    half = Decimal("0.5")
    assert restated(con, settings, REMOVED) == [
        ("customers", AUGUST, "Email", half, 0, "removed_record"),
        ("customers", AUGUST, "Paid Search", half, 1, "removed_record"),
        ("revenue_amount", AUGUST, "Email", 500, 0, "removed_record"),
        ("revenue_amount", AUGUST, "Paid Search", 500, 1000, "removed_record"),
        ("touches", AUGUST, "Email", 1, 0, "removed_record"),
    ]


def test_a_claimed_session_is_identified(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    """The touch was there before, as nobody's: only credits change."""
    claimed = """
        update attribution.fct_touches set contact_key = 'k2' where touch_id = 't4';
        update attribution.fct_attribution_credits set credit = 0.75 where touch_id = 't3';
        insert into attribution.fct_attribution_credits values ('l2', 'lead', 't4', 'headline',
            'Direct', 0.25, null, false, timestamp '2026-09-20 12:00:00');
    """
    assert restated(con, settings, claimed) == [
        ("leads", SEPTEMBER, "Direct", 0, Decimal("0.25"), "identified"),
        ("leads", SEPTEMBER, "Email", 1, Decimal("0.75"), "identified"),
    ]


def test_a_touch_whose_contact_nothing_names_any_more(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    lost = """
        update attribution.fct_touches set contact_key = null where touch_id = 't3';
        update attribution.fct_attribution_credits set touch_id = null, channel = 'Unattributed'
            where touch_id = 't3';
    """
    assert restated(con, settings, lost) == [
        ("leads", SEPTEMBER, "Email", 1, 0, "identity_lost"),
        ("leads", SEPTEMBER, "Unattributed", 0, 1, "identity_lost"),
    ]


def test_merged_contacts(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    merged = """
        delete from core.dim_contacts where contact_key = 'k2';
        update core.dim_contacts set record_count = 2 where contact_key = 'k1';
        update attribution.fct_touches set contact_key = 'k1' where contact_key = 'k2';
        delete from attribution.fct_conversions where conversion_id = 'l2';
        delete from attribution.fct_attribution_credits where conversion_id = 'l2';
    """
    assert restated(con, settings, merged) == [
        ("contacts_first_seen", SEPTEMBER, None, 1, 0, "identity_merge"),
        ("leads", SEPTEMBER, None, 1, 0, "identity_merge"),
        ("leads", SEPTEMBER, "Email", 1, 0, "identity_merge"),
    ]


def test_spend_restated_by_one_file(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    spent = """
        update attribution.fct_ad_spend_daily set spend_reporting = 21.5
        where date_day = date '2026-09-29';
        insert into attribution.fct_ad_spend_daily values
            ('google_ads', date '2026-08-06', 4.00, false, 'America/Los_Angeles');
        insert into meta.files values (3, 'google_ads', 'loaded'), (4, 'hubspot', 'loaded'),
            (5, 'asana', 'loaded'), (6, 'google_ads', 'duplicate');
    """
    assert restated(con, settings, spent) == [
        ("spend", AUGUST, "google_ads", 10, 14, "late_event"),
        ("spend", SEPTEMBER, "google_ads", 20, Decimal("21.5"), "spend_restatement"),
    ]
    # September's days were provisional when they were published.
    assert ledger(settings, "file_id, is_provisional") == [(3, False), (3, True)]


def test_where_two_files_can_have_brought_it_none_is_named(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    restated(
        con,
        settings,
        REMOVED + "insert into meta.files values (3, 'ga4', 'loaded'), (4, 'ga4', 'loaded')",
    )
    assert {file for (file,) in ledger(settings, "file_id")} == {None}


def test_a_solved_model_that_learned_from_elsewhere(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    con.execute(
        "update attribution.fct_channel_performance_daily set attribution_model = 'data_driven'"
        " where is_headline_model;"
        "update attribution.fct_attribution_credits set attribution_model = 'data_driven'"
        " where attribution_model = 'headline'"
    )
    publish(con, settings, AS_OF, "run-1")
    refit = """
        update attribution.fct_attribution_credits set credit = if(touch_id = 't1', 0.4, 0.6)
        where conversion_id = 'c1' and attribution_model = 'data_driven';
    """
    assert restated(con, settings, refit) == [
        ("customers", AUGUST, "Email", Decimal("0.5"), Decimal("0.4"), "model_refit"),
        ("customers", AUGUST, "Paid Search", Decimal("0.5"), Decimal("0.6"), "model_refit"),
    ]


def test_other_rules_explain_everything(
    con: duckdb.DuckDBPyConnection, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "rules_fingerprint", lambda: "other rules")
    assert {row[-1] for row in restated(con, settings, REMOVED)} == {"rule_change"}


def test_figures_as_of_an_earlier_clock(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    assert {row[-1] for row in restated(con, settings, REMOVED, datetime(2026, 9, 1))} == {
        "earlier_as_of"
    }


# --- the ledger over time ---


def test_the_ledger_is_handed_on_and_adds_up_through_a_rollback(
    con: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    change = (
        "update attribution.fct_conversions set amount_reporting = {} where amount_reporting > 0"
    )
    restated(con, settings, change.format(900), datetime(2026, 10, 2))
    restated(con, settings, change.format(950), datetime(2026, 10, 3))
    first = rollback(settings.home)
    assert ledger(settings, "delta, cause", "figure = 'revenue_amount'") == [
        (-100, "amount_change"),
        (50, "amount_change"),
        (-50, "rollback"),
    ]
    assert ledger(settings, "release_id", "cause = 'rollback'") == [(first.release_id,)]
    published_path(settings.home).unlink()
    restated(con, settings, change.format(800), datetime(2026, 10, 4))
    assert len({row[0] for row in ledger(settings, "restatement_id")}) == 3


def test_a_run_that_broke_off_before_the_swap_writes_its_rows_once(
    con: duckdb.DuckDBPyConnection, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(swap, "_swap_in", die)
        with pytest.raises(Killed):
            restated(con, settings, REMOVED)
    assert ledger(settings, "*") == []
    assert len(restated(con, settings, "select 1")) == 5
    again = publish(con, settings, LATER, "run-1")
    assert (again.status, again.restated) == ("unchanged", 0)
    assert len(ledger(settings, "*")) == 5


def test_the_ledger_is_no_content(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    restated(con, settings, REMOVED)
    here = publish(con, settings, LATER, "run-1").release
    elsewhere = Settings(exports=settings.exports, home=settings.home / "elsewhere")
    there = publish(con, elsewhere, LATER, "run-1").release
    assert ledger(elsewhere, "*") == []
    assert (there.release_id, there.content_hash) == (here.release_id, here.content_hash)


def test_a_release_of_an_earlier_version_is_not_compared(
    con: duckdb.DuckDBPyConnection, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    con.execute("alter table core.dim_contacts drop column record_count")
    assert restated(con, settings, REMOVED) == []
    assert "the releases lack candidate.core.dim_contacts.record_count" in caplog.text


# --- what the command says ---


def test_status_says_how_many_figures_and_the_largest(
    con: duckdb.DuckDBPyConnection, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    restated(con, settings, REMOVED)
    con.close()
    show(report_status(settings.home), draw_status, as_json=False)
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "restated" in line]
    assert line == (
        "restated       5 figures, 5 of them by more than 1 % in a closed month;"
        " most: revenue_amount 2026-08 Email 500.00 -> 0.00 (removed record)"
    )
    show(report_status(settings.home), draw_status, as_json=True)
    said = json.loads(capsys.readouterr().out)["restated"]
    assert (said["figures"], said["report_affecting"]) == (5, 5)
    assert (said["largest"]["delta"], said["largest"]["cause"]) == (-500, "removed_record")


def test_a_count_is_said_as_people_count(
    con: duckdb.DuckDBPyConnection, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    restated(con, settings, "delete from core.dim_contacts where contact_key = 'k2'")
    con.close()
    show(report_status(settings.home), draw_status, as_json=False)
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "restated" in line]
    assert line == (
        "restated       1 figure, 1 of them by more than 1 % in a closed month;"
        " most: contacts_first_seen 2026-09 1 -> 0 (removed record)"
    )


@pytest.mark.parametrize(
    ("value", "is_money", "said"),
    [
        (Decimal("1234567.5"), True, "1,234,567.50"),
        (Decimal("2400000.00000"), False, "2,400,000"),
        (Decimal("2441.53"), False, "2,441.53"),
        (0.0123456789, False, "0.0123457"),
        (0, False, "0"),
    ],
)
def test_a_figure_is_said_without_powers_of_ten(
    value: Decimal | float, is_money: bool, said: str
) -> None:
    assert said_of_figure(value, is_money=is_money) == said


def test_status_is_silent_where_nothing_is_restated(
    con: duckdb.DuckDBPyConnection, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    con.close()
    show(report_status(settings.home), draw_status, as_json=False)
    assert "restated" not in capsys.readouterr().out
    show(report_status(settings.home), draw_status, as_json=True)
    said = json.loads(capsys.readouterr().out)["restated"]
    assert said == {"figures": 0, "report_affecting": 0, "largest": None}
