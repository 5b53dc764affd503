"""What every delivery must keep, read off its contract, and the judgement that its source adds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import duckdb

from expectations.checks import (
    CRITICAL,
    DELIVERY,
    READABLE_SHARE,
    REQUIRED_SHARE,
    WARNING,
    Check,
    Columns,
    EachRow,
    NoRows,
    NotNull,
    RowCount,
    Suite,
    with_tolerance,
)
from expectations.suites import asana, ga4, google_ads, hubspot, templates
from expectations.suites.reading import read, read_columns
from pipelines.ingest import Contract, Field
from pipelines.ingest.contract import meta_columns
from pipelines.personal import ADDRESS, SIGNS
from pipelines.sql import moment, quoted, text_list
from pipelines.transform.readings import calls_by_column, readings

# A stream of which only headers ever came is an empty account, and nothing to judge.
DELIVERED = "('loaded')"
# Bytes that came before are no delivery, as of a folder that was copied without its times.
IS_NEWS = "status <> 'duplicate'"
INTERNAL_COLUMNS = ("_file_id", "_row_number", "_loaded_at")
# So begins, in a contract's description of a column, what an empty cell of it says.
EMPTY_MEANS = "Empty: "
# A smaller batch is too small to say that something is missing from the one after it.
SMALL_BATCH_ROWS = 20
# Fewer days may be a weekend, which is held against the slowest days of those before.
WEEK_DAYS = 7
HISTORY_DAYS = 56
SLOW_DAYS = 0.05
# So seldom chance leaves a column empty that is told to be gone.
SELDOM = 0.001

BY_HAND: Mapping[str, Callable[[Contract, datetime], tuple[Check, ...]]] = {
    "asana.stories": asana.stories,
    "asana.tasks": asana.tasks,
    "ga4.events": ga4.events,
    "google_ads.campaign_report": google_ads.campaign_report,
    "hubspot.companies": hubspot.companies,
    "hubspot.contacts": hubspot.contacts,
    "hubspot.deals": hubspot.deals,
    "templates.accuracy_audit": templates.accuracy_audit,
    "templates.campaign_briefs": templates.campaign_briefs,
    "templates.campaign_registry": templates.campaign_registry,
    "templates.work_items": templates.work_items,
}


def suites(
    con: duckdb.DuckDBPyConnection, contracts: Iterable[Contract], as_of_at: datetime
) -> tuple[Suite, ...]:
    """A suite per stream that had been delivered by then, with rows or without."""
    delivered = set(
        con.execute(
            f"select distinct source, stream from ops.files where status in {DELIVERED}"
            " and loaded_at <= ?",
            [as_of_at],
        ).fetchall()
    )
    return tuple(
        suite(contract, as_of_at)
        for contract in contracts
        if (contract.source, contract.stream) in delivered
    )


def suite(contract: Contract, as_of_at: datetime) -> Suite:
    """The checks of one stream, over the rows that staging reads as of a clock.

    They read nothing but the stream itself and its files in the ledger.
    """
    by_hand = BY_HAND.get(contract.name)
    return Suite(
        kind=DELIVERY,
        schema=contract.schema,
        table=contract.stream,
        checks=(
            *shape(contract),
            *cells(contract),
            *keys(contract),
            *arrival(contract, as_of_at),
            *addresses(contract),
            *(by_hand(contract, as_of_at) if by_hand else ()),
        ),
        keys=sample_keys(contract),
        rows=current_rows(contract),
        optional=frozenset(field.name for field in contract.fields if not field.required),
        personal=frozenset(field.name for field in contract.fields if field.is_pii),
    )


def current_rows(contract: Contract) -> str:
    """A query for the rows of a stream that hold as of the clock, and what staging reads in them.

    Vendors' marks for nothing are NULL in it, as the contract lists them.
    """
    columns = [_cell(field, contract.null_markers) for field in contract.fields]
    columns += [name for name in meta_columns(contract) if name != "_extra"]
    # A window shows what later ones replace, too.
    newest = " where _is_latest_delivery" if contract.delivery == "window" else ""
    rows = f"select {', '.join(columns)} from {contract.current_table}{newest}"
    return f"select {', '.join(['*', *read_columns(contract)])} from ({rows})"


def _cell(field: Field, null_markers: Sequence[str]) -> str:
    column = quoted(field.name)
    if field.logical_type in ("object", "array"):
        return column
    nothing = list(dict.fromkeys(["", *(marker.strip() for marker in null_markers)]))
    is_nothing = f"trim({column}) in {text_list(nothing)}"
    if nothing == [""]:
        # What begins with anything behind a blank is no blank cell, and need not be trimmed.
        is_nothing = f"{column} < '!' and {is_nothing}"
    return f"case when {is_nothing} then null else {column} end as {quoted(field.name)}"


def sample_keys(contract: Contract) -> tuple[str, ...]:
    """The columns that name a row to people; the file's and row's numbers where none can."""
    named = {f.name for f in contract.fields if f.required and not f.is_pii}
    return tuple(n for n in contract.key if n in named) or ("_file_id", "_row_number")


def shape(contract: Contract) -> Iterator[Check]:
    """There are rows, and their columns are there."""
    yield RowCount(
        name="row_count",
        dimension="completeness",
        severity=CRITICAL,
        owner=contract.owner,
        action=f"Export {contract.title} again: what was delivered holds no row.",
    )
    yield Columns(
        name="columns",
        dimension="validity",
        severity=CRITICAL,
        owner=contract.owner,
        action=f"Restore the columns of {contract.table} that its contract names.",
        columns=(*(field.name for field in contract.fields), *INTERNAL_COLUMNS),
    )


def cells(contract: Contract) -> Iterator[Check]:
    """Required cells are filled, typed ones can be read, currencies are some, lists are kept to."""
    expressions, calls = readings(contract), calls_by_column(contract)
    for field in contract.fields:
        if field.required and not may_be_empty(field):
            yield NotNull(
                name="not_null",
                column=field.name,
                mostly=REQUIRED_SHARE,
                dimension="completeness",
                severity=CRITICAL,
                owner=contract.owner,
                action=f"Fill {field.label} in the source and export it again.",
            )
        condition = readable(field, expressions.get(field.name, ()))
        if condition:
            yield from with_tolerance(
                EachRow(
                    name="readable",
                    column=field.name,
                    condition=condition,
                    dimension="validity",
                    severity=WARNING,
                    owner=contract.owner,
                    action=f"Correct {field.label} in the source, or export it as"
                    f" {field.date_format or field.logical_type}.",
                ),
                READABLE_SHARE,
                records=field.required or field.is_critical,
            )
        if any(call.macro == "parse_currency" for call in calls.get(field.name, ())):
            yield EachRow(
                name="is_currency",
                column=field.name,
                condition=f"regexp_full_match({read(field.name)}, '[A-Z][A-Z][A-Z]')",
                dimension="validity",
                severity=WARNING,
                owner=contract.owner,
                action=f"Write {field.label} as a code of three letters, such as USD: a mark that"
                " several currencies have ($, kr, ¥) names none, and amounts beside it are in no"
                " figure of the reporting currency.",
            )
        if field.allowed:
            yield EachRow(
                name="known_value",
                column=field.name,
                condition=f"trim({quoted(field.name)}) in {text_list(field.allowed)}",
                dimension="validity",
                severity=WARNING,
                owner=contract.owner,
                action=f"Correct {field.label}, or add its new value to the contract's enum.",
            )


def readable(field: Field, expressions: Sequence[str]) -> str | None:
    """A condition: staging can read the cell. None where any text will do, or it reads none."""
    if field.logical_type in ("object", "array"):
        # The loader writes them itself; only what a row cannot do without is parsed.
        return f"json_valid({quoted(field.name)})" if field.required else None
    if field.logical_type == "string" or not expressions:
        return None
    if len(expressions) == 1:
        return f"{read(field.name)} is not null"
    return " or ".join(f"({expression}) is not null" for expression in expressions)


def may_be_empty(field: Field) -> bool:
    """Whether the contract says what an empty cell of a required column means."""
    return EMPTY_MEANS in field.description


def keys(contract: Contract) -> Iterator[Check]:
    """A key occurs once: in a file where the newest row of a key counts, else among all rows.

    Warnings: of a key that a file lists twice the later line counts, and of an event that a vendor
    repeats, the models take one.
    """
    if not contract.key:
        return
    names = ", ".join(map(quoted, contract.key))
    columns = f"{names}, _file_id, _row_number"
    if contract.replaces.unit == "row":
        name, key = "unique_in_file", f"_file_id, {names}"
        # Lines that a later line of the same file replaced are not current: the files are asked.
        rows = f"{contract.table} where _file_id in (select _file_id from {{batch}})"
        action = "Export without duplicates; of the same key in one file the last line counts."
    else:
        name, key, rows = "unique", names, "{batch}"
        action = "Export each period once: the same rows came twice; of each, one counts."
    yield NoRows(
        name=name,
        dimension="uniqueness",
        severity=WARNING,
        owner=contract.owner,
        action=action,
        # Rows that share no hash share no key: next to none are left to be sorted.
        query=f"with hashed as not materialized (select {columns}, hash({key}) as _hash"
        f" from {rows}) select {columns} from hashed where _hash in"
        " (select _hash from hashed group by _hash having count(*) > 1)"
        f" qualify count(*) over (partition by {key}) > 1",
        evaluated=f"select count(*) from {rows}",
        names_rows=True,
    )


def addresses(contract: Contract) -> Iterator[Check]:
    """No e-mail address stands where none belongs, as in a link that a visitor wrote.

    Each such cell is counted here, and masked on its way into a mart (the macro `masked`).
    """
    names = [
        quoted(field.name)
        for field in contract.fields
        if field.logical_type in ("string", "object", "array") and not field.is_pii
    ]
    if not names:
        return
    signs = " or ".join(f"contains({name}, '{sign}')" for name in names for sign in SIGNS)
    yield NoRows(
        name="no_personal_data",
        dimension="validity",
        severity=WARNING,
        owner=contract.owner,
        action="Find who writes addresses into links, names or parameters: marts show [email] in"
        " their place.",
        query=f"with signed as (select _file_id, _row_number, {', '.join(names)} from {{batch}}"
        f" where {signs}), cells as (unpivot signed on {', '.join(names)}"
        " into name column_name value cell) select column_name, _file_id, _row_number from cells"
        f" where regexp_matches(cell, '{ADDRESS}')",
    )


def arrival(contract: Contract, as_of_at: datetime) -> Iterator[Check]:
    """It came in time and whole, as large and as wide as the delivery before."""
    stream = (
        f"source = '{contract.source}' and stream = '{contract.stream}'"
        f" and {IS_NEWS} and loaded_at <= {moment(as_of_at)}"
    )
    newest_files = (
        f"ops.files where {stream}"
        f" and loaded_at = (select max(loaded_at) from ops.files where {stream})"
    )
    oldest = moment(as_of_at - timedelta(hours=contract.latency_hours))
    yield NoRows(
        name="fresh",
        dimension="timeliness",
        severity=WARNING,
        owner=contract.owner,
        action=f"Export {contract.title}: it is due every {contract.latency_hours} hours.",
        query="select max(_loaded_at) as newest_delivery_at from {batch}"
        f" having max(_loaded_at) < {oldest}",
        evaluated="select 1",
    )
    yield NoRows(
        name="lines_read",
        dimension="completeness",
        severity=WARNING,
        owner=contract.owner,
        action="Look into ops.files and ops.rejected_rows for what could not be read, and export"
        " it again.",
        # An export that lost a column may fit no stream any more: it is near the one that it was.
        query=f"select path from {newest_files}"
        " and (rows_rejected > 0 or status in ('failed', 'pending'))"
        f" union all select path from ops.files where {unread_files(as_of_at)}"
        f" and nearest_contract = '{contract.name}'"
        f" and loaded_at >= (select max(loaded_at) from ops.files where {stream})",
        evaluated=f"select count(*) from {newest_files}",
    )
    yield _unknown_columns(contract, stream)
    yield _volume(contract, as_of_at)
    yield _width(contract, as_of_at)


def unread_files(as_of_at: datetime) -> str:
    """A condition on ops.files: the file fits no contract, but one is near."""
    return (
        "status = 'unrecognised' and nearest_contract is not null"
        f" and loaded_at <= {moment(as_of_at)}"
    )


def _unknown_columns(contract: Contract, stream: str) -> Check:
    """A column that no contract knows has come since the deliveries before, or has gone.

    A company's own fields are expected, and kept in _extra: a change of them is news, no more. Of
    JSON, whose empty keys are often left out, only what is new is told.
    """
    gone = (
        " union all select column_name, 'is gone' from named as before where age = 2"
        " and not exists (select 1 from named where age = 1"
        " and named.column_name = before.column_name)"
    )
    return NoRows(
        name="columns_known",
        dimension="consistency",
        severity=WARNING,
        owner=contract.owner,
        action="Ask whether the fields were meant to change: they are kept in _extra, and no figure"
        " reads them until the contract names them.",
        query="with files as (select extra_columns, dense_rank() over (order by loaded_at desc)"
        f" as age from ops.files where {stream} and rows_loaded > 0),"
        " named as (select distinct age, trim(unnest(string_split(extra_columns, ',')))"
        " as column_name from files where extra_columns is not null)"
        " select column_name, 'is new' as change from named as newest where age = 1"
        " and exists (select 1 from files where age > 1)"
        " and not exists (select 1 from named where age > 1"
        f" and named.column_name = newest.column_name){gone if contract.format == 'csv' else ''}",
        evaluated=f"select count(*) from ops.files where {stream}",
    )


def _volume(contract: Contract, as_of_at: datetime) -> Check:
    """Half of what a delivery must hold at least is there.

    That is what the one before held. Where rows have days, a delivery may be of one day or of a
    year: a week or more is held against the average day before, fewer days against a slow one, as
    days of a small company and weekends of any are far from the average.
    """
    periods = [name for name in contract.replaces.columns if name.endswith(("day", "date"))]
    day, history, known, least = "null", 1, 1, "avg(row_count)"
    if periods:
        day, history, known = quoted(periods[0]), HISTORY_DAYS, WEEK_DAYS
        least = (
            f"case when day_count >= {WEEK_DAYS} then {least}"
            f" else quantile_cont(row_count, {SLOW_DAYS}) end"
        )
    return NoRows(
        name="volume",
        dimension="volume",
        severity=WARNING,
        owner=contract.owner,
        action="Check that the export is whole: it holds less than half of what the one before did,"
        " or of a slow day where it is of few days.",
        query=f"with sizes as (select _loaded_at, {day} as day, count(*) as row_count"
        f" from {contract.table} where _loaded_at <= {moment(as_of_at)} group by all),"
        " newest as (select _loaded_at, avg(row_count) as size, count(*) as day_count from sizes"
        " group by _loaded_at order by _loaded_at desc limit 1),"
        " earlier as (select sizes._loaded_at, row_count from sizes, newest"
        " where sizes._loaded_at < newest._loaded_at"
        f" order by sizes._loaded_at desc, day desc limit {history}),"
        f" compared as (select newest._loaded_at, size, day_count, {least} as least_size,"
        " avg(row_count) as size_before from newest, earlier"
        f" group by newest._loaded_at, size, day_count having count(*) >= {known})"
        " select _loaded_at, size, least_size from compared"
        f" where size_before * day_count >= {SMALL_BATCH_ROWS} and size < 0.5 * least_size",
        evaluated="select 1",
    )


def _width(contract: Contract, as_of_at: datetime) -> Check:
    names = [quoted(field.name) for field in contract.fields]
    shares = ", ".join(f"count({name}) / count(*) as {name}" for name in names)
    return NoRows(
        name="columns_still_filled",
        dimension="completeness",
        severity=WARNING,
        owner=contract.owner,
        action="Put the columns back into the export: the delivery before had them.",
        # That nothing is in it by chance: one more empty row than those before is allowed for. Of
        # rows that are not asked for, and of a first batch's, no cell is read.
        query=f"with latest as (select _loaded_at, count(*) over () as _batches"
        f" from (select distinct _loaded_at from {contract.table}"
        f" where _loaded_at <= {moment(as_of_at)} order by _loaded_at desc limit 2)),"
        f" batches as (select _loaded_at, count(*) as _rows, {shares} from {contract.table}"
        " where _loaded_at in (select _loaded_at from latest where _batches = 2)"
        " group by _loaded_at),"
        f" filled as (unpivot batches on {', '.join(names)} into name column_name value share),"
        " compared as (select *, lag(share) over of_column as share_before,"
        " lag(_rows) over of_column as rows_before from filled"
        " window of_column as (partition by column_name order by _loaded_at))"
        " select column_name from compared where share_before >= 0.5 and share = 0"
        " and pow(1 - share_before * rows_before / (rows_before + 1), _rows)"
        f" < {SELDOM}",
        evaluated=f"select {len(names)}",
    )
