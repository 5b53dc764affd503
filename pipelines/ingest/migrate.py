"""What brings a build file of an earlier version to this one's layout: steps, in order.

A new table needs no step: `connect` creates what is missing. Whoever changes a table that build
files have already adds a step at the end, and changes the table's `create` in warehouse.py alike.
"""

from __future__ import annotations

from collections.abc import Callable

import duckdb

from pipelines.ingest.relations import number_deliveries
from pipelines.ingest.stated import stated_day
from pipelines.sql import quoted

VERSION_TABLE = "create table if not exists ops.layout (version integer not null)"

Step = Callable[[duckdb.DuckDBPyConnection], object]


def _know_locale_and_place(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "alter table ops.files add column if not exists date_order varchar;"
        " alter table ops.files add column if not exists decimal_mark varchar;"
        " alter table ops.files add column if not exists first_row_id bigint"
    )


def _land_raw_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Raw relations were tables with a number in each row; now they are views over `landed`."""
    tables = con.execute(
        "select schema_name, table_name from duckdb_tables()"
        " where database_name = current_database() and schema_name like 'raw!_%' escape '!'"
    ).fetchall()
    if not tables:
        return
    con.execute("create schema if not exists landed")
    for schema, name in tables:
        raw = f"{quoted(schema)}.{quoted(name)}"
        landed = "landed." + quoted(schema.removeprefix("raw_") + "__" + name)
        con.execute(
            f"create table {landed} as select * exclude (_row_number, _loaded_at),"
            f" false as _is_skipped from {raw} order by _file_id, _row_number"
        )
        con.execute(
            "update ops.files as f set first_row_id = first.row_id from"
            " (select _file_id, row_number() over (order by _file_id) as place,"
            " sum(rows) over (order by _file_id) - rows as row_id"
            f" from (select _file_id, count(*) as rows from {landed} group by _file_id)) as first"
            " where f.file_id = first._file_id"
        )
        con.execute(f"drop table {raw}")


def _name_what_a_result_was_found_from(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("alter table ops.quality_results add column if not exists key varchar")


def _keep_what_files_were_read_by(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("alter table ops.files add column if not exists read_as varchar")


def _keep_the_order_of_deliveries(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "alter table ops.files add column if not exists stated_on date;"
        " alter table ops.files add column if not exists stated_by varchar;"
        " alter table ops.files add column if not exists delivery_no bigint"
    )


def _put_deliveries_in_order(con: duckdb.DuckDBPyConnection) -> None:
    """As a load does for the files that it brings."""
    for file_id, path, start, end in con.execute(
        "select file_id, path, period_start, period_end from ops.files where rows_loaded > 0"
    ).fetchall():
        stated_on, stated_by = stated_day((start, end) if start and end else None, path)
        if stated_on:
            con.execute(
                "update ops.files set stated_on = ?, stated_by = ? where file_id = ?",
                [stated_on, stated_by, file_id],
            )
    number_deliveries(con)


def _forget_figures_of_another_measure(con: duckdb.DuckDBPyConnection) -> None:
    """They were sums over all models, and hours that still ran: what is kept now is neither."""
    con.execute(
        "delete from ops.published_figures where mart in ('attribution.fct_attribution_credits',"
        " 'attribution.fct_channel_performance_daily', 'attribution.fct_net_revenue',"
        " 'operations.fct_approval_rounds')"
    )


# The layout's version is how many of them a file has been through. Never reorder or drop one, and
# have no step alter a table and change its rows: DuckDB does not commit both at once.
STEPS: tuple[Step, ...] = (
    _know_locale_and_place,
    _land_raw_tables,
    _name_what_a_result_was_found_from,
    _keep_what_files_were_read_by,
    _keep_the_order_of_deliveries,
    _put_deliveries_in_order,
    _forget_figures_of_another_measure,
)


def is_newer(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether a later version of Throughline, which knows more steps, has written the file."""
    return _version(con) > len(STEPS)


def migrate(con: duckdb.DuckDBPyConnection, *, is_new: bool) -> None:
    """Take the steps that a build file lacks, each in a transaction of its own.

    Args:
        con: the build file, with every table of ops in place.
        is_new: whether it has just been created, as this version has it.
    """
    steps = [_nothing] if is_new else STEPS[_version(con) :]
    for version, step in enumerate(steps, start=len(STEPS) - len(steps) + 1):
        con.begin()
        step(con)
        con.execute(VERSION_TABLE)
        con.execute("delete from ops.layout")
        con.execute("insert into ops.layout values (?)", [version])
        con.commit()


def _nothing(con: duckdb.DuckDBPyConnection) -> None:
    """What a file lacks that has just been created."""


def _version(con: duckdb.DuckDBPyConnection) -> int:
    """How many steps it has been through; of a file from before there were any, none."""
    is_there = con.execute(
        "select count(*) from duckdb_tables() where database_name = current_database()"
        " and schema_name = 'ops' and table_name = 'layout'"
    ).fetchall()[0][0]
    if not is_there:
        return 0
    return int(con.execute("select coalesce(max(version), 0) from ops.layout").fetchall()[0][0])
