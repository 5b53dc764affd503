"""The audits on small tables written by hand: every check holds, and fails when it should."""

import csv
import gc
import math
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from expectations import runner
from expectations.checks import (
    CRITICAL,
    DIMENSIONS,
    SEVERITIES,
    WARNING,
    Check,
    Columns,
    EachRow,
    NoRows,
    NotNull,
    RowCount,
    Unique,
)
from expectations.results import CheckResult
from expectations.suites import delivery, marts
from pipelines.ingest import load_contracts
from pipelines.ingest.relations import (
    ensure_columns,
    landed_table,
    number_deliveries,
    set_clock,
)
from pipelines.ingest.warehouse import CONFIG, connect
from pipelines.settings import PROJECT_DIR
from pipelines.transform.contents import relations
from pipelines.transform.project import project_vars
from pipelines.transform.readings import staged
from pipelines.transform.replay import forget

AS_OF = datetime(2026, 10, 1, 6)
CONTRACTS = {contract.name: contract for contract in load_contracts()}
ABOUT = {
    "dimension": "validity",
    "severity": CRITICAL,
    "owner": "Somebody",
    "action": "Do something.",
}
Found = Mapping[tuple[str, str | None], CheckResult]
Rows = Sequence[Mapping[str, str | None]]


@pytest.fixture(scope="module")
def empty_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build file with its tables and no rows."""
    path = tmp_path_factory.mktemp("empty") / "build.duckdb"
    connect(path).close()
    return path


@pytest.fixture
def con(empty_build: Path, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy of the empty build file."""
    connection = duckdb.connect(shutil.copy(empty_build, tmp_path), config=CONFIG)
    yield connection
    connection.close()


def deliver(
    con: duckdb.DuckDBPyConnection,
    name: str,
    rows: Rows,
    *,
    loaded_at: datetime = AS_OF,
    **ledger: object,
) -> int:
    """Put rows into a raw table as one file of one batch; returns the file's number."""
    contract = CONTRACTS[name]
    (file_id,) = con.execute("select coalesce(max(file_id), 0) + 1 from ops.files").fetchall()[0]
    entry: dict[str, object] = {
        "file_id": file_id,
        "batch_id": 1,
        "path": f"file-{file_id}.csv",
        "source": contract.source,
        "stream": contract.stream,
        "status": "loaded" if rows else "empty",
        "rows_read": len(rows),
        "rows_loaded": len(rows),
        "rows_rejected": 0,
        "rows_skipped": 0,
        "contract_version": "1",
        "loaded_at": loaded_at,
        **ledger,
    }
    landed = landed_table(contract)
    entry["first_row_id"] = con.execute(f"select count(*) from {landed}").fetchall()[0][0]
    insert(con, "ops.files", entry)
    for row in rows:
        ensure_columns(con, contract, row)
        insert(con, landed, {**row, "_file_id": file_id, "_is_skipped": False})
    number_deliveries(con)
    return int(file_id)


def insert(con: duckdb.DuckDBPyConnection, table: str, row: Mapping[str, object]) -> None:
    marks = ", ".join("?" for _ in row)
    con.execute(f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values()))


def audit(con: duckdb.DuckDBPyConnection, *, as_of_at: datetime = AS_OF) -> Found:
    results = runner.audit_delivery(con, CONTRACTS.values(), as_of_at)
    return {(result.expectation, result.column_name): result for result in results}


def failed(found: Found) -> set[tuple[str, str | None]]:
    return {key for key, result in found.items() if not result.success}


def deal(number: int, **cells: str | None) -> dict[str, str | None]:
    return {
        "record_id": str(number),
        "deal_name": f"Deal {number}",
        "deal_stage": "Closed Won",
        "amount": "12,500.50",
        "currency": "EUR",
        "create_date": "2026-09-01 10:00",
        "close_date": "2026-09-20 09:30",
        **cells,
    }


def contact(number: int, **cells: str | None) -> dict[str, str | None]:
    return {
        "record_id": str(number),
        "email": f"someone{number}@example.com",
        "create_date": "2026-09-01 10:00",
        "lifecycle_stage": "Marketing Qualified Lead",
        **cells,
    }


def spend_row(**cells: str | None) -> dict[str, str | None]:
    return {
        "day": "2026-09-30",
        "campaign": "brand",
        "campaign_status": "Enabled",
        "currency_code": "EUR",
        "cost": "12.50",
        "clicks": "1,200",
        "impressions": "25,881",
        "interactions": "1,200",
        "conversions": "--",
        "ctr": "2.81%",
        "search_impression_share": "< 10%",
        **cells,
    }


def event(**cells: str | None) -> dict[str, str | None]:
    return {
        "event_date": "20260930",
        "event_timestamp": "1790762400000000",  # 2026-09-30 10:00 UTC
        "event_name": "page_view",
        "event_params": '[{"key": "ga_session_id", "value": {"int_value": "1"}}]',
        "user_pseudo_id": "cookie.1",
        **cells,
    }


def task(gid: str, **cells: str | None) -> dict[str, str | None]:
    return {"gid": gid, "name": "Brief", "completed": "false", **cells}


def looked_up(sample_id: str, **cells: str | None) -> dict[str, str | None]:
    return {
        "sample_id": sample_id,
        "field": "country",
        "warehouse_value": "Germany",
        "truth_value": "Germany",
        "audited_on": "2026-10-01",
        **cells,
    }


# Each kind of check -------------------------------------------------------------------------

KINDS = [
    (RowCount(name="c", minimum=3, **ABOUT), RowCount(name="c", minimum=4, **ABOUT), None),
    (RowCount(name="c", maximum=3, **ABOUT), RowCount(name="c", maximum=2, **ABOUT), None),
    (Columns(name="c", columns=("a",), **ABOUT), Columns(name="c", columns=("z",), **ABOUT), None),
    (NotNull(name="c", column="a", **ABOUT), NotNull(name="c", column="b", **ABOUT), (3, 1)),
    (
        EachRow(name="c", column="a", condition="a = '1'", mostly=0.3, **ABOUT),
        EachRow(name="c", column="a", condition="a = '1'", mostly=0.4, **ABOUT),
        (3, 2),
    ),
    # One odd record is within any share, but not where every row counts.
    (
        NotNull(name="c", column="b", mostly=0.9, **ABOUT),
        NotNull(name="c", column="b", **ABOUT),
        (3, 1),
    ),
    (
        EachRow(name="c", column="b", condition="regexp_matches(b, '^x{1,2}$')", **ABOUT),
        EachRow(name="c", column="b", condition="b like '%{y}:z%'", **ABOUT),
        (2, 2),
    ),
    (Unique(name="c", column="a", **ABOUT), Unique(name="c", column="b", **ABOUT), (2, 2)),
    (
        EachRow(name="c", column="b", condition="b = 'x'", **ABOUT),
        EachRow(name="c", column="a", condition="b = 'x'", **ABOUT),
        (3, 1),
    ),
    (
        NoRows(name="c", query="select a from {batch} where a = '9'", **ABOUT),
        NoRows(name="c", query="select a from {batch} where b is null", **ABOUT),
        (None, 1),
    ),
    (
        NoRows(name="c", query="select a from {batch} where a = ':00'", **ABOUT),
        NoRows(
            name="c",
            query="select a from {batch} where concat(b::text, ':00') similar to '[x]{1}:00'",
            **ABOUT,
        ),
        (None, 2),
    ),
]


@pytest.fixture
def auditor(con: duckdb.DuckDBPyConnection):
    from expectations.adapter import Auditor  # noqa: PLC0415

    con.execute("create temp view t as from (values ('1', 'x'), ('2', 'x'), ('3', null)) t(a, b)")
    return Auditor(con)


@pytest.mark.parametrize(("holding", "failing", "counts"), KINDS)
def test_each_kind_holds_and_fails(auditor, holding, failing, counts):
    held, broken = auditor.evaluate("t", [holding, failing])
    assert (held.success, held.exception) == (True, None)
    assert (broken.success, broken.exception) == (False, None)
    if counts:
        assert (broken.evaluated, broken.failed) == counts


# What Great Expectations' own rules let pass where a value is NULL, or a table empty, by our kinds.
GAPS: list[tuple[Check, bool, bool]] = [
    # The rule, whether it holds over the rows with NULL, and over none.
    (RowCount(name="rows", **ABOUT), True, False),
    (NotNull(name="filled", column="b", **ABOUT), False, True),
    # NULL is no value that occurs twice: whether it may be there, the rule before says.
    (Unique(name="one column", column="b", **ABOUT), True, True),
    (
        NoRows(
            name="several columns",
            query="select a, b from {batch} qualify count(*) over (partition by a, b) > 1",
            **ABOUT,
        ),
        *(False, True),
    ),
    (EachRow(name="pair", column="a", condition="a <= b", **ABOUT), False, True),
    (EachRow(name="sum of columns", column="a", condition="a + b >= 0", **ABOUT), False, True),
    (EachRow(name="of what is there", column="b", condition="b > 0", **ABOUT), True, True),
    # 31 January 10:00 is later than 31 January.
    (
        EachRow(
            name="latest",
            column="happened_at",
            condition="happened_at <= timestamp '2026-01-31'",
            **ABOUT,
        ),
        *(False, True),
    ),
    # A sum of nothing is NULL, which is no 0.
    (
        NoRows(
            name="sum",
            query="select sum(b) from {batch} having sum(b) is distinct from 5",
            **ABOUT,
        ),
        *(True, False),
    ),
]


@pytest.mark.parametrize("gap", GAPS, ids=lambda gap: gap[0].name)
def test_no_rule_passes_over_a_gap(con, gap):
    from expectations.adapter import Auditor  # noqa: PLC0415

    check, over_nulls, over_none = gap
    con.execute(
        "create temp table gaps as select * from (values (1, 5, timestamp '2026-01-31 10:00'),"
        " (1, null, timestamp '2026-01-30'), (1, null, null)) as gaps(a, b, happened_at)"
    )
    con.execute("create temp view nothing as select * from gaps where false")
    auditor = Auditor(con)
    ((nulls,), (none,)) = (auditor.evaluate(name, [check]) for name in ("gaps", "nothing"))
    assert (nulls.exception, none.exception) == (None, None)
    assert (nulls.success, none.success) == (over_nulls, over_none)


