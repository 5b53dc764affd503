"""What is new below the exports folder, and its way into the build file.

One transaction per file: the rows, the quarantine and the file's line in the ledger stand or fall
together, so a run can be killed at any moment and the next one goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path, PurePath

import duckdb

from pipelines.ingest.contract import Contract, contracts_version
from pipelines.ingest.read import FileToRead, RowCounts, as_utf8, parquet_columns, read_file
from pipelines.ingest.recognise import Match, in_folder, period_of, recognise, renamed
from pipelines.ingest.sniff import Head, look
from pipelines.settings import utc_now

UNUSABLE = ("unrecognised", "failed")
LISTED_COLUMNS = 12
SHOWN_REASONS = 3


@dataclass(frozen=True)
class FoundFile:
    """A file below the exports, or a folder that could not be read (`error` says why)."""

    path: Path
    relative: str
    size: int | None
    modified_at: datetime
    error: str | None = None


@dataclass(frozen=True)
class LoadPlan:
    """Files that the ledger does not know yet, in the order they will be loaded."""

    new_files: tuple[FoundFile, ...]
    known_count: int


@dataclass(frozen=True)
class Batch:
    """What the files of one load have in common."""

    batch_id: int
    loaded_at: datetime
    contracts: Sequence[Contract]

    @property
    def version(self) -> str:
        """The contracts' version, kept with each file that none of them fitted."""
        return contracts_version(self.contracts)


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
    period_start: date | None = None
    period_end: date | None = None
    extra_columns: str | None = None
    missing_columns: str | None = None
    nearest_contract: str | None = None
    message: str | None = None


def find_files(exports: Path) -> tuple[FoundFile, ...]:
    """Every file below `exports`, oldest first, then by path; hidden ones are left alone."""
    return tuple(sorted(_walk(exports, exports), key=lambda f: (f.modified_at, f.relative)))


def _walk(folder: Path, root: Path) -> Iterator[FoundFile]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        when = datetime(1970, 1, 1)
        relative = folder.relative_to(root).as_posix()
        yield FoundFile(folder, relative, None, when, error.strerror or str(error))
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        path = Path(entry.path)
        if entry.is_dir():
            yield from _walk(path, root)
        elif entry.is_file():
            stat = entry.stat()
            modified_at = datetime.fromtimestamp(stat.st_mtime, UTC).replace(tzinfo=None)
            yield FoundFile(path, path.relative_to(root).as_posix(), stat.st_size, modified_at)


def plan_load(
    con: duckdb.DuckDBPyConnection, exports: Path, contracts: Sequence[Contract]
) -> LoadPlan:
    """Compare the folder with the ledger, without opening a file.

    A file is known by path, size and time of change. One that no contract fitted is new again
    once the contracts have changed.
    """
    version = contracts_version(contracts)
    known = {
        (path, size, modified_at)
        for path, size, modified_at, status, contract_version in con.execute(
            "select path, byte_size, modified_at, status, contract_version from ops.files"
        ).fetchall()
        if status not in UNUSABLE or contract_version == version
    }
    found = find_files(exports)
    new = tuple(f for f in found if (f.relative, f.size, f.modified_at) not in known)
    return LoadPlan(new, len(found) - len(new))


