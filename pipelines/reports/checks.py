"""A check: what it found and where, since when, who mends it, and which marts and pages rest on it.

Reads what the audits left in the build file; which rows fail is not asked again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import duckdb

from pipelines.reports.records import Record, Report, build_file, records
from pipelines.settings import UsageError
from pipelines.transform.manifest import current_manifest, descendants
from pipelines.transform.project import mart_schemas

SHOWN_CHECKS = 10
# A check by its name, by where it stands, or by the key that fct_quality_results has for it.
NAMED_SQL = """
    with newest as (
        select *, concat_ws('.', table_schema, table_name, expectation, column_name) as check_name
        from ops.quality_results
        qualify as_of_at = max(as_of_at) over (partition by suite)
    )
    select suite, table_schema, table_name, expectation, column_name, check_name, dimension,
        severity, owner, action, success, evaluated, failed, failed_pct, sample_keys, exception,
        as_of_at
    from newest
    where expectation = $named or check_name = $named
        or concat_ws('.', table_schema, table_name, expectation) = $named
        or concat_ws('.', table_schema, table_name, column_name, expectation) = $named
        or md5(concat_ws('|', suite, table_schema, table_name, expectation,
            coalesce(column_name, '_null_'))) = $named
    order by success, severity, check_name
"""
OF_TABLE_SQL = """
    select distinct concat_ws('.', table_schema, table_name, expectation, column_name) as check_name
    from ops.quality_results
    where concat_ws('.', table_schema, table_name) = $table
    order by check_name
"""
IS_THERE_SQL = """
    select 1 from information_schema.tables
    where concat_ws('.', table_schema, table_name) = $table
"""
HISTORY_SQL = """
    select as_of_at, success, evaluated, failed from ops.quality_results
    where suite = $suite and table_schema = $schema and table_name = $table
        and expectation = $expectation and column_name is not distinct from $column
    order by as_of_at desc
"""
# Of a column's cells the ledger of failed rows knows the expectation alone.
ROWS_SQL = """
    select files.path, failed_rows.row_number
    from ops.failed_rows inner join ops.files using (file_id)
    where failed_rows.table_schema = $schema and failed_rows.table_name = $table
        and failed_rows.expectation = $expectation and failed_rows.as_of_at = $as_of_at
    order by files.path, failed_rows.row_number
"""


def report_check(named: str, home: Path) -> Report | None:
    """Every check of a name, the failed ones alone where there are any.

    Args:
        named: its name, `<schema>.<table>.<name>` with or without the column, before or after it,
            or its key.
        home: where the warehouse lives.

    Returns:
        None where no check is called so, or there is no build file.

    Raises:
        UsageError: the name stands for too many to be explained at once, or for none of a
            relation that there is.
    """
    with build_file(home) as con:
        if con is None:
            return None
        found = records(con, NAMED_SQL, named=named)
        if not found:
            _refuse_unknown(con, named)
        if any(not check["success"] for check in found):
            found = [check for check in found if not check["success"]]
        if len(found) > SHOWN_CHECKS:
            names = ", ".join(check["check_name"] for check in found[:SHOWN_CHECKS])
            raise UsageError(f"{len(found)} checks are called {named}; name one, such as {names}")
        return (
            {"kind": "check", "checks": [_told(con, check) for check in found]} if found else None
        )


def _refuse_unknown(con: duckdb.DuckDBPyConnection, named: str) -> None:
    """Say which checks a relation has, where the name is of one that there is."""
    table = ".".join(named.split(".")[:2])
    if names := [row["check_name"] for row in records(con, OF_TABLE_SQL, table=table)]:
        raise UsageError(f"no check is called {named}; those of {table} are {', '.join(names)}")
    if records(con, IS_THERE_SQL, table=table):
        raise UsageError(f"nothing of {table} was judged yet: no run has read a delivery of it")


def _told(con: duckdb.DuckDBPyConnection, check: Record) -> Record:
    place = {
        "schema": check["table_schema"],
        "table": check["table_name"],
        "expectation": check["expectation"],
    }
    history = records(con, HISTORY_SQL, suite=check["suite"], column=check["column_name"], **place)
    rows = records(con, ROWS_SQL, as_of_at=check["as_of_at"], **place)
    marts, pages = _resting_on(check["table_schema"], check["table_name"])
    return {
        **check,
        "sample_keys": json.loads(check["sample_keys"] or "[]"),
        "failing_since": None if check["success"] else _since(history),
        "history": history,
        "rows": rows,
        "marts": marts,
        "pages": pages,
    }


def _since(history: Iterable[Record]) -> object:
    """The clock of the first of the runs in a row, newest first, in which it failed."""
    since = None
    for run in history:
        if run["success"]:
            break
        since = run["as_of_at"]
    return since


def _resting_on(schema: str, table: str) -> tuple[list[str], list[str]]:
    """The marts and the exposures that a relation reaches, by dbt's own graph."""
    manifest = json.loads(current_manifest().read_text())
    # What is current of a stream is judged under the name of its raw relation.
    names = {schema, schema.replace("raw_", "current_", 1)}
    nodes = {**manifest["nodes"], **manifest["sources"]}
    start = {k for k, node in nodes.items() if node["schema"] in names and node["name"] == table}
    reached = descendants(manifest, start)
    schemas = set(mart_schemas())
    marts = sorted(
        f"{nodes[key]['schema']}.{nodes[key]['name']}"
        for key in reached - start
        if key in nodes
        and nodes[key]["resource_type"] == "model"
        and nodes[key]["schema"] in schemas
    )
    pages = sorted(
        node["label"] or node["name"]
        for key, node in manifest["exposures"].items()
        if key in reached
    )
    return marts, pages