def test_exception_is_a_failure_of_that_check_alone(auditor):
    broken = EachRow(name="broken", column="a", condition="no_such_function(a)", **ABOUT)
    fine = NotNull(name="fine", column="a", **ABOUT)
    verdicts = auditor.evaluate("t", [broken, fine])
    assert [verdict.success for verdict in verdicts] == [False, True]
    assert "no_such_function" in verdicts[0].exception
    assert len(verdicts[0].exception) <= 500
    assert verdicts[1].exception is None


def test_pushed_down(auditor, monkeypatch, con):
    """Counts of a table come in one statement; no rows, no pandas."""
    import duckdb_engine  # noqa: PLC0415
    from great_expectations.execution_engine import PandasExecutionEngine  # noqa: PLC0415

    statements: list[str] = []
    execute = duckdb_engine.CursorWrapper.execute

    def record(cursor: object, statement: str, *rest: object) -> None:
        statements.append(statement)
        execute(cursor, statement, *rest)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a pandas batch")

    monkeypatch.setattr(duckdb_engine.CursorWrapper, "execute", record)
    monkeypatch.setattr(PandasExecutionEngine, "__init__", refuse)
    checks: list[Check] = [RowCount(name="rows", **ABOUT)]
    checks += [NotNull(name="n", column=column, **ABOUT) for column in ("a", "b")]
    checks += [
        EachRow(name=f"e{i}", column="a", condition=f"a <> '{i}'", **ABOUT) for i in range(9)
    ]
    auditor.evaluate("t", checks)
    over_table = [text for text in statements if "FROM t" in text and "pg_catalog" not in text]
    counting = [text for text in over_table if "sum(" in text]
    assert len(counting) == 1
    rest = [text for text in over_table if text not in counting]
    assert all("count(" in text.lower() or "LIMIT" in text for text in rest)


def test_standins_are_gone(auditor):
    from expectations.light_import import UNUSED, _Standin  # noqa: PLC0415

    assert not any(isinstance(sys.modules.get(name), _Standin) for name in UNUSED)


def test_collections_go_on_without_what_the_import_made(auditor):
    assert gc.isenabled()
    assert gc.get_freeze_count() > 100_000


# Deliveries ---------------------------------------------------------------------------------


def test_good_delivery_has_no_failures_and_undelivered_streams_no_results(con):
    deliver(con, "hubspot.deals", [deal(n) for n in range(30)])
    deliver(con, "google_ads.campaign_report", [spend_row(), spend_row(day="2026-09-29")])
    deliver(con, "ga4.events", [event()])
    results = runner.audit_delivery(con, CONTRACTS.values(), AS_OF)
    assert [r.describe() for r in results if not r.success] == []
    assert {r.table_name for r in results} == {"deals", "campaign_report", "events"}
    assert all(r.severity in SEVERITIES and r.dimension in DIMENSIONS for r in results)
    assert all(r.owner and r.action for r in results)
    assert con.execute("select count(*) from ops.failed_rows").fetchall() == [(0,)]


def test_names_are_unique_within_a_table(con):
    for contract in CONTRACTS.values():
        checks = delivery.suite(contract, AS_OF).checks
        names = [(check.name, check.column) for check in checks]
        assert len(set(names)) == len(names)
        assert isinstance(checks[0], RowCount)


def test_a_stream_of_headers_alone_is_an_empty_account_and_not_judged(con):
    deliver(con, "hubspot.deals", [])
    assert audit(con) == {}


def test_a_delivery_of_which_no_row_could_be_kept_fails_its_row_count_alone(con):
    deliver(con, "hubspot.deals", [])
    con.execute("update ops.files set status = 'loaded'")
    assert failed(audit(con)) == {("row_count", None)}
    (failure,) = runner.critical_failures(con, AS_OF)
    assert failure.expectation == "row_count"


@pytest.mark.parametrize(("bad", "critical"), [(2, False), (4, True)])
def test_unreadable_cells_are_a_warning_and_above_a_tenth_critical(con, bad, critical):
    file_id = deliver(
        con, "hubspot.deals", [deal(n, amount="12k" if n < bad else "12.00") for n in range(30)]
    )
    found = audit(con)
    expected = {("readable", "amount")}
    assert failed(found) == (expected | {("mostly_readable", "amount")} if critical else expected)
    warning = found["readable", "amount"]
    assert (warning.evaluated, warning.failed) == (30, bad)
    assert warning.failed_pct == pytest.approx(100 * bad / 30)
    assert warning.sample_keys == tuple(f"file-1.csv row {n + 1} ({n})" for n in range(bad))
    rows = con.execute(
        "select expectation, severity, file_id, row_number from ops.failed_rows order by all"
    ).fetchall()
    # Money rests on the amount: within the tolerance, too, the row itself has failed critically.
    assert rows == sorted(
        (name, severity, file_id, number)
        for name, severity in [("mostly_readable", CRITICAL), ("readable", WARNING)]
        for number in range(1, bad + 1)
    )


# An Ads Manager's day in words is read by staging; a script's number of milliseconds is not.
@pytest.mark.parametrize(
    ("day", "is_read"),
    [
        *(("Jun 1, 2026", True), ("5 gennaio 2026", True), ("2026-06-01", True)),
        *(("1792972800000", False), ("5 foo 2026", False)),
    ],
)
def test_a_cell_is_as_readable_as_staging_finds_it(con, day, is_read):
    row = {
        **{"campaign_name": "c", "day": day, "amount_spent": "9.00", "impressions": "1"},
        **{"reporting_starts": "2026-06-01", "reporting_ends": "2026-06-01"},
    }
    deliver(con, "meta_ads.ads_report", [row])
    assert (("readable", "day") not in failed(audit(con))) is is_read


def test_a_vendors_mark_for_nothing_and_a_bound_are_no_unreadable_cells(con):
    deliver(con, "google_ads.campaign_report", [spend_row(clicks="--", conversions=" ")])
    assert failed(audit(con)) == set()


def test_a_row_with_two_unreadable_cells_failed_once(con):
    deliver(con, "hubspot.deals", [deal(1, amount="12k", create_date="yesterday")])
    assert {("readable", "amount"), ("readable", "create_date")} <= failed(audit(con))
    rows = con.execute("select row_number from ops.failed_rows where expectation = 'readable'")
    assert rows.fetchall() == [(1,)]


def test_unreadable_optional_cells_mark_their_rows_as_warned_only(con):
    deliver(con, "hubspot.deals", [deal(1, last_modified_date="yesterday"), deal(2)])
    assert failed(audit(con)) == {("readable", "last_modified_date")}, "one odd record"
    severities = con.execute("select distinct severity from ops.failed_rows").fetchall()
    assert severities == [(WARNING,)]


def test_a_row_that_fails_one_check_in_two_columns_is_one_failed_row(con):
    deliver(con, "hubspot.deals", [deal(1, create_date="soon", close_date="later"), deal(2)])
    audit(con)
    rows = con.execute(
        "select expectation, row_number from ops.failed_rows order by all"
    ).fetchall()
    assert rows == [("mostly_readable", 1), ("readable", 1)]


def test_addresses_where_none_belong_are_counted_by_stream(con):
    deliver(
        con,
        "hubspot.deals",
        [
            deal(1, deal_name="Offer for jane.doe@example.com", deal_stage="a@b.example"),
            deal(2, deal_name="https://x.example/?utm_source=jane.doe%40example.com"),
            deal(3, deal_name="Half off @ the fair"),
        ],
    )
    found = audit(con)
    assert failed(found) == {("no_personal_data", None)}
    result = found["no_personal_data", None]
    assert (result.failed, result.evaluated, result.severity) == (3, 3, WARNING)
    assert result.sample_keys == ("deal_name | 1 | 1", "deal_name | 1 | 2", "deal_stage | 1 | 1")


def test_no_sample_shows_a_classified_column_or_an_address(con):
    for contract in CONTRACTS.values():
        assert not set(delivery.suite(contract, AS_OF).keys) & {
            field.name for field in contract.fields if field.is_pii
        }
    seen = {"event_id": "fair-1", "email": "jane.doe@example.com", "joined_at": "soon"}
    deliver(con, "templates.event_attendances", [seen] * 2, path="for jane.doe@example.com/1.csv")
    twice = [deal(1, record_id="jane.doe@example.com")] * 2
    deliver(con, "hubspot.deals", twice, path="for jane.doe@example.com/2.csv")
    audit(con)
    samples = con.execute("select string_agg(sample_keys, ' ') from ops.quality_results").fetchall()
    assert "for [email]/1.csv row 2 (fair-1)" in samples[0][0]
    assert "jane" not in samples[0][0]


def test_required_cells_are_filled(con):
    rows = [deal(n, deal_name=None if n < 3 else "Deal") for n in range(100)]
    deliver(con, "hubspot.deals", rows)
    found = audit(con)
    assert failed(found) == {("not_null", "deal_name")}
    assert found["not_null", "deal_name"].failed == 3
    assert con.execute("select count(*) from ops.failed_rows").fetchall() == [(3,)]


def test_replaced_and_later_rows_are_not_judged(con):
    before, after = AS_OF - timedelta(days=1), AS_OF + timedelta(days=1)
    deliver(con, "hubspot.deals", [deal(1, amount="12k")], loaded_at=before)
    deliver(con, "hubspot.deals", [deal(1, amount="12")])
    deliver(con, "hubspot.deals", [deal(1, amount="12k")], loaded_at=after)
    assert failed(audit(con)) == set()
    assert ("readable", "amount") in failed(audit(con, as_of_at=after))


def test_key_twice_in_a_file(con):
    file_id = deliver(con, "hubspot.deals", [deal(1), deal(2), deal(1)])
    found = audit(con)
    assert failed(found) == {("unique_in_file", None)}
    assert (found["unique_in_file", None].evaluated, found["unique_in_file", None].failed) == (3, 2)
    rows = con.execute("select file_id, row_number from ops.failed_rows order by all").fetchall()
    assert rows == [(file_id, 1), (file_id, 3)]


