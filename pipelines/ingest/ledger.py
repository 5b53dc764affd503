"""The ledger, ops.files: one line a delivery, and what it knows of bytes that come again.

What a line says of a file is decided in load.py, its sentence for people written in messages.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import PurePosixPath

import duckdb

from pipelines.ingest.contract import Contract
from pipelines.ingest.redact import Redactor
from pipelines.settings import utc_now
from pipelines.sql import text_list

# What a file can have become.
USABLE = ("loaded", "empty", "duplicate")
UNRECOGNISED = "unrecognised"
UNUSABLE = (UNRECOGNISED, "failed")
# It holds other files, each with a line of its own.
UNPACKED = "unpacked"
# No fault of the file: it is tried again in each run.
PENDING = "pending"
LANDED = ("loaded", "empty")


@dataclass(frozen=True)
class Line:
    """What is asked of a line of the ledger once it is written."""

    file_id: int
    path: str
    status: str
    sha256: str | None
    source: str | None
    stream: str | None
    batch_id: int
    loaded_at: datetime
    modified_at: datetime
    delivery_no: int | None = None
    byte_size: int | None = None


LINE_COLUMNS = ", ".join(Line.__annotations__)


@dataclass(frozen=True)
class Entry:
    """One line of the ledger, ops.files.

    Attributes:
        read_as: what it was read by, contract and hints: it changes where reading again would
            give other rows. None where that is not known.
    """

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
    stated_on: date | None = None
    stated_by: str | None = None
    extra_columns: str | None = None
    missing_columns: str | None = None
    nearest_contract: str | None = None
    message: str | None = None
    read_as: str | None = None


COLUMNS = tuple(dict.fromkeys((*Line.__annotations__, *Entry.__annotations__)))


class Ledger:
    """What ops.files says, read once: asking the table for each of a thousand files is slow."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        self.read()

    def read(self) -> None:
        """Look at the table, as after a rollback."""
        (row,) = self._con.execute("select coalesce(max(file_id), 0) from ops.files").fetchall()
        self._last_id = int(row[0])
        self._refused: set[str] = set()
        self._unwritten: list[list[object]] = []
        self._by_hash: dict[str, list[Line]] = {}
        self._by_path: dict[str, Line] = {}
        self._by_stream: dict[tuple[str | None, str | None], Line] = {}
        self._sizes: set[int | None] = set()
        for row in self._con.execute(
            f"select {LINE_COLUMNS} from ops.files order by batch_id, modified_at, file_id"
        ).fetchall():
            self._note(Line(*row))

    def next_id(self) -> int:
        """A number that no file has."""
        return self.take_ids(1) + 1

    def take_ids(self, count: int) -> int:
        """Use up numbers that no file has; they are those that follow the one that is returned."""
        self._last_id += count
        return self._last_id - count

    def has_batch(self, batch_id: int) -> bool:
        """Whether a batch has begun."""
        return bool(
            self._con.execute(
                "select batch_id from ops.batches where batch_id = ?", [batch_id]
            ).fetchall()
        )

    def stream_of(self, path: str) -> tuple[str | None, str | None]:
        """The stream that a path's earlier deliveries were of."""
        line = self._by_path.get(path)
        return (line.source, line.stream) if line else (None, None)

    def came_before(self, sha256: str | None) -> Line | None:
        """The last delivery of these bytes, whatever has come since."""
        lines = self._by_hash.get(sha256 or "")
        return lines[-1] if lines else None

    def may_hold(self, size: int | None) -> bool:
        """Whether bytes of this size may have come before."""
        return size is None or size in self._sizes or None in self._sizes

    def hashes_by_size(self) -> dict[int | None, frozenset[str]]:
        """The hashes of all bytes that came; by None of those whose size is not known."""
        hashes: dict[int | None, set[str]] = {}
        for sha256, lines in self._by_hash.items():
            for line in lines:
                hashes.setdefault(line.byte_size, set()).add(sha256)
        return {size: frozenset(known) for size, known in hashes.items()}

    def holds(self, path: str, sha256: str | None) -> bool:
        """Whether these bytes are the last that came by a path."""
        line = self._by_path.get(path)
        return line is not None and line.sha256 == sha256

    def is_no_news(self, entry: Entry, here: Paths) -> bool:
        """Whether bytes that came before change nothing now that they come again.

        They do where the path has had others since, and where they lie beside a file that still
        holds them, unless nothing of their stream is newer. A file that was touched has these
        bytes already, one that was renamed lies nowhere else, and one that has the very time of
        the other came with a folder that was copied.

        Args:
            entry: the file, with its hash.
            here: what lies in the exports as the ledger knows it.
        """
        path, sha256 = entry.path, entry.sha256
        lines = self._by_hash.get(sha256 or "", [])
        if not lines:
            return False
        if self.holds(path, sha256):
            return True
        newest = self._by_stream.get((lines[-1].source, lines[-1].stream))
        if newest and newest.sha256 == sha256:
            return True
        if path in self._by_path:
            return False
        holders = [line for line in lines if self.holds(line.path, sha256)]
        if any(line.modified_at == entry.modified_at for line in holders):
            return True
        return bool(holders) and not any(line.path in here for line in holders)

    def write(self, entry: Entry, file_id: int, batch: Batch) -> None:
        """Add a file's line, in place of the one that said it could not be used."""
        if entry.path in self._refused:
            self.flush()
            self._con.execute(
                "delete from ops.files where path = ?"
                f" and status in {text_list((*UNUSABLE, PENDING))}",
                [entry.path],
            )
        if entry.status != PENDING:
            batch.open(self._con)
        line = Line(
            *(file_id, entry.path, entry.status, entry.sha256, entry.source, entry.stream),
            *(batch.batch_id, batch.loaded_at, entry.modified_at),
            byte_size=entry.byte_size,
        )
        self._insert(entry, line)
        self._note(line)

    def rewrite(self, entry: Entry, file_id: int, line: Line) -> None:
        """Put what was read again of a delivery in the place of what was read before."""
        self.flush()
        for table in ("files", "rejected_rows", "failed_rows"):
            self._con.execute(f"delete from ops.{table} where file_id = ?", [line.file_id])
        self._insert(entry, replace(line, file_id=file_id))

    def flush(self) -> None:
        """Write the lines that were kept back, at the latest before their transaction ends."""
        if self._unwritten:
            # A parameter a column: to bind one a cell takes longer than to write the rows.
            self._con.execute(
                f"insert into ops.files ({', '.join(COLUMNS)})"
                f" select {', '.join('unnest(?)' for _ in COLUMNS)}",
                [list(column) for column in zip(*self._unwritten, strict=True)],
            )
            self._unwritten = []

    def _insert(self, entry: Entry, line: Line) -> None:
        row = {**vars(line), **vars(entry)}
        self._unwritten.append([row[column] for column in COLUMNS])

    def _note(self, line: Line) -> None:
        if line.status in (*UNUSABLE, PENDING):
            self._refused.add(line.path)
            return
        self._by_path[line.path] = line
        self._sizes.add(line.byte_size)
        if line.status == "duplicate":
            # Its path holds them, and what is newest in its stream stays that.
            self._by_hash.setdefault(line.sha256 or "", []).insert(0, line)
            return
        self._by_hash.setdefault(line.sha256 or "", []).append(line)
        if line.status in LANDED:
            self._by_stream[line.source, line.stream] = line


