"""What is new below the exports folder, and its way into the build file.

One transaction per file: the rows, the quarantine and the file's line in the ledger stand or fall
together, so a run can be killed at any moment and the next one goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

from pipelines.ingest.contract import Contract, contracts_version
from pipelines.ingest.locale import LocaleError
from pipelines.ingest.parts import KINDS, PartsError, as_utf8, parts_of
from pipelines.ingest.places import FoundFile, brought_here, find_files, hints_version
from pipelines.ingest.read import (
    FileToRead,
    Reading,
    UnreadableError,
    forget_rejects,
    parquet_columns,
    read_file,
)
from pipelines.ingest.recognise import Match, in_folder, period_of, recognise, renamed
from pipelines.ingest.sniff import Head, look
from pipelines.settings import utc_now

UNUSABLE = ("unrecognised", "failed")
# Errors of one file: it is listed, and the rest goes on.
FILE_ERRORS = (
    *(duckdb.Error, OSError, EOFError, UnicodeError, LookupError, zlib.error),
    *(UnreadableError, LocaleError, PartsError),
)
# Of these the message says all there is to say and to do.
EXPLAINED_ERRORS = (UnreadableError, LocaleError, PartsError)
LISTED_COLUMNS = 12
SHOWN_REASONS = 3


@dataclass(frozen=True)
class LoadPlan:
    """Files that the ledger does not know yet, in the order they will be loaded.

    Attributes:
        version: of contracts and hints, kept with each file: one that was refused is tried again
            once it has changed.
    """

    new_files: tuple[FoundFile, ...]
    known_count: int
    version: str


@dataclass(frozen=True)
class Twin:
    """A file of the ledger whose bytes are in raw."""

    path: str
    source: str | None
    stream: str | None


class Ledger:
    """What ops.files says, read once: asking the table for each of a thousand files is slow.

    Attributes:
        twins: by hash, the files of those bytes that were usable; the first of them is in raw.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        (row,) = con.execute("select coalesce(max(file_id), 0) from ops.files").fetchall()
        self._last_id = int(row[0])
        self.twins: dict[str | None, list[Twin]] = {}
        self._refused: set[str] = set()
        for path, status, sha256, source, stream in con.execute(
            "select path, status, sha256, source, stream from ops.files order by file_id"
        ).fetchall():
            self._note(path, status, sha256, source, stream)

    def next_id(self) -> int:
        """A number that no file has."""
        self._last_id += 1
        return self._last_id

    def twin(self, entry: Entry) -> Twin | None:
        """The file whose bytes these are, itself if it can be; None where they are new."""
        twins = self.twins.get(entry.sha256, [])
        return next((twin for twin in twins if twin.path == entry.path), next(iter(twins), None))

    def write(
        self, con: duckdb.DuckDBPyConnection, entry: Entry, file_id: int, batch: Batch
    ) -> None:
        """Add a file's line, in place of the one that said it could not be used."""
        if entry.path in self._refused:
            con.execute(
                "delete from ops.files where path = ? and status in ('unrecognised', 'failed')",
                [entry.path],
            )
        ids = {"file_id": file_id, "batch_id": batch.batch_id, "loaded_at": batch.loaded_at}
        row = {**vars(entry), **ids}
        marks = ", ".join("?" for _ in row)
        con.execute(
            f"insert into ops.files ({', '.join(row)}) values ({marks})", list(row.values())
        )
        self._note(entry.path, entry.status, entry.sha256, entry.source, entry.stream)

    def _note(self, path: str, status: str, sha256: str | None, *stream: str | None) -> None:
        if status in UNUSABLE:
            self._refused.add(path)
        elif sha256:
            self.twins.setdefault(sha256, []).append(Twin(path, *stream))


@dataclass(frozen=True)
class Batch:
    """What the files of one load have in common."""

    batch_id: int
    loaded_at: datetime
    contracts: Sequence[Contract]
    version: str
    ledger: Ledger


