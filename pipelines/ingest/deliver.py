"""One file and whatever it holds into the build file, each with a line of its own in the ledger.

One transaction a file: the rows, the quarantine and the ledger's line stand or fall together.
Whatever goes wrong with it is that line's message, and the rest goes on.
"""

from __future__ import annotations

import csv
import hashlib
import zlib
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb

from pipelines.ingest.again import read_as
from pipelines.ingest.environment import PendingError, is_passing, roll_back
from pipelines.ingest.ledger import UNPACKED, UNRECOGNISED, Batch, Entry, Line
from pipelines.ingest.messages import (
    EXPLAINED_ERRORS,
    broken,
    duplicate,
    first_reasons,
    kept_as_it_was,
    loaded,
    unlisted,
    unrecognised,
)
from pipelines.ingest.parts import KINDS, as_utf8, parts_of
from pipelines.ingest.places import FoundFile, brought_here, require_unchanged, state_of
from pipelines.ingest.read import FileToRead, UnevenError, parquet_columns, read_file, readers_of
from pipelines.ingest.recognise import Match, recognise
from pipelines.ingest.sniff import Head, look

# What reading a file can end in: it is told in the file's line, and the rest goes on.
FILE_ERRORS = (
    *(duckdb.Error, OSError, EOFError, ValueError, LookupError, ArithmeticError),
    *(RecursionError, MemoryError, csv.Error, zlib.error, PendingError),
    *(UnevenError, *EXPLAINED_ERRORS),
)
# Of these no file is the cause: DuckDB has closed the database, and nothing more can be written.
FATAL_ERRORS = (duckdb.FatalException, duckdb.InternalException)
# To start a thread costs more than to hash a file as small as this.
HASHED_AT_ONCE_BYTES = 1024**2


@dataclass(frozen=True)
class _Bytes:
    """A file where it is read, and what its line in the ledger says so far.

    Attributes:
        hashing: the hash, where it is taken while the file is read.
    """

    found: FoundFile
    path: Path
    state: tuple[int, ...]
    entry: Entry
    sheet_epoch: date | None = None
    hashing: Future[str] | None = None

    def hashed(self) -> Entry:
        """Its line with the hash, which may have to be waited for.

        Raises:
            OSError: the file cannot be read to its end.
        """
        return replace(self.entry, sha256=self.hashing.result()) if self.hashing else self.entry


def deliver(con: duckdb.DuckDBPyConnection, found: FoundFile, batch: Batch) -> None:
    """Load one file that was found.

    Raises:
        duckdb.Error: the build file cannot be written.
        FILE_ERRORS: the batch's files are loaded together, and this one cannot be.
    """
    entry = _blank(found, batch)
    if found.error:
        _note(con, unlisted(entry, found), batch)
        return
    try:
        with brought_here(found) as path:
            if found.path is not None:
                _require_as_listed(found, path)
            _take(con, _Bytes(found, path, state_of(path), entry), batch)
    except FILE_ERRORS as error:
        _note(con, _broken(con, entry, error, batch), batch)


def _blank(found: FoundFile, batch: Batch) -> Entry:
    """A file's line before it is opened: of the stream that its path has been of, if of any."""
    source, stream = batch.ledger.stream_of(found.relative)
    return Entry(
        *(found.relative, "failed", found.size, found.modified_at, batch.version),
        source=source,
        stream=stream,
    )


def _require_as_listed(found: FoundFile, path: Path) -> None:
    if path.stat().st_size != found.size:
        raise PendingError("it is still being written: its size is not what it was when listed")