def test_event_in_two_files_of_a_batch(con):
    """Most parts of an event's key may be empty: empty is equal to empty."""
    deliver(con, "ga4.events", [event()])
    deliver(con, "ga4.events", [event(), event(event_name="scroll")])
    found = audit(con)
    assert failed(found) == {("unique", None)}
    assert found["unique", None].failed == 2


def test_a_delivery_that_lost_a_column_fits_no_stream_and_is_missed_in_the_one_it_was_of(
    con, judged
):
    unread = {"source": None, "stream": None, "status": "unrecognised"}
    deliver(con, "hubspot.deals", [deal(1)], loaded_at=AS_OF - timedelta(hours=9))
    deliver(con, "hubspot.companies", [], **unread, nearest_contract=None)
    assert failed(audit(con)) == set()
    deliver(con, "hubspot.companies", [], **unread, nearest_contract="hubspot.companies")
    assert failed(audit(con)) == set()
    judged.clear()
    deliver(con, "hubspot.deals", [], **unread, nearest_contract="hubspot.deals", path="near.csv")
    found = audit(con)
    assert (judged, failed(found)) == (["raw_hubspot_deals"], {("lines_read", None)})
    assert found["lines_read", None].sample_keys == ("near.csv",)
    assert found["lines_read", None].dimension == "completeness"
    # A later one that could be read makes up for it.
    deliver(con, "hubspot.deals", [deal(1)], loaded_at=LATER)
    assert failed(audit(con, as_of_at=LATER)) == set()


def test_late_small_and_narrow_deliveries(con):
    older, newer = AS_OF - timedelta(days=9), AS_OF - timedelta(days=3)
    deliver(con, "hubspot.deals", [deal(n, pipeline="P") for n in range(30)], loaded_at=older)
    deliver(con, "hubspot.deals", [deal(n) for n in range(14)], loaded_at=newer)
    found = audit(con)
    assert failed(found) == {("fresh", None), ("volume", None), ("columns_still_filled", None)}
    assert found["columns_still_filled", None].sample_keys == ("pipeline",)
    assert found["columns_still_filled", None].dimension == "completeness"
    assert found["fresh", None].sample_keys == ("2026-09-28 06:00:00",)


@pytest.mark.parametrize(
    ("filled", "empty", "newest", "is_told"),
    [
        # Of half of the rows before ten in a row are empty by chance once in a thousand times.
        (15, 15, 9, False),
        (15, 15, 11, True),
        # Of thirty that are all filled one more may be empty: two of a 31st are one in a thousand.
        (30, 0, 2, False),
        (30, 0, 3, True),
    ],
)
def test_a_column_is_missed_where_its_rows_are_many(con, filled, empty, newest, is_told):
    before = [deal(n, pipeline="P" if n < filled else None) for n in range(filled + empty)]
    deliver(con, "hubspot.deals", before, loaded_at=AS_OF - timedelta(hours=9))
    deliver(con, "hubspot.deals", [deal(n) for n in range(newest)])
    is_failed = ("columns_still_filled", None) in failed(audit(con))
    assert is_failed == is_told


# The second smallest of 21 days is the one than which one in twenty is no larger.
THREE_WEEKS = [80, 81, 79, 82, 78, 20, 16, *[80] * 5, 24, 22, *[80] * 5, 26, 28]


@pytest.mark.parametrize(
    ("before", "newest", "is_told"),
    [
        ([80] * 7, [40], False),
        ([80] * 7, [39], True),
        (THREE_WEEKS, [10], False),
        (THREE_WEEKS, [9], True),
        # Whole weeks are held against the average day, which is 64.
        (THREE_WEEKS, [32] * 7, False),
        (THREE_WEEKS, [31] * 7, True),
        # A week must be known, and so many rows be expected that a few are no large share.
        ([80] * 6, [1], False),
        ([19] * 7, [1], False),
        ([20] * 7, [9], True),
    ],
)
def test_days_of_a_delivery_are_held_against_days_before(before, newest, is_told):
    (check,) = (
        check
        for check in delivery.suite(CONTRACTS["ga4.events"], AS_OF).checks
        if check.name == "volume"
    )
    with duckdb.connect() as con:
        con.execute("create schema raw_ga4")
        con.execute("create table raw_ga4.events (event_date varchar, _loaded_at timestamp)")
        for month, counts, age in (("202608", before, 1), ("202609", newest, 0)):
            for day, count in enumerate(counts, start=1):
                con.execute(
                    "insert into raw_ga4.events select $1, $2 from range($3)",
                    [f"{month}{day:02}", AS_OF - timedelta(days=age), count],
                )
        assert bool(con.execute(check.failing("raw_ga4.events")).fetchall()) == is_told


def test_unread_lines(con):
    deliver(con, "hubspot.deals", [deal(1)], rows_rejected=2)
    assert failed(audit(con)) == {("lines_read", None)}


def test_fields_of_a_companys_own_are_news_where_they_change(con):
    first, second = AS_OF - timedelta(hours=2), AS_OF - timedelta(hours=1)
    own = "Region Lead, Renewal Risk"
    deliver(con, "hubspot.deals", [deal(1)], loaded_at=first, extra_columns=own)
    assert failed(audit(con, as_of_at=first)) == set(), "what a company always had"
    deliver(con, "hubspot.deals", [deal(1)], loaded_at=second, extra_columns=own)
    assert failed(audit(con, as_of_at=second)) == set()
    deliver(con, "hubspot.deals", [deal(1)], extra_columns="Renewal Risk, Territory")
    found = audit(con)
    assert failed(found) == {("columns_known", None)}
    assert found["columns_known", None].sample_keys == (
        "Region Lead | is gone",
        "Territory | is new",
    )


def test_fields_that_come_for_the_first_time_are_news(con):
    deliver(con, "hubspot.deals", [deal(1)], loaded_at=AS_OF - timedelta(hours=1))
    deliver(con, "hubspot.deals", [deal(1)], extra_columns="Territory")
    assert audit(con)["columns_known", None].sample_keys == ("Territory | is new",)


def test_a_key_that_json_leaves_out_is_not_gone(con):
    before = AS_OF - timedelta(hours=1)
    issue = {"id": "1", "key": "A-1", "fields": "{}", "changelog": "{}"}
    deliver(con, "jira.issues", [issue], loaded_at=before, extra_columns="expand, properties")
    deliver(con, "jira.issues", [issue], extra_columns="expand")
    assert ("columns_known", None) not in failed(audit(con))


BY_HAND: list[tuple[str, dict[str, str | None], tuple[str, ...]]] = [
    ("google_ads.campaign_report", spend_row(campaign="a"), ()),
    ("google_ads.campaign_report", spend_row(campaign="b", cost="-1.00"), ("not_negative",)),
    ("google_ads.campaign_report", spend_row(campaign="c", clicks="25,882"), ("at_most_shown",)),
    ("google_ads.campaign_report", spend_row(campaign="d", currency_code="€"), ()),
    ("google_ads.campaign_report", spend_row(campaign="e", currency_code="$"), ("is_currency",)),
    ("hubspot.deals", deal(81, currency="eur"), ()),
    ("hubspot.deals", deal(82, currency="kr"), ("is_currency",)),
    ("ga4.events", event(event_name="a", event_date="20261001"), ()),
    (
        "ga4.events",
        event(event_name="b", event_date="20260927"),
        ("is_day_of_timestamp", "mostly_is_day_of_timestamp"),
    ),
    (
        "ga4.events",
        event(event_name="c", event_date="20261002", event_timestamp="1790935200000000"),
        ("not_in_future",),
    ),
    ("hubspot.contacts", contact(1), ()),
    ("hubspot.contacts", contact(2, email="someone at example"), ("is_email",)),
    ("hubspot.contacts", contact(3, lifecycle_stage="Friend"), ("is_known_stage",)),
    ("hubspot.contacts", contact(4, create_date="2026-10-02 00:00"), ("not_in_future",)),
    ("hubspot.deals", deal(1), ()),
    ("hubspot.deals", deal(2, amount=None), ("won_has_amount",)),
    ("hubspot.deals", deal(3, amount=None, deal_stage="Contract Sent"), ()),
    ("hubspot.deals", deal(4, amount="-5"), ("not_negative",)),
    ("hubspot.deals", deal(5, close_date="2026-08-31 10:00"), ("not_before_created",)),
    ("asana.tasks", task("1", resource_subtype="approval"), ("approval_has_status",)),
    ("asana.tasks", task("2", completed="true"), ("done_has_time",)),
    ("asana.tasks", task("3", resource_subtype="approval", approval_status="pending"), ()),
    (
        "templates.campaign_registry",
        {"utm_campaign": "Spring Sale", "valid_from": "2026-09-01", "campaign_name": "S"},
        ("is_slug",),
    ),
    # A sheet as it was drawn, one whose day is missing, not to be read, or still to come.
    ("templates.accuracy_audit", looked_up("a", truth_value=None, audited_on=None), ()),
    ("templates.accuracy_audit", looked_up("b"), ()),
    ("templates.accuracy_audit", looked_up("c", audited_on=None), ("looked_up_on_a_day",)),
    (
        "templates.accuracy_audit",
        looked_up("d", audited_on="last week"),
        ("looked_up_on_a_day", "readable"),
    ),
    ("templates.accuracy_audit", looked_up("e", audited_on="2026-10-02"), ("looked_up_on_a_day",)),
]


def test_judgement_by_source(con):
    """Each row is a file of its own: what it failed is found under the file's number."""
    files = [deliver(con, name, [row]) for name, row, _ in BY_HAND]
    audit(con)
    found = con.execute(
        "select file_id, list(distinct expectation) from ops.failed_rows group by all"
    ).fetchall()
    names = {file_id: set(expectations) for file_id, expectations in found}
    assert {file_id: names.get(file_id, set()) for file_id in files} == {
        file_id: set(expected) for file_id, (*_, expected) in zip(files, BY_HAND, strict=True)
    }


