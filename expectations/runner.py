"""Runs the suites on the build file and keeps what they found.

The only entrance: `audit_delivery` before dbt, `audit_marts` after it, `critical_failures` for
whoever is about to publish. Great Expectations is imported when the first check runs.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import duckdb

from expectations.checks import CRITICAL, Check, NoRows, Suite
from expectations.results import (
    CheckResult,
    failures,
    forget_failed_rows,
    mark_failed_rows,
    store,
)
from expectations.suites import delivery, marts
from pipelines.ingest import Contract
from pipelines.settings import utc_now
from pipelines.sql import quoted

if TYPE_CHECKING:
    from expectations.adapter import Auditor, Verdict

SAMPLE_SIZE = 5

logger = logging.getLogger(__name__)


def audit_delivery(
    con: duckdb.DuckDBPyConnection, contracts: Iterable[Contract], as_of_at: datetime
) -> tuple[CheckResult, ...]:
    """Judge the rows that staging will read, of every stream that was delivered.

    Results replace those of the same clock in ops.quality_results; rows that fail go to
    ops.failed_rows. A stream that was never delivered has no results.

    Args:
        con: the build file, open for writing.
        contracts: the streams.
        as_of_at: the run's clock, naive UTC.
    """
    forget_failed_rows(con, as_of_at)
    results = _audit(con, delivery.suites(con, contracts, as_of_at), as_of_at)
    store(con, delivery.KIND, as_of_at, results)
    return results


def audit_marts(con: duckdb.DuckDBPyConnection, as_of_at: datetime) -> tuple[CheckResult, ...]:
    """Judge the marts that dbt built as of a clock; results replace those of the same clock."""
    results = _audit(con, marts.suites(con, as_of_at), as_of_at)
    store(con, marts.KIND, as_of_at, results)
    return results


def critical_failures(con: duckdb.DuckDBPyConnection, as_of_at: datetime) -> list[CheckResult]:
    """What forbids a release as of a clock, from what the audits stored."""
    return failures(con, as_of_at, CRITICAL)


def _audit(
    con: duckdb.DuckDBPyConnection, suites: Sequence[Suite], as_of_at: datetime
) -> tuple[CheckResult, ...]:
    if not suites:
        return ()
    from expectations.adapter import Auditor  # noqa: PLC0415 - seconds of CPU

    auditor = Auditor(con)
    results: list[CheckResult] = []
    for suite in suites:
        found = _judge(con, auditor, suite, as_of_at)
        failed = sum(not result.success for result in found)
        logger.info("%s: %d of %d checks failed", suite.name, failed, len(found))
        results += found
    return tuple(results)


def _judge(
    con: duckdb.DuckDBPyConnection, auditor: Auditor, suite: Suite, as_of_at: datetime
) -> list[CheckResult]:
    from expectations.adapter import not_evaluated  # noqa: PLC0415 - loaded by now

    view = f"audited_{suite.schema}_{suite.table}"
    rows = suite.rows or f"select * from {suite.name}"
    try:
        con.execute(f"create or replace temp view {view} as {rows}")
    except duckdb.CatalogException as error:
        verdicts = not_evaluated(suite.checks, error)
    else:
        verdicts = auditor.evaluate(view, suite.checks)
    results = [
        _result(con, suite, check, verdict, view, as_of_at)
        for check, verdict in zip(suite.checks, verdicts, strict=True)
    ]
    for check, result in zip(suite.checks, results, strict=True):
        if check.marks_rows and result.failed and suite.kind == delivery.KIND:
            mark_failed_rows(con, suite, check, view, as_of_at)
    con.execute(f"drop view if exists {view}")
    return results


def _result(
    con: duckdb.DuckDBPyConnection,
    suite: Suite,
    check: Check,
    verdict: Verdict,
    batch: str,
    as_of_at: datetime,
) -> CheckResult:
    evaluated, failed = _counts(con, check, verdict, batch)
    return CheckResult(
        suite=suite.kind,
        table_schema=suite.schema,
        table_name=suite.table,
        expectation=check.name,
        column_name=check.column,
        dimension=check.dimension,
        severity=check.severity,
        owner=check.owner,
        action=check.action,
        success=verdict.success,
        evaluated=evaluated,
        failed=failed,
        failed_pct=100 * failed / evaluated if evaluated and failed is not None else None,
        sample_keys=_sample(con, suite, check, batch) if failed else (),
        exception=verdict.exception,
        as_of_at=as_of_at,
        evaluated_at=utc_now(),
    )


def _counts(
    con: duckdb.DuckDBPyConnection, check: Check, verdict: Verdict, batch: str
) -> tuple[int | None, int | None]:
    if verdict.exception:
        return None, None
    if isinstance(check, NoRows):
        (row,) = con.execute(check.evaluated.format(batch=batch)).fetchall()
        return row[0], verdict.failed
    if verdict.failed is None:
        # A check of the table as a whole: one thing that holds or not.
        return 1, int(not verdict.success)
    return verdict.evaluated, verdict.failed


def _sample(
    con: duckdb.DuckDBPyConnection, suite: Suite, check: Check, batch: str
) -> tuple[str, ...]:
    """A few of what failed: by the suite's keys, or as the check's query shows it."""
    failing = check.failing(batch)
    if failing is None:
        return ()
    if suite.kind == delivery.KIND and not isinstance(check, NoRows):
        return _rows_of_files(con, suite, failing)
    shows_itself = isinstance(check, NoRows) or not suite.keys
    columns = "*" if shows_itself else ", ".join(map(quoted, suite.keys))
    rows = con.execute(
        f"select {columns} from ({failing}) as failing order by all limit {SAMPLE_SIZE}"
    ).fetchall()
    return tuple(" | ".join("" if cell is None else str(cell) for cell in row) for row in rows)


def _rows_of_files(con: duckdb.DuckDBPyConnection, suite: Suite, failing: str) -> tuple[str, ...]:
    """A few rows of a delivery as people find them: the file, the row in it, its key."""
    keys = ", ".join(f"failing.{quoted(key)}" for key in suite.keys)
    rows = con.execute(
        f"select files.path || ' row ' || failing._row_number || ' (' || concat_ws(' ', {keys})"
        f" || ')' from ({failing}) as failing"
        " inner join ops.files as files on failing._file_id = files.file_id"
        f" order by failing._file_id, failing._row_number limit {SAMPLE_SIZE}"
    ).fetchall()
    return tuple(row for (row,) in rows)
