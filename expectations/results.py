"""What an evaluation found, and where it is kept: ops.quality_results and ops.failed_rows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from expectations.checks import DELIVERY, Check, Suite
from pipelines.settings import utc_now

# What stands: a schema and table, the key of checks, and the clock that they were judged for.
Standing = tuple[str, str, str, datetime]
RESULT_COLUMNS = (
    "suite",
    "table_schema",
    "table_name",
    "expectation",
    "column_name",
    "dimension",
    "severity",
    "owner",
    "action",
    "success",
    "evaluated",
    "failed",
    "failed_pct",
    "sample_keys",
    "exception",
    "as_of_at",
    "evaluated_at",
)


@dataclass(frozen=True)
class CheckResult:
    """One row of ops.quality_results.

    Attributes:
        evaluated, failed: rows, or things that the check counts; None after an exception.
        failed_pct: per cent, 0 to 100.
        sample_keys: a few of the rows that failed.
        exception: why the check could not be evaluated; such a check has failed.
        evaluated_at: when it was evaluated, or found to stand as it was.
    """

    suite: str
    table_schema: str
    table_name: str
    expectation: str
    column_name: str | None
    dimension: str
    severity: str
    owner: str
    action: str
    success: bool
    evaluated: int | None
    failed: int | None
    failed_pct: float | None
    sample_keys: tuple[str, ...]
    exception: str | None
    as_of_at: datetime
    evaluated_at: datetime

    def describe(self) -> str:
        """One line for people: what, where, how many, for example which, who, what to do."""
        what = f"{self.expectation} of {self.column_name}" if self.column_name else self.expectation
        if self.exception:
            found = f"could not be evaluated ({self.exception})"
        else:
            found = f"{self.failed} of {self.evaluated} failed"
        if self.sample_keys:
            found += f", for example {', '.join(self.sample_keys)}"
        return (
            f"{self.table_schema}.{self.table_name}: {what} ({self.severity}): {found}."
            f" {self.owner}: {self.action}"
        )


def begin(con: duckdb.DuckDBPyConnection) -> None:
    """Make room beside the results of earlier audits for those of a new one; see `store`."""
    for table in ("quality_results", "failed_rows"):
        con.execute(f"create or replace temp table new_{table} as from ops.{table} limit 0")


def add(
    con: duckdb.DuckDBPyConnection,
    results: Sequence[CheckResult],
    keys: Mapping[tuple[str, str | None], str | None],
) -> None:
    """Note what checks of a suite found.

    Args:
        con: the build file.
        results: of the checks that were judged.
        keys: by check and column, what changes whenever it could find something else; None where
            that is not known.
    """
    columns = (*RESULT_COLUMNS, "key")
    # An exception is no verdict: the check may be evaluated the next time.
    if any(result.exception for result in results):
        keys = {}
    # Columns of cells, as a statement a row costs more than most checks do.
    rows = ([*_values(r), keys.get((r.expectation, r.column_name))] for r in results)
    cells = zip(*rows, strict=True)
    con.execute(
        f"insert into new_quality_results ({', '.join(columns)})"
        f" select {', '.join('unnest(?)' for _ in columns)}",
        list(map(list, cells)),
    )


def mark_failed_rows(
    con: duckdb.DuckDBPyConnection, suite: Suite, check: Check, batch: str, as_of_at: datetime
) -> None:
    """Note which raw rows failed, by the check's own condition."""
    con.execute(
        "insert into new_failed_rows (table_schema, table_name, expectation, severity, file_id,"
        " row_number, as_of_at) select ?, ?, ?, ?, _file_id, _row_number, ?"
        f" from ({check.failing(batch)}) as failing",
        [suite.schema, suite.table, check.name, check.severity, as_of_at],
    )


def standing(con: duckdb.DuckDBPyConnection, kind: str) -> dict[tuple[str, str, str], datetime]:
    """The newest clock whose results are known for each schema, table and key."""
    rows = con.execute(
        "select table_schema, table_name, key, max(as_of_at) from ops.quality_results"
        " where suite = ? and key is not null group by all",
        [kind],
    ).fetchall()
    return {(schema, table, key): clock for schema, table, key, clock in rows}


def keep(
    con: duckdb.DuckDBPyConnection, kind: str, standing: Sequence[Standing], as_of_at: datetime
) -> None:
    """Note what finds what it found as of an earlier clock (or this one)."""
    names = ("table_schema", "table_name", "key", "as_of_at")
    con.execute(
        "create or replace temp table standing"
        " (table_schema varchar, table_name varchar, key varchar, as_of_at timestamp)"
    )
    if standing:
        con.execute(
            f"insert into standing select {', '.join('unnest(?)' for _ in names)}",
            list(map(list, zip(*standing, strict=True))),
        )
    con.execute(
        "insert into new_quality_results by name select * replace (?::timestamp as as_of_at,"
        " ?::timestamp as evaluated_at) from ops.quality_results"
        f" semi join standing using ({', '.join(names)}) where suite = ?",
        [as_of_at, utc_now(), kind],
    )
    con.execute(
        "insert into new_failed_rows by name select * replace (?::timestamp as as_of_at)"
        " from ops.failed_rows semi join standing using (table_schema, table_name, as_of_at)",
        [as_of_at],
    )
    con.execute("drop table standing")


def store(con: duckdb.DuckDBPyConnection, kind: str, as_of_at: datetime) -> tuple[CheckResult, ...]:
    """Replace the results of this clock by what was noted since `begin`, all at once.

    Returns:
        The results.
    """
    results = _results(con.execute(f"select {', '.join(RESULT_COLUMNS)} from new_quality_results"))
    con.begin()
    con.execute(
        "delete from ops.quality_results where suite = ? and as_of_at = ?", [kind, as_of_at]
    )
    con.execute("insert into ops.quality_results by name from new_quality_results")
    if kind == DELIVERY:
        con.execute("delete from ops.failed_rows where as_of_at = ?", [as_of_at])
        # A row that fails in two of its cells failed the one expectation.
        con.execute("insert into ops.failed_rows by name select distinct * from new_failed_rows")
    con.commit()
    return tuple(results)


def failures(
    con: duckdb.DuckDBPyConnection, as_of_at: datetime, severity: str
) -> list[CheckResult]:
    """The failed checks of a clock, as they are in ops.quality_results."""
    return _results(
        con.execute(
            f"select {', '.join(RESULT_COLUMNS)} from ops.quality_results"
            " where as_of_at = ? and severity = ? and not success"
            " order by suite, table_schema, table_name, expectation, column_name",
            [as_of_at, severity],
        )
    )


def newest(con: duckdb.DuckDBPyConnection) -> list[CheckResult]:
    """What each audit found the last time, a table behind the other."""
    return _results(
        con.execute(
            f"select {', '.join(RESULT_COLUMNS)} from ops.quality_results"
            " qualify as_of_at = max(as_of_at) over (partition by suite)"
            " order by table_schema, table_name, suite, expectation, column_name"
        )
    )


def _values(result: CheckResult) -> list[object]:
    row = {**vars(result), "sample_keys": json.dumps(result.sample_keys)}
    return [row[column] for column in RESULT_COLUMNS]


def _results(found: duckdb.DuckDBPyConnection) -> list[CheckResult]:
    return [_result(dict(zip(RESULT_COLUMNS, row, strict=True))) for row in found.fetchall()]


def _result(row: dict[str, object]) -> CheckResult:
    keys = tuple(json.loads(str(row["sample_keys"] or "[]")))
    return CheckResult(**{**row, "sample_keys": keys})  # type: ignore[arg-type]