def test_days_of_another_zone_contradict_the_one_that_is_assumed(con):
    # Two in the morning, UTC, is the evening before in New York.
    night = {"event_timestamp": "1790647200000000"}
    fits = [event(event_name=str(n), event_date="20260928", **night) for n in range(99)]
    deliver(con, "ga4.events", [*fits, event(event_date="20260929", **night)])
    assert failed(audit(con)) == set()
    deliver(con, "ga4.events", [event(event_date="20260929", event_name="b", **night)])
    found = audit(con)
    assert failed(found) == {("zone_fits_day", "event_date")}
    assert "sources: {ga4: {time_zone" in found["zone_fits_day", "event_date"].action


def test_half_of_the_events_belong_to_sessions(con):
    lost = event(event_params="[]")
    deliver(con, "ga4.events", [event(event_name="a"), lost])
    assert failed(audit(con)) == set()
    deliver(con, "ga4.events", [event(event_name="b", event_params="[]")])
    found = audit(con)
    assert failed(found) == {("has_session", "event_params")}
    assert (found["has_session", "event_params"].failed, found["row_count", None].failed) == (2, 0)
    assert con.execute("select count(*) from ops.failed_rows").fetchall() == [(0,)]


def test_implausible_cost_is_named(con):
    usual = [spend_row(day=f"2026-09-{day:02}") for day in range(1, 10)]
    file_id = deliver(con, "google_ads.campaign_report", [*usual, spend_row(cost="12,500.00")])
    found = audit(con)
    assert failed(found) == {("plausible", "cost")}
    rows = con.execute("select expectation, file_id, row_number from ops.failed_rows").fetchall()
    assert rows == [("plausible", file_id, 10)]


def test_a_second_evaluation_replaces_the_first(con):
    deliver(con, "hubspot.deals", [deal(1, deal_name=None), deal(2, deal_name=None)])
    first = audit(con)
    assert runner.critical_failures(con, AS_OF) == [first["not_null", "deal_name"]]
    later = AS_OF + timedelta(hours=1)
    deliver(con, "hubspot.deals", [deal(1), deal(2)])
    second = audit(con)
    audit(con, as_of_at=later)
    assert runner.critical_failures(con, AS_OF) == []
    counts = con.execute(
        "select as_of_at, count(*) from ops.quality_results group by all order by all"
    ).fetchall()
    assert counts == [(AS_OF, len(second)), (later, len(second))]
    assert con.execute("select count(*) from ops.failed_rows").fetchall() == [(0,)]


# What stands --------------------------------------------------------------------------------

LATER = AS_OF + timedelta(hours=1)


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tables that Great Expectations is asked about from now on."""
    from expectations.adapter import Auditor  # noqa: PLC0415

    asked: list[str] = []
    evaluate = Auditor.evaluate

    def noted(auditor: Auditor, view: str, checks: Sequence[Check]) -> object:
        asked.append(view.removeprefix("audited_"))
        return evaluate(auditor, view, checks)

    monkeypatch.setattr(Auditor, "evaluate", noted)
    return asked


def kept(con: duckdb.DuckDBPyConnection, as_of_at: datetime) -> list[tuple[object, ...]]:
    """What the audits keep of a clock, but for the clock and the time of day."""
    return [
        *con.execute(
            "select * exclude (as_of_at, evaluated_at) from ops.quality_results"
            " where as_of_at = ? order by all",
            [as_of_at],
        ).fetchall(),
        *con.execute(
            "select * exclude (as_of_at) from ops.failed_rows where as_of_at = ? order by all",
            [as_of_at],
        ).fetchall(),
    ]


def test_a_delivery_that_stands_is_not_copied(con, judged, monkeypatch):
    copied: list[str] = []
    kept_as = runner.kept_as

    def noted(con: duckdb.DuckDBPyConnection, suite: runner.Suite) -> str:
        copied.append(suite.name)
        return kept_as(con, suite)

    monkeypatch.setattr(runner, "kept_as", noted)
    deliver(con, "hubspot.deals", [deal(1, deal_name=None), deal(2)])
    audit(con)
    first = kept(con, AS_OF)
    assert copied == ["raw_hubspot.deals"]
    audit(con, as_of_at=LATER)
    assert kept(con, LATER) == first
    assert copied == ["raw_hubspot.deals"]
    deliver(con, "hubspot.deals", [deal(3, deal_name=None)], file_id=2)
    audit(con, as_of_at=LATER)
    assert copied == ["raw_hubspot.deals"] * 2
    left = con.execute("select view_name from duckdb_views() where view_name like 'audited%'")
    assert left.fetchall() == []


def test_a_delivery_too_large_to_copy_is_judged_alike(con, monkeypatch):
    deliver(con, "hubspot.deals", [deal(1, deal_name=None), deal(2, amount="12k"), deal(2)])
    copied, found = audit(con), kept(con, AS_OF)
    monkeypatch.setattr(runner, "MOST_COPIED", 2)
    con.execute("update ops.quality_results set key = null")
    assert {*audit(con)} == {*copied}
    assert kept(con, AS_OF) == found
    assert con.execute("from duckdb_tables() where table_name like 'audited%'").fetchall() == []


def test_a_stream_that_nothing_came_for_is_not_judged_again(con, judged):
    nameless = [deal(1, deal_name=None), deal(2, deal_name=None, amount="12k")]
    deliver(con, "hubspot.deals", nameless)
    deliver(con, "google_ads.campaign_report", [spend_row()])
    audit(con)
    deliver(con, "google_ads.campaign_report", [spend_row(cost="-1")], loaded_at=LATER)
    judged.clear()
    found = audit(con, as_of_at=LATER)
    assert judged == ["raw_google_ads_campaign_report"]
    assert failed(found) >= {("not_negative", "cost"), ("not_null", "deal_name")}
    spared = kept(con, LATER)
    con.execute("update ops.quality_results set key = null")
    judged.clear()
    audit(con, as_of_at=LATER)
    assert len(judged) == 2
    assert kept(con, LATER) == spared
    assert any(row[0] == "raw_hubspot" for row in spared), "no failed row was kept"


def test_bytes_that_came_before_are_no_delivery(con, judged):
    """As of a folder that was copied without its times: what was told stands."""
    deliver(con, "hubspot.deals", [deal(1)], rows_rejected=2)
    assert failed(audit(con)) == {("lines_read", None)}
    deliver(con, "hubspot.deals", [], loaded_at=LATER, status="duplicate")
    judged.clear()
    found = audit(con, as_of_at=LATER)
    assert (judged, failed(found)) == ([], {("lines_read", None)})


def test_the_same_clock_is_judged_once(con, judged):
    deliver(con, "hubspot.deals", [deal(1, deal_name=None)])
    audit(con)
    first, judged[:] = kept(con, AS_OF), []
    audit(con)
    assert (judged, kept(con, AS_OF)) == ([], first)


def test_what_the_clock_finds_is_judged(con, judged):
    """Late, and before its own time: of each there is one more as of another clock."""
    deliver(con, "hubspot.deals", [deal(1)])
    at = {"event_timestamp": "1791003600000000", "event_date": "20261003"}  # 05:00 UTC
    deliver(con, "ga4.events", [event(**at)])
    assert ("not_in_future", "event_timestamp") in failed(audit(con))
    judged.clear()
    assert ("not_in_future", "event_timestamp") in failed(audit(con, as_of_at=LATER))
    assert judged == []
    much_later = AS_OF + timedelta(days=30)
    found = audit(con, as_of_at=much_later)
    assert sorted(judged) == ["raw_ga4_events", "raw_hubspot_deals"]
    assert failed(found) == {("fresh", None)}


@pytest.mark.parametrize("changed", ["rules", "file", "ledger", "forgotten"])
def test_what_changed_is_judged_again(con, judged, monkeypatch, changed):
    deliver(con, "hubspot.deals", [deal(1)])
    deliver(con, "ga4.events", [event()])
    audit(con)
    judged.clear()
    every = {"raw_hubspot_deals", "raw_ga4_events"}
    if changed == "rules":
        monkeypatch.setattr(runner, "rules_fingerprint", lambda: "other rules")
    elif changed == "file":
        # An old file, amended: the same rows in a file of their own.
        deliver(con, "hubspot.deals", [deal(1)])
        every = {"raw_hubspot_deals"}
    elif changed == "ledger":
        deliver(con, "hubspot.deals", [], status="failed", loaded_at=AS_OF)
        every = {"raw_hubspot_deals"}
    else:
        forget(con)
    audit(con)
    assert set(judged) == every


def test_a_check_that_could_not_be_evaluated_is_evaluated_again(con, judged, monkeypatch):
    deliver(con, "hubspot.deals", [deal(1)])
    broken = EachRow(name="broken", column="amount", condition="no_such_function(1)", **ABOUT)
    monkeypatch.setitem(delivery.BY_HAND, "hubspot.deals", lambda *_: (broken,))
    audit(con)
    judged.clear()
    audit(con)
    assert judged == ["raw_hubspot_deals"]


def test_a_clock_is_seen_wherever_checks_have_it(built):
    """Or their results would stand though the clock has moved on."""
    clocks = (AS_OF, datetime(2031, 3, 4, 5, 6, 7, 890))
    for suites in (
        *([delivery.suite(c, clock) for clock in clocks] for c in CONTRACTS.values()),
        *zip(*(marts.suites(built, clock) for clock in clocks), strict=True),
    ):
        texts = [
            [runner.CLOCK.sub("", str(cell)) for check in s.checks for cell in vars(check).values()]
            for s in suites
        ]
        assert texts[0] == texts[1]


# Marts --------------------------------------------------------------------------------------

CONVERSION = {"conversion_id": "c1", "amount_reporting": 100, "converted_at": AS_OF}
CREDITS = [
    {"conversion_id": "c1", "attribution_model": "linear", "credit": c, "credited_amount": a}
    for c, a in [(1 / 3, 33.34), (1 / 3, 33.33), (1 / 3, 33.33)]
]
SPEND = {"ad_spend_id": "s1", "date_day": AS_OF.date(), "spend": 5, "currency": "EUR"}
REPORT = {
    **{"platform": "google_ads", "ad_account_id": "1", "ad_campaign_name": "alpha"},
    **{"currency": "EUR", "spend": 5, "date_day": AS_OF.date()},
    **{"is_daily": True, "is_counted": True},
}


@pytest.fixture
def built(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Marts that hold together, of a company that delivered nothing but spend."""
    for statement in (
        *(f"create schema {schema}" for schema in (*marts.SCHEMAS, "intermediate")),
        "create table attribution.fct_conversions (conversion_id varchar,"
        " amount_reporting decimal(18, 2), converted_at timestamp, contact_key varchar)",
        "create table attribution.fct_attribution_credits (credit_id varchar default 'k',"
        " conversion_id varchar, attribution_model varchar, credit double,"
        " credited_amount decimal(18, 2))",
        "create table attribution.fct_touches (touch_id varchar, touched_at timestamp,"
        " channel varchar, source varchar, medium varchar, campaign_key varchar,"
        " landing_page varchar)",
        "create table attribution.fct_ad_spend_daily (ad_spend_id varchar, date_day date,"
        " spend decimal(18, 2), currency varchar, campaign_key varchar default 'c')",
        "create table intermediate.int_ad_reports_unioned (platform varchar, ad_account_id varchar,"
        " ad_campaign_name varchar, currency varchar, spend decimal(18, 6), date_day date,"
        " is_daily boolean, is_counted boolean)",
        "create table intermediate.int_crm_deals_unioned (created_at timestamp, crm_source varchar,"
        " crm_deal_id varchar, outcome_key varchar, stage varchar, is_closed boolean default false,"
        " is_won boolean default false, amount decimal(18, 2), is_deleted_at_source boolean,"
        " opportunity_id varchar)",
        "create table intermediate.int_opportunities_priced"
        " (is_excluded boolean, opportunity_id varchar default 'o')",
        "create table intermediate.int_sessions_built"
        " (exclusion_reason varchar, session_id varchar default 's')",
        "create table intermediate.int_sessions_identified as"
        " select 's' as session_id, 'test' as contact_key",
        "create table intermediate.int_contacts_merged (contact_key varchar, is_excluded boolean)",
        "create table intermediate.int_records_set_aside (record_type varchar, source varchar,"
        " column_name varchar, file_id bigint, row_number bigint)",
        "create table intermediate.int_approvals_classified (created_at timestamp)",
        "create table core.dim_channels as select 'Email' as channel",
        "create table core.dim_dates as"
        " select cast(unnest(range(date '2026-09-01', date '2026-12-31', interval 1 day)) as date)"
        " as date_day",
        *(f"create table core.{name} (k varchar)" for name in ("dim_accounts", "dim_campaigns")),
        "create table core.dim_contacts (contact_key varchar, company varchar,"
        " record_count bigint default 1)",
        "create table funnel.fct_opportunities (opportunity_id varchar, crm_source varchar,"
        " primary_contact_key varchar, amount decimal(18, 2), currency varchar, is_won boolean,"
        " closed_at timestamp)",
        "create table operations.fct_campaign_launches (campaign_key varchar)",
        "create table operations.fct_approval_rounds (approval_round_id varchar,"
        " requested_at timestamp, decided_at timestamp, business_hours double)",
        "create table intermediate.int_business_days_opened (region varchar,"
        " is_business_day boolean, opens_at timestamp, closes_at timestamp)",
        "create table quality.fct_quality_results (expectation varchar)",
        "create table quality.fct_report_confidence as"
        " select 'r' as report_confidence_id, cast(0.9 as double) as reporting_confidence",
        "create table meta.files as select 1 as file_id, 'a.csv' as path",
        "create table meta.metric_registry as select 'leads' as metric",
    ):
        con.execute(statement)
    insert(con, "attribution.fct_conversions", CONVERSION)
    for row in CREDITS:
        insert(con, "attribution.fct_attribution_credits", row)
    insert(con, "attribution.fct_ad_spend_daily", SPEND)
    insert(con, ".".join(marts.REPORTS), REPORT)
    return con


