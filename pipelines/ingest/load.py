"""What is new below the exports folder, and its way into the build file.

One transaction per file: the rows, the quarantine and the file's line in the ledger stand or fall
together, so a run can be killed at any moment and the next one goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from pipelines.ingest.contract import Contract, contracts_version
from pipelines.ingest.ledger import UNUSABLE, Batch, Entry, Ledger
from pipelines.ingest.messages import (
    EXPLAINED_ERRORS,
    broken,
    duplicate,
    first_reasons,
    loaded,
    unrecognised,
)
from pipelines.ingest.parts import KINDS, as_utf8, parts_of
from pipelines.ingest.places import FoundFile, brought_here, find_files, hints_version
from pipelines.ingest.read import FileToRead, UnevenError, parquet_columns, read_file
from pipelines.ingest.recognise import recognise
from pipelines.ingest.relations import number_deliveries
from pipelines.ingest.sniff import Head, look
from pipelines.settings import utc_now

# Errors of one file: it is listed, and the rest goes on.
FILE_ERRORS = (
    *(duckdb.Error, OSError, EOFError, UnicodeError, LookupError, zlib.error),
    *(UnevenError, *EXPLAINED_ERRORS),
)


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
        # A load that was broken off may not have come to this.
        number_deliveries(con)
        con.execute(
            "update ops.batches set status = 'loaded', finished_at = ? where status = 'running'",
            [utc_now()],
        )
        return plan
    batch = _open_batch(con, loaded_at, contracts, plan.version)
    for number, found in enumerate(plan.new_files, start=1):
        progress(number, len(plan.new_files), found.relative)
        _load_file(con, found, batch)
    number_deliveries(con)
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
        _commit(con, replace(entry, message=broken(found, error)), batch)


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
            _commit(con, duplicate(entry, twin), batch)
        return
    if head.kind in KINDS:
        _load_parts(con, found, path, head, entry, batch)
        return
    if head.kind == "parquet":
        head = replace(head, keys=parquet_columns(con, path))
    match = recognise(head, found.place, batch.contracts, found.relative)
    entry = replace(entry, encoding=head.encoding if head.kind in ("csv", "json") else None)
    if match is None or not match.fits:
        _commit(con, unrecognised(entry, found, head, match), batch)
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
            _commit(con, replace(blank, message=broken(inner, error)), batch)
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
            reasons = first_reasons(con, file.file_id) if reading.rejected else ()
            judged = loaded(entry, file, reading, reasons)
            break
        except FILE_ERRORS as error:
            con.rollback()
            judged = replace(entry, message=broken(found, error))
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


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def next_batch_time(newest: datetime | None, wanted: datetime) -> datetime:
    """Batch times grow strictly, whatever the clock does."""
    if newest is None or wanted > newest:
        return wanted
    return newest + timedelta(microseconds=1)
