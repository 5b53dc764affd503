"""A CSV of which not every line is a record, sorted into what DuckDB can read and what it cannot.

Line ends of several kinds, blank lines and cells of several lines are told apart; what is no row
goes to the quarantine, and what is no data stays in its place as a row without cells. A quote that
is not closed as it should costs its own line alone: the lines that it would swallow are read.
"""

from __future__ import annotations

import csv
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.ingest.lines import Lines, fault_of
from pipelines.ingest.read.file import FileToRead
from pipelines.ingest.read.quarantine import Quarantine

# The longest record that DuckDB takes unasked.
RECORD_BYTES = 2_000_000
BLANKS_BEHIND_QUOTE = re.compile('" +')
# In a table as narrow as this prose may have as many commas as a row.
NARROW = 3
OPEN_QUOTE = ("open quote", "opens a quote that is never closed: the file may be cut off")


@contextmanager
def sorted_records(
    con: duckdb.DuckDBPyConnection, file: FileToRead
) -> Iterator[tuple[Path, int, int]]:
    """The rows of a file as a file, how many they are, and how many lines were refused.

    The header is no record. The file is gone when the context ends.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8", newline="") as good:
        rows = 0
        with file.open() as raw, Quarantine(con, file) as refused:
            for text in _sorted(Lines(raw, RECORD_BYTES), file, refused):
                good.write(text.rstrip("\r\n") + "\n")
                rows += 1
        good.flush()
        yield Path(good.name), rows, refused.count


def _sorted(lines: Lines, file: FileToRead, refused: Quarantine) -> Iterator[str]:
    """The text of each row."""
    width, delimiter = len(file.match.columns), file.header.delimiter
    quote = None if file.contract.layout == "headerless" else '"'
    for _ in range(file.header.lines):
        next(lines, None)
    empty_row = delimiter * (width - 1)
    # Behind an open quote a line may be the rest of a cell: half a pair of quotes tells.
    is_behind_quote = False
    lines.begin()
    for line in lines:
        first = lines.number
        fields = line.count(delimiter) + 1
        fault = fault_of([line], RECORD_BYTES)
        if quote and '"' in line and not fault:
            if is_behind_quote and line.count('"') % 2:
                fault = ("open quote", "is the rest of a quoted cell")
            else:
                lines.take_back(0)
                fields, fault = _parsed(lines, width, delimiter)
        text = "".join(lines.taken)
        if fault is None and _fits(text, fields, width, delimiter):
            is_behind_quote = False
            yield text
        elif not text.strip(f"{delimiter} \t\r\n") or _is_total_or_footer(text, file):
            yield empty_row
        else:
            reason, what = fault or _wrong_width(fields, width)
            is_behind_quote = is_behind_quote or reason == "open quote"
            refused.add(first, text, reason, what)
        lines.begin()


def _parsed(lines: Lines, width: int, delimiter: str) -> tuple[int, tuple[str, str] | None]:
    """Take the lines of one record: how many fields it has, and what is wrong with it."""
    # The library's own limit, which is the whole process's, is less than what DuckDB takes.
    csv.field_size_limit(RECORD_BYTES)
    reader = csv.reader(
        _without_blanks(lines), delimiter=delimiter, strict=True, skipinitialspace=True
    )
    try:
        cells = next(reader)
    except csv.Error:
        lines.take_back(1)
        return width, OPEN_QUOTE
    if _swallows_rows(lines.taken, width, delimiter):
        lines.take_back(1)
        return width, OPEN_QUOTE
    return len(cells), fault_of(lines.taken, RECORD_BYTES)


def _without_blanks(lines: Lines) -> Iterator[str]:
    """Lines for the library's reader, which takes no blank between a quote and a delimiter.

    Raises:
        csv.Error: the lines of one record are more than one can have.
    """
    for line in lines:
        if lines.characters > RECORD_BYTES:
            raise csv.Error("the record is too long")
        yield BLANKS_BEHIND_QUOTE.sub('"', line)


def _swallows_rows(taken: list[str], width: int, delimiter: str) -> bool:
    """Whether one quoted cell looks like many rows: each of its lines has as many fields as one."""
    if len(taken) <= 2 or width <= NARROW:
        return False
    return all(line.count(delimiter) == width - 1 for line in taken)


def _fits(text: str, fields: int, width: int, delimiter: str) -> bool:
    """Whether it has as many fields as the header; empty ones more are none, for DuckDB too."""
    more = fields - width
    return more == 0 or (more > 0 and text.rstrip("\r\n").endswith(delimiter * more))


def _wrong_width(fields: int, width: int) -> tuple[str, str]:
    few = fields < width
    return (
        f"too {'few' if few else 'many'} fields",
        f"has {'fewer' if few else 'more'} fields than the header ({fields}, expected {width})",
    )


def _is_total_or_footer(text: str, file: FileToRead) -> bool:
    rules, line = file.contract.skip_rows, text.strip()
    return line.strip('"').startswith(rules.cell_starts) or any(
        re.search(pattern, line) for pattern in rules.line_matches
    )
