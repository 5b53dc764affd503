"""The relations over landed rows, two a stream, both views written from its contract.

`raw_<source>.<stream>` shows every row that ever came, as sent. `current_<source>.<stream>` shows
what of it holds as of the clock in ops.clock: delivered by then, and not replaced since. Nobody
else decides which rows are current: staging, the audit of the deliveries and Spark read these. What
rows that were replaced still tell, the names that ad campaigns once had, is in ops.campaign_names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime

import duckdb

from pipelines.ingest.contract import EARLIER, PERIOD_COLUMNS, Contract, meta_columns
from pipelines.sql import literal, quoted

# Where rows lie as they came: of each stream the columns that were ever delivered. Append-only, so
# that a row's place in its file is its distance from the file's first row, and needs no column.
LANDED = "landed"

# DuckDB 1.5 ends for good where a table is altered that its transaction has given a group of rows,
# which are 122,880.
MOST_BEFORE_ALTERED = 100_000

CLOCK_TABLE = """
create table if not exists ops.clock as select timestamp '1970-01-01 00:00:00' as as_of_at
"""
# What tells a row of a stream from every other.
ROW = "_file_id, _row_number"
# Said as a truth: DuckDB guesses of a comparison with a query that hardly a row is left, and joins
# what is behind it the wrong way round.
KNOWN = "(_loaded_at <= (select as_of_at from ops.clock)) is true"

# What a spreadsheet makes of a long number, 1.21143E+15: the same for many records, and so no id.
DAMAGED_ID = "^ *[0-9]+[.,]?[0-9]*[eE][+][0-9]+ *$"
# How contracts of ad reports call a campaign's number, and its name.
CAMPAIGN_ID, CAMPAIGN_NAMES = "campaign_id", ("campaign", "campaign_name")
# Hours by which the first zone of a day is ahead of UTC (Kiritimati's).
FURTHEST_EAST = 14
# A day, or a time with or without an offset.
ISO_TIME = (
    "[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?"
    " ?(Z|[+-][0-9]{2}:?([0-9]{2})?)?)?"
)
# Of the keys that no contract knows, those that split figures: their values are words, or their
# names say so. Numbers are figures, and what begins with an underscore is the connector's own.
UNKNOWN_SEGMENTS = (
    'regexp_extract_all(_extra, \'"(?:[^_"][^"]*":"[^0-9"+.-][^"]*"|segments[.][^"]*":[^,}]*'
    '|[^_"][^"]*hour[^"]*":[^,}]*)\')'
)
# When a record of a snapshot was gone: the time of the first batch after the last one that had it;
# NULL while the newest batch has it. Batches count by their rows: a header alone takes nobody away.
MISSING_SINCE = (
    "min(_loaded_at) over (order by epoch_us(_loaded_at)"
    " range between 1 following and unbounded following)"
)


def landed_table(contract: Contract) -> str:
    """Where the rows of a stream lie."""
    return landed_name(contract.source, contract.stream)


def landed_name(source: str | None, stream: str | None) -> str:
    """The same, of a stream that the ledger names."""
    return f"{LANDED}.{source}__{stream}"


def set_clock(con: duckdb.DuckDBPyConnection, as_of_at: datetime) -> None:
    """Set the only clock of the current relations and of the models, naive UTC."""
    con.execute("update ops.clock set as_of_at = $1 where as_of_at <> $1", [as_of_at])


def ensure_relations(con: duckdb.DuckDBPyConnection, contracts: Sequence[Contract]) -> None:
    """Create what is missing, and what a contract says differently now.

    A contract that gained a column gains it in the views; one that lost a column keeps it landed,
    since raw is as sent.
    """
    ensure_landed(con, contracts)
    landed, made = _landed_columns(con), _made(con)
    for contract in contracts:
        _show(con, contract, landed[f"{contract.source}__{contract.stream}"], made)
    _make(con, "ops.campaign_names", _campaign_names(contracts), made)


def ensure_landed(con: duckdb.DuckDBPyConnection, contracts: Sequence[Contract]) -> None:
    """Create the tables that are missing, without columns yet, and a place for their views."""
    con.execute(CLOCK_TABLE)
    schemas = {row[0] for row in con.execute("select schema_name from duckdb_schemas()").fetchall()}
    wanted = dict.fromkeys(s for c in contracts for s in (c.schema, c.current_schema))
    for schema in (LANDED, *wanted):
        if schema not in schemas:
            con.execute(f"create schema {schema}")
    tables = "select table_name from duckdb_tables() where schema_name = ?"
    landed = {row[0] for row in con.execute(tables, [LANDED]).fetchall()}
    for contract in contracts:
        if f"{contract.source}__{contract.stream}" not in landed:
            make_landed(con, contract)


def make_landed(con: duckdb.DuckDBPyConnection, contract: Contract) -> None:
    """Create the table of a stream, or take its rows and columns away."""
    con.execute(
        f"create or replace table {landed_table(contract)}"
        " (_file_id bigint not null, _is_skipped boolean not null)"
    )


class FullTransactionError(ValueError):
    """What is in a transaction must be kept, or taken back, before a table can be altered."""


def ensure_columns(
    con: duckdb.DuckDBPyConnection, contract: Contract, names: Iterable[str]
) -> None:
    """Add the columns that a stream is delivered with for the first time, and show them.

    Raises:
        FullTransactionError: the transaction has given the table too many rows before.
    """
    table = landed_table(contract)
    landed, missing = _landed_and_missing(con, contract, names)
    if missing and _uncommitted(con, table) >= MOST_BEFORE_ALTERED:
        raise FullTransactionError(f"{table} gets columns in a transaction of their own")
    for name in missing:
        con.execute(f'alter table {table} add column "{name}" varchar')
    if missing:
        _show(con, contract, landed | set(missing), {})


def brings_columns(
    con: duckdb.DuckDBPyConnection, contract: Contract, names: Iterable[str]
) -> bool:
    """Whether a stream is delivered with any of these columns for the first time."""
    return bool(_landed_and_missing(con, contract, names)[1])


def _landed_and_missing(
    con: duckdb.DuckDBPyConnection, contract: Contract, names: Iterable[str]
) -> tuple[set[str], list[str]]:
    """The columns that a stream's table has, and which of the names are none of them."""
    landed = {
        column[0] for column in con.execute(f"from {landed_table(contract)} limit 0").description
    }
    return landed, [name for name in names if name not in landed]


