"""What an evaluation found, and where it is kept: ops.quality_results and ops.failed_rows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from expectations.checks import Check, Suite

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


def store(
    con: duckdb.DuckDBPyConnection, kind: str, as_of_at: datetime, results: Sequence[CheckResult]
) -> None:
    """Replace a suite's results of this clock, all at once."""
    con.begin()
    con.execute(
        "delete from ops.quality_results where suite = ? and as_of_at = ?", [kind, as_of_at]
    )
    if results:
        marks = ", ".join("?" for _ in RESULT_COLUMNS)
        con.executemany(
            f"insert into ops.quality_results ({', '.join(RESULT_COLUMNS)}) values ({marks})",
            [_values(result) for result in results],
        )
    con.commit()


def forget_failed_rows(con: duckdb.DuckDBPyConnection, as_of_at: datetime) -> None:
    """Drop what an earlier evaluation of the same clock marked."""
    con.execute("delete from ops.failed_rows where as_of_at = ?", [as_of_at])


def mark_failed_rows(
    con: duckdb.DuckDBPyConnection, suite: Suite, check: Check, batch: str, as_of_at: datetime
) -> None:
    """Keep which raw rows failed, by the check's own condition."""
    con.execute(
        "insert into ops.failed_rows (table_schema, table_name, expectation, severity, file_id,"
        " row_number, as_of_at) select ?, ?, ?, ?, _file_id, _row_number, ?"
        f" from ({check.failing(batch)}) as failing",
        [suite.schema, suite.table, check.name, check.severity, as_of_at],
    )


def failures(
    con: duckdb.DuckDBPyConnection, as_of_at: datetime, severity: str
) -> list[CheckResult]:
    """The failed checks of a clock, as they are in ops.quality_results."""
    rows = con.execute(
        f"select {', '.join(RESULT_COLUMNS)} from ops.quality_results"
        " where as_of_at = ? and severity = ? and not success"
        " order by suite, table_schema, table_name, expectation, column_name",
        [as_of_at, severity],
    ).fetchall()
    return [_result(dict(zip(RESULT_COLUMNS, row, strict=True))) for row in rows]


def _values(result: CheckResult) -> list[object]:
    row = {**vars(result), "sample_keys": json.dumps(result.sample_keys)}
    return [row[column] for column in RESULT_COLUMNS]


def _result(row: dict[str, object]) -> CheckResult:
    keys = tuple(json.loads(str(row["sample_keys"] or "[]")))
    return CheckResult(**{**row, "sample_keys": keys})  # type: ignore[arg-type]
