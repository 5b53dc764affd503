"""Checks as expectations of Great Expectations, evaluated inside DuckDB.

Importing this module imports Great Expectations: `runner.py` does so only when checks run. Row
counts, columns, nulls and conditions of a table are counted by one query; nothing but counts and
the verdict leaves the database.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import sqlalchemy as sa
from duckdb_engine import ConnectionWrapper, Dialect

from expectations.checks import (
    ODD_RECORDS,
    Check,
    Columns,
    EachRow,
    NoRows,
    NotNull,
    RowCount,
    Unique,
)
from expectations.light_import import import_great_expectations
from pipelines.sql import quoted

import_great_expectations()

# Great Expectations' own modules, once the package is there.
import great_expectations as gx  # noqa: E402
import great_expectations.expectations as gxe  # noqa: E402
from great_expectations.compatibility import pydantic  # noqa: E402
from great_expectations.core import ExpectationSuite  # noqa: E402
from great_expectations.data_context.types.base import (  # noqa: E402
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.execution_engine import SqlAlchemyExecutionEngine  # noqa: E402
from great_expectations.expectations.expectation import ColumnMapExpectation  # noqa: E402
from great_expectations.expectations.metrics import ColumnMapMetricProvider  # noqa: E402
from great_expectations.expectations.metrics.map_metric_provider import (  # noqa: E402
    column_condition_partial,
)

ROW_COUNT_METRIC = "unexpected_rows_query.row_count"
EXCEPTION_LENGTH = 500
# A colon that SQLAlchemy would read as the beginning of a parameter's name.
PARAMETER = re.compile(r"(?<![:\w\\]):(?=\w)")
VERDICT_ONLY = {"result_format": "BOOLEAN_ONLY"}


def _described(
    dialect: Dialect,
    connection: sa.Connection,
    table_name: str,
    schema: str | None = None,
    **_: Any,
) -> list[dict[str, Any]]:
    """The columns of a relation: the names alone are asked for.

    The dialect's own look-up joins PostgreSQL's catalogue over every relation of a build file,
    which costs more than all that is then asked of the rows.
    """
    del dialect
    relation = ".".join(quoted(name) for name in (schema, table_name) if name)
    found = connection.exec_driver_sql(f"describe {relation}")
    return [
        {"name": name, "type": sa.types.NullType(), "nullable": True, "default": None}
        for name, *_ in found
    ]


def _no_key(dialect: Dialect, connection: sa.Connection, *_: Any, **__: Any) -> dict[str, Any]:
    """What is judged is a view or a copy: it has no key that the database knows."""
    del dialect, connection
    return {"constrained_columns": [], "name": None}


Dialect.get_columns, Dialect.get_pk_constraint = _described, _no_key


class KeptConnection(ConnectionWrapper):  # type: ignore[misc] # the package has no types
    """The caller's own DuckDB connection, as SQLAlchemy's engine sees it.

    A second connection would have to be opened with the same settings and would not see temporary
    views; one that SQLAlchemy closes or rolls back loses the rows it was about to fetch. So the
    engine may do neither: the connection and its transactions stay the caller's.
    """

    def begin(self) -> None:
        """Leave transactions to the owner."""

    def commit(self) -> None:
        """Leave transactions to the owner."""

    def rollback(self) -> None:
        """Leave transactions to the owner."""

    def close(self) -> None:
        """Leave the connection open."""


class _Written:
    """Its configuration is written once: the library asks for it forty times a check."""

    _written: Any

    @property
    def configuration(self) -> Any:
        """What the library knows an expectation by."""
        if self._written is None:
            self._written = super().configuration  # type: ignore[misc]
        return self._written


class _Counted(_Written):
    """The counts beside the verdict, without the queries for sample values that they come with."""

    map_metric: str
    mostly: float

    def get_validation_dependencies(self, runtime_configuration: Any = None, **rest: Any) -> Any:
        """What a bare verdict needs, which is the counts."""
        dependencies = super().get_validation_dependencies(  # type: ignore[misc]
            runtime_configuration=VERDICT_ONLY, **rest
        )
        # With the format that was asked for, or the counts are dropped from the result.
        dependencies.result_format = {**(runtime_configuration or {})}.get("result_format")
        return dependencies

    def _validate(
        self, metrics: dict[str, Any], runtime_configuration: Any = None, **rest: Any
    ) -> dict[str, Any]:
        del runtime_configuration
        verdict = super()._validate(  # type: ignore[misc]
            metrics=metrics, runtime_configuration=VERDICT_ONLY, **rest
        )
        nulls = 0
        if self.map_metric != "column_values.nonnull":
            nulls = metrics["column_values.nonnull.unexpected_count"]
        # A sum over no rows is NULL.
        counts = {
            "evaluated": metrics["table.row_count"] - (nulls or 0),
            "failed": metrics[f"{self.map_metric}.unexpected_count"] or 0,
        }
        is_tolerated = self.mostly < 1 and counts["failed"] <= ODD_RECORDS
        return {"success": verdict["success"] or is_tolerated, "result": counts}


class CountedNotNull(_Counted, gxe.ExpectColumnValuesToNotBeNull):  # type: ignore[misc]
    """ExpectColumnValuesToNotBeNull with its counts."""

    _written: Any = pydantic.PrivateAttr(default=None)


class CountedUnique(_Counted, gxe.ExpectColumnValuesToBeUnique):  # type: ignore[misc]
    """ExpectColumnValuesToBeUnique with its counts."""

    _written: Any = pydantic.PrivateAttr(default=None)


class ColumnValuesSatisfy(ColumnMapMetricProvider):  # type: ignore[misc]
    """Whether an SQL condition over the row is true; false and NULL fail."""

    condition_metric_name = "column_values.satisfy"
    condition_value_keys = ("condition",)

    @column_condition_partial(engine=SqlAlchemyExecutionEngine)  # type: ignore[untyped-decorator]
    def _sqlalchemy(cls, column: Any, condition: str, **_: Any) -> Any:  # noqa: N805
        return sa.literal_column(f"(({condition}) is true)", sa.Boolean)


class ExpectColumnValuesToSatisfy(_Counted, ColumnMapExpectation):  # type: ignore[misc]
    """A condition in SQL holds for the rows in which the column has a value."""

    _written: Any = pydantic.PrivateAttr(default=None)
    condition: str
    map_metric = "column_values.satisfy"
    success_keys = ("condition", "mostly")
    domain_keys = ("batch_id", "column", "row_condition", "condition_parser")
    args_keys = ("column", "condition", "mostly")


class ExpectNoRows(_Written, gxe.UnexpectedRowsExpectation):  # type: ignore[misc]
    """UnexpectedRowsExpectation that only counts: rows are fetched where it fails, a few."""

    _written: Any = pydantic.PrivateAttr(default=None)
    metric_dependencies = (ROW_COUNT_METRIC,)

    @pydantic.validator("unexpected_rows_query")  # type: ignore[untyped-decorator]
    def _validate_query(cls, query: str) -> str:  # noqa: N805
        # In place of the parent's, which prints to the terminal when a query reads another table.
        return query

    def _validate(self, metrics: dict[str, Any], **_: Any) -> dict[str, Any]:
        failed = metrics[ROW_COUNT_METRIC]
        return {"success": failed == 0, "result": {"failed": failed}}


@dataclass(frozen=True)
class Verdict:
    """What came of one check; `failed` and `evaluated` are None where it does not count rows."""

    success: bool
    evaluated: int | None = None
    failed: int | None = None
    exception: str | None = None


class Auditor:
    """Evaluates checks over one open DuckDB connection."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        # Failures are results here, not log lines.
        logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
        config = DataContextConfig(
            store_backend_defaults=InMemoryStoreBackendDefaults(),
            analytics_enabled=False,
            progress_bars=ProgressBarsConfig(globally=False),
        )
        context = gx.get_context(mode="ephemeral", project_config=config)
        self._source = context.data_sources.add_sql(
            "build",
            connection_string="duckdb:///:memory:",
            kwargs={"creator": lambda: KeptConnection(con), "poolclass": sa.pool.StaticPool},
        )
        self._definition: Any = None

    def evaluate(self, relation: str, checks: Sequence[Check]) -> tuple[Verdict, ...]:
        """One verdict per check, in their order.

        Args:
            relation: the rows to look at, temporary and the connection's own.
            checks: evaluated together. Where one raises, those that it took along are evaluated
                again, each by itself.
        """
        batch = self._rows_of(relation)
        verdicts = _validated(batch, checks)
        return tuple(
            _validated(batch, [check])[0] if verdict.exception and len(checks) > 1 else verdict
            for check, verdict in zip(checks, verdicts, strict=True)
        )

    def _rows_of(self, relation: str) -> Any:
        """The relation as a batch of the library's.

        One asset is each relation in turn: the library writes its whole configuration anew for
        every asset and every definition of a batch.
        """
        if self._definition is None:
            asset = self._source.add_table_asset("audited", table_name=relation)
            self._definition = asset.add_batch_definition_whole_table("all")
        self._definition.data_asset.table_name = relation
        return self._definition.get_batch()