def _take(con: duckdb.DuckDBPyConnection, bytes_: _Bytes, batch: Batch) -> None:
    found, path, entry = bytes_.found, bytes_.path, bytes_.entry
    head = look(path, found.hints.get("encoding"))
    if head.kind == "empty":
        message = (
            f"{found.relative} has no bytes; expected an export with a header. Download it again"
        )
        _note(con, replace(entry, message=message), batch)
        return
    if _is_surely_new(entry, head, batch):
        with ThreadPoolExecutor(max_workers=1) as beside:
            _take_table(con, replace(bytes_, hashing=beside.submit(sha256_of, path)), head, batch)
        return
    entry = replace(entry, sha256=sha256_of(path))
    bytes_ = replace(bytes_, entry=entry)
    is_wanted = head.kind in KINDS and entry.path in batch.reopened
    if (
        entry.sha256 not in batch.again
        and not is_wanted
        and batch.ledger.is_no_news(entry, batch.here)
    ):
        twin = batch.ledger.came_before(entry.sha256)
        # A part that is where it was is no line of its own, nor is a copy that was read again.
        is_where_it_was = found.depth or entry.path in batch.here.paths
        if twin and not (is_where_it_was and batch.ledger.holds(entry.path, entry.sha256)):
            _note(con, duplicate(entry, twin), batch)
        return
    if head.kind in KINDS:
        _take_parts(con, bytes_, head, batch)
        return
    _take_table(con, bytes_, head, batch)


def _is_surely_new(entry: Entry, head: Head, batch: Batch) -> bool:
    """Whether no bytes of this size ever came, so that the hash is asked for at the end alone."""
    return (
        head.kind not in KINDS
        and (entry.byte_size or 0) > HASHED_AT_ONCE_BYTES
        and not batch.ledger.may_hold(entry.byte_size)
    )


def _take_table(con: duckdb.DuckDBPyConnection, bytes_: _Bytes, head: Head, batch: Batch) -> None:
    """A file that holds no others, whose bytes are news."""
    found, path, entry = bytes_.found, bytes_.path, bytes_.entry
    if head.kind == "parquet":
        head = replace(head, keys=parquet_columns(con, path))
    match = recognise(head, found.place, batch.contracts, found.relative)
    entry = replace(entry, encoding=head.encoding if head.kind in ("csv", "json") else None)
    bytes_ = replace(bytes_, entry=entry)
    if again := batch.again.pop(entry.sha256 or "", None):
        for line in again:
            _read_again(con, bytes_, head, match, line, batch)
        return
    if match is None or not match.fits:
        _note(con, unrecognised(bytes_.hashed(), found, head, match), batch)
        return
    try:
        _read(con, bytes_, head, match, batch)
    except FILE_ERRORS as error:
        contract = match.contract
        known = replace(bytes_.hashed(), source=contract.source, stream=contract.stream)
        _note(con, _broken(con, known, error, batch), batch)


def _take_parts(con: duckdb.DuckDBPyConnection, bytes_: _Bytes, head: Head, batch: Batch) -> None:
    """Every part, then the container itself: one that was broken off is opened again."""
    found, entry = bytes_.found, bytes_.entry
    count = 0
    for part in parts_of(found, bytes_.path, head):
        inner, count = part.found, count + 1
        blank = _blank(inner, batch)
        if inner.path is None:
            status = "failed" if part.is_fault else UNRECOGNISED
            said = replace(blank, status=status, message=f"{inner.relative}: {part.error}")
            _note(con, said, batch)
            continue
        try:
            state = state_of(inner.path)
            _take(con, _Bytes(inner, inner.path, state, blank, part.epoch), batch)
        except FILE_ERRORS as error:
            _note(con, _broken(con, blank, error, batch), batch)
    require_unchanged(bytes_.path, bytes_.state)
    if batch.ledger.holds(entry.path, entry.sha256):
        return
    message = (
        f"{found.relative} holds {count} files" if count else f"{found.relative} holds nothing"
    )
    _note(con, replace(entry, status=UNPACKED, message=message), batch)