def broken_marts(
    con: duckdb.DuckDBPyConnection, as_of_at: datetime = AS_OF
) -> set[tuple[str, str]]:
    results = runner.audit_marts(con, as_of_at)
    return {(result.table_name, result.expectation) for result in results if not result.success}


def test_shares_are_shares_whatever_mart_has_them(con):
    con.execute(
        "create schema if not exists operations; create table operations.fct_sprint_commitments as"
        " select * from (values"
        " ('whole', 1.0::double, 0.5::double, 2.0::double), ('per cent', 50, null, 1),"
        " ('negative', -0.5, 0.1, 1)) as t (name, win_rate, lead_share, scope_change_rate)"
    )
    assert marts.share_columns(con) == {
        "operations.fct_sprint_commitments": ("win_rate", "lead_share")
    }
    (suite,) = (s for s in marts.suites(con, AS_OF) if s.name in marts.share_columns(con))
    failing = {
        check.column: con.execute(f"select name from ({check.failing(suite.name)})").fetchall()
        for check in suite.checks
        if check.name == "is_share"
    }
    assert failing == {"win_rate": [("per cent",), ("negative",)], "lead_share": []}


def test_sound_marts_pass_though_most_sources_were_not_delivered(built):
    assert broken_marts(built) == set()
    assert runner.critical_failures(built, AS_OF) == []


MONEY = "fct_attribution_credits"
BREAKS = [
    (f"update attribution.{MONEY} set credit = credit * 1.001", (MONEY, "sums_to_one")),
    (
        f"update attribution.{MONEY} set credited_amount = 33.33",
        (MONEY, "sums_to_conversion"),
    ),
    # What is not known adds up to nothing.
    (f"update attribution.{MONEY} set credit = null", (MONEY, "sums_to_one")),
    (f"update attribution.{MONEY} set credited_amount = null", (MONEY, "sums_to_conversion")),
    (
        "update attribution.fct_conversions set amount_reporting = null",
        (MONEY, "sums_to_conversion"),
    ),
    (f"delete from attribution.{MONEY}", (MONEY, "every_conversion_credited")),
    (
        "update attribution.fct_ad_spend_daily set spend = null",
        ("fct_ad_spend_daily", "equals_reports"),
    ),
    ("delete from attribution.fct_ad_spend_daily", ("fct_ad_spend_daily", "equals_reports")),
    (f"delete from {'.'.join(marts.REPORTS)}", ("fct_ad_spend_daily", "equals_reports")),
    (
        "insert into attribution.fct_conversions values ('c2', null, '2026-09-01', 'k')",
        (MONEY, "every_conversion_credited"),
    ),
    (
        "insert into attribution.fct_conversions values ('c1', 100, '2026-09-01', 'k')",
        ("fct_conversions", "unique"),
    ),
    (
        "insert into attribution.fct_touches (touch_id, touched_at)"
        " values ('t', '2026-10-01 06:00:01')",
        ("fct_touches", "not_after_clock"),
    ),
    (
        "insert into attribution.fct_ad_spend_daily values ('s1', '2026-10-01', 0, 'EUR', 'c')",
        ("fct_ad_spend_daily", "unique"),
    ),
    (
        "insert into attribution.fct_ad_spend_daily values ('s2', '2026-10-01', 1, 'USD', 'c')",
        ("fct_ad_spend_daily", "equals_reports"),
    ),
    (f"update {'.'.join(marts.REPORTS)} set spend = 6", ("fct_ad_spend_daily", "equals_reports")),
    (
        "insert into core.dim_contacts values ('k', 'ask jane.doe@example.co.uk', 10)",
        ("dim_contacts", "no_personal_data"),
    ),
    ("delete from core.dim_dates where date_day = '2026-10-01'", ("dim_dates", "covers_facts")),
    (
        "update quality.fct_report_confidence set reporting_confidence = 1.01",
        ("fct_report_confidence", "is_share"),
    ),
    ("delete from core.dim_channels", ("dim_channels", "row_count")),
    ("drop table core.dim_channels", ("dim_channels", "row_count")),
]


@pytest.mark.parametrize(("statement", "expected"), BREAKS)
def test_broken_marts_fail(built, monkeypatch, statement, expected):
    suites = marts.suites
    monkeypatch.setattr(
        marts, "suites", lambda *args: [s for s in suites(*args) if s.table == expected[0]]
    )
    built.execute(statement)
    assert expected in broken_marts(built)
    assert {(f.table_name, f.expectation) for f in runner.critical_failures(built, AS_OF)} >= {
        expected
    }


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (
            "insert into attribution.fct_touches"
            " values ('t', '2026-09-01', 'Organic Social', 'facebook', 'social', 'c', null)",
            ("fct_touches", "paid_tagged_organic"),
        ),
        (
            "insert into attribution.fct_touches (touch_id, touched_at, source, medium,"
            " landing_page) values ('t', '2026-09-01', 'secure.quickpay.net', 'referral', null),"
            " ('u', '2026-09-01', 'bank.example', 'referral', 'https://a.example/thank-you/7'),"
            " ('v', '2026-09-01', 'payload.example', 'referral', 'https://a.example/thanksgiving')",
            ("fct_touches", "no_payment_page_as_source"),
        ),
        (
            "insert into core.dim_contacts values ('k', 'Acme', 11)",
            ("dim_contacts", "cluster_is_small"),
        ),
        (
            "create table quality.fct_touch_outcomes as from (values"
            " ('o', 'session', 'implausible_time', 3), ('p', 'session', 'touch', 8),"
            " ('q', 'session', null, null))"
            " as t (touch_outcome_id, touch_type, outcome, candidate_count)",
            ("fct_touch_outcomes", "every_time_is_plausible"),
        ),
    ],
)
def test_what_may_be_right_is_named_and_stops_nobody(built, statement, expected):
    built.execute(statement)
    assert broken_marts(built) == {expected}
    assert runner.critical_failures(built, AS_OF) == []


