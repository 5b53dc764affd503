"""What the ledger says of a file, in a line that ends with what to do.

No cell of a file is in it but for headers, and of these none that holds an address.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from dataclasses import replace

import duckdb

from pipelines.ingest.environment import is_passing
from pipelines.ingest.ledger import PENDING, UNRECOGNISED, Entry, Line
from pipelines.ingest.locale import LocaleError
from pipelines.ingest.parts import PartsError
from pipelines.ingest.places import FoundFile
from pipelines.ingest.read import FileToRead, Reading, UnreadableError
from pipelines.ingest.recognise import Match, in_folder, period_of, renamed
from pipelines.ingest.sniff import Head
from pipelines.ingest.stated import stated_day
from pipelines.settings import without_credentials

# Of these the message says all there is to say and to do.
EXPLAINED_ERRORS = (UnreadableError, LocaleError, PartsError)
LISTED_COLUMNS = 12
SHOWN_REASONS = 3
TRIED_AGAIN = "Every run tries again: give the right or the room that lacks, or mend what is named"


def unlisted(entry: Entry, found: FoundFile) -> Entry:
    """The ledger's line of what could not be listed or may not be opened."""
    message = f"{found.relative}: {found.error}; nothing of it was read"
    if not found.is_passing:
        return replace(entry, message=message)
    return replace(entry, status=PENDING, message=f"{message}. {TRIED_AGAIN}")


def duplicate(entry: Entry, twin: Line) -> Entry:
    """The ledger's line of a file whose bytes came before."""
    message = f"{entry.path} holds the same bytes as {twin.path}: it was not loaded again"
    return replace(
        entry, status="duplicate", source=twin.source, stream=twin.stream, message=message
    )


def loaded(
    entry: Entry, file: FileToRead, counts: Reading, reasons: Sequence[str], came: Line | None
) -> Entry:
    """The ledger's line of a file that was read.

    Args:
        entry: what is known of it.
        file: what was read.
        counts: what became of its rows.
        reasons: the first rejections.
        came: the delivery in which the same bytes came before.
    """
    header, contract = file.match.header, file.contract
    period = period_of(contract, header.preamble) if header else None
    stated_on, stated_by = stated_day(period, entry.path)
    # A report with a layout of its own has all its lines counted by the layout.
    preamble = len(header.preamble) if header and contract.layout == "table" else 0
    messages = []
    if came:
        messages.append(
            f"its bytes came before, in batch {came.batch_id} as {came.path}, and others since: it"
            " was loaded again and counts as the newer one"
        )
    if counts.loaded == 0:
        messages.append("it has a header and no rows")
    if counts.rejected:
        messages.append(
            f"{counts.rejected} of {counts.read} rows could not be read and are in"
            f" ops.rejected_rows: {'; '.join(reasons)}"
        )
    if counts.columns.unknown:
        messages.append(
            f"{contract.name} does not know its column(s) {_listed(counts.columns.unknown)}:"
            " kept in _extra until the contract names them"
        )
    if counts.columns.variants:
        messages.append(
            f"its connector split the column(s) {_listed(counts.columns.variants)} off others as"
            " their types changed: read as one"
        )
    return replace(
        entry,
        status="loaded" if counts.loaded or counts.rejected else "empty",
        source=contract.source,
        stream=contract.stream,
        rows_read=counts.read + preamble,
        rows_loaded=counts.loaded,
        rows_rejected=counts.rejected,
        rows_skipped=counts.skipped + preamble,
        delimiter=header.delimiter if header else None,
        preamble_lines=preamble if header else None,
        date_order=counts.locale.date_order,
        decimal_mark=counts.locale.decimal_mark,
        first_row_id=counts.first_row_id,
        period_start=period[0] if period else None,
        period_end=period[1] if period else None,
        stated_on=stated_on,
        stated_by=stated_by,
        extra_columns=", ".join(map(_shown, counts.columns.unknown)) or None,
        message=f"{entry.path}: {'; '.join(messages)}" if messages else None,
    )


