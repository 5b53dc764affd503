"""The build file: how it is opened, and the tables that exist before any file is loaded."""

from __future__ import annotations

from collections.abc import Container, Iterable
from pathlib import Path

import duckdb

from pipelines.ingest.contract import Contract, load_contracts, meta_columns
from pipelines.settings import UsageError

# Where rows lie as they came: of each stream the columns that were ever delivered. Append-only, so
# that a row's place in its file is its distance from the file's first row, and needs no column.
LANDED = "landed"

# Every connection of a process to one file must be opened alike.
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_unsigned_extensions": "false",
}

OPS_TABLES = """
create schema if not exists ops;
create table if not exists ops.batches (
    batch_id bigint primary key, loaded_at timestamp not null, started_at timestamp not null,
    finished_at timestamp, status varchar not null
);
create table if not exists ops.files (
    file_id bigint primary key, batch_id bigint not null, path varchar not null, sha256 varchar,
    byte_size bigint, modified_at timestamp, source varchar, stream varchar,
    status varchar not null, rows_read bigint not null, rows_loaded bigint not null,
    rows_rejected bigint not null, rows_skipped bigint not null, encoding varchar,
    delimiter varchar, preamble_lines bigint, date_order varchar, decimal_mark varchar,
    first_row_id bigint, period_start date, period_end date,
    extra_columns varchar, missing_columns varchar, nearest_contract varchar, message varchar,
    contract_version varchar not null, loaded_at timestamp not null
);
create table if not exists ops.rejected_rows (
    file_id bigint not null, source varchar not null, stream varchar not null,
    line_number bigint, row_text varchar, reason varchar not null, message varchar not null,
    loaded_at timestamp not null
);
create table if not exists ops.quality_results (
    suite varchar not null, table_schema varchar not null, table_name varchar not null,
    expectation varchar not null, column_name varchar, dimension varchar not null,
    severity varchar not null, owner varchar not null, action varchar not null,
    success boolean not null, evaluated bigint, failed bigint, failed_pct double,
    sample_keys varchar, exception varchar, as_of_at timestamp not null,
    evaluated_at timestamp not null
);
alter table ops.quality_results add column if not exists key varchar;
create table if not exists ops.failed_rows (
    table_schema varchar not null, table_name varchar not null, expectation varchar not null,
    severity varchar not null, file_id bigint not null, row_number bigint not null,
    as_of_at timestamp not null
);
create table if not exists ops.runs (
    run_id varchar primary key, as_of_at timestamp, started_at timestamp not null,
    finished_at timestamp, status varchar not null, release_id varchar, message varchar
);
"""


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """Open the build file, with the ledger and every contract's raw table in place.

    Raises:
        UsageError: the file is damaged, in use, or not ours.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        con = duckdb.connect(str(path), config=CONFIG)
    except duckdb.Error as error:
        raise unreadable(path, error) from error
    con.execute("set timezone = 'UTC'")
    _require_this_layout(con, path)
    # A commit each would be most of what a new file costs.
    con.begin()
    con.execute(OPS_TABLES)
    ensure_raw_tables(con, load_contracts())
    con.commit()
    return con


def _require_this_layout(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    # dbt may have come first: what it makes is ours, too.
    (earlier, others, is_ours) = con.execute(
        "select count(*) filter (schema_name like 'raw!_%' escape '!'), count(*),"
        " coalesce(bool_or(schema_name in ('ops', 'seeds', 'intermediate')), false)"
        " from duckdb_tables() where database_name = current_database()"
    ).fetchall()[0]
    if earlier:
        con.close()
        raise UsageError(
            f"{path} was written by an earlier version of Throughline; remove it, or use another"
            " --home: everything in it is loaded again from the exports"
        )
    if others and not is_ours:
        con.close()
        raise foreign(path)


def unreadable(path: Path, error: duckdb.Error) -> UsageError:
    """What to say of a file that DuckDB does not open."""
    return UsageError(
        f"{path} cannot be opened: {' '.join(str(error).split())}; give this user the right to it,"
        " close what else has it open, or, if it is damaged, restore a backup or remove it: what"
        " the exports still hold is loaded again"
    )


def foreign(path: Path) -> UsageError:
    """What to say of a database that is not a build file."""
    return UsageError(
        f"{path} is no warehouse of Throughline but another database; use another --home"
    )


def landed_table(contract: Contract) -> str:
    """Where the rows of a stream lie; the raw view shows them."""
    return f"{LANDED}.{contract.source}__{contract.stream}"


def ensure_raw_tables(con: duckdb.DuckDBPyConnection, contracts: Iterable[Contract]) -> None:
    """Create what is missing: per contract a landed table and the raw view over it.

    A contract that gained a column gains it in the view; one that lost a column keeps it landed,
    since raw is as sent.
    """
    landed = _landed_columns(con)
    shown: dict[tuple[str, str], list[str]] = {}
    for schema, view, column in con.execute(
        "select schema_name, table_name, column_name from duckdb_columns()"
        " where schema_name like 'raw!_%' escape '!' order by column_index"
    ).fetchall():
        shown.setdefault((schema, view), []).append(column)
    schemas = {schema for schema, _ in shown}
    con.execute(f"create schema if not exists {LANDED}")
    for contract in contracts:
        if contract.schema not in schemas:
            con.execute(f"create schema if not exists {contract.schema}")
            schemas.add(contract.schema)
        table = f"{contract.source}__{contract.stream}"
        if table not in landed:
            con.execute(
                f"create table {LANDED}.{table}"
                " (_file_id bigint not null, _is_skipped boolean not null)"
            )
        wanted = [*(field.name for field in contract.fields), *meta_columns(contract)]
        if shown.get((contract.schema, contract.stream)) != wanted:
            con.execute(
                f"create or replace view {_raw_view(contract, landed.get(table, frozenset()))}"
            )


def ensure_columns(
    con: duckdb.DuckDBPyConnection, contract: Contract, names: Iterable[str]
) -> None:
    """Add the columns that a stream is delivered with for the first time, and show them."""
    table = landed_table(contract)
    landed = {column[0] for column in con.execute(f"from {table} limit 0").description}
    missing = [name for name in names if name not in landed]
    for name in missing:
        con.execute(f'alter table {table} add column "{name}" varchar')
    if missing:
        con.execute(f"create or replace view {_raw_view(contract, landed | set(missing))}")


def _landed_columns(con: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    columns: dict[str, set[str]] = {}
    for name, column in con.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = ?", [LANDED]
    ).fetchall():
        columns.setdefault(name, set()).add(column)
    return columns


def _raw_view(contract: Contract, landed: Container[str]) -> str:
    """`<schema>.<stream> as select …`: every column of the contract, landed or not.

    Keys of JSON that first came far down in a large file are in `_extra` (read._insert_json_lines).
    """
    extra = "t._extra" if "_extra" in landed else "cast(null as varchar)"

    def shown(name: str) -> str:
        column = f't."{name}"' if name in landed else "cast(null as varchar)"
        if contract.format != "csv" and "_extra" in landed:
            column = f"coalesce({column}, json_extract_string({extra}, '$.{name}'))"
        return f'{column} as "{name}"'

    locale = ", f.date_order as _date_order, f.decimal_mark as _decimal_mark"
    return (
        f"{contract.table} as select {', '.join(shown(field.name) for field in contract.fields)},"
        f" {extra} as _extra, t._file_id, t.rowid - f.first_row_id + 1 as _row_number,"
        f" f.loaded_at as _loaded_at{locale if contract.is_localised else ''}"
        f" from {landed_table(contract)} as t join ops.files as f on t._file_id = f.file_id"
        " where not t._is_skipped"
    )