def test_touches_without_an_implausible_time_pass_as_do_none(built):
    built.execute(
        "create table quality.fct_touch_outcomes as select 'o' as touch_outcome_id,"
        " 'session' as touch_type, 'bot' as outcome, cast(8 as bigint) as candidate_count"
    )
    assert broken_marts(built) == set()
    built.execute("delete from quality.fct_touch_outcomes")
    assert broken_marts(built) == set()


def test_negative_credit_and_spend(built):
    built.execute(f"update attribution.{MONEY} set credit = -credit")
    built.execute("update attribution.fct_ad_spend_daily set spend = -spend")
    broken = broken_marts(built)
    assert {(MONEY, "not_negative"), ("fct_ad_spend_daily", "not_negative")} <= broken


def test_no_address_is_repeated_in_the_results(built):
    built.execute("insert into core.dim_contacts values ('jane.doe@example.com', null, 1)")
    runner.audit_marts(built, AS_OF)
    texts = built.execute("select string_agg(sample_keys, ' ') from ops.quality_results").fetchall()
    assert "jane" not in texts[0][0]


@pytest.mark.parametrize(
    ("stream", "mart"),
    [
        ("hubspot.contacts", "dim_contacts"),
        ("salesforce.leads", "dim_contacts"),
        ("pipedrive.persons", "dim_contacts"),
        ("salesforce.accounts", "dim_accounts"),
        ("pipedrive.deals_api", "fct_opportunities"),
        # Whose owners came has no contacts for that.
        ("salesforce.users", None),
        ("google_ads.overview_time_series", None),
    ],
)
def test_a_mart_whose_subject_came_must_hold_rows(built, stream, mart):
    deliver(built, stream, [{}])
    assert broken_marts(built) == ({(mart, "row_count")} if mart else set())


def test_spend_that_came_and_is_nowhere_is_missed(built):
    built.execute("delete from attribution.fct_ad_spend_daily")
    built.execute("delete from intermediate.int_ad_reports_unioned")
    deliver(built, "meta_ads.ads_report", [{}])
    assert ("fct_ad_spend_daily", "row_count") in broken_marts(built)


def test_a_day_that_has_begun_where_its_account_is_counts(built):
    """The first of October of Auckland, where it is nine in the morning."""
    clock = datetime(2026, 9, 30, 20)
    assert broken_marts(built, clock) == set()
    built.execute("delete from attribution.fct_ad_spend_daily")
    deliver(built, "meta_ads.ads_report", [{}], loaded_at=clock)
    missed = {("fct_ad_spend_daily", "row_count"), ("fct_ad_spend_daily", "equals_reports")}
    assert broken_marts(built, clock) == missed


@pytest.mark.parametrize(
    ("zone", "clock", "is_missed"),
    [
        ("Australia/Sydney", datetime(2026, 12, 30, 20), True),
        ("Australia/Sydney", datetime(2026, 12, 30, 12), False),
        ("America/Los_Angeles", datetime(2026, 12, 31, 5), False),
        ("America/Los_Angeles", datetime(2026, 12, 31, 8), True),
    ],
)
def test_the_calendar_has_the_reporting_zone_s_day(built, monkeypatch, zone, clock, is_missed):
    """It ends with December the 30th."""
    monkeypatch.setitem(project_vars(), "reporting_time_zone", zone)
    broken = broken_marts(built, clock)
    assert broken == ({("dim_dates", "covers_facts")} if is_missed else set())


@pytest.mark.parametrize(
    ("stream", "statement"),
    [
        ("hubspot.deals", "int_crm_deals_unioned (created_at) values (null)"),
        ("hubspot.deals", f"int_crm_deals_unioned (created_at) values ('{AS_OF}')"),
        ("hubspot.deals", "int_opportunities_priced (is_excluded) values (true)"),
        ("ga4.events", "int_sessions_built (exclusion_reason) values ('scanner')"),
        (
            "ga4.events",
            "int_sessions_built (exclusion_reason) values (null);"
            " insert into intermediate.int_contacts_merged values ('test', true)",
        ),
        ("asana.tasks", f"int_approvals_classified values ('{LATER}')"),
    ],
)
def test_what_the_models_may_leave_out_obliges_no_mart(built, stream, statement):
    deliver(built, stream, [{}])
    built.execute(f"insert into intermediate.{statement}")
    assert broken_marts(built) == set()


@pytest.mark.parametrize(
    ("stream", "statement", "mart"),
    [
        ("mixpanel.events", "int_sessions_built (exclusion_reason) values (null)", "fct_touches"),
        ("jira.issues", f"int_approvals_classified values ('{AS_OF}')", "fct_approval_rounds"),
        (
            "hubspot.deals",
            "int_crm_deals_unioned (created_at) values ('2026-01-01')",
            "fct_opportunities",
        ),
    ],
)
def test_what_the_models_have_obliges_its_mart(built, stream, statement, mart):
    deliver(built, stream, [{}])
    built.execute(f"insert into intermediate.{statement}")
    assert broken_marts(built) == {(mart, "row_count")}


def test_a_stage_that_nobody_defined_is_named_with_its_deals_and_its_row(built):
    built.execute(
        "insert into intermediate.int_crm_deals_unioned by name select * from (values"
        " ('hubspot', '8', 'own stage', 'Own stage', null, null, 20, false),"
        " ('hubspot', '7', 'own stage', 'Own stage', null, null, 10.5, false),"
        " ('pipedrive', '9', 'gewonnen', 'Qualified', null, null, 5, false),"
        " ('hubspot', '10', 'parked', 'Parked', true, null, null, false),"
        " ('hubspot', '11', 'closed', 'Closed', true, false, 1, false),"
        " ('hubspot', '12', 'gone', 'Gone', null, null, 1, true))"
        " as given(crm_source, crm_deal_id, outcome_key, stage, is_closed, is_won, amount,"
        " is_deleted_at_source)"
    )
    (result,) = (r for r in runner.audit_marts(built, AS_OF) if not r.success)
    assert (result.expectation, result.severity) == ("every_deal_stage_is_defined", "warning")
    assert result.sample_keys == (
        "hubspot,own stage,Own stage,?,?,?,? | 2 | 30.50 | 7 8",
        "hubspot,parked,Parked,?,?,?,? | 1 |  | 10",
        "pipedrive,gewonnen,Qualified,?,?,?,? | 1 | 5.00 | 9",
    )
    assert (result.evaluated, result.failed) == (5, 3)


def test_a_deal_that_two_crms_have_is_told(built):
    """One contact, one amount, closed within a day of each other; no other pair is one deal."""
    built.execute(
        "create or replace table funnel.fct_opportunities as select * from (values"
        " ('h1', 'hubspot', 'ann', 100, 'USD', true, timestamp '2026-07-15 23:00:00'),"
        " ('s1', 'salesforce', 'ann', 100, 'USD', true, timestamp '2026-07-16 04:00:00'),"
        " ('s2', 'salesforce', 'ann', 100, 'EUR', true, timestamp '2026-07-16 04:00:00'),"
        " ('s3', 'salesforce', 'ann', 101, 'USD', true, timestamp '2026-07-16 04:00:00'),"
        " ('s4', 'salesforce', 'bob', 100, 'USD', true, timestamp '2026-07-16 04:00:00'),"
        " ('s5', 'salesforce', 'ann', 100, 'USD', true, timestamp '2026-07-17 04:00:00'),"
        " ('s6', 'salesforce', 'ann', 100, 'USD', false, timestamp '2026-07-16 04:00:00'),"
        " ('h2', 'hubspot', 'ann', 100, 'USD', true, timestamp '2026-07-13 04:00:00'))"
        " as given(opportunity_id, crm_source, primary_contact_key, amount, currency, is_won,"
        " closed_at)"
    )
    assert all(r.expectation != "told_by_one_crm" for r in runner.audit_marts(built, AS_OF))
    built.execute(
        "insert into intermediate.int_crm_deals_unioned by name select opportunity_id, crm_source,"
        " upper(opportunity_id) as crm_deal_id from funnel.fct_opportunities"
    )
    (result,) = (r for r in runner.audit_marts(built, AS_OF) if r.expectation == "told_by_one_crm")
    assert (result.severity, result.evaluated, result.failed) == ("warning", 8, 1)
    assert result.sample_keys == ("hubspot H1 | salesforce S1 | 100 | USD",)