@dataclass
class Paths:
    """Paths below the exports; what a file holds lies where the file does."""

    paths: set[str]

    def __contains__(self, path: str) -> bool:
        return any(candidate in self.paths for candidate in around(path))


def around(path: str) -> Iterator[str]:
    """A path, and those of the files that it may lie inside of."""
    yield path
    yield from map(str, PurePosixPath(path).parents)


@dataclass
class Batch:
    """What the files of one load have in common.

    Attributes:
        here: files whose bytes the ledger knows.
        again: by hash, the deliveries that are to be read again.
        reopened: files that are opened though their bytes are known, for what they hold.
        is_together: whether several files share a transaction, so that none may fail alone.
        erased: takes out what tells of erased persons; None where nobody was erased.
    """

    batch_id: int
    loaded_at: datetime
    contracts: Sequence[Contract]
    version: str
    ledger: Ledger
    here: Paths
    again: dict[str, list[Line]] = field(default_factory=dict)
    reopened: frozenset[str] = frozenset()
    is_together: bool = False
    is_open: bool = False
    erased: Redactor | None = None

    def read(self) -> None:
        """Look at the build file again, after a rollback."""
        self.ledger.read()
        self.is_open = self.ledger.has_batch(self.batch_id)

    def open(self, con: duckdb.DuckDBPyConnection) -> None:
        """Note that it has begun: with the first file that was not left for later."""
        if not self.is_open:
            con.execute(
                "insert into ops.batches values (?, ?, ?, null, 'running')",
                [self.batch_id, self.loaded_at, utc_now()],
            )
            self.is_open = True