def _read(
    con: duckdb.DuckDBPyConnection, bytes_: _Bytes, head: Head, match: Match, batch: Batch
) -> None:
    """A file of a stream, as a delivery of its own."""
    entry, came = bytes_.entry, batch.ledger.came_before(bytes_.entry.sha256)
    with as_utf8(bytes_.path, head.encoding) as readable:
        file = FileToRead(
            *(readable, head, match, batch.ledger.next_id(), batch.loaded_at),
            hints=bytes_.found.hints,
            sheet_epoch=bytes_.sheet_epoch,
            erased=batch.erased,
        )
        judged = _landed(con, file, bytes_, batch, came)
    batch.ledger.write(judged, file.file_id, batch)
    batch.here.paths.add(entry.path)
    _commit(con, batch)


def _read_again(
    con: duckdb.DuckDBPyConnection,
    bytes_: _Bytes,
    head: Head,
    match: Match | None,
    line: Line,
    batch: Batch,
) -> None:
    """A delivery by the rules of today, in place of what was read of it; it keeps its order."""
    entry = replace(bytes_.entry, path=line.path, modified_at=line.modified_at)
    try:
        if match is None or not match.fits:
            said = unrecognised(entry, bytes_.found, head, match).message
            raise ValueError(f"{said}")
        with as_utf8(bytes_.path, head.encoding) as readable:
            file = FileToRead(
                *(readable, head, match, batch.ledger.next_id(), line.loaded_at),
                hints=bytes_.found.hints,
                sheet_epoch=bytes_.sheet_epoch,
                erased=batch.erased,
            )
            judged = _landed(con, file, replace(bytes_, entry=entry), batch, None)
        batch.ledger.rewrite(judged, file.file_id, line)
    except FILE_ERRORS as error:
        if batch.is_together or isinstance(error, FATAL_ERRORS):
            raise
        roll_back(con)
        if is_passing(error):
            # Nothing is noted: the next run finds it as stale as this one did.
            return
        con.begin()
        contract = next(
            c for c in batch.contracts if (c.source, c.stream) == (line.source, line.stream)
        )
        con.execute(
            "update ops.files set read_as = ?, message = ? where file_id = ?",
            [read_as(contract, bytes_.found.hints), kept_as_it_was(line, error), line.file_id],
        )
    _commit(con, batch)


def _landed(
    con: duckdb.DuckDBPyConnection,
    file: FileToRead,
    bytes_: _Bytes,
    batch: Batch,
    came: Line | None,
) -> Entry:
    """Its rows, in a transaction that is left open, and what its line will say.

    What one reader does not take the next one tries; what the last does not is not kept at all.
    """
    *quick, last = readers_of(file)
    for reader in (*quick, last):
        _begin(con, batch)
        try:
            reading = read_file(con, file, reader)
            entry = bytes_.hashed()
            require_unchanged(bytes_.path, bytes_.state)
            break
        except FILE_ERRORS as error:
            if batch.is_together or reader is last or is_passing(error):
                raise
            if isinstance(error, (*EXPLAINED_ERRORS, *FATAL_ERRORS)):
                raise
            roll_back(con)
    reasons = first_reasons(con, file.file_id) if reading.rejected else ()
    entry = replace(entry, read_as=read_as(file.contract, file.hints))
    return loaded(entry, file, reading, reasons, came)


def _broken(con: duckdb.DuckDBPyConnection, entry: Entry, error: Exception, batch: Batch) -> Entry:
    """What became of a file that cannot be read: pending or failed.

    Raises:
        Exception: the error itself, where it is for others to tell.
    """
    if batch.is_together or isinstance(error, FATAL_ERRORS):
        raise error
    roll_back(con)
    return broken(entry, error)


def _note(con: duckdb.DuckDBPyConnection, entry: Entry, batch: Batch) -> None:
    """The ledger's line of a file of which nothing landed."""
    _begin(con, batch)
    batch.ledger.write(entry, batch.ledger.next_id(), batch)
    _commit(con, batch)


def _begin(con: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    if not batch.is_together:
        con.begin()


def _commit(con: duckdb.DuckDBPyConnection, batch: Batch) -> None:
    if not batch.is_together:
        batch.ledger.flush()
        con.commit()


def sha256_of(path: Path) -> str:
    """The hash of a file's bytes.

    Raises:
        OSError: it cannot be read to its end.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