def test_a_refund_that_does_not_fit_its_deal_is_told(built):
    """By deal: what of it; ten euros are eleven dollars at the rate of June."""
    deliver(built, "templates.refunds", [{}])
    won, late = "2026-06-10", "2026-06-20"
    deals = {"fits": 100, "raised": 100, "more": 100, "parts": 100, "early": 100, "unpriced": None}
    deals |= {"twice": 100, "twice_in_parts": 100, "lowered": 100, "abroad": 10, "too_far": 10}
    deals |= {"in_cents": 0.3}
    changes = [
        *(("fits", "refund", -100, won), ("raised", "amount_change", 50, late)),
        *(("raised", "refund", -150, late), ("more", "refund", -100.01, late)),
        *(("parts", "refund", -60, late), ("parts", "refund", -40, late)),
        *(("parts", "refund", -0.01, late), ("early", "refund", -10, "2026-06-09")),
        *(("unpriced", "refund", -5, late), ("twice", "refund", -30, late)),
        *(("twice", "amount_change", -30, late), ("twice_in_parts", "refund", -10, late)),
        *(("twice_in_parts", "refund", -20, late), ("twice_in_parts", "amount_change", -30, late)),
        # It was corrected by another amount than what was given back of it, and is worth 60.
        *(("lowered", "amount_change", -40, late), ("lowered", "refund", -61, late)),
        # Of a deal in euros dollars were given back, at the rate of a bank.
        *(("abroad", "refund", -11.5, late), ("too_far", "refund", -11.6, late)),
        *(("too_far", "refund", None, late),),
        # As sums of doubles they were more.
        *(("in_cents", "refund", -0.1, late), ("in_cents", "refund", -0.2, late)),
    ]
    foreign = ("abroad", "too_far")
    built.execute(
        "create table intermediate.int_revenue_postings (conversion_id varchar, posting_type"
        " varchar, amount decimal(18, 2), currency varchar, converted_date date, booked_date date);"
        "create table intermediate.int_revenue_changes_priced (conversion_id varchar,"
        " opportunity_id varchar, change_type varchar, amount_delta decimal(18, 2), currency"
        " varchar, amount_delta_reporting decimal(18, 2), booked_date date, file_id bigint,"
        " row_number bigint);"
        "create table attribution.fct_conversion_adjustments (conversion_id varchar);"
        "create table intermediate.int_fx_rates_dated as from (values"
        " ('EUR', date '2026-01-01', date '2026-06-01', 2.0),"
        " ('EUR', date '2026-06-01', date '9999-12-31', 1.1),"
        " ('USD', date '1970-01-01', date '9999-12-31', 1.0))"
        " as given(currency, rate_date, next_rate_date, rate_to_reporting)"
    )
    for deal, amount in deals.items():
        currency = "EUR" if deal in foreign else "USD"
        built.execute(
            "insert into intermediate.int_revenue_postings values (?, 'original', ?, ?, ?, ?)",
            [deal, amount, currency, won, won],
        )
        built.execute(
            "insert into intermediate.int_crm_deals_unioned by name"
            " select ? as opportunity_id, 'hubspot' as crm_source, ? as crm_deal_id",
            [deal, deal],
        )
    for number, (deal, kind, delta, booked) in enumerate(changes, start=1):
        row = (1, number) if kind == "refund" else (None, None)
        built.execute(
            "insert into intermediate.int_revenue_changes_priced"
            " values (?, ?, ?, ?, 'USD', ?, ?, ?, ?)",
            [deal, deal, kind, delta, delta, booked, *row],
        )
    (path,) = built.execute("select path from ops.files where file_id = 1").fetchone()
    name = "every_refund_fits_its_deal"
    (result,) = (r for r in runner.audit_marts(built, AS_OF) if r.expectation == name)
    assert (result.severity, result.evaluated, result.failed) == ("warning", 12, 8)
    (check,) = (c for suite in marts.suites(built, AS_OF) for c in suite.checks if c.name == name)
    assert built.execute(f"{check.failing('')} order by deal").fetchall() == [
        ("hubspot early", "before the win", "10.00", "100.00", "USD", f"{path} row 8"),
        ("hubspot lowered", "more than it is worth", "61.00", "60.00", "USD", f"{path} row 16"),
        ("hubspot more", "more than it is worth", "100.01", "100.00", "USD", f"{path} row 4"),
        (
            *("hubspot parts", "more than it is worth", "100.01", "100.00", "USD"),
            f"{path} row 5, {path} row 6, {path} row 7",
        ),
        (
            *("hubspot too_far", "more than it is worth", "10.55", "10.00", "EUR"),
            f"{path} row 18, {path} row 19",
        ),
        ("hubspot twice", "taken twice", "30.00", "70.00", "USD", f"{path} row 10"),
        (
            *("hubspot twice_in_parts", "taken twice", "30.00", "70.00", "USD"),
            f"{path} row 12, {path} row 13",
        ),
        ("hubspot unpriced", "of no amount", "5.00", None, "USD", f"{path} row 9"),
    ]


def test_names_in_templates_that_nothing_knows_are_told(built):
    deliver(built, "templates.handoffs", [{}])
    built.execute(
        "create table quality.fct_unknown_names as select * from (values"
        " ('handoffs', 'utm_campaign', 'sprung', 2, 1, 3),"
        " ('raci_assignments', 'workflow_step', 'lunch', 1, null, 1)) as given(template,"
        " column_name, unknown_name, line_count, first_file_id, first_row_number)"
    )
    (path,) = built.execute("select path from ops.files where file_id = 1").fetchone()
    (result,) = (r for r in runner.audit_marts(built, AS_OF) if not r.success)
    assert (result.expectation, result.severity) == ("every_name_is_known", "warning")
    assert set(result.sample_keys) == {
        f"handoffs | utm_campaign | sprung | 2 | {path} | 3",
        "raci_assignments | workflow_step | lunch | 1 |  | 1",
    }
    assert result.action.endswith("Until then they are in no figure of theirs.")


def test_a_sample_that_others_drew_is_told_what_it_wants(built):
    deliver(built, "templates.accuracy_audit", [{}])
    built.execute(
        "create table quality.fct_unknown_names as select 'accuracy_audit' as template,"
        " 'sample_id' as column_name, 's1' as unknown_name, 3 as line_count,"
        " 1 as first_file_id, 1 as first_row_number"
    )
    results = [
        r for r in runner.audit_marts(built, AS_OF) if r.expectation == "every_name_is_known"
    ]
    assert [r.success for r in results] == [False]
    assert "`throughline audit sample` wrote it" in results[0].action
    assert "crm_deal_id" not in results[0].action


def test_a_recent_day_unlike_its_weekday_is_told_by_its_dimension(built):
    built.execute("create schema if not exists seeds")
    built.execute(
        "create table seeds.anomaly_rules as select unnest(['validity', 'completeness'])"
        " as dimension"
    )
    built.execute(
        "create table quality.fct_anomalies as select * from (values"
        " ('error', 'validity', true, 'cents', 'row 1'),"
        " ('error', 'validity', false, 'long ago', 'row 2'),"
        " ('warning', 'completeness', true, 'few', 'row 3'),"
        " ('explained', 'completeness', true, 'a fair', 'row 4'),"
        " ('within', null, true, null, null), ('too_early', null, true, null, null))"
        " as days(anomaly_state, dimension, is_recent, sentence, explanation_row)"
    )
    built.execute("alter table quality.fct_anomalies add column owner varchar default 'Paid media'")
    results = {
        result.expectation: result
        for result in runner.audit_marts(built, AS_OF)
        if result.expectation.startswith("no_day_with_")
    }
    assert {name for name, result in results.items() if not result.success} == {
        "no_day_with_error_of_validity",
        "no_day_with_warning_of_completeness",
    }
    cents = results["no_day_with_error_of_validity"]
    assert (cents.severity, cents.dimension, cents.failed, cents.evaluated) == (
        *("critical", "validity"),
        *(1, 4),
    )
    assert cents.sample_keys == ("cents | Paid media | row 1",)
    assert [result.expectation for result in runner.critical_failures(built, AS_OF)] == [
        "no_day_with_error_of_validity"
    ]


@pytest.mark.parametrize("subject", ["web_events", "spend"])
def test_chance_makes_few_days_of_a_small_source_too_low(subject):
    """Visits and clicks are counted, and rows and money are several of each."""
    path = PROJECT_DIR / "seeds" / "quality" / "anomaly_rules.csv"
    with path.open(encoding="utf-8", newline="") as file:
        (rule,) = (
            rule
            for rule in csv.DictReader(file)
            if rule["subject"] == subject
            and rule["metric"] in ("row_volume", "spend")
            and rule["deviation"] == "low"
        )
    distance, change = float(rule["warning_distance"]), float(rule["warning_change"])
    for expected in range(1, 100):
        bound = max(math.sqrt(expected) - 0.5 * distance, 0) ** 2
        bound = min(bound, (1 - change) * expected)
        below = range(math.ceil(bound))
        chance = sum(expected**n * math.exp(-expected) / math.factorial(n) for n in below)
        assert chance < 0.001, expected


def test_an_objective_without_an_outcome_or_a_workflow_is_named(built):
    built.execute("create schema if not exists strategy")
    built.execute(
        "create table strategy.fct_objectives as select * from (values"
        " ('G1', null, 1, 1), ('G2', 'no workflow key result', 1, 0),"
        " ('G3', 'no outcome key result', 0, 2), ('G4', 'no campaign', 2, 1)) as given("
        "objective_id, lacks, outcome_metric_count, workflow_count)"
    )
    (result,) = (r for r in runner.audit_marts(built, AS_OF) if not r.success)
    assert result.expectation == "every_objective_has_outcome_and_workflow"
    assert result.sample_keys == ("G2 | no workflow key result", "G3 | no outcome key result")
    assert (result.evaluated, result.failed, result.severity) == (4, 2, "warning")


def test_what_trackers_say_and_nobody_defined_is_named_with_the_row_to_add(built):
    for statement in (
        "create table intermediate.int_tasks_unioned as select * from (values"
        " ('1', 'trello', 'Erledigt', null, null, null, 'Umzug'),"
        " ('2', 'trello', 'erledigt', null, null, null, 'Umzug'),"
        " ('3', 'trello', 'Done', 'completed', null, null, 'Spring'),"
        " ('4', 'monday', 'Done', 'completed', 'Genehmigt', null, 'Spring'),"
        " ('5', 'monday', 'Done', 'completed', 'Approved', 'approved', null),"
        " ('6', 'asana', 'Irgendwo', null, null, null, 'Spring'))"
        " as given(task_id, tracker, status_name, canonical_status, approval_label,"
        " approval_status, project_name)",
        "create table intermediate.int_tasks_matched as select * from (values"
        " ('3', 'spring'), ('4', 'spring')) as given(task_id, campaign_key)",
        "create or replace table intermediate.int_approvals_classified as select * from (values"
        " ('other', 'Freigabe Recht'), ('other', 'freigabe recht'),"
        " ('other', 'Recht, \"eilig\"'), ('legal', 'Legal approval'))"
        " as given(approval_step, approval_title)",
        "alter table intermediate.int_approvals_classified add column created_at timestamp",
        "create table operations.fct_blockers as select * from (values"
        " ('1', 'Recht', 'Unassigned', timestamp '2026-03-01', true, false),"
        " ('2', 'Texte', 'Ana', null, true, false), ('3', 'Fotos', 'Ana', null, false, false),"
        " ('4', 'Druck', 'Ana', timestamp '2026-03-01', true, true)) as given(blocker_id,"
        " task_name, owner_name, due_at, is_open, is_owner_and_due_known)",
        "create table operations.fct_milestones (milestone_id varchar)",
        "create table operations.fct_critical_paths as select * from (values"
        " ('spring', 1, 'whole', 'Launch'), ('fall', 1, 'circle', 'Launch'),"
        " ('fall', 2, 'circle', 'Check')) as given(campaign_key, step_no, path_state, task_name)",
    ):
        built.execute(statement)
    failed = {
        r.expectation: (r.sample_keys, r.evaluated, r.failed, r.severity)
        for r in runner.audit_marts(built, AS_OF)
        if not r.success
    }
    assert failed == {
        "every_status_is_defined": (
            ("approval,monday,genehmigt,?,? | 1", "task,trello,erledigt,?,? | 2"),
            *(5, 2, "warning"),
        ),
        "every_project_has_its_campaign": (
            ("asana | Spring | 1", "monday | in no project | 1", "trello | Umzug | 2"),
            *(5, 3, "warning"),
        ),
        "every_blocker_has_owner_and_due_date": (
            ("1 | Recht | Unassigned | 2026-03-01 00:00:00", "2 | Texte | Ana | "),
            *(3, 2, "warning"),
        ),
        "every_critical_path_ends": (("fall | circle | Check",), *(2, 1, "warning")),
        "every_approval_has_its_step": (
            ('"recht, ""eilig""",?,?,? | 1', "freigabe recht,?,?,? | 2"),
            *(4, 2, "warning"),
        ),
    }


