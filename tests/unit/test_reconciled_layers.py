"""Each layer holds what the one before it holds: every rule with NULL, with nothing, and broken."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from typing import Any

import duckdb
import pytest

from expectations.suites import layers
from pipelines.ingest import load_contracts
from pipelines.transform.readings import staged

CONTRACTS = {contract.name: contract for contract in load_contracts()}
REPORT = CONTRACTS["google_ads.campaign_report"]
AS_OF = datetime(2026, 10, 1, 6)

Broken = Callable[[], dict[str, list[tuple[Any, ...]]]]


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(duckdb.connect()) as con:
        con.execute("set TimeZone = 'UTC'")
        yield con


def found(con: duckdb.DuckDBPyConnection, mart: str) -> dict[str, list[tuple[Any, ...]]]:
    """What each check of a mart finds."""
    return {
        check.name: con.execute(check.failing(mart) or "").fetchall()
        for check in layers.checks(con, AS_OF).get(mart, ())
    }


def test_every_stream_that_is_staged_has_columns_that_are_one_cell() -> None:
    models = {name: model for name, c in CONTRACTS.items() if (model := staged(c)) is not None}
    assert len(models) > 150
    spend = models[REPORT.name].columns["spend"]
    assert "cost" in spend
    # What a condition chooses, or what two cells make, is not one cell.
    assert "clicks" not in models["meta_ads.insights"].columns
    assert "date_day" not in models["meta_ads.insights"].columns
    assert "closed_at" not in models["pipedrive.deals"].columns
    assert set(layers.LEAVES_ROWS_OUT) <= set(models)


@pytest.fixture
def reported(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """A report of three lines, one of them with an empty cell, and its staging."""
    model = staged(REPORT)
    assert model is not None
    fields = ", ".join(f'"{field.name}" varchar' for field in REPORT.fields)
    cells = ", ".join(f"{sql} as {name}" for name, sql in model.columns.items())
    for statement in (
        *("create schema ops", "create schema current_google_ads", "create schema staging"),
        "create table ops.files as select 'google_ads' as source, 'campaign_report' as stream,"
        " 'loaded' as status, 3 as rows_loaded, timestamp '2026-09-30' as loaded_at",
        f"create table {REPORT.current_table} ({fields}, _decimal_mark varchar default '.')",
        f"insert into {REPORT.current_table} (campaign, day, cost, clicks, impressions) values"
        " ('a', '2026-09-01', '1,200.25', '3', '70'), ('b', '2026-09-02', '0.50', null, '9'),"
        " ('c', '2026-09-03', '--', '1', '8')",
        f"create table staging.{model.model} as select {cells} from {REPORT.current_table}",
    ):
        con.execute(statement)
    return con


@pytest.mark.parametrize(
    ("statement", "cells"),
    [
        ("update {} set spend = spend", set()),
        ("update {} set spend = cast(spend as integer)", {"spend"}),
        ("update {} set spend = spend * 100", {"spend"}),
        ("update {} set spend = null", {"spend"}),
        ("update {} set clicks = impressions, impressions = clicks", {"clicks", "impressions"}),
        ("update {} set date_day = date_day + 1", {"date_day"}),
        ("delete from {} where spend is null", {"*", "clicks", "impressions", "date_day"}),
        ("insert into {} (spend) values (null)", {"*"}),
    ],
)
def test_staging_holds_what_came(reported, statement, cells):
    reported.execute(statement.format("staging.stg_google_ads__campaign_reports"))
    told = found(reported, "meta.files")["staging_holds_what_came"]
    assert {cell for cell, *_ in told} & {*cells, "*", "spend"} == cells


def test_of_streams_without_rows_or_models_nothing_is_asked(reported):
    reported.execute("update ops.files set rows_loaded = 0")
    assert found(reported, "meta.files") == {}
    reported.execute("update ops.files set rows_loaded = 3, loaded_at = '2026-10-02'")
    assert found(reported, "meta.files") == {}
    reported.execute("update ops.files set loaded_at = '2026-09-30'; drop schema staging cascade")
    assert found(reported, "meta.files") == {}


def test_money_is_at_the_rate_of_its_day(con):
    deals = "funnel.fct_opportunities"
    con.execute(
        "create schema seeds; create schema funnel; create schema ops;"
        "create table ops.files (source varchar, stream varchar, status varchar,"
        " rows_loaded bigint, loaded_at timestamp);"
        "create table seeds.fx_rates as select 'EUR' as from_currency, 'USD' as to_currency,"
        " date '2026-09-01' as rate_date, 1.1::double as rate;"
        f"create table {deals} (deal varchar, amount decimal(18, 2), currency varchar,"
        " amount_reporting decimal(18, 2), fx_rate_date date)"
    )
    assert found(con, deals) == {"is_at_the_days_rate": []}
    con.execute(
        f"insert into {deals} values ('at its rate', 10.05, 'EUR', 11.06, '2026-09-01'),"
        " ('own currency', 7, 'USD', 7, null), ('no rate', 5, 'CHF', null, null),"
        " ('no amount', null, 'EUR', null, null),"
        " ('unchanged', 10, 'EUR', 10, '2026-09-01'), ('another day', 10, 'EUR', 11, null),"
        " ('no currency', 10, null, 10, '2026-09-01'), ('out of nothing', null, 'EUR', 1, null)"
    )
    told = [deal for deal, *_ in found(con, deals)["is_at_the_days_rate"]]
    assert told == ["unchanged", "another day", "no currency", "out of nothing"]


def test_marts_hold_all_that_came(con):
    blockers = "operations.fct_blockers"
    con.execute(
        "create schema staging; create schema operations; create schema ops;"
        "create table ops.files (source varchar, stream varchar, status varchar,"
        " rows_loaded bigint, loaded_at timestamp);"
        "create table staging.stg_templates__blocker_log (blocker_id varchar,"
        " duplicate_of varchar, opened_at timestamp);"
        f"create table {blockers} (blocker_kind varchar)"
    )
    assert found(con, blockers) == {"holds_all_that_came": []}
    con.execute(
        "insert into staging.stg_templates__blocker_log values ('1', null, null),"
        " ('2', '1', '2026-09-01'), ('3', null, '2026-09-02'), ('3', null, '2026-09-09'),"
        " ('4', null, '2026-10-02');"
        f"insert into {blockers} values ('log'), ('status')"
    )
    assert found(con, blockers) == {"holds_all_that_came": [(2, 1)]}
    con.execute(f"insert into {blockers} values ('log')")
    assert found(con, blockers) == {"holds_all_that_came": []}


def test_no_touch_is_a_visit_that_is_left_out(con):
    touches = "attribution.fct_touches"
    con.execute(
        "create schema intermediate; create schema attribution; create schema ops;"
        "create table ops.files (source varchar, stream varchar, status varchar,"
        " rows_loaded bigint, loaded_at timestamp);"
        "create table intermediate.int_events_sessionised as select * from (values"
        " ('d1', timestamp '2026-09-01', 'bot'), ('d2', timestamp '2026-09-01', null),"
        " (null, timestamp '2026-09-01', 'bot')) as e (device_id, event_at, exclusion_reason);"
        f"create table {touches} as select md5('d2') as visitor_key,"
        " timestamp '2026-09-01' as touched_at"
    )
    assert found(con, touches) == {"no_touch_by_what_is_left_out": []}
    con.execute(f"insert into {touches} values (md5('d1'), '2026-09-01'), (null, '2026-09-01')")
    assert found(con, touches) == {"no_touch_by_what_is_left_out": [("bot", 1)]}
