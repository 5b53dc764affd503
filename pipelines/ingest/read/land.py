"""Rows into the landed table: which cell is which column, whatever the format.

What the contract does not know goes to `_extra`; how a cell is read is decided elsewhere.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Container, Sequence

import duckdb

from pipelines.ingest.contract import Contract
from pipelines.ingest.read.file import FileToRead, Landed, UnreadableError
from pipelines.ingest.relations import ensure_columns
from pipelines.sql import literal, quoted

# How dlt calls what does not fit the type that a column had first: amount__v_double.
VARIANT = re.compile("(.+)__v_[a-z]+")
# A spreadsheet's date: the number of days since its epoch, with the time as their fraction.
SHEET_DATE = "^[0-9]{1,6}([.][0-9]+)?$"


def insert(
    con: duckdb.DuckDBPyConnection,
    file: FileToRead,
    cells: Sequence[tuple[str, str]],
    source: str,
    *,
    is_skipped: str = "false",
) -> Landed:
    """Append rows; `cells` pairs each column of the file with the expression that reads it.

    A column that the contract does not know, or that comes a second time, goes to `_extra`. A
    column that repeats is an array of its values. A variant of a column is read as the column,
    whose cell it leaves empty.
    """
    columns: dict[str, str] = {}
    repeated: dict[str, list[str]] = {}
    variants: dict[str, str] = {}
    varied: dict[str, list[str]] = {}
    extra: dict[str, str] = {}
    unknown: list[str] = []
    for label, expression in cells:
        name = file.contract.column_of(label)[0]
        if name and file.contract.by_name[name].repeats:
            repeated.setdefault(name, []).append(expression)
        elif name and name not in columns:
            columns[name] = expression
        elif not name and (of := _varied(file.contract, label)):
            variants[label] = of
            varied.setdefault(of, []).append(expression)
        else:
            unknown += [] if name else [label]
            extra[_numbered(label.strip(), extra)] = expression
    columns |= {
        name: f"coalesce({', '.join([*filter(None, [columns.get(name)]), *expressions])})"
        for name, expressions in varied.items()
    }
    columns |= {name: _array(expressions) for name, expressions in repeated.items()}
    if file.sheet_epoch:
        columns = {n: _sheet_date(file, n, value) for n, value in columns.items()}
    columns |= {n: literal(v) for n, v in file.match.constants.items() if n not in columns}
    if extra:
        pairs = ", ".join(f"{literal(label)}, {value}" for label, value in extra.items())
        columns["_extra"] = f"cast(json_object({pairs}) as varchar)"
    if file.erased:
        columns = file.erased.redacted(file.contract, columns)
    statement = (
        f"insert into {file.table}"
        f" ({', '.join([*map(quoted, columns), '_file_id, _is_skipped'])})"
        f" select {', '.join([*columns.values(), str(file.file_id), is_skipped])} {source}"
    )
    try:
        rows, not_data = _inserted(con, file, statement)
    except duckdb.BinderException:
        # A stream's columns hardly ever change, and looking first costs every file.
        ensure_columns(con, file.contract, columns)
        rows, not_data = _inserted(con, file, statement)
    return Landed(rows, not_data, tuple(unknown), tuple(variants))


def _inserted(
    con: duckdb.DuckDBPyConnection, file: FileToRead, statement: str
) -> tuple[int, int | None]:
    """How many rows an insert appended, and how many of a small file's are no data.

    To ask for it afterwards costs a small file more than its reading.
    """
    if not file.is_small:
        return count(con.execute(statement)), None
    flags = con.execute(f"{statement} returning _is_skipped").fetchnumpy()["_is_skipped"]
    return len(flags), int(flags.sum())


def _varied(contract: Contract, label: str) -> str | None:
    """The column that a connector split this one off as its type changed; None if off none."""
    found = VARIANT.fullmatch(label.strip())
    name = contract.column_of(found.group(1))[0] if found else None
    return name if name and not contract.by_name[name].repeats else None


def _array(expressions: Sequence[str]) -> str:
    """The non-empty cells of one record's repeated columns; NULL where there is none."""
    filled = f"list_filter([{', '.join(expressions)}], lambda cell: coalesce(trim(cell), '') <> '')"
    return f"cast(to_json(nullif({filled}, [])) as varchar)"


def _sheet_date(file: FileToRead, name: str, value: str) -> str:
    """A spreadsheet's number of days as ISO text, where the contract expects a date."""
    if file.contract.by_name[name].logical_type not in ("date", "timestamp"):
        return value
    seconds = f"cast(round(cast({value} as double) * 86400) as bigint)"
    moment = f"timestamp '{file.sheet_epoch}' + to_microseconds({seconds} * 1000000)"
    text = f"strftime({moment}, '%Y-%m-%d %H:%M:%S')"
    return f"case when regexp_matches({value}, '{SHEET_DATE}') then {text} else {value} end"


def _numbered(label: str, taken: Container[str]) -> str:
    """`label`, or `label (2)` and so on where it is taken."""
    candidates = itertools.chain([label], (f"{label} ({n})" for n in itertools.count(2)))
    return next(candidate for candidate in candidates if candidate not in taken)


def require_all(expected: int, landed: Landed) -> Landed:
    """Hold the rows that landed against those that were sorted out for it.

    Raises:
        UnreadableError: they differ, so nothing of the file may be kept.
    """
    if landed.rows != expected:
        raise UnreadableError(
            f"it has {expected:,} rows and the database read {landed.rows:,}. This is an error of"
            " Throughline: report it with the first lines of the file"
        )
    return landed


def count(result: duckdb.DuckDBPyConnection) -> int:
    """The one number that a statement returns."""
    row = result.fetchone()
    return int(row[0]) if row else 0