def _validated(batch: Any, checks: Sequence[Check]) -> list[Verdict]:
    expectations = [expectation_of(check, number) for number, check in enumerate(checks)]
    suite = ExpectationSuite("suite", expectations=expectations)
    results = batch.validate(suite, result_format="BASIC").results
    by_number = {result.expectation_config.meta["number"]: result for result in results}
    return [_verdict(by_number[number]) for number in range(len(checks))]


def _verdict(result: Any) -> Verdict:
    exception = exception_of(result.exception_info)
    if exception:
        return Verdict(False, exception=exception)
    found = result.result
    return Verdict(result.success, found.get("evaluated"), found.get("failed"))


def not_evaluated(checks: Sequence[Check], error: Exception) -> tuple[Verdict, ...]:
    """The verdicts where there is nothing to look at: every check has failed."""
    return tuple(Verdict(False, exception=shortened(str(error))) for _ in checks)


def exception_of(info: dict[str, Any]) -> str | None:
    """The text of the first exception in a result, wherever it was raised; None if none was."""
    parts = [info] if "raised_exception" in info else list(info.values())
    for part in parts:
        if part.get("raised_exception"):
            return shortened(str(part.get("exception_message") or "no message"))
    return None


def shortened(message: str) -> str:
    """The first line's worth of a message, without the traceback."""
    return " ".join(message.split("Traceback", 1)[0].split())[:EXCEPTION_LENGTH]