def _uncommitted(con: duckdb.DuckDBPyConnection, table: str) -> int:
    """How many rows the connection's transaction has added."""
    counted = f"select count(*) from {table}"
    with con.cursor() as others:
        ((before,),) = others.execute(counted).fetchall()
    ((now,),) = con.execute(counted).fetchall()
    return int(now) - int(before)


def _counts_on(stated_on: str, loaded_at: str) -> str:
    """The day by which a delivery counts: what it states, if that has begun in some zone."""
    furthest = f"cast({loaded_at} + interval {FURTHEST_EAST} hour as date)"
    return (
        f"coalesce(case when {stated_on} <= {furthest} then {stated_on} end,"
        f" cast({loaded_at} as date))"
    )


def number_deliveries(con: duckdb.DuckDBPyConnection) -> None:
    """Put the files of each stream in the order in which they count, ops.files.delivery_no.

    A report's own last day, or the day in its name, goes before the batch and the file's time:
    copying a folder makes no old export the newest. Where a file says no day, or one that was
    still to come, its batch's day stands in. What is equal in all of it has equal bytes.
    """
    con.execute(
        f"""
        with numbered as (
            select file_id, row_number() over (
                partition by source, stream
                order by
                    {_counts_on("stated_on", "loaded_at")}, batch_id, modified_at, sha256, file_id
            ) as delivery_no
            from ops.files
            where stream is not null
        )
        update ops.files set delivery_no = numbered.delivery_no
        from numbered
        where ops.files.file_id = numbered.file_id
            and ops.files.delivery_no is distinct from numbered.delivery_no
        """
    )


def _landed_columns(con: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    columns: dict[str, set[str]] = {}
    for name, column in con.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = ?", [LANDED]
    ).fetchall():
        columns.setdefault(name, set()).add(column)
    return columns


