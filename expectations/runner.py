"""Runs the suites on the build file and keeps what they found.

The only entrance: `audit_delivery` before dbt, `audit_marts` after it, `critical_failures` for
whoever is about to publish. Great Expectations is imported when the first check runs.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

import duckdb

from expectations import results
from expectations.checks import CRITICAL, DELIVERY, MARTS, Check, NoRows, RowCheck, Suite
from expectations.results import CheckResult
from expectations.suites import delivery, marts
from pipelines.ingest import Contract
from pipelines.ingest.environment import is_passing
from pipelines.ingest.relations import set_clock
from pipelines.personal import masked
from pipelines.settings import utc_now
from pipelines.sql import moment, quoted
from pipelines.transform.contents import current, deliveries, key_of, relations, rows_digest
from pipelines.transform.fingerprint import rules_fingerprint

if TYPE_CHECKING:
    from expectations.adapter import Auditor, Verdict

SAMPLE_SIZE = 5
# A cell can be of megabytes.
SAMPLE_LENGTH = 200
# Of more rows a delivery is not copied to be judged.
MOST_COPIED = 1_000_000

# A relation as checks name it, and how a clock is written there.
QUALIFIED = re.compile(r"\w+\.\w+")
CLOCK = re.compile(r"timestamp '[^']*'")

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
    # Of all files that say something new: the audit sees those that brought no row, too.
    contents = {
        f"{layer}_{source}.{stream}": content
        for (source, stream), content in deliveries(con, as_of_at, files=delivery.IS_NEWS).items()
        for layer in ("raw", "current")
    }
    # A suite asks the ledger about its own stream, whose files are in the stream's content, and
    # about files that came near to it.
    contents["ops.files"] = rows_digest(
        con, f"(from ops.files where {delivery.unread_files(as_of_at)})"
    )
    set_clock(con, as_of_at)
    suites = delivery.suites(con, contracts, as_of_at)
    return _audit(con, DELIVERY, suites, contents, as_of_at)


def audit_marts(con: duckdb.DuckDBPyConnection, as_of_at: datetime) -> tuple[CheckResult, ...]:
    """Judge the marts that dbt built as of a clock; results replace those of the same clock."""
    contents = {name.replace('"', ""): content for name, _, _, content in relations(con)}
    contents |= {".".join(name): content for name, content in current(con, as_of_at).items()}
    contents["ops.published_figures"] = rows_digest(con, "ops.published_figures")
    return _audit(con, MARTS, marts.suites(con, as_of_at), contents, as_of_at)


def critical_failures(con: duckdb.DuckDBPyConnection, as_of_at: datetime) -> list[CheckResult]:
    """What forbids a release as of a clock, from what the audits stored."""
    return results.failures(con, as_of_at, CRITICAL)


def _audit(
    con: duckdb.DuckDBPyConnection,
    kind: str,
    suites: Iterable[Suite],
    contents: Mapping[str, str],
    as_of_at: datetime,
) -> tuple[CheckResult, ...]:
    """Judge every check, unless it would find what it found before.

    Args:
        con: the build file.
        kind: of the suites.
        suites: what to judge.
        contents: a text that changes whenever its rows do, by relation that a suite may read.
        as_of_at: the clock.
    """
    rules = rules_fingerprint()
    standing = results.standing(con, kind)
    judged_before = {(schema, table) for schema, table, _ in standing}
    auditor: Auditor | None = None
    kept: list[results.Standing] = []
    results.begin(con)
    for suite in suites:
        with _Rows(con, suite) as rows:
            if (suite.schema, suite.table) not in judged_before:
                rows.copy()
            new: dict[Check, str | None] = {}
            for checks in _standing_together(suite):
                key = None
                if not rows.missing:
                    key = _key(con, suite, checks, contents, as_of_at, rules)
                earlier = standing.get((suite.schema, suite.table, key or ""))
                if key and earlier:
                    kept.append((suite.schema, suite.table, key, earlier))
                else:
                    new |= dict.fromkeys(checks, key)
            if new:
                if auditor is None:
                    from expectations.adapter import Auditor  # noqa: PLC0415 - seconds of CPU

                    auditor = Auditor(con)
                rows.copy()
                asked = replace(suite, checks=tuple(new))
                found = _judge(con, auditor, asked, rows.missing, as_of_at)
                results.add(con, found, {(c.name, c.column): key for c, key in new.items()})
                failed = sum(not result.success for result in found)
                logger.info("%s: %d of %d checks failed", suite.name, failed, len(found))
    results.keep(con, kind, kept, as_of_at)
    return results.store(con, kind, as_of_at)


def _batch(suite: Suite) -> str:
    return f"audited_{suite.schema}_{suite.table}"


class _Rows:
    """The relation of a suite's rows while it is audited, called by `_batch`.

    Attributes:
        missing: why there is nothing to look at; None where there is.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, suite: Suite) -> None:
        self._con = con
        self._suite = suite
        self._shown_as = ""
        self.missing: duckdb.Error | None = None

    def __enter__(self) -> _Rows:
        self._show("view")
        return self

    def __exit__(self, *_: object) -> None:
        self._hide()

    def copy(self) -> None:
        """Find the rows once for all that is asked of them, where that costs less.

        Which rows of a delivery are current, each query would find anew. Whether its checks stand
        asks for a column or two of the rows, and most deliveries are then looked at no further.
        """
        is_shown = self._shown_as == "view"
        if is_shown and kept_as(self._con, self._suite) == "table":
            self._hide()
            self._show("table")

    def _show(self, kind: str) -> None:
        try:
            self._con.execute(f"create temp {kind} {_batch(self._suite)} as {_rows(self._suite)}")
            self._shown_as = kind
        except duckdb.Error as error:
            if is_passing(error):
                raise
            self.missing = error

    def _hide(self) -> None:
        if self._shown_as:
            self._con.execute(f"drop {self._shown_as} {_batch(self._suite)}")
            self._shown_as = ""