def formatted(query: str) -> str:
    """A query as the library takes it, which formats it: braces of a pattern in it are doubled.

    SQLAlchemy takes ':00' for a parameter, unless it is told that it is none.
    """
    query = query.replace("{", "{{").replace("}", "}}").replace("{{batch}}", "{batch}")
    return PARAMETER.sub(r"\:", query)


def of_the_table(check: RowCount | Columns, **common: Any) -> Any:
    """The library's own expectation of a table as a whole."""
    if isinstance(check, RowCount):
        return gxe.ExpectTableRowCountToBeBetween(
            min_value=check.minimum, max_value=check.maximum, **common
        )
    return gxe.ExpectTableColumnsToMatchSet(
        column_set=list(check.columns), exact_match=False, **common
    )


def expectation_of(check: Check, number: int) -> Any:
    """The expectation that evaluates a check; its meta says what the results are filed under."""
    common: dict[str, Any] = {
        "severity": check.severity,
        "meta": {
            "number": number,
            "name": check.name,
            "dimension": check.dimension,
            "owner": check.owner,
            "action": check.action,
        },
    }
    match check:
        case RowCount() | Columns():
            return of_the_table(check, **common)
        case NotNull():
            return CountedNotNull(column=check.column, mostly=check.mostly, **common)
        case Unique():
            return CountedUnique(column=check.column, mostly=check.mostly, **common)
        case EachRow():
            return ExpectColumnValuesToSatisfy(
                column=check.column, condition=check.condition, mostly=check.mostly, **common
            )
        case NoRows():
            return ExpectNoRows(unexpected_rows_query=formatted(check.query), **common)
    raise TypeError(f"no expectation for a {type(check).__name__}")