def _made(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """What each view is made by, told by its comment."""
    rows = con.execute(
        "select schema_name || '.' || view_name, comment from duckdb_views() where not internal"
    ).fetchall()
    return {name: comment or "" for name, comment in rows}


def _show(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    landed: Container[str],
    made: dict[str, str],
) -> None:
    _make(con, contract.table, _raw_rows(contract, landed), made)
    _make(con, contract.current_table, _current_rows(contract), made)


def _make(con: duckdb.DuckDBPyConnection, view: str, query: str, made: dict[str, str]) -> None:
    key = hashlib.sha256(query.encode()).hexdigest()[:16]
    if made.get(view) != key:
        con.execute(f"create or replace view {view} as {query}")
        con.execute(f"comment on view {view} is {literal(key)}")


def _raw_rows(contract: Contract, landed: Container[str]) -> str:
    """Every column of the contract, landed or not.

    Keys of JSON that first came far down in a large file are in `_extra` (read._insert_json_lines).
    """
    extra = "t._extra" if "_extra" in landed else "cast(null as varchar)"

    def shown(name: str) -> str:
        column = f't."{name}"' if name in landed else "cast(null as varchar)"
        if contract.format != "csv" and "_extra" in landed:
            column = f"coalesce({column}, json_extract_string({extra}, '$.{name}'))"
        return f'{column} as "{name}"'

    period = ", f.period_start as _period_start, f.period_end as _period_end"
    locale = ", f.date_order as _date_order, f.decimal_mark as _decimal_mark"
    return (
        f"select {', '.join(shown(field.name) for field in contract.fields)},"
        f" {extra} as _extra, t._file_id, t.rowid - f.first_row_id + 1 as _row_number,"
        " f.loaded_at as _loaded_at, f.delivery_no as _delivery_no"
        f"{period if contract.preamble.tells_period else ''}"
        f"{locale if contract.is_localised else ''}"
        f" from {landed_table(contract)} as t join ops.files as f on t._file_id = f.file_id"
        " where not t._is_skipped"
    )


def _current_rows(contract: Contract) -> str:
    """The rows that hold as of the clock, by what the contract says that a delivery replaces."""
    shown = [quoted(name) for name in (*contract.by_name, *meta_columns(contract))]
    if not contract.replaces.by:
        return f"select {', '.join(shown)} from {contract.table} where {KNOWN}"
    known, by = _named(contract, f"(select * from {contract.table} where {KNOWN})")
    rows = known
    # What a record was once called names it still, whoever looks for it.
    if contract.replaces.remembers:
        names = {
            quoted(EARLIER + name): (
                f"array_to_string(list_sort(list(distinct nullif(trim({quoted(name)}), ''))), ';')"
            )
            for name in contract.replaces.remembers
        }
        rows = _told_of_each(rows, by, names)
        shown += names
    if contract.replaces.unit == "row":
        if contract.delivery not in ("window", "snapshot"):
            return (
                f"select {', '.join(shown)} from {rows} as _row"
                f" anti join {_replaced(contract, known, by)} as replaced using ({ROW})"
            )
        rows, is_newest = _newest_row(contract, rows, by)
    elif contract.replaces.unit == "batch":
        rows = _told_of_each(rows, by, {"_newest_at": "max(_loaded_at)"})
        is_newest = "_loaded_at = _newest_at"
        if contract.delivery == "append":
            return f"select {', '.join(shown)} from {rows} where {is_newest}"
    else:
        is_newest = _is_of_newest_file(contract, by)
    if contract.delivery == "window":
        return f"select {', '.join(shown)}, {is_newest} as _is_latest_delivery from {rows}"
    if contract.delivery == "snapshot":
        shown.append(f"{MISSING_SINCE} as _missing_since_at")
    return f"select {', '.join(shown)} from {rows} qualify {is_newest}"


def _told_of_each(rows: str, by: Sequence[str], told: Mapping[str, str]) -> str:
    """The rows, each with what all rows of its record tell together.

    A window would put them all in order, as wide as they are.

    Args:
        rows: a query or table.
        by: what tells the record.
        told: aggregates over the rows of a record, by the names of their columns.
    """
    keys = [f"_key_{number}" for number in range(len(by))]
    listed = [f"{key} as {name}" for key, name in zip(by, keys, strict=True)]
    listed += [f"{aggregate} as {name}" for name, aggregate in told.items()]
    same = " and ".join(f"{key} is not distinct from {n}" for key, n in zip(by, keys, strict=True))
    return (
        f"(select _row.*, {', '.join(told)} from {rows} as _row join (select {', '.join(listed)}"
        f" from {rows} group by {', '.join(keys)}) as _of_each on {same})"
    )


def _campaign_names(contracts: Iterable[Contract]) -> str:
    """Every name under which a report ever told an ad campaign by its number, up to the clock.

    Reports tell a campaign by the name that it has when they are downloaded, and a new download
    takes the place of the old one.
    """
    told = [
        f"select {literal(contract.source)} as source, {CAMPAIGN_ID} as id, {name} as name,"
        f" _file_id, _loaded_at from {contract.table}"
        for contract in contracts
        if "spend" in contract.feeds and CAMPAIGN_ID in contract.by_name
        for name in CAMPAIGN_NAMES
        if name in contract.by_name
    ]
    nothing = (
        "select null::varchar as source, null::varchar as id, null::varchar as name,"
        " null::bigint as _file_id, null::timestamp as _loaded_at where false"
    )
    return (
        "select source, campaign_id, campaign_name, told.* from (select rows.source,"
        " trim(id) as campaign_id, trim(name) as campaign_name, max(struct_pack(told_on :="
        f" {_counts_on('files.stated_on', '_loaded_at')}, told_at := _loaded_at,"
        " told_by := files.file_id)) as told"
        f" from ({' union all '.join(told or [nothing])}) as rows"
        f" join ops.files as files on rows._file_id = files.file_id where {KNOWN}"
        f" and trim(id) <> '' and trim(name) <> '' and not regexp_matches(id, '{DAMAGED_ID}')"
        " group by all)"
    )


def _named(contract: Contract, rows: str) -> tuple[str, list[str]]:
    """The rows, and the columns and expressions that tell which record one is of.

    An id tells it alone, under whatever names it was delivered. A row without one is of the record
    of that name, within the record that the names before it tell; of a report also if the name was
    ever delivered with one id only.
    """
    by: list[str] = []
    within = ""
    for number, name in enumerate(contract.replaces.by):
        if len(name) == 1:
            by.append(quoted(name[0]))
            continue
        id_, *rest = map(quoted, name)
        own = (
            f"case when not regexp_matches({id_}, '{DAMAGED_ID}') then nullif(trim({id_}), '') end"
        )
        called = f"nullif(concat_ws(' | ', {', '.join(rest)}), '')"
        scope = ", ".join(filter(None, (within, *rest)))
        if contract.replaces.unit != "row":
            rows = f"(select *, {own} as _id_{number} from {rows})"
            own = f"_id_{number}"
            same = f"over (partition by {scope})"
            known = f"case when {called} is not null and min({own}) {same} = max({own}) {same}"
            own = f"coalesce({own}, {known} then min({own}) {same} end)"
        parent = f"concat_ws(' | ', {within}, {called})" if within else called
        rows = f"(select *, coalesce({own}, {parent}) as _record_{number} from {rows})"
        within = f"_record_{number}"
    return rows, [*filter(None, (within,)), *by]


def _replaced(contract: Contract, rows: str, by: Sequence[str]) -> str:
    """Which rows a newer one of their record took the place of, by where they lie.

    Most records came once: only the others are put in order, and none of them as wide as it is,
    which costs several times as much as reading them.
    """
    keys = [f"{key} as _key_{number}" for number, key in enumerate(by)]
    again = f"(select {', '.join(keys)} from {rows} group by all having count(*) > 1) as again"
    same = " and ".join(f"{key} is not distinct from _key_{n}" for n, key in enumerate(by))
    several, is_newest = _newest_row(
        contract, f"(from {rows} as _row semi join {again} on {same})", by
    )
    return f"(select {ROW} from {several} qualify not {is_newest})"


def _newest_row(contract: Contract, rows: str, by: Sequence[str]) -> tuple[str, str]:
    """Of the rows of one record the last that was changed, else the last that was delivered."""
    order = "_delivery_no desc, _row_number desc"
    changed, partition = contract.replaces.changed, ", ".join(by)
    if changed:
        rows = f"(select *, {_changed_at(quoted(changed), partition)} as _changed_at from {rows})"
        order = f"_changed_at desc nulls last, {order}"
    return rows, f"row_number() over (partition by {partition} order by {order}) = 1"


def _changed_at(column: str, partition: str) -> str:
    """When the source says that a record changed; NULL where its rows say it in several forms.

    A day is not compared with a second, nor a local time with one that has its zone.
    """
    text = f"trim({column})"
    epoch = f"regexp_full_match({text}, '[0-9]{{12,13}}')"
    form = (
        f"case when {text} is null then 0 when {epoch} then 1 when length({text}) <= 10 then 2"
        f" when regexp_matches({text}, '(Z|[+-][0-9]{{2}}:?[0-9]{{2}})$') then 3 else 4 end"
    )
    # DuckDB keeps a zone that is named in one cell for the cells behind it: none may come so far.
    moment = (
        f"case when {epoch} then make_timestamp(try_cast({text} as bigint) * 1000)"
        f" when regexp_full_match({text}, '{ISO_TIME}')"
        f" then cast(try_cast({text} as timestamptz) as timestamp) end"
    )
    same = f"over (partition by {partition})"
    return f"case when min({form}) {same} = max({form}) {same} then {moment} end"


def _is_of_newest_file(contract: Contract, by: Sequence[str]) -> str:
    """Whether a row is of the newest file that has its record; of what that says twice, the last.

    A report over a period has no day, and is replaced by one over the same period.
    """
    replaces = contract.replaces
    split = [quoted(name) for name in replaces.breakdowns]
    partition = [*by, *(f"{name} is null" for name in split)]
    days = [
        quoted(n) for n in contract.replaces.columns if contract.by_name[n].logical_type == "date"
    ]
    undated = f"coalesce({', '.join(days)}) is null" if days else ""
    if undated and contract.preamble.tells_period:
        partition += [f"case when {undated} then {name} end" for name in PERIOD_COLUMNS]
        undated = f"{undated} and _period_start is null"
    newest = f"_delivery_no = max(_delivery_no) over (partition by {', '.join(partition)})"
    if undated:
        newest = f"({undated} or {newest})"
    if replaces.segments is None:
        return newest
    # A connector that reads a day again appends it to what it has written.
    one = [*by, *split, *map(quoted, replaces.segments), UNKNOWN_SEGMENTS, "_delivery_no"]
    last = f"row_number() over (partition by {', '.join(one)} order by _row_number desc) = 1"
    return f"{newest} and {last}"