@dataclass(frozen=True)
class Entry:
    """One line of the ledger, ops.files."""

    path: str
    status: str
    byte_size: int | None
    modified_at: datetime
    contract_version: str
    sha256: str | None = None
    source: str | None = None
    stream: str | None = None
    rows_read: int = 0
    rows_loaded: int = 0
    rows_rejected: int = 0
    rows_skipped: int = 0
    encoding: str | None = None
    delimiter: str | None = None
    preamble_lines: int | None = None
    date_order: str | None = None
    decimal_mark: str | None = None
    first_row_id: int | None = None
    period_start: date | None = None
    period_end: date | None = None
    extra_columns: str | None = None
    missing_columns: str | None = None
    nearest_contract: str | None = None
    message: str | None = None


def plan_load(
    con: duckdb.DuckDBPyConnection, exports: Path | str, contracts: Sequence[Contract]
) -> LoadPlan:
    """Compare the folder with the ledger, without opening a file.

    A file is known by path, size and time of change. One that was refused is new again once the
    contracts or the hints have changed.
    """
    found = find_files(exports)
    version = contracts_version(contracts) + hints_version(found)
    known = {
        (path, size, modified_at)
        for path, size, modified_at, status, contract_version in con.execute(
            "select path, byte_size, modified_at, status, contract_version from ops.files"
        ).fetchall()
        if status not in UNUSABLE or contract_version == version
    }
    new = tuple(f for f in found if (f.relative, f.size, f.modified_at) not in known)
    return LoadPlan(new, len(found) - len(new), version)


def load_exports(
    con: duckdb.DuckDBPyConnection,
    exports: Path | str,
    *,
    contracts: Sequence[Contract],
    loaded_at: datetime,
    progress: Callable[[int, int, str], None] = lambda done, total, path: None,
) -> LoadPlan:
    """Load every new file as one batch.

    Args:
        con: the build file.
        exports: the folder, or the URL of a store.
        contracts: the streams that can be recognised.
        loaded_at: the batch's time, naive UTC, later than any before. A batch that was broken off
            is continued under its own time.
        progress: called before each file with its number, the number of files and its path.

    Returns:
        What was new.
    """
    plan = plan_load(con, exports, contracts)
    if not plan.new_files:
        con.execute(
            "update ops.batches set status = 'loaded', finished_at = ? where status = 'running'",
            [utc_now()],
        )
        return plan
    batch = _open_batch(con, loaded_at, contracts, plan.version)
    for number, found in enumerate(plan.new_files, start=1):
        progress(number, len(plan.new_files), found.relative)
        _load_file(con, found, batch)
    con.execute(
        "update ops.batches set status = 'loaded', finished_at = ? where batch_id = ?",
        [utc_now(), batch.batch_id],
    )
    return plan


def _open_batch(
    con: duckdb.DuckDBPyConnection, loaded_at: datetime, contracts: Sequence[Contract], version: str
) -> Batch:
    running = con.execute(
        "select batch_id, loaded_at from ops.batches where status = 'running'"
    ).fetchone()
    if running:
        return Batch(running[0], running[1], contracts, version, Ledger(con))
    (row,) = con.execute("select coalesce(max(batch_id), 0) + 1 from ops.batches").fetchall()
    con.execute(
        "insert into ops.batches values (?, ?, ?, null, 'running')", [row[0], loaded_at, utc_now()]
    )
    return Batch(row[0], loaded_at, contracts, version, Ledger(con))


def _load_file(con: duckdb.DuckDBPyConnection, found: FoundFile, batch: Batch) -> None:
    """One file and whatever it holds, each with a line of its own in the ledger."""
    entry = Entry(found.relative, "failed", found.size, found.modified_at, batch.version)
    if found.error:
        message = (
            f"{found.relative}: {found.error}; nothing below it was read."
            " Give the user that runs Throughline permission to read it"
        )
        _commit(con, replace(entry, message=message), batch)
        return
    try:
        with brought_here(found) as path:
            _load_bytes(con, found, path, entry, batch)
    except FILE_ERRORS as error:
        _commit(con, replace(entry, message=_broken(found, error)), batch)


