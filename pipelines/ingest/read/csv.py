"""CSV, and reports that are CSV with a layout of their own, by DuckDB's read_csv."""

from __future__ import annotations

import mmap
from dataclasses import replace

import duckdb

from pipelines.ingest.layouts import flatten
from pipelines.ingest.parts import rewritten
from pipelines.ingest.read.file import FileToRead, LeftOut, UnreadableError
from pipelines.ingest.read.land import count, insert
from pipelines.ingest.read.quarantine import keep_rejects, reject_message
from pipelines.ingest.recognise import match_columns
from pipelines.ingest.sniff import Head, HeaderCandidate
from pipelines.sql import literal


def read_report(con: duckdb.DuckDBPyConnection, file: FileToRead) -> LeftOut:
    """A report with a layout of its own, rewritten as a plain table."""
    flat = flatten(file.path, file.match)
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
        return replace(read_csv(con, plain), skipped=flat.skipped)


def read_csv(con: duckdb.DuckDBPyConnection, file: FileToRead) -> LeftOut:
    """A table. What is marked as no data is landed all the same."""
    width = len(file.match.columns)
    source = f"from {_csv_relation(file, width)}"
    damaged = not file.head.compression and _contains(file, b"\x00")
    if damaged:
        source += f" where ({_any_cell_has_nul(width)}) is not true"
    cells = [(label or f"column {i + 1}", f"c{i}") for i, label in enumerate(file.match.columns)]
    insert(con, file, cells, source, is_skipped=_is_no_data(file))
    rejected = keep_rejects(con, file)
    return LeftOut(rejected + (_keep_nul_rows(con, file, width) if damaged else 0))


def _csv_relation(file: FileToRead, columns: int, rejects: bool = True) -> str:
    types = ", ".join(f"'c{i}': 'varchar'" for i in range(columns))
    store = (
        ", store_rejects = true, rejects_table = 'csv_rejects', rejects_scan = 'csv_scans',"
        " rejects_limit = 0"
        if rejects
        else ", ignore_errors = true"
    )
    # Without a header the format is the vendor's own: a quote is a character like any other.
    quote = "" if file.contract.layout == "headerless" else '"'
    return (
        f"read_csv({literal(file.path)}, columns = {{{types}}}, auto_detect = false,"
        f" header = false, skip = {file.header.lines}, delim = {literal(file.header.delimiter)},"
        f" quote = '{quote}', escape = '{quote}', encoding = 'utf-8'{file.compression}{store})"
    )


def _is_no_data(file: FileToRead) -> str:
    """Whether a row is blank, or one of those that the contract's skipRows name.

    A label of totals stands in the first column, whatever that holds in other rows, or, behind a
    segment, in a later one of text; no number or date begins like it.
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
    conditions += [
        f"starts_with(trim({cell}), {literal(label)})"
        for label in rules.cell_starts
        if _contains(file, label.encode())
        for cell in text
    ]
    empty = [f"coalesce(trim(c{i}), '') = ''" for i in places if names[i] in rules.empty]
    conditions += [" and ".join(empty)] if empty else []
    line = f"concat_ws({literal(file.header.delimiter)}, {', '.join(f'c{i}' for i in places)})"
    conditions += [f"regexp_matches({line}, {literal(rule)})" for rule in rules.line_matches]
    return " or ".join(f"coalesce({condition}, false)" for condition in conditions)


def _any_cell_has_nul(columns: int) -> str:
    return " or ".join(f"contains(c{i}, chr(0))" for i in range(columns))


def _contains(file: FileToRead, text: bytes) -> bool:
    """Whether the bytes occur in the file; a compressed one may hold anything."""
    if file.head.compression or file.path.stat().st_size == 0:
        return bool(file.head.compression)
    with file.path.open("rb") as raw, mmap.mmap(raw.fileno(), 0, access=mmap.ACCESS_READ) as view:
        return view.rfind(text) >= 0


def _keep_nul_rows(con: duckdb.DuckDBPyConnection, file: FileToRead, columns: int) -> int:
    cells = ", ".join(f"c{i}" for i in range(columns))
    message = reject_message("line ' || line || '", "holds a NUL byte", "NUL byte")
    return count(
        con.execute(
            "insert into ops.rejected_rows"
            f" select {file.file_id}, '{file.contract.source}', '{file.contract.stream}', line,"
            f" replace(row_text, chr(0), '\\0'), 'NUL byte', '{message}', ?"
            f" from (select {file.header.lines} + row_number() over () as line,"
            f" concat_ws({literal(file.header.delimiter)}, {cells}) as row_text,"
            f" {_any_cell_has_nul(columns)} as damaged"
            f" from {_csv_relation(file, columns, rejects=False)}) where damaged",
            [file.loaded_at],
        )
    )
