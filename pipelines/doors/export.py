"""A mart as a file: for a spreadsheet (csv, xlsx) or another program (parquet).

What people wrote into their tools is in some columns, and a spreadsheet runs a cell that begins as
a formula does: neither file has one that runs.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from pipelines.publish.content import MartTable
from pipelines.publish.release import Release
from pipelines.settings import UsageError, utc_text
from pipelines.sql import literal, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

TEXT = "VARCHAR"
# The signs that begin a formula, their wide forms too, also behind blanks; and what a spreadsheet
# takes away before it looks.
FORMULA = r"^[\s\x{a0}]*[=+\-@\x{ff1d}\x{ff0b}\x{ff0d}\x{ff20}]|^[\t\r\n]"
# So that a spreadsheet knows a CSV for UTF-8.
BYTE_ORDER_MARK = "\ufeff"
SHEET_ROWS = 1_048_576
CELL_CHARACTERS = 32_767
# Spreadsheets keep fifteen digits of a number, and count days from here.
SHEET_NUMBER = 10**15
SHORT_AMOUNT = 10**9
FIRST_SHEET_DAY = date(1900, 3, 1)
SHOWN_WIDTH = 60
COMMENTS_SQL = """
    select column_name, comment from duckdb_columns()
    where database_name = current_database() and schema_name = $schema and table_name = $table
    order by column_index
"""


@dataclass(frozen=True)
class Exported:
    """What is written, and of which release."""

    mart: MartTable
    release: Release


def write_mart(
    con: duckdb.DuckDBPyConnection, exported: Exported, file_format: str, path: Path
) -> int:
    """Write a mart to a file, which is there whole or not at all.

    Args:
        con: the release.
        exported: the mart.
        file_format: one of FORMATS.
        path: what is there is replaced.

    Returns:
        How many rows it has.

    Raises:
        UsageError: it does not fit into a sheet.
    """
    ((rows,),) = con.execute(f"select count(*) from {_name(exported.mart)}").fetchall()
    with _replaced(path) as unfinished:
        FORMATS[file_format](con, exported, unfinished)
    return int(rows)


@contextmanager
def _replaced(path: Path) -> Iterator[Path]:
    """A file beside it that takes its place once it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        yield unfinished
        unfinished.replace(path)
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def _name(mart: MartTable) -> str:
    return f"{quoted(mart.schema)}.{quoted(mart.name)}"


def _texts(mart: MartTable) -> list[str]:
    return [name for name, kind in mart.columns if kind == TEXT]


def _write_csv(con: duckdb.DuckDBPyConnection, exported: Exported, path: Path) -> None:
    """UTF-8 with its mark, comma, NULL as nothing and an empty text as two quotes."""
    mart = exported.mart
    cells = [_csv_cell(name) if kind == TEXT else quoted(name) for name, kind in mart.columns]
    forced = ", ".join(quoted(name) for name in _texts(mart))
    quotes = f", force_quote ({forced})" if forced else ""
    body = path.with_name(f"{path.name}.body")
    try:
        con.execute(
            f"copy (select {', '.join(cells)} from {_name(mart)})"
            f" to {literal(body)} (format csv, header false{quotes})"
        )
        with path.open("wb") as whole, body.open("rb") as rows:
            header = ",".join(quoted(name) for name, _ in mart.columns)
            whole.write(f"{BYTE_ORDER_MARK}{header}\n".encode())
            shutil.copyfileobj(rows, whole)
    finally:
        body.unlink(missing_ok=True)


def _csv_cell(name: str) -> str:
    """A text that would run as a formula begins with an apostrophe, which stops it."""
    column = quoted(name)
    return (
        f"if(regexp_matches({column}, {literal(FORMULA)}), '''' || {column}, {column}) as {column}"
    )


def _write_parquet(con: duckdb.DuckDBPyConnection, exported: Exported, path: Path) -> None:
    """With the types of the mart, and the release in the file's metadata."""
    release = exported.release
    # A whole number beyond 64 bits would become a double.
    cells = [
        f"cast({quoted(name)} as decimal(38, 0)) as {quoted(name)}"
        if kind in ("HUGEINT", "UHUGEINT")
        else quoted(name)
        for name, kind in exported.mart.columns
    ]
    con.execute(
        f"copy (select {', '.join(cells)} from {_name(exported.mart)}) to {literal(path)}"
        " (format parquet, compression zstd, kv_metadata {"
        f"release_id: {literal(release.release_id)},"
        f" as_of_at: {literal(utc_text(release.as_of_at))}}})"
    )