def _load_bytes(
    con: duckdb.DuckDBPyConnection,
    found: FoundFile,
    path: Path,
    entry: Entry,
    batch: Batch,
    *,
    is_sheet: bool = False,
) -> None:
    head = look(path, found.hints.get("encoding"))
    if head.kind == "empty":
        message = (
            f"{found.relative} has no bytes; expected an export with a header. Download it again"
        )
        _commit(con, replace(entry, message=message), batch)
        return
    entry = replace(entry, sha256=_sha256(path))
    if twin := batch.ledger.twin(entry):
        # A part that a broken-off run had loaded already is no news.
        if not (found.depth and twin.path == entry.path):
            _commit(con, _duplicate(entry, twin), batch)
        return
    if head.kind in KINDS:
        _load_parts(con, found, path, head, entry, batch)
        return
    if head.kind == "parquet":
        head = replace(head, keys=parquet_columns(con, path))
    match = recognise(head, found.place, batch.contracts, found.relative)
    entry = replace(entry, encoding=head.encoding if head.kind in ("csv", "json") else None)
    if match is None or not match.fits:
        _commit(con, _unrecognised(entry, found, head, match), batch)
        return
    with as_utf8(path, head.encoding) as readable:
        file = FileToRead(
            *(readable, head, match, batch.ledger.next_id(), batch.loaded_at),
            hints=found.hints,
            is_sheet=is_sheet,
        )
        _read_and_commit(con, file, entry, found, batch)


def _load_parts(
    con: duckdb.DuckDBPyConnection,
    found: FoundFile,
    path: Path,
    head: Head,
    entry: Entry,
    batch: Batch,
) -> None:
    """Every part, then the container itself: one that was broken off is opened again."""
    count = 0
    for part in parts_of(found, path, head):
        inner, count = part.found, count + 1
        blank = Entry(inner.relative, "failed", inner.size, inner.modified_at, batch.version)
        assert inner.path is not None  # noqa: S101 - a part lies in a temporary folder
        try:
            _load_bytes(con, inner, inner.path, blank, batch, is_sheet=part.is_sheet)
        except FILE_ERRORS as error:
            _commit(con, replace(blank, message=_broken(inner, error)), batch)
    message = (
        f"{found.relative} holds {count} files" if count else f"{found.relative} holds nothing"
    )
    _commit(con, replace(entry, status="unpacked", message=message), batch)


def _read_and_commit(
    con: duckdb.DuckDBPyConnection, file: FileToRead, entry: Entry, found: FoundFile, batch: Batch
) -> None:
    # A broken file is read a second time, line by line; what breaks even then is not kept at all.
    for line_by_line in (False, True):
        con.begin()
        try:
            reading = read_file(con, file, line_by_line=line_by_line)
            reasons = _first_reasons(con, file.file_id) if reading.rejected else ()
            judged = _loaded(entry, file, reading, reasons)
            break
        except FILE_ERRORS as error:
            con.rollback()
            forget_rejects(con)
            judged = replace(entry, message=_broken(found, error))
            if isinstance(error, EXPLAINED_ERRORS):
                contract = file.contract
                judged = replace(judged, source=contract.source, stream=contract.stream)
                con.begin()
                break
    else:
        con.begin()
    batch.ledger.write(con, judged, file.file_id, batch)
    con.commit()


def _commit(con: duckdb.DuckDBPyConnection, entry: Entry, batch: Batch) -> None:
    """The ledger's line of a file of which nothing landed."""
    con.begin()
    batch.ledger.write(con, entry, batch.ledger.next_id(), batch)
    con.commit()


