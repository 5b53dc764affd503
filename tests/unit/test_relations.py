"""Which of all delivered rows hold: by the contract alone, as of the clock."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines.ingest import load_contracts
from pipelines.ingest.relations import (
    ensure_columns,
    ensure_relations,
    landed_table,
    number_deliveries,
    set_clock,
)
from pipelines.ingest.stated import stated_day
from tests.warehouse import empty_warehouse

CONTRACTS = {contract.name: contract for contract in load_contracts()}
MONDAY = datetime(2026, 10, 5, 6)

Rows = Sequence[Mapping[str, str | None]]


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(empty_warehouse(tmp_path / "build.duckdb")) as con:
        set_clock(con, MONDAY + timedelta(days=365))
        yield con


def deliver(
    con: duckdb.DuckDBPyConnection,
    name: str,
    rows: Rows,
    *,
    day: int = 0,
    hours: int = 0,
    modified_at: datetime = MONDAY,
    stated_on: date | None = None,
    period: tuple[date, date] | tuple[None, None] = (None, None),
) -> None:
    """One file of the batch of a day after Monday."""
    contract = CONTRACTS[name]
    landed = landed_table(contract)
    con.execute(
        "insert into ops.files by name select (select count(*) from ops.files) as file_id,"
        " $day as batch_id, 'a.csv' as path, $source as source, $stream as stream,"
        " 'loaded' as status, $rows as rows_read, $rows as rows_loaded, 0 as rows_rejected,"
        " 0 as rows_skipped, '1' as contract_version, $at::timestamp as loaded_at,"
        " $modified::timestamp as modified_at, $stated::date as stated_on,"
        " $start::date as period_start, $end::date as period_end,"
        f" (select count(*) from {landed}) as first_row_id",
        {
            "day": day,
            "source": contract.source,
            "stream": contract.stream,
            "rows": len(rows),
            "at": MONDAY + timedelta(days=day, hours=hours),
            "modified": modified_at,
            "stated": stated_on,
            "start": period[0],
            "end": period[1],
        },
    )
    for row in rows:
        ensure_columns(con, contract, row)
        con.execute(
            f"insert into {landed} ({', '.join(row)}, _file_id, _is_skipped)"
            f" values ({', '.join('?' for _ in row)}, (select count(*) - 1 from ops.files), false)",
            list(row.values()),
        )
    number_deliveries(con)


def current(con: duckdb.DuckDBPyConnection, name: str, *columns: str) -> list[tuple[object, ...]]:
    shown = ", ".join(columns)
    return con.execute(
        f"select {shown} from {CONTRACTS[name].current_table} order by all"
    ).fetchall()


def google(**cells: str | None) -> dict[str, str | None]:
    return {"day": "2026-05-18", "campaign": "old", "cost": "10", **cells}


def meta(**cells: str | None) -> dict[str, str | None]:
    days = dict.fromkeys(("reporting_starts", "reporting_ends"), "2026-05-18")
    return {"campaign_name": "old", "amount_spent": "10", **days, **cells}


# --- the record: its id, under all names


RENAMED = {
    "google_ads.campaign_report": ("campaign_id", "campaign", {"day": "2026-05-18"}),
    "google_ads.ad_group_report": ("ad_group_id", "ad_group", {"day": "2026-05-18"}),
    "meta_ads.ads_report": ("campaign_id", "campaign_name", {"reporting_starts": "2026-05-18"}),
    "meta_ads.insights": ("campaign_id", "campaign_name", {"date_start": "2026-05-18"}),
    "linkedin_ads.performance_report": (
        *("campaign_id", "campaign_name"),
        {"start_date": "5/18/2026"},
    ),
    "microsoft_ads.performance_report": (
        *("campaign_id", "campaign_name"),
        {"time_period": "2026-05-18"},
    ),
    "tiktok_ads.performance_report": ("campaign_id", "campaign_name", {"day": "2026-05-18"}),
    "pipedrive.deals": ("deal_id", "title", {}),
    "pipedrive.persons": ("person_id", "name", {}),
    "monday.board_items": ("item_id", "name", {}),
}


@pytest.mark.parametrize("name", RENAMED)
def test_a_record_that_was_renamed_replaces_itself(con, name):
    id_, called, when = RENAMED[name]
    deliver(con, name, [{id_: "7", called: "old", **when}])
    deliver(
        con, name, [{id_: "7", called: "new", **when}, {id_: "8", called: "old", **when}], day=1
    )
    assert current(con, name, id_, called) == [("7", "new"), ("8", "old")]


def test_what_has_an_id_and_a_name_is_told_by_its_id():
    told_by_names = [
        contract.name
        for contract in CONTRACTS.values()
        for name in contract.replaces.by
        if len(name) == 1 and name[0].endswith("_name") and name[0][:-4] + "id" in contract.by_name
    ]
    assert told_by_names == []


def test_a_name_without_its_id_is_the_record_that_alone_had_it(con):
    name = "google_ads.campaign_report"
    deliver(con, name, [google(campaign_id="7"), google(campaign_id="8", campaign="other")])
    deliver(con, name, [google(cost="12")], day=1)
    assert current(con, name, "campaign", "cost") == [("old", "12"), ("other", "10")]


def test_a_name_of_two_ids_is_neither(con):
    name = "google_ads.campaign_report"
    deliver(con, name, [google(campaign_id="7"), google(campaign_id="8")])
    deliver(con, name, [google(cost="12")], day=1)
    assert [cost for (cost,) in current(con, name, "cost")] == ["10", "10", "12"]


def test_the_same_name_in_two_accounts_is_two_campaigns(con):
    name = "google_ads.campaign_report"
    deliver(con, name, [google(account="a"), google(account="b")])
    deliver(con, name, [google(account="a", cost="12")], day=1)
    assert current(con, name, "account", "cost") == [("a", "12"), ("b", "10")]


def test_an_id_that_a_spreadsheet_damaged_is_none(con):
    name = "asana.tasks_csv"
    rows = [{"task_id": "1.21143E+15", "name": title} for title in ("one", "two")]
    deliver(con, name, rows)
    deliver(con, name, [{**rows[0], "notes": "later"}], day=1)
    assert current(con, name, "name", "notes") == [("one", "later"), ("two", None)]


# --- what a report replaces


def test_a_day_is_replaced_and_the_days_beside_it_are_not(con):
    name = "google_ads.campaign_report"
    deliver(con, name, [google(), google(day="2026-05-19", cost="20")])
    deliver(con, name, [google(cost="11")], day=1)
    assert current(con, name, "day", "cost") == [("2026-05-18", "11"), ("2026-05-19", "20")]


def test_a_report_without_days_is_replaced_by_one_over_the_same_period(con):
    name = "google_ads.campaign_report"
    may, june = (date(2026, 5, 1), date(2026, 5, 31)), (date(2026, 6, 1), date(2026, 6, 30))
    deliver(con, name, [google(day=None)], period=may)
    deliver(con, name, [google(day=None, cost="30")], period=june, day=1)
    deliver(con, name, [google(day=None, cost="12")], period=may, day=2)
    assert current(con, name, "_period_start", "cost") == [(may[0], "12"), (june[0], "30")]


def test_reports_over_unknown_periods_stay(con):
    name = "google_ads.campaign_report"
    deliver(con, name, [google(day=None)])
    deliver(con, name, [google(day=None, cost="12")], day=1)
    assert [cost for (cost,) in current(con, name, "cost")] == ["10", "12"]


def test_figures_split_by_age_replace_those_split_by_age(con):
    name = "meta_ads.ads_report"
    deliver(con, name, [meta()])
    deliver(con, name, [meta(age="18-24", amount_spent="4"), meta(age="25-34", amount_spent="6")])
    deliver(con, name, [meta(age="18-24", amount_spent="5")], day=1)
    assert current(con, name, "age", "amount_spent") == [("18-24", "5"), (None, "10")]


# --- a connector appends what it reads again


@pytest.mark.parametrize(
    ("name", "row", "cost", "segment"),
    [
        (
            "google_ads.stats",
            {"customer_id": "1", "campaign_id": "7", "date": "2026-05-16"},
            *("cost_micros", "device"),
        ),
        (
            "linkedin_ads.analytics",
            {"pivot_value": "urn:li:sponsoredCampaign:7", "start_date": "2026-05-16"},
            *("cost_in_local_currency", "pivot_values"),
        ),
        (
            "meta_ads.insights",
            {"campaign_id": "7", "date_start": "2026-05-16", "date_stop": "2026-05-16"},
            *("spend", "age"),
        ),
        (
            "microsoft_ads.performance",
            {"campaign_id": "7", "time_period": "2026-05-16"},
            *("spend", "device_type"),
        ),
        ("tiktok_ads.reports", {"dimensions": '{"campaign_id": "7"}'}, "metrics", "_extra"),
    ],
)
def test_the_last_reading_of_a_day_counts(con, name, row, cost, segment):
    extra = {"_extra": '{"placement":"feed","_airbyte_extracted_at":"1","reach":"5"}'}
    again = {"_extra": '{"placement":"feed","_airbyte_extracted_at":"2","reach":"6"}'}
    other = {"_extra": '{"placement":"story"}'} if segment == "_extra" else {segment: "other"}
    rows = [
        {**row, **extra, cost: "10"},
        {**row, **other, cost: "20"},
        {**row, **again, cost: "12"},
    ]
    deliver(con, name, rows)
    assert [cell for (cell,) in current(con, name, cost)] == ["12", "20"]


def test_rows_that_nothing_tells_apart_in_a_download_all_count(con):
    deliver(con, "google_ads.campaign_report", [google(), google()])
    assert current(con, "google_ads.campaign_report", "cost") == [("10",), ("10",)]


# --- which delivery is the newest


def contact(stage: str, changed: str | None = None) -> dict[str, str | None]:
    return {"record_id": "1", "lifecycle_stage": stage, "last_modified_date": changed}


@pytest.mark.parametrize(
    ("older", "newer", "right"),
    [
        ("2026-09-30 10:15", "2026-09-29 10:15", "older"),
        ("2026-09-29 10:15", "2026-09-30 10:15", "newer"),
        ("2026-09-30 10:15", "2026-09-30 10:15", "newer"),
        ("2026-09-30 10:15", None, "newer"),
        # A local minute and a time with its zone are not compared.
        ("2026-09-30 10:15", "2026-09-30T09:00:00Z", "newer"),
        ("2026-09-30T10:00:00Z", "2026-09-30T11:30:00+02:00", "older"),
        ("1790000000000", "1780000000000", "older"),
        ("9/30/26 10:15", "8/30/26 10:15", "newer"),
        ("2026-09-30 10:15 Asia/Tokyo", "2026-09-29 10:15 Asia/Tokyo", "newer"),
    ],
)
def test_the_records_own_change_goes_before_the_delivery(con, older, newer, right):
    deliver(con, "hubspot.contacts", [contact("older", older)])
    deliver(con, "hubspot.contacts", [contact("newer", newer)], day=1)
    assert current(con, "hubspot.contacts", "lifecycle_stage") == [(right,)]


def test_then_the_day_that_a_delivery_states(con):
    deliver(con, "hubspot.contacts", [contact("older")], day=1, stated_on=date(2026, 9, 1))
    deliver(con, "hubspot.contacts", [contact("newer")], stated_on=date(2026, 9, 2))
    assert current(con, "hubspot.contacts", "lifecycle_stage") == [("newer",)]


def test_a_day_ahead_of_its_batch_is_its_batchs(con):
    deliver(con, "hubspot.contacts", [contact("older")], stated_on=date(2027, 12, 31))
    deliver(con, "hubspot.contacts", [contact("newer")], day=1)
    assert current(con, "hubspot.contacts", "lifecycle_stage") == [("newer",)]


def test_a_day_that_has_begun_in_some_zone_is_none_to_come(con):
    """A report of Tuesday morning in Sydney, loaded while it is Monday in Greenwich."""
    evening, tuesday = 22 - MONDAY.hour, MONDAY.date() + timedelta(1)
    deliver(con, "hubspot.contacts", [contact("newer")], hours=evening, stated_on=tuesday)
    deliver(con, "hubspot.contacts", [contact("older")], hours=evening, stated_on=MONDAY.date())
    assert current(con, "hubspot.contacts", "lifecycle_stage") == [("newer",)]


def test_then_the_batch_then_the_time_of_the_file(con):
    late, early = MONDAY, MONDAY - timedelta(days=3)
    deliver(con, "hubspot.contacts", [contact("of the first batch")], modified_at=late)
    deliver(con, "hubspot.contacts", [contact("newest")], day=1, modified_at=early)
    deliver(con, "hubspot.contacts", [contact("older")], day=1, modified_at=early - timedelta(1))
    assert current(con, "hubspot.contacts", "lifecycle_stage") == [("newest",)]


def test_within_a_file_the_last_line(con):
    deliver(con, "hubspot.contacts", [contact("first"), contact("last")])
    assert current(con, "hubspot.contacts", "lifecycle_stage") == [("last",)]


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("contacts-2026-09-30.csv", date(2026, 9, 30)),
        ("20260930_deals.csv", date(2026, 9, 30)),
        ("Time_series(2025.01.01-2025.06.30).csv", date(2025, 6, 30)),
        ("Untitled-report-Jun-1-2026-to-Jun-21-2026.csv", date(2026, 6, 21)),
        ("report 30-September-2026.xlsx", date(2026, 9, 30)),
        ("account_50702026093012.csv", None),
        ("contacts.csv", None),
        ("deals-2026-13-45.csv", None),
        ("mix-12-2026.csv", None),
    ],
)
def test_the_day_in_a_name(name, day):
    assert stated_day(None, f"2020-01-01/{name}") == (day, "name" if day else None)


def test_a_reports_own_period_goes_before_its_name():
    period = (date(2026, 5, 1), date(2026, 5, 31))
    assert stated_day(period, "report-2026-06-15.csv") == (date(2026, 5, 31), "period")


# --- the clock, snapshots and windows


def test_what_came_after_the_clock_is_not_known(con):
    deliver(con, "hubspot.contacts", [contact("older")])
    deliver(con, "hubspot.contacts", [contact("newer")], day=1)
    set_clock(con, MONDAY)
    assert current(con, "hubspot.contacts", "lifecycle_stage") == [("older",)]


def test_events_of_a_day_are_replaced_by_batch(con):
    day = {"event_date": "20260501", "event_name": "old"}
    deliver(con, "ga4.events", [day])
    deliver(con, "ga4.events", [day])
    deliver(con, "ga4.events", [{**day, "event_name": "new"}], day=1)
    assert current(con, "ga4.events", "event_name") == [("new",)]


def test_a_snapshot_says_who_is_gone_since_when(con):
    name = "salesforce.contacts"
    deliver(con, name, [{"id": "1"}, {"id": "2"}])
    deliver(con, name, [{"id": "1"}], day=1)
    deliver(con, name, [{"id": "1"}], day=2)
    gone_at = MONDAY + timedelta(days=1)
    assert current(con, name, "id", "_missing_since_at") == [("1", None), ("2", gone_at)]


def test_a_window_keeps_what_later_ones_no_longer_show(con):
    deliver(con, "trello.boards", [{"id": "1", "name": "older"}])
    deliver(con, "trello.boards", [{"id": "1", "name": "newer"}], day=1)
    shown = current(con, "trello.boards", "name", "_is_latest_delivery")
    assert shown == [("newer", True), ("older", False)]


def test_what_a_record_was_called_is_remembered_as_of_the_clock(con):
    name = "hubspot.contacts"
    eve, bob = {"record_id": "1"}, {"record_id": "2"}
    deliver(con, name, [{**eve, "email": "Eve@old.example"}, bob])
    deliver(con, name, [{**eve, "email": " eve@new.example "}], day=1)
    deliver(con, name, [{**eve, "email": "eve@last.example"}], day=2)
    remembered = ("record_id", "email", "_earlier_email")
    set_clock(con, MONDAY + timedelta(days=1))
    assert current(con, name, *remembered) == [
        ("1", " eve@new.example ", "Eve@old.example;eve@new.example"),
        ("2", None, None),
    ]
    set_clock(con, MONDAY + timedelta(days=2))
    # What was taken from the rows as sent is remembered no longer.
    con.execute("update landed.hubspot__contacts set email = null where email ilike '%old%'")
    assert current(con, name, *remembered)[0] == (
        *("1", "eve@last.example"),
        "eve@last.example;eve@new.example",
    )


def test_a_contract_that_says_something_else_changes_what_is_current(con):
    deliver(con, "hubspot.contacts", [contact("first"), contact("last")])
    contract = CONTRACTS["hubspot.contacts"]
    other = replace(contract, replaces=replace(contract.replaces, unit="batch"))
    ensure_relations(con, [other])
    assert current(con, "hubspot.contacts", "lifecycle_stage") == [("first",), ("last",)]


# --- what rows that were replaced still tell


def test_names_that_campaigns_once_had_are_known_up_to_the_clock(con):
    def line(name: str | None, number: str | None = "7") -> dict[str, str | None]:
        return {"day": "2026-05-01", "campaign": name, "campaign_id": number, "cost": "1"}

    report = "google_ads.campaign_report"
    deliver(con, report, [line(" old "), line("other", None), line(None), line("x", "1.2E+15")])
    deliver(con, report, [line("new")], day=1, stated_on=MONDAY.date())
    deliver(con, report, [line("yet to come")], day=2)
    set_clock(con, MONDAY + timedelta(days=1))
    told = con.execute(
        "select campaign_name, told_on, told_at, told_by from ops.campaign_names"
        " where source = 'google_ads' and campaign_id = '7' order by 1"
    ).fetchall()
    assert told == [
        ("new", MONDAY.date(), MONDAY + timedelta(days=1), 1),
        ("old", MONDAY.date(), MONDAY, 0),
    ]
    ((count,),) = con.execute("select count(*) from ops.campaign_names").fetchall()
    assert count == len(told)


def test_duckdb_guesses_that_rows_hold(con: duckdb.DuckDBPyConnection) -> None:
    """What is joined to them is hashed, not they: of a guess of hardly a row it would be they."""
    deliver(con, "asana.stories", [{"gid": "1"}])
    landed = landed_table(CONTRACTS["asana.stories"])
    con.execute(f"insert into {landed} by name select range::varchar as gid, 0 as _file_id,"
                " false as _is_skipped from range(2, 50000)")  # fmt: skip
    assert current(con, "asana.stories", "count(*)") == [(49_999,)]
    ((_, plan),) = con.execute(
        "explain (format json) select gid from current_asana.stories"
    ).fetchall()
    # Of what is read, beside the clock.
    rows = json.loads(plan)[0]["children"][1]
    assert int(rows["extra_info"]["Estimated Cardinality"]) > 1_000
