"""One recognised file into its landed table, by the reader of its format."""

from __future__ import annotations

from dataclasses import replace

import duckdb

from pipelines.ingest.locale import decide
from pipelines.ingest.read.csv import read_csv, read_report
from pipelines.ingest.read.file import FileToRead, Reading, UnreadableError
from pipelines.ingest.read.json import insert_documents, insert_json_lines, read_damaged_lines
from pipelines.ingest.read.parquet import insert_parquet
from pipelines.ingest.recognise import declared_rows


def read_file(con: duckdb.DuckDBPyConnection, file: FileToRead, *, line_by_line: bool) -> Reading:
    """Append a file to its landed table.

    Args:
        con: the build file, in a transaction.
        file: what to read.
        line_by_line: quarantine the lines of a JSON file that are broken. It is slower, so it is
            asked for once reading the file as a whole has failed.

    Raises:
        duckdb.Error: the file as a whole cannot be read; nothing of it may be kept.
        UnreadableError, LocaleError: nothing of it may be kept, and the message says why.
    """
    rejected, skipped = _move_rows(con, file, line_by_line=line_by_line)
    (first, last, count, not_data, total) = con.execute(
        "select min(rowid), max(rowid), count(*), count(*) filter (_is_skipped),"
        f" (select count(*) from {file.table})"
        f" from {file.table} where _file_id = {file.file_id}"
    ).fetchall()[0]
    # A row's place in its file is its place in the table: nothing may lie between.
    if count and last - first + 1 != count:
        raise UnreadableError("its rows did not land one after the other; run it again")
    # Until they are committed rows have numbers of their own; the table is append-only, so these
    # will follow the ones before them.
    reading = Reading(count - not_data, rejected, skipped + not_data, total - count)
    _hold_against_declared(file, reading)
    if not file.contract.is_localised or not count:
        return reading
    present = {*file.match.names, *file.match.constants} - {None}
    rows = f"(from {file.table} where _file_id = {file.file_id} and not _is_skipped)"
    names = [name for name in present if name is not None]
    return replace(reading, locale=decide(con, file.contract, rows, names, file.hints))


def _move_rows(
    con: duckdb.DuckDBPyConnection, file: FileToRead, *, line_by_line: bool
) -> tuple[int, int]:
    """Land every row; returns how many were rejected, and skipped without landing."""
    if file.head.kind == "csv" and file.contract.layout in ("grouped", "vertical", "stacked"):
        return read_report(con, file)
    if file.head.kind == "csv":
        return read_csv(con, file), 0
    if file.head.kind == "parquet":
        insert_parquet(con, file)
        return 0, 0
    if file.head.shape != "lines" or file.match.records:
        return 0, insert_documents(con, file)
    if line_by_line:
        return read_damaged_lines(con, file), 0
    insert_json_lines(con, file)
    return 0, 0


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