def _duplicate(entry: Entry, twin: Twin) -> Entry:
    message = f"{entry.path} holds the same bytes as {twin.path}: it was not loaded again"
    return replace(
        entry, status="duplicate", source=twin.source, stream=twin.stream, message=message
    )


def _loaded(entry: Entry, file: FileToRead, counts: Reading, reasons: Sequence[str]) -> Entry:
    """The ledger's line of a file that was read; `reasons` are the first rejections."""
    header, contract = file.match.header, file.contract
    period = period_of(contract, header.preamble) if header else None
    # A report with a layout of its own has all its lines counted by the layout.
    preamble = len(header.preamble) if header and contract.layout == "table" else 0
    messages = []
    if counts.loaded == 0:
        messages.append("it has a header and no rows")
    if counts.rejected:
        messages.append(
            f"{counts.rejected} of {counts.read} rows could not be read and are in"
            f" ops.rejected_rows: {'; '.join(reasons)}"
        )
    if file.match.unknown:
        messages.append(
            f"{contract.name} does not know its column(s) {_listed(file.match.unknown)}:"
            " kept in _extra until the contract names them"
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
        extra_columns=", ".join(map(_shown, file.match.unknown)) or None,
        message=f"{entry.path}: {'; '.join(messages)}" if messages else None,
    )


def _first_reasons(con: duckdb.DuckDBPyConnection, file_id: int) -> list[str]:
    rows = con.execute(
        "select message from ops.rejected_rows where file_id = ? order by line_number limit ?",
        [file_id, SHOWN_REASONS],
    ).fetchall()
    return [message for (message,) in rows]


def _unrecognised(entry: Entry, found: FoundFile, head: Head, match: Match | None) -> Entry:
    if match is None:
        what = head.detail or "text without a table"
        return replace(
            entry,
            status="unrecognised",
            message=f"{entry.path} is {what}, no export; expected CSV, Excel, JSON or Parquet."
            " Download the export again in one of these, or move the file away",
        )
    contract = match.contract
    # A file that was put into a stream's own folder was meant to be of that stream.
    is_meant = in_folder(found.place, contract)
    hints = "".join(
        f"; is {_shown(theirs)!r} the column {ours!r}? Add it to the contract's synonyms"
        for ours, theirs in renamed(match)
    )
    if match.missing:
        what_lacks = (
            f"which also needs {_listed(match.missing)}{hints}. Export it with these columns, or"
            " write a contract"
        )
    else:
        what_lacks = f"but {match.objection}"
    return replace(
        entry,
        status="failed" if is_meant else "unrecognised",
        source=contract.source if is_meant else None,
        stream=contract.stream if is_meant else None,
        nearest_contract=contract.name,
        missing_columns=", ".join(match.missing),
        extra_columns=_listed(match.unknown) or None,
        message=f"{entry.path} fits no contract; the nearest is {contract.name}, {what_lacks}",
    )


def _listed(labels: Sequence[str]) -> str:
    shown = ", ".join(_shown(label) for label in labels[:LISTED_COLUMNS])
    rest = len(labels) - LISTED_COLUMNS
    return f"{shown} and {rest} more" if rest > 0 else shown


def _shown(label: str) -> str:
    """A header as readers may see it: an address is a person's, and no header."""
    return "(an address)" if "@" in label else label.strip()[:60] or "(no name)"


def _broken(found: FoundFile, error: Exception) -> str:
    if isinstance(error, EXPLAINED_ERRORS):
        return f"{found.relative}: nothing of it was kept, since {error}"
    reason = " ".join(str(error).split("\n\n", 1)[0].split())[:300]
    return (
        f"{found.relative} could not be read to its end, and nothing of it was kept: {reason}."
        " The file may be cut off or damaged: download it again"
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def next_batch_time(newest: datetime | None, wanted: datetime) -> datetime:
    """Batch times grow strictly, whatever the clock does."""
    if newest is None or wanted > newest:
        return wanted
    return newest + timedelta(microseconds=1)
