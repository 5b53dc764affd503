"""One recognised file into its landed table, by the reader of its format."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import duckdb

from pipelines.ingest.locale import decide
from pipelines.ingest.read.csv import read_csv, read_csv_by_line, read_report
from pipelines.ingest.read.file import FileToRead, Outcome, Reading, UnreadableError
from pipelines.ingest.read.json import (
    read_documents,
    read_json_alike,
    read_json_by_line,
    read_json_lines,
)
from pipelines.ingest.read.parquet import read_parquet
from pipelines.ingest.recognise import declared_rows
from pipelines.settings import memory_from_environment

Reader = Callable[[duckdb.DuckDBPyConnection, FileToRead], Outcome]

# With what the process holds besides, reading stays below 1 GiB; with much less, threads wait.
MEMORY = "700MB"
REPORTS = ("grouped", "vertical", "stacked")


def readers_of(file: FileToRead) -> tuple[Reader, ...]:
    """What reads files of this kind, shape and size: the quickest first, each for files that the
    one before it did not take. The last sorts lines, and quarantines what is no record.
    """
    if file.head.kind == "csv":
        if file.contract.layout in REPORTS:
            return (read_report,)
        return (read_csv_by_line,) if file.is_small else (read_csv, read_csv_by_line)
    if file.head.kind == "parquet":
        return (read_parquet,)
    if file.head.shape != "lines" or file.match.records:
        return (read_documents,)
    if file.is_small:
        return (read_json_by_line,)
    return (read_json_alike, read_json_lines, read_json_by_line)


def read_file(con: duckdb.DuckDBPyConnection, file: FileToRead, reader: Reader) -> Reading:
    """Append a file to its landed table.

    Args:
        con: the build file, in a transaction.
        file: what to read.
        reader: one of those that read such files.

    Raises:
        duckdb.Error, UnevenError: the reader does not take it; nothing of it may be kept.
        UnreadableError, LocaleError: nothing of it may be kept, and the message says why.
    """
    with _little_memory(con, file):
        outcome = reader(con, file)
    landed = outcome.landed
    not_data = _not_data(con, file) if landed.not_data is None else landed.not_data
    ((total,),) = con.execute(f"select count(*) from {file.table}").fetchall()
    # Until they are committed rows have numbers of their own; the table is append-only, so these
    # will follow the ones before them.
    reading = Reading(
        loaded=landed.rows - not_data,
        rejected=outcome.rejected,
        skipped=outcome.skipped + not_data,
        first_row_id=total - landed.rows,
        columns=landed,
    )
    _hold_against_declared(file, reading)
    if not file.contract.is_localised or not landed.rows:
        return reading
    present = {*file.match.names, *file.match.constants} - {None}
    rows = f"(from {file.table} where _file_id = {file.file_id} and not _is_skipped)"
    names = [name for name in present if name is not None]
    return replace(reading, locale=decide(con, file.contract, rows, names, file.hints))


def _not_data(con: duckdb.DuckDBPyConnection, file: FileToRead) -> int:
    """How many rows of a file that several threads may have landed are no data.

    Raises:
        UnreadableError: its rows do not follow each other in the table.
    """
    (first, last, count, not_data) = con.execute(
        "select min(rowid), max(rowid), count(*), count(*) filter (_is_skipped)"
        f" from {file.table} where _file_id = {file.file_id}"
    ).fetchall()[0]
    # A row's place in its file is its place in the table: nothing may lie between.
    if count and last - first + 1 != count:
        raise UnreadableError("its rows did not land one after the other; run it again")
    return int(not_data)


@contextmanager
def _little_memory(con: duckdb.DuckDBPyConnection, file: FileToRead) -> Iterator[None]:
    """Keep the database from holding more of a large file the larger it is.

    Pages and single objects are read as wholes, and their size is limited. One of the processes
    that read side by side has less than that from the beginning.
    """
    is_document = file.head.shape == "document" or file.match.records is not None
    if is_document or file.is_small or _has_no_more_than(con, MEMORY):
        yield
        return
    con.execute(f"set memory_limit = '{MEMORY}'")
    try:
        yield
    finally:
        # Its transaction may have been broken off, and then it takes no statement.
        with con.cursor() as other:
            limit = memory_from_environment()
            if limit is None:
                # `reset` only says that the limit is the machine's again: what is enforced stays.
                other.execute("reset memory_limit")
                ((limit,),) = other.execute("select current_setting('memory_limit')").fetchall()
            other.execute(f"set memory_limit = '{limit}'")


def _has_no_more_than(con: duckdb.DuckDBPyConnection, memory: str) -> bool:
    limit = "parse_formatted_bytes(current_setting('memory_limit'))"
    ((is_less,),) = con.execute(f"select {limit} <= parse_formatted_bytes('{memory}')").fetchall()
    return bool(is_less)


def _hold_against_declared(file: FileToRead, reading: Reading) -> None:
    """Hold the rows that came against the number that the file itself says.

    Raises:
        UnreadableError: they differ.
    """
    preamble = file.match.header.preamble if file.match.header else ()
    declared = declared_rows(file.contract, preamble)
    if declared is not None and declared != reading.loaded + reading.rejected:
        raise UnreadableError(
            f"its preamble says {declared} rows and {reading.loaded + reading.rejected} came: it is"
            " cut off, or was edited. Download it again"
        )
