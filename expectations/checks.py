"""What can be expected of a table, as plain data: no suite needs Great Expectations to be written.

A check says what must hold, how grave a failure is, who owns it and what to do. `adapter.py` turns
each kind into the expectation of Great Expectations that evaluates it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipelines.sql import quoted

CRITICAL = "critical"
WARNING = "warning"
SEVERITIES = (CRITICAL, WARNING)
DELIVERY, MARTS = "delivery", "marts"
DIMENSIONS = (
    "completeness",
    "uniqueness",
    "validity",
    "consistency",
    "timeliness",
    "accuracy",
    "volume",
)

# Of marts, which no source answers for.
OWNER = "Marketing operations"

# A critical check of single cells lets this share of them fail: a few bad cells stop no release.
REQUIRED_SHARE = 0.98
READABLE_SHARE = 0.9
# Nor does one odd record, however few came with it: a share of three rows says nothing.
ODD_RECORDS = 1


@dataclass(frozen=True, kw_only=True)
class Check:
    """One expectation of one table.

    Attributes:
        name: what is expected, unique with the column within a suite.
        column: the column it is about, if it is about one.
        dimension: the dimension of quality it measures.
        severity: critical refuses the release, warning is reported.
        owner: the team that can put it right.
        action: one sentence: what to do when it fails.
    """

    name: str
    dimension: str
    severity: str
    owner: str
    action: str
    column: str | None = None

    @property
    def marks_rows(self) -> bool:
        """Whether the raw rows that fail are kept in ops.failed_rows."""
        return False

    def failing(self, batch: str, columns: str = "*") -> str | None:
        """A query for what fails, over the relation `batch`; None where no row can be named.

        Of rows of the relation itself these columns are shown.
        """
        del batch, columns
        return None

    def queries(self, batch: str, columns: str = "*") -> tuple[str, ...]:
        """All that it asks the database, over the relation `batch`."""
        failing = self.failing(batch, columns)
        return () if failing is None else (failing,)


@dataclass(frozen=True, kw_only=True)
class RowCount(Check):
    """Between `minimum` and `maximum` rows; None: no upper bound."""

    minimum: int = 1
    maximum: int | None = None


@dataclass(frozen=True, kw_only=True)
class Columns(Check):
    """At least these columns exist."""

    columns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RowCheck(Check):
    """A share `mostly` of the rows is as it should be; the others can be named."""

    column: str
    mostly: float = 1.0
    records: bool = True

    @property
    def marks_rows(self) -> bool:
        """Rows are kept even where the share tolerates them: they are no better for it."""
        return self.records

    def failing(self, batch: str, columns: str = "*") -> str | None:
        """The failing rows."""
        return f"select {columns} from {batch} where {self.condition_of_failure(batch)}"

    def condition_of_failure(self, batch: str) -> str:
        """True for a failing row of `batch`."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class NotNull(RowCheck):
    """The column has a value."""

    def condition_of_failure(self, batch: str) -> str:
        """No value."""
        del batch
        return f"{quoted(self.column)} is null"


@dataclass(frozen=True, kw_only=True)
class EachRow(RowCheck):
    """`condition`, an SQL expression over the row, is true wherever the column has a value."""

    condition: str

    def condition_of_failure(self, batch: str) -> str:
        """A value, and the condition is false or NULL."""
        del batch
        return f"{quoted(self.column)} is not null and (({self.condition}) is not true)"


@dataclass(frozen=True, kw_only=True)
class Unique(RowCheck):
    """No two rows have the same value in the column."""

    def condition_of_failure(self, batch: str) -> str:
        """The value occurs again."""
        column = quoted(self.column)
        return (
            f"{column} in (select {column} from {batch} where {column} is not null"
            f" group by {column} having count(*) > 1)"
        )


@dataclass(frozen=True, kw_only=True)
class NoRows(Check):
    """`query` finds nothing. `{batch}` in it stands for the table, other braces for themselves.

    Attributes:
        query: selects what must not be there; a query that `names_rows` selects _file_id and
            _row_number too.
        evaluated: a query for the number of things looked at.
    """

    query: str
    evaluated: str = "select count(*) from {batch}"
    names_rows: bool = False

    @property
    def marks_rows(self) -> bool:
        """Only a query that names the rows can have them kept."""
        return self.names_rows

    def failing(self, batch: str, columns: str = "*") -> str | None:
        """What the query finds."""
        del columns
        return self.query.replace("{batch}", batch)

    def queries(self, batch: str, columns: str = "*") -> tuple[str, ...]:
        """What fails, and what was looked at."""
        del columns
        return tuple(text.replace("{batch}", batch) for text in (self.query, self.evaluated))


@dataclass(frozen=True)
class Suite:
    """The checks of one table.

    Attributes:
        kind: delivery or marts.
        schema, table: the table that the results are filed under.
        checks: row count first, so that empty input cannot pass.
        keys: columns that name a failing row to people.
        rows: a query for the rows to look at; None: the whole table.
        optional: columns that an export may lack: without a value in any row, checks of their
            cells are left out.
        personal: columns that are classified as personal data: no sample shows them.
    """

    kind: str
    schema: str
    table: str
    checks: tuple[Check, ...]
    keys: tuple[str, ...] = ()
    rows: str | None = None
    optional: frozenset[str] = frozenset()
    personal: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """The table, with its schema."""
        return f"{self.schema}.{self.table}"


def with_tolerance(
    check: EachRow | NotNull, share: float, *, records: bool = True
) -> tuple[Check, Check]:
    """A check twice: critical below a share of good rows, a warning below all of them.

    Args:
        check: a warning on every row.
        share: of good rows, that the critical twin asks for; its name begins with `mostly_`.
        records: whether a failing row counts as critically failed even within the share.
    """
    gate = replace(
        check, name=f"mostly_{check.name}", severity=CRITICAL, mostly=share, records=records
    )
    return gate, replace(check, severity=WARNING, mostly=1.0)
