"""The build file: how it is opened, and the tables that exist before any file is loaded."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.ingest.contract import load_contracts
from pipelines.ingest.relations import ensure_relations
from pipelines.settings import UsageError

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
alter table ops.files add column if not exists stated_on date;
alter table ops.files add column if not exists stated_by varchar;
alter table ops.files add column if not exists delivery_no bigint;
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
    """Open the build file, with the ledger and every contract's relations in place.

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
    ensure_relations(con, load_contracts())
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
