"""The build file: how it is opened, and the tables that exist before any file is loaded."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import duckdb

from pipelines.ingest.contract import Contract, load_contracts
from pipelines.ingest.environment import is_passing
from pipelines.ingest.migrate import is_newer, migrate
from pipelines.ingest.relations import ensure_relations
from pipelines.settings import UsageError, memory_from_environment

# How much may be written until DuckDB puts the file in order. At its own 16 MiB it does so after
# every few models; and after every few files, each time writing anew what lies beside their rows.
# Until then memory may hold it.
UNSETTLED_MIB = 256
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_unsigned_extensions": "false",
    "checkpoint_threshold": f"{UNSETTLED_MIB}MiB",
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
    contract_version varchar not null, loaded_at timestamp not null, read_as varchar,
    stated_on date, stated_by varchar, delivery_no bigint
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
    evaluated_at timestamp not null, key varchar
);
create table if not exists ops.failed_rows (
    table_schema varchar not null, table_name varchar not null, expectation varchar not null,
    severity varchar not null, file_id bigint not null, row_number bigint not null,
    as_of_at timestamp not null
);
create table if not exists ops.threshold_evaluations (
    as_of_at timestamp not null, rule varchar not null, entity_type varchar, entity varchar,
    campaign_key varchar, entity_name varchar, is_breached boolean, measured_value double,
    threshold_value double, reason varchar, condition_since_at timestamp
);
create table if not exists ops.published_figures (
    mart varchar not null, measure varchar not null, part varchar not null, value double not null,
    closed_until date not null, as_of_at timestamp not null
);
create table if not exists ops.mart_digests (
    table_schema varchar not null, table_name varchar not null, key varchar not null,
    digest varchar not null
);
create table if not exists ops.budget_scenarios (
    scenario_id varchar not null, channel varchar not null, moves varchar not null,
    spend_before double, spend_after double, spend_low double, spend_high double,
    leads_before double, leads_change double, leads_change_low double, leads_change_high double,
    gain_chance double, refusal varchar, release_id varchar not null, asked_at timestamp not null,
    as_of_at timestamp not null
);
create table if not exists ops.erasures (
    subject varchar not null, request_id varchar, status varchar not null,
    begun_at timestamp not null, residue_count bigint not null
);
create table if not exists ops.streams (
    source varchar not null, stream varchar not null, subject varchar, owner varchar not null,
    latency_hours bigint not null
);
create table if not exists ops.runs (
    run_id varchar primary key, as_of_at timestamp, started_at timestamp not null,
    finished_at timestamp, status varchar not null, release_id varchar, message varchar
);
create table if not exists ops.notices (
    notice_id varchar primary key, queued_at timestamp not null
);
create table if not exists ops.doors (
    door varchar not null, release_id varchar not null, status varchar not null, message varchar,
    refreshed_at timestamp not null
);
create table if not exists ops.outbox (
    message_id varchar primary key, channel varchar not null, recipient varchar not null,
    subject varchar not null, body varchar not null, html varchar, queued_at timestamp not null,
    status varchar not null, attempts bigint not null, last_error varchar, sent_at timestamp
);
"""


def configuration() -> dict[str, str | bool | int | float | list[str]]:
    """How a database is opened: every connection of a process to one file must be opened alike.

    Raises:
        UsageError: THROUGHLINE_MEMORY is no size.
    """
    memory = memory_from_environment()
    return {**CONFIG, "memory_limit": memory} if memory else CONFIG


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """Open the build file, with the ledger and every contract's relations in place.

    Raises:
        UsageError: the file is damaged, in use, or not ours.
        duckdb.Error: the environment stopped it; see `is_passing`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        con = duckdb.connect(str(path), config=configuration())
    except duckdb.Error as error:
        raise unreadable(path, error) from error
    _set_up(con)
    is_new = _require_ours(con, path)
    with suppress(PermissionError):
        path.chmod(0o600)
    try:
        con.execute(OPS_TABLES)
        migrate(con, is_new=is_new)
        # A commit each would be most of what a new file costs.
        con.begin()
        ensure_relations(con, load_contracts())
        _ensure_streams(con, load_contracts())
        con.commit()
    except duckdb.Error as error:
        con.close()
        if isinstance(error, duckdb.IOException) and not is_passing(error):
            raise unreadable(path, error) from error
        raise
    return con


def ledger_in_memory() -> duckdb.DuckDBPyConnection:
    """An empty ledger that nobody else sees, without a stream's relations."""
    con = duckdb.connect(config=CONFIG)
    _set_up(con)
    con.execute(OPS_TABLES)
    return con


def another(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """A second connection to a build file that `connect` has opened."""
    second = con.cursor()
    _set_up(second)
    return second


def _set_up(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("set timezone = 'UTC'")


def _require_ours(con: duckdb.DuckDBPyConnection, path: Path) -> bool:
    """Whether the file has no ledger yet.

    Raises:
        UsageError: it is another database, or a later version of Throughline wrote it.
    """
    # dbt may have come first: what it makes is ours, too.
    (tables, is_ours, has_ledger) = con.execute(
        "select count(*),"
        " coalesce(bool_or(schema_name in ('ops', 'seeds', 'intermediate')), false),"
        " coalesce(bool_or(schema_name = 'ops' and table_name = 'files'), false)"
        " from duckdb_tables() where database_name = current_database()"
    ).fetchall()[0]
    if tables and not is_ours:
        con.close()
        raise foreign(path)
    if is_newer(con):
        con.close()
        raise UsageError(
            f"{path} was written by a later version of Throughline; upgrade this one, or restore"
            " the backup that was taken before the upgrade"
        )
    return not has_ledger


def unreadable(path: Path, error: duckdb.Error) -> UsageError:
    """What to say of a file that DuckDB does not open."""
    return UsageError(
        f"{path} cannot be opened: {' '.join(str(error).split())}; give this user the right to it,"
        " close what else has it open, or, if it is damaged, restore a backup. Without one, move it"
        " aside and keep it: the next run reads what the exports still hold, and lacks what only"
        " this file knew, which are the rows of exports that are gone and earlier figures"
    )


def foreign(path: Path) -> UsageError:
    """What to say of a database that is not a build file."""
    return UsageError(
        f"{path} is no warehouse of Throughline but another database; use another --home"
    )


def _ensure_streams(con: duckdb.DuckDBPyConnection, contracts: Iterable[Contract]) -> None:
    """Say in ops.streams what the contracts say: models know vendors by nothing else."""
    wanted = sorted(
        (contract.source, contract.stream, subject, contract.owner, contract.latency_hours)
        for contract in contracts
        for subject in contract.feeds or (None,)
    )
    if con.execute("from ops.streams order by all").fetchall() != wanted:
        con.execute("delete from ops.streams")
        con.executemany("insert into ops.streams values (?, ?, ?, ?, ?)", wanted)