def load_exports(
    con: duckdb.DuckDBPyConnection,
    exports: Path,
    *,
    contracts: Sequence[Contract],
    loaded_at: datetime,
    progress: Callable[[int, int, str], None] = lambda done, total, path: None,
) -> LoadPlan:
    """Load every new file as one batch.

    Args:
        con: the build file.
        exports: the folder.
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
    batch = _open_batch(con, loaded_at, contracts)
    for number, found in enumerate(plan.new_files, start=1):
        progress(number, len(plan.new_files), found.relative)
        _load_file(con, found, batch)
    con.execute(
        "update ops.batches set status = 'loaded', finished_at = ? where batch_id = ?",
        [utc_now(), batch.batch_id],
    )
    return plan


def _open_batch(
    con: duckdb.DuckDBPyConnection, loaded_at: datetime, contracts: Sequence[Contract]
) -> Batch:
    running = con.execute(
        "select batch_id, loaded_at from ops.batches where status = 'running'"
    ).fetchone()
    if running:
        return Batch(running[0], running[1], contracts)
    (row,) = con.execute("select coalesce(max(batch_id), 0) + 1 from ops.batches").fetchall()
    con.execute(
        "insert into ops.batches values (?, ?, ?, null, 'running')", [row[0], loaded_at, utc_now()]
    )
    return Batch(row[0], loaded_at, contracts)


def _load_file(con: duckdb.DuckDBPyConnection, found: FoundFile, batch: Batch) -> None:
    (row,) = con.execute("select coalesce(max(file_id), 0) + 1 from ops.files").fetchall()
    entry = Entry(found.relative, "failed", found.size, found.modified_at, batch.version)
    # A broken file is read a second time, line by line; what breaks even then is not kept at all.
    for line_by_line in (False, True):
        con.begin()
        try:
            judged = _judge_and_read(con, found, batch, entry, row[0], line_by_line=line_by_line)
            break
        except (duckdb.Error, OSError, EOFError, UnicodeError, zlib.error) as error:
            con.rollback()
            judged = replace(entry, message=_broken(found, error))
    else:
        con.begin()
    con.execute(
        "delete from ops.files where path = ? and status in ('unrecognised', 'failed')",
        [found.relative],
    )
    _write_entry(con, judged, row[0], batch)
    con.commit()


def _judge_and_read(
    con: duckdb.DuckDBPyConnection,
    found: FoundFile,
    batch: Batch,
    entry: Entry,
    file_id: int,
    *,
    line_by_line: bool,
) -> Entry:
    """The file's line in the ledger; its rows are in raw if the status says so."""
    if found.error:
        return replace(
            entry,
            message=f"{found.relative}: {found.error}; nothing below it was read."
            " Give the user that runs Throughline permission to read it",
        )
    head = look(found.path)
    if head.kind == "empty":
        return replace(
            entry,
            message=f"{found.relative} has no bytes; expected an export with a header."
            " Download it again",
        )
    entry = replace(entry, sha256=_sha256(found.path))
    twin = con.execute(
        "select path, source, stream from ops.files where sha256 = ?"
        " and status not in ('unrecognised', 'failed') order by file_id limit 1",
        [entry.sha256],
    ).fetchone()
    if twin:
        message = f"{found.relative} holds the same bytes as {twin[0]}: it was not loaded again"
        return replace(entry, status="duplicate", source=twin[1], stream=twin[2], message=message)
    if head.kind == "parquet":
        head = replace(head, keys=parquet_columns(con, found.path))
    match = recognise(head, PurePath(found.relative), batch.contracts)
    entry = replace(
        entry,
        encoding=head.encoding if head.kind in ("csv", "json") else None,
    )
    if match is None or not match.fits:
        return _unrecognised(entry, head, match)
    with as_utf8(found.path, head) as path:
        file = FileToRead(path, head, match, file_id, batch.loaded_at)
        counts = read_file(con, file, line_by_line=line_by_line)
    return _loaded(entry, file, counts, _first_reasons(con, file_id))


def _loaded(entry: Entry, file: FileToRead, counts: RowCounts, reasons: Sequence[str]) -> Entry:
    """The ledger's line of a file that was read; `reasons` are the first rejections."""
    header, contract = file.match.header, file.contract
    period = period_of(contract, header.preamble) if header else None
    preamble = len(header.preamble) if header else 0
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


def _unrecognised(entry: Entry, head: Head, match: Match | None) -> Entry:
    if match is None:
        what = head.detail or "text without a table"
        return replace(
            entry,
            status="unrecognised",
            message=f"{entry.path} is {what}, no export; expected CSV, JSON or Parquet."
            " Download the export again in one of these, or move the file away",
        )
    contract = match.contract
    # A file that was put into a stream's own folder was meant to be of that stream.
    is_meant = in_folder(PurePath(entry.path), contract)
    hints = "".join(
        f"; is {_shown(theirs)!r} the column {ours!r}? Add it to the contract's synonyms"
        for ours, theirs in renamed(match)
    )
    return replace(
        entry,
        status="failed" if is_meant else "unrecognised",
        source=contract.source if is_meant else None,
        stream=contract.stream if is_meant else None,
        nearest_contract=contract.name,
        missing_columns=", ".join(match.missing),
        extra_columns=_listed(match.unknown) or None,
        message=f"{entry.path} fits no contract; the nearest is {contract.name}, which also needs"
        f" {_listed(match.missing)}{hints}. Export it with these columns, or write a contract",
    )


def _listed(labels: Sequence[str]) -> str:
    shown = ", ".join(_shown(label) for label in labels[:LISTED_COLUMNS])
    rest = len(labels) - LISTED_COLUMNS
    return f"{shown} and {rest} more" if rest > 0 else shown


def _shown(label: str) -> str:
    """A header as readers may see it: an address is a person's, and no header."""
    return "(an address)" if "@" in label else label.strip()[:60] or "(no name)"


def _broken(found: FoundFile, error: Exception) -> str:
    reason = " ".join(str(error).split("\n\n", 1)[0].split())[:300]
    return (
        f"{found.relative} could not be read to its end, and nothing of it was kept: {reason}."
        " The file may be cut off or damaged: download it again"
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_entry(con: duckdb.DuckDBPyConnection, entry: Entry, file_id: int, batch: Batch) -> None:
    ids = {"file_id": file_id, "batch_id": batch.batch_id, "loaded_at": batch.loaded_at}
    row = {**vars(entry), **ids}
    columns = ", ".join(row)
    marks = ", ".join("?" for _ in row)
    con.execute(f"insert into ops.files ({columns}) values ({marks})", list(row.values()))


def next_batch_time(newest: datetime | None, wanted: datetime) -> datetime:
    """Batch times grow strictly, whatever the clock does."""
    if newest is None or wanted > newest:
        return wanted
    return newest + timedelta(microseconds=1)
