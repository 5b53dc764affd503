"""CSV, and reports that are CSV with a layout of their own, by DuckDB's read_csv.

DuckDB reads a file each of whose lines is a record, and is held to it: as many lines as the file
has must come back. Any other file is sorted first, line by line (sort_csv.py).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace

import duckdb

from pipelines.ingest.layouts import flatten
from pipelines.ingest.parts import rewritten
from pipelines.ingest.read.file import FileToRead, Landed, Outcome, UnevenError, UnreadableError
from pipelines.ingest.read.land import insert, require_all
from pipelines.ingest.read.scan import scan
from pipelines.ingest.read.sort_csv import sorted_records
from pipelines.ingest.recognise import match_columns
from pipelines.ingest.sniff import Head, HeaderCandidate
from pipelines.sql import literal

NUL = b"\0"
# Of a file that was written for DuckDB: a CR in a cell of its first line must not be taken for one.
LINE_FEED = ", new_line = '\\n'"


def read_report(con: duckdb.DuckDBPyConnection, file: FileToRead) -> Outcome:
    """A report with a layout of its own, rewritten as a plain table."""
    try:
        flat = flatten(file.path, file.match)
    except csv.Error as error:
        raise UnreadableError(
            f"its lines cannot be told apart ({error}). Download it again"
        ) from error
    match = match_columns(file.contract, flat.header)
    if not match.fits:
        raise UnreadableError(f"its lines lack {', '.join(match.missing)}. Download it again")
    header = HeaderCandidate(",", flat.header, 0, file.header.preamble)
    constants = {**file.match.constants, **match.constants}
    with rewritten(iter(flat.rows)) as path:
        plain = replace(
            file,
            path=path,
            head=Head("csv"),
            match=replace(match, header=header, constants=constants),
        )
        landed = require_all(len(flat.rows), _insert_written(con, plain))
    return Outcome(landed, skipped=flat.skipped)


def read_csv(con: duckdb.DuckDBPyConnection, file: FileToRead) -> Outcome:
    """A table whose every line is a record. What is marked as no data is landed all the same.

    Raises:
        UnevenError: some line is none, or ends in another way than the others.
    """
    seen = scan(file, (NUL, *_labels(file)))
    if not seen.is_even or NUL in seen.found:
        raise UnevenError("its lines do not end alike, or hold NUL bytes")
    landed = _insert(con, file, seen.found)
    lines = seen.lines - file.header.lines
    if landed.rows != lines:
        raise UnevenError(f"{landed.rows} records came of {lines} lines")
    return Outcome(landed, skipped=seen.blank_end)


def read_csv_by_line(con: duckdb.DuckDBPyConnection, file: FileToRead) -> Outcome:
    """A table, line by line: what is no row of it is quarantined, or skipped as no data.

    Raises:
        UnreadableError: DuckDB reads another number of rows than were sorted out as such.
    """
    with sorted_records(con, file) as (path, rows, rejected):
        header = replace(file.header, lines=0)
        plain = replace(file, path=path, head=Head("csv"), match=replace(file.match, header=header))
        landed = require_all(rows, _insert_written(con, plain))
    return Outcome(landed, rejected)


def _labels(file: FileToRead) -> Iterator[bytes]:
    """The labels of rows that are no data, each as it stands and behind a blank."""
    for label in file.contract.skip_rows.cell_starts:
        yield label.encode()
        yield b" " + label.encode()


def _insert_written(con: duckdb.DuckDBPyConnection, file: FileToRead) -> Landed:
    """Land a file that was written for DuckDB."""
    return _insert(con, file, scan(file, _labels(file)).found, LINE_FEED)


def _insert(
    con: duckdb.DuckDBPyConnection, file: FileToRead, found: frozenset[bytes], line_end: str = ""
) -> Landed:
    columns = file.match.columns
    cells = [(label or f"column {i + 1}", f"c{i}") for i, label in enumerate(columns)]
    types = ", ".join(f"'c{i}': 'varchar'" for i in range(len(columns)))
    # Without a header the format is the vendor's own: a quote is a character like any other.
    quote = "" if file.contract.layout == "headerless" else '"'
    source = (
        f"from read_csv({literal(file.path)}, columns = {{{types}}}, auto_detect = false,"
        f" header = false, skip = {file.header.lines}, delim = {literal(file.header.delimiter)},"
        f" quote = '{quote}', escape = '{quote}', encoding = 'utf-8'{file.compression}{line_end})"
    )
    return insert(con, file, cells, source, is_skipped=_is_no_data(file, found))


def _is_no_data(file: FileToRead, found: frozenset[bytes]) -> str:
    """Whether a row is blank, or one of those that the contract's skipRows name.

    A label of totals stands in the first column, whatever that holds in other rows, or, behind a
    segment, in a later one of text; no number or date begins like it. `found` are the labels that
    occur in the file at all: to look for them in every cell costs as much as to read it.
    """
    rules, names = file.contract.skip_rows, file.match.names
    places = range(len(names))
    text = [
        f"c{i}"
        for i in places
        if i == 0
        or (name := names[i]) is None
        or file.contract.by_name[name].logical_type == "string"
    ]
    conditions = [f"coalesce({', '.join(f'c{i}' for i in places)}) is null"]
    for label in rules.cell_starts:
        if label.encode() in found:
            shown = "trim({})" if b" " + label.encode() in found else "{}"
            conditions += [f"starts_with({shown.format(c)}, {literal(label)})" for c in text]
    empty = [f"coalesce(trim(c{i}), '') = ''" for i in places if names[i] in rules.empty]
    conditions += [" and ".join(empty)] if empty else []
    line = f"concat_ws({literal(file.header.delimiter)}, {', '.join(f'c{i}' for i in places)})"
    conditions += [f"regexp_matches({line}, {literal(rule)})" for rule in rules.line_matches]
    return " or ".join(f"coalesce({condition}, false)" for condition in conditions)