def test_a_review_takes_no_more_business_hours_than_any_region_had_open(built):
    """From Friday to Monday, 66 hours by the wall: 2 in Berlin, 8 in New York."""
    days = ", ".join(
        f"('{region}', {is_open}, timestamp '{day} {opens}:00', timestamp '{day} {closes}:00')"
        for region, opens, closes in (("DE", "08:00", "16:00"), ("US", "14:00", "22:00"))
        for day, is_open in (
            ("2026-03-06", True),
            *(("2026-03-07", False), ("2026-03-08", False), ("2026-03-09", True)),
        )
    )
    for statement in (
        f"insert into intermediate.int_business_days_opened values {days}",
        "insert into operations.fct_approval_rounds values"
        " ('DE', '2026-03-06 15:00', '2026-03-09 09:00', 2),"
        " ('US', '2026-03-06 15:00', '2026-03-09 15:00', 8),"
        " ('by the wall', '2026-03-06 15:00', '2026-03-09 15:00', 72),"
        " ('a minute too much', '2026-03-06 15:00', '2026-03-09 15:00', 8 + 1 / 60),"
        " ('at a weekend', '2026-03-07 10:00', '2026-03-08 10:00', 0),"
        " ('wall at a weekend', '2026-03-07 10:00', '2026-03-08 10:00', 24),"
        " ('unknown', '2026-03-06 15:00', null, null),"
        " ('open', '2026-03-09 14:00', null, 8)",
    ):
        built.execute(statement)
    (failed,) = (r for r in runner.audit_marts(built, AS_OF) if not r.success)
    assert failed.expectation == "business_hours_were_open"
    assert failed.sample_keys == (
        "a minute too much | 8.016666666666667 | 8.0",
        "by the wall | 72.0 | 8.0",
        "wall at a weekend | 24.0 | ",
    )
    assert (failed.evaluated, failed.failed, failed.severity) == (7, 3, "warning")


def test_marts_are_judged_again_where_they_or_what_they_are_held_against_changed(built, judged):
    for relation, is_view, *_ in relations(built):
        built.execute(f"comment on {'view' if is_view else 'table'} {relation} is 'key content'")
    assert broken_marts(built) == set()
    judged.clear()
    runner.audit_marts(built, LATER)
    assert judged == []
    built.execute("update attribution.fct_conversions set amount_reporting = 99")
    built.execute("comment on table attribution.fct_conversions is 'key other'")
    results = runner.audit_marts(built, LATER)
    assert {r.expectation for r in results if not r.success} == {"sums_to_conversion"}
    # dim_dates must have the days of all facts.
    assert sorted(judged) == [
        "attribution_fct_attribution_credits",
        "attribution_fct_conversions",
        "core_dim_dates",
    ]
    # Whoever else writes it leaves no comment, and nobody knows what it holds.
    judged.clear()
    built.execute("create or replace table core.dim_channels as select 'Email' as channel")
    runner.audit_marts(built, LATER)
    assert judged == ["core_dim_channels"]


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str | None]]:
    """The checks that Great Expectations is asked about from now on."""
    from expectations.adapter import Auditor  # noqa: PLC0415

    asked: list[tuple[str, str | None]] = []
    evaluate = Auditor.evaluate

    def noted(auditor: Auditor, view: str, checks: Sequence[Check]) -> object:
        asked.extend((check.name, check.column) for check in checks)
        return evaluate(auditor, view, checks)

    monkeypatch.setattr(Auditor, "evaluate", noted)
    return asked


def test_of_a_mart_those_checks_are_judged_that_something_reached(built, checked):
    """Of conversions those of their credits, of a new file those of its own stream's staging."""
    streams = ("google_ads.keyword_report", "google_ads.campaign_report")
    deliver(built, "google_ads.keyword_report", [{"keyword": "a", "clicks": "3"}])
    deliver(built, "google_ads.campaign_report", [spend_row()])
    set_clock(built, AS_OF)
    built.execute("create schema staging")
    for contract in map(CONTRACTS.__getitem__, streams):
        model = staged(contract)
        cells = ", ".join(f"{sql} as {column}" for column, sql in model.columns.items())
        rows = f"select {cells} from {contract.current_table}"
        built.execute(f"create table staging.{model.model} as {rows}")
    for relation, is_view, *_ in relations(built):
        if not is_view:
            built.execute(f"comment on table {relation} is 'key content'")
    assert broken_marts(built) == set()
    assert {column for name, column in checked if name == "staging_holds_what_came"} == {*streams}
    checked.clear()
    assert broken_marts(built) == set()
    assert checked == []

    # A row that staging, made before it, does not hold; and what readers see of the files.
    deliver(built, "google_ads.campaign_report", [spend_row(day="2026-09-02")], loaded_at=LATER)
    built.execute("comment on table meta.files is 'key other'")
    built.execute("update attribution.fct_conversions set amount_reporting = 99")
    built.execute("comment on table attribution.fct_conversions is 'key other'")
    set_clock(built, LATER)
    results = runner.audit_marts(built, LATER)
    broken = {("sums_to_conversion", "credited_amount"), ("staging_holds_what_came", streams[1])}
    assert {(r.expectation, r.column_name) for r in results if not r.success} == broken
    assert broken < {*checked}
    assert ("staging_holds_what_came", streams[0]) not in checked
    # A rule of credits that asks nobody but them.
    assert ("sums_to_one", "credit") not in checked

    told = kept(built, LATER)
    built.execute("update ops.quality_results set key = null")
    checked.clear()
    runner.audit_marts(built, LATER)
    assert {("sums_to_one", "credit"), ("staging_holds_what_came", streams[0])} < {*checked}
    assert kept(built, LATER) == told


# People and Dagster -------------------------------------------------------------------------


def result(**values: object) -> CheckResult:
    row: dict[str, object] = {
        "suite": "delivery",
        "table_schema": "raw_hubspot",
        "table_name": "deals",
        "expectation": "readable",
        "column_name": "amount",
        "dimension": "validity",
        "severity": CRITICAL,
        "owner": "Sales operations",
        "action": "Correct the amount.",
        "success": False,
        "evaluated": 30,
        "failed": 2,
        "failed_pct": 100 * 2 / 30,
        "sample_keys": ("7", "8"),
        "exception": None,
        "as_of_at": AS_OF,
        "evaluated_at": AS_OF,
        **values,
    }
    return CheckResult(**row)  # type: ignore[arg-type]


def test_describe_is_one_line_for_people():
    assert result().describe() == (
        "raw_hubspot.deals: readable of amount (critical): 2 of 30 failed, for example 7, 8."
        " Sales operations: Correct the amount."
    )
    broken = result(exception="Binder Error", evaluated=None, failed=None, sample_keys=())
    assert "could not be evaluated (Binder Error)" in broken.describe()


@pytest.mark.parametrize(("severity", "goes_on"), [(CRITICAL, False), (WARNING, True)])
def test_critical_failures_block_what_is_downstream(severity, goes_on):
    from pipelines.defs.quality.quality import check_results, check_specs  # noqa: PLC0415

    tables = [("raw_hubspot", "deals"), ("raw_ga4", "events")]
    ran: list[str] = []

    @dg.multi_asset(specs=[dg.AssetSpec(list(table)) for table in tables])
    def load() -> Iterator[dg.MaterializeResult[None]]:
        for table in tables:
            yield dg.MaterializeResult(asset_key=list(table))

    @dg.multi_asset_check(specs=check_specs("delivery", tables), can_subset=True)
    def audit_step(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        keys = context.selected_asset_check_keys
        yield from check_results("delivery", tables, [result(severity=severity)], keys)

    @dg.asset(deps=[list(table) for table in tables])
    def model() -> None:
        ran.append("model")

    definitions = dg.Definitions(
        assets=[load, model], asset_checks=[audit_step], executor=dg.in_process_executor
    )
    done = definitions.get_implicit_global_asset_job_def().execute_in_process(raise_on_error=False)
    checks = {(e.asset_key.path[-1], e.check_name): e for e in done.get_asset_check_evaluations()}
    # Of events, which nobody delivered, there is nothing to say, and they hold nobody up.
    assert {table for table, _ in checks} == {"deals"}
    assert not checks["deals", "delivery"].passed
    assert checks["deals", "delivery"].metadata["failed"].value == 1
    assert (ran == ["model"]) is goes_on
    assert done.success is goes_on


def test_a_refusal_names_every_failure(con):
    from pipelines.line import refuse  # noqa: PLC0415
    from pipelines.runs import start_run  # noqa: PLC0415

    start_run(con, "run-1", AS_OF)
    refuse(con, "run-1", "the deliveries", [result(severity=WARNING), result(success=True)])
    assert con.execute("select status from ops.runs").fetchall() == [("running",)]
    refuse(con, "run-1", "the deliveries", [result(), result(expectation="other")])
    ((status, message),) = con.execute("select status, message from ops.runs").fetchall()
    assert status == "refused"
    assert "readable of amount" in message
    assert "other of amount" in message