def kept_as(con: duckdb.DuckDBPyConnection, suite: Suite) -> str:
    """Whether a suite's rows are looked at where they lie, or copied; see `_Rows.copy`."""
    if not suite.rows:
        return "view"
    ((count,),) = con.execute(f"select count(*) from {suite.name}").fetchall()
    return "table" if count <= MOST_COPIED else "view"


def _rows(suite: Suite) -> str:
    return suite.rows or f"select * from {suite.name}"


def _standing_together(suite: Suite) -> Iterable[tuple[Check, ...]]:
    """The checks of a suite, those together that stand or are judged as one: all of a delivery, as
    a row of it that fails two of them is kept once.
    """
    return (suite.checks,) if suite.kind == DELIVERY else ((check,) for check in suite.checks)


def _key(
    con: duckdb.DuckDBPyConnection,
    suite: Suite,
    checks: tuple[Check, ...],
    contents: Mapping[str, str],
    as_of_at: datetime,
    rules: str,
) -> str | None:
    """Changes whenever the checks could find something else; None where that cannot be told.

    The clock moves with every batch. What it decides beyond which deliveries are seen is asked of
    the database: a check that reads it finds the same rows, or everything is judged again.
    """
    batch = _batch(suite)
    # A delivered row is known by its place: to read all of its columns is most of what it costs.
    columns = "_file_id, _row_number" if suite.kind == DELIVERY else "*"
    asked_by = [check.queries(batch, columns) for check in checks]
    queries = list(chain(*asked_by))
    # Some look at other relations alone, whatever is in the table that they are filed under.
    of_rows = not all(asked_by) or any(batch in query for query in queries)
    if of_rows:
        queries.append(_rows(suite))
    reads = {name for query in queries for name in QUALIFIED.findall(query) if name in contents}
    if of_rows and suite.name not in reads:
        return None
    if not reads or not all(contents[name] for name in reads):
        return None
    known = f"loaded_at <= {moment(as_of_at)}"
    asked = [query for query in queries if CLOCK.search(query.replace(known, ""))]
    try:
        found = [rows_digest(con, f"({query})") for query in asked]
    except duckdb.Error:
        # Whoever judges it will say so.
        return None
    return key_of(
        rules,
        *(f"{name} {contents[name]}" for name in sorted(reads)),
        *(CLOCK.sub("", str(cell)) for check in checks for cell in vars(check).values()),
        *found,
    )