def first_reasons(con: duckdb.DuckDBPyConnection, file_id: int) -> list[str]:
    """Why the first rows of a file were rejected."""
    rows = con.execute(
        "select message from ops.rejected_rows where file_id = ? order by line_number limit ?",
        [file_id, SHOWN_REASONS],
    ).fetchall()
    return [message for (message,) in rows]


def unrecognised(entry: Entry, found: FoundFile, head: Head, match: Match | None) -> Entry:
    """The ledger's line of a file that fits no contract; `match` is the nearest."""
    # A path that brought a stream before was meant to bring it again.
    status = "failed" if entry.stream else UNRECOGNISED
    if match is None:
        what = head.detail or "text without a table"
        return replace(
            entry,
            status=status,
            message=f"{entry.path} is {what}, no export; expected CSV, Excel, JSON or Parquet."
            " Download the export again in one of these, or move the file away",
        )
    # Which folder is not said: the same exports give the same ledger, wherever that lies.
    command = f"throughline contract new {shlex.quote(entry.path)} --config DIR"
    draft = f"draft a contract: {command}"
    unknown = _listed(match.unknown)
    if not match.is_near:
        return replace(
            entry,
            status=status,
            extra_columns=unknown or None,
            message=f"{entry.path} fits no contract and is near none: its columns are"
            f" {_listed(match.columns)}. If it is an export, {draft}",
        )
    contract = match.contract
    # A file that was put into a stream's own folder was meant to be of that stream.
    if not entry.stream and in_folder(found.place, contract):
        status = "failed"
        entry = replace(entry, source=contract.source, stream=contract.stream)
    hints = "".join(
        f"; is {_shown(theirs)!r} the column {ours!r}? Add it to the contract's synonyms"
        for ours, theirs in renamed(match)
    )
    if match.missing:
        what_lacks = f"which also needs {_listed(match.missing)}{hints}. Export it with these"
        what_lacks += f" columns, or {draft}"
    else:
        what_lacks = f"but {match.objection}, or {draft}"
    return replace(
        entry,
        status=status,
        nearest_contract=contract.name,
        missing_columns=", ".join(match.missing),
        extra_columns=unknown or None,
        message=f"{entry.path} fits no contract; the nearest is {contract.name}, {what_lacks}",
    )


def _listed(labels: Sequence[str]) -> str:
    shown = ", ".join(_shown(label) for label in labels[:LISTED_COLUMNS])
    rest = len(labels) - LISTED_COLUMNS
    return f"{shown} and {rest} more" if rest > 0 else shown


def _shown(label: str) -> str:
    """A header as readers may see it: an address is a person's, and no header."""
    return "(an address)" if "@" in label else label.strip()[:60] or "(no name)"


def broken(entry: Entry, error: Exception) -> Entry:
    """The ledger's line of a file that cannot be read to its end: for now, or for good."""
    reason = reason_of(error)
    if is_passing(error):
        message = f"{entry.path} could not be read now: {reason}. {TRIED_AGAIN}"
        return replace(entry, status=PENDING, message=message)
    if isinstance(error, EXPLAINED_ERRORS):
        return replace(entry, message=f"{entry.path}: nothing of it was kept, since {error}")
    message = (
        f"{entry.path} could not be read to its end, and nothing of it was kept: {reason}."
        " The file may be cut off or damaged: download it again"
    )
    return replace(entry, message=message)


def kept_as_it_was(line: Line, error: Exception) -> str:
    """What is said of a delivery that cannot be read again."""
    return (
        f"{line.path}: contract or hints have changed, and by them it cannot be read:"
        f" {reason_of(error)}. What was read of it before stays"
    )


def reason_of(error: Exception) -> str:
    """An error in a line, without the options and hints that DuckDB prints below it."""
    if isinstance(error, MemoryError | RecursionError):
        return "it is larger or deeper than memory allows"
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    said = re.split(r"\n\s*\n|\n\s*Possible", said, maxsplit=1)[0]
    return without_credentials(" ".join(said.split()))[:300]