def _write_xlsx(con: duckdb.DuckDBPyConnection, exported: Exported, path: Path) -> None:
    """A sheet of the rows, and one that says what its columns mean."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - nothing else needs it

    _require_fits(con, exported.mart)
    options = {"constant_memory": True, "strings_to_numbers": False, "strings_to_urls": False}
    with Workbook(path, {**options, "strings_to_formulas": False}) as book:
        formats: dict[str, Format] = {
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "time": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            "head": book.add_format({"bold": True}),
            # As if typed behind an apostrophe: it stays a text when somebody edits it.
            "formula": book.add_format({"quote_prefix": True}),
        }
        # A sheet's name has at most 31 characters.
        sheet = book.add_worksheet(exported.mart.name[:31])
        _fill(con, exported.mart, sheet, formats)
        _explain(con, exported, book.add_worksheet("columns"), formats)


def _require_fits(con: duckdb.DuckDBPyConnection, mart: MartTable) -> None:
    texts = "".join(f", max(length({quoted(name)}))" for name in _texts(mart))
    (rows, *longest) = con.execute(f"select count(*){texts} from {_name(mart)}").fetchall()[0]
    instead = "; write it as csv or parquet"
    if rows >= SHEET_ROWS:
        raise UsageError(
            f"{mart.label} has {rows:,} rows, and a sheet holds {SHEET_ROWS:,} lines{instead}"
        )
    for name, length in zip(_texts(mart), longest, strict=True):
        if (length or 0) > CELL_CHARACTERS:
            raise UsageError(
                f"{mart.label}.{name} has a text of {length:,} characters, and a cell holds"
                f" {CELL_CHARACTERS:,}{instead}"
            )


def _fill(
    con: duckdb.DuckDBPyConnection,
    mart: MartTable,
    sheet: Worksheet,
    formats: Mapping[str, Format],
) -> None:
    names = [name for name, _ in mart.columns]
    sheet.freeze_panes(1, 0)
    for place, name in enumerate(names):
        sheet.set_column(place, place, min(max(len(name) + 2, 12), SHOWN_WIDTH))
        sheet.write_string(0, place, name, formats["head"])
    formulas = ", ".join(
        f"coalesce(regexp_matches({quoted(name)}, {literal(FORMULA)}), false)"
        for name in _texts(mart)
    )
    result = con.execute(f"select *, [{formulas}] from {_name(mart)}")
    texts = [name in _texts(mart) for name in names]
    line = 0
    while batch := result.fetchmany(10_000):
        for *cells, runs in batch:
            line += 1
            flags = iter(runs)
            for place, value in enumerate(cells):
                is_formula = texts[place] and next(flags)
                if value is not None:
                    _write_cell(sheet, line, place, value, formats, is_formula)
    sheet.autofilter(0, 0, line, len(names) - 1)


def _write_cell(
    sheet: Worksheet,
    line: int,
    place: int,
    value: Any,
    formats: Mapping[str, Format],
    is_formula: bool,
) -> None:
    """A value as what it is; as text where a spreadsheet could not hold all of it."""
    if isinstance(value, bool):
        sheet.write_boolean(line, place, value)
    elif isinstance(value, int | Decimal | float) and _is_sheet_number(value):
        sheet.write_number(line, place, value)
    elif isinstance(value, datetime) and value.date() >= FIRST_SHEET_DAY:
        sheet.write_datetime(line, place, value, formats["time"])
    elif isinstance(value, date) and not isinstance(value, datetime) and value >= FIRST_SHEET_DAY:
        sheet.write_datetime(line, place, value, formats["day"])
    else:
        sheet.write_string(line, place, str(value), formats["formula"] if is_formula else None)


def _is_sheet_number(value: int | Decimal | float) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, int):
        return -SHEET_NUMBER < value < SHEET_NUMBER
    # Most are short: what is left of the point alone decides.
    return abs(value) < SHORT_AMOUNT or len(value.normalize().as_tuple().digits) <= 15


def _explain(
    con: duckdb.DuckDBPyConnection,
    exported: Exported,
    sheet: Worksheet,
    formats: Mapping[str, Format],
) -> None:
    mart, release = exported.mart, exported.release
    comments = con.execute(COMMENTS_SQL, {"schema": mart.schema, "table": mart.name}).fetchall()
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 1, 110)
    lines = [
        ("mart", mart.label),
        ("release", f"{release.release_id}, as of {utc_text(release.as_of_at)}; times are UTC"),
        *((name, comment or "") for name, comment in comments),
    ]
    for line, (name, said) in enumerate(lines):
        sheet.write_string(line, 0, name, formats["head"])
        sheet.write_string(line, 1, said)


FORMATS: Mapping[str, Callable[[duckdb.DuckDBPyConnection, Exported, Path], None]] = {
    "csv": _write_csv,
    "xlsx": _write_xlsx,
    "parquet": _write_parquet,
}
