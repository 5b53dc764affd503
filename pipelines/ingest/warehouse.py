"""The build file: how it is opened, and the tables that exist before any file is loaded."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from pipelines.ingest.contract import Contract, load_contracts

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
    delimiter varchar, preamble_lines bigint, period_start date, period_end date,
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
    """Open the build file, with the ledger and every contract's raw table in place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    con = duckdb.connect(str(path), config=CONFIG)
    con.execute("set timezone = 'UTC'")
    con.execute(OPS_TABLES)
    ensure_raw_tables(con, load_contracts())
    return con


def ensure_raw_tables(con: duckdb.DuckDBPyConnection, contracts: Iterable[Contract]) -> None:
    """Create what is missing: a table per contract, a column per property.

    A contract that gained a column gains it in raw; one that lost a column keeps it there, since
    raw is as sent.
    """
    existing = {
        (schema, table, column)
        for schema, table, column in con.execute(
            "select schema_name, table_name, column_name from duckdb_columns()"
            " where schema_name like 'raw!_%' escape '!'"
        ).fetchall()
    }
    tables = {(schema, table) for schema, table, _ in existing}
    for contract in contracts:
        if (contract.schema, contract.stream) not in tables:
            con.execute(f"create schema if not exists {contract.schema}")
            con.execute(f"create table {contract.table} ({_column_list(contract)})")
            continue
        for field in contract.fields:
            if (contract.schema, contract.stream, field.name) not in existing:
                con.execute(f'alter table {contract.table} add column "{field.name}" varchar')


def _column_list(contract: Contract) -> str:
    columns = [f'"{field.name}" varchar' for field in contract.fields]
    return ", ".join(
        [
            *columns,
            "_extra varchar",
            "_file_id bigint not null",
            "_row_number bigint not null",
            "_loaded_at timestamp not null",
        ]
    )
