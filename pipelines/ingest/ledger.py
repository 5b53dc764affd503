"""The ledger, ops.files: one line a file, and which bytes it has seen.

What a line says of a file is decided in load.py, its sentence for people written in messages.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from pipelines.ingest.contract import Contract

# What a file can have become; what holds other files is "unpacked", and neither.
USABLE = ("loaded", "empty", "duplicate")
UNUSABLE = ("unrecognised", "failed")


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
    stated_on: date | None = None
    stated_by: str | None = None
    extra_columns: str | None = None
    missing_columns: str | None = None
    nearest_contract: str | None = None
    message: str | None = None