def _judge(
    con: duckdb.DuckDBPyConnection,
    auditor: Auditor,
    suite: Suite,
    missing: duckdb.Error | None,
    as_of_at: datetime,
) -> list[CheckResult]:
    from expectations.adapter import not_evaluated  # noqa: PLC0415 - loaded by now

    batch = _batch(suite)
    if missing:
        checks, verdicts = suite.checks, not_evaluated(suite.checks, missing)
    else:
        checks = _of_what_came(con, suite)
        verdicts = auditor.evaluate(batch, checks)
    # What several checks look at is counted once.
    looked_at = cache(lambda query: con.execute(query).fetchall()[0][0])
    found = [
        _result(con, suite, check, verdict, _counts(check, verdict, batch, looked_at), as_of_at)
        for check, verdict in zip(checks, verdicts, strict=True)
    ]
    for check, result in zip(checks, found, strict=True):
        if check.marks_rows and result.failed and suite.kind == DELIVERY:
            results.mark_failed_rows(con, suite, check, batch, as_of_at)
    return found


def _of_what_came(con: duckdb.DuckDBPyConnection, suite: Suite) -> tuple[Check, ...]:
    """The checks without those of cells that the export lacks."""
    optional = sorted(suite.optional)
    if not optional:
        return suite.checks
    counts = ", ".join(f"count({quoted(name)})" for name in optional)
    (row,) = con.execute(f"select {counts} from {_batch(suite)}").fetchall()
    empty = {name for name, count in zip(optional, row, strict=True) if not count}
    return tuple(
        check
        for check in suite.checks
        if not (isinstance(check, RowCheck) and check.column in empty)
    )


def _result(
    con: duckdb.DuckDBPyConnection,
    suite: Suite,
    check: Check,
    verdict: Verdict,
    counts: tuple[int | None, int | None],
    as_of_at: datetime,
) -> CheckResult:
    evaluated, failed = counts
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
        sample_keys=_shown(_sample(con, suite, check)) if failed else (),
        exception=verdict.exception and masked(verdict.exception),
        as_of_at=as_of_at,
        evaluated_at=utc_now(),
    )


def _counts(
    check: Check, verdict: Verdict, batch: str, looked_at: Callable[[str], int]
) -> tuple[int | None, int | None]:
    """How many were looked at, and how many failed; None where that was not found out."""
    if verdict.exception:
        return None, None
    if isinstance(check, NoRows):
        return looked_at(check.queries(batch)[1]), verdict.failed
    if verdict.failed is None:
        # A check of the table as a whole: one thing that holds or not.
        return 1, int(not verdict.success)
    return verdict.evaluated, verdict.failed


def _shown(sample: Iterable[str]) -> tuple[str, ...]:
    """A sample as the ledger, the screen and --json may show it."""
    # Cut behind the mask: half an address is none that can be found.
    return tuple(masked(text[: 10 * SAMPLE_LENGTH])[:SAMPLE_LENGTH] for text in sample)


def _sample(con: duckdb.DuckDBPyConnection, suite: Suite, check: Check) -> tuple[str, ...]:
    """A few of what failed: by the suite's keys, or as the check's query shows it but for columns
    that are classified as personal data.
    """
    failing = check.failing(_batch(suite))
    if failing is None:
        return ()
    if suite.kind == DELIVERY and not isinstance(check, NoRows):
        return _rows_of_files(con, suite, failing)
    shows_itself = isinstance(check, NoRows) or not suite.keys
    columns = "*" if shows_itself else ", ".join(map(quoted, suite.keys))
    found = con.execute(
        f"select {columns} from ({failing}) as failing order by all limit {SAMPLE_SIZE}"
    )
    shown = [n for n, (name, *_) in enumerate(found.description) if name not in suite.personal]
    return tuple(
        " | ".join("" if row[n] is None else str(row[n]) for n in shown) for row in found.fetchall()
    )


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
