"""What is read, and what came of it. How it is read is the business of its format's module."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import IO, cast

from pipelines.ingest.contract import Contract
from pipelines.ingest.locale import Locale
from pipelines.ingest.recognise import Match
from pipelines.ingest.redact import Redactor
from pipelines.ingest.relations import landed_table
from pipelines.ingest.sniff import Head, HeaderCandidate

# Sorting a file as small as this costs less than finding out that it was needed, and so does
# telling of each of its rows whether it is data.
SMALL_BYTES = 1024**2


class UnreadableError(Exception):
    """A file that must not be kept, though its lines can be read; the message says why."""


class UnevenError(Exception):
    """A file whose lines are not its records: it is to be read line by line."""


@dataclass(frozen=True)
class FileToRead:
    """A recognised file, and what goes with each of its rows.

    Attributes:
        path: the file itself, or a copy in UTF-8 of one that is not.
        head: what its first bytes say: of CSV the lines that may be its header, of JSON its shape.
        match: the contract that it fits, and which column is which.
        file_id: its line in ops.files.
        hints: what throughline.yml says of it: {"date_order": "dmy"}.
        sheet_epoch: of a spreadsheet: the day that its dates are numbers of days since, such as
            1899-12-30.
        erased: takes out what tells of erased persons; None where nobody was erased.
    """

    path: Path
    head: Head
    match: Match
    file_id: int
    loaded_at: datetime
    hints: Mapping[str, str] = field(default_factory=dict)
    sheet_epoch: date | None = None
    erased: Redactor | None = None

    @property
    def contract(self) -> Contract:
        """The contract that it fits."""
        return self.match.contract

    @property
    def table(self) -> str:
        """Where its rows land."""
        return landed_table(self.contract)

    @property
    def header(self) -> HeaderCandidate:
        """The line of a CSV that is its header."""
        assert self.match.header is not None  # noqa: S101 - a CSV was recognised by its header
        return self.match.header

    @property
    def is_small(self) -> bool:
        """Whether its bytes are few, packed or not."""
        return self.path.stat().st_size <= SMALL_BYTES

    @property
    def compression(self) -> str:
        """The option of DuckDB's readers that says how it is packed, whatever its name says."""
        return f", compression = '{self.head.compression or 'uncompressed'}'"

    def open(self) -> IO[bytes]:
        """Its bytes, unpacked."""
        if self.head.compression:
            return cast(IO[bytes], gzip.open(self.path, "rb"))
        return self.path.open("rb")


@dataclass(frozen=True)
class Landed:
    """What is in the landed table of a file.

    Attributes:
        rows: how many there are, those that are no data among them.
        not_data: how many of them are no data; None of a large file, of which that is not told.
        unknown: columns that the contract does not know, which are in `_extra`.
        variants: columns that a connector split off another, and that are in it again.
    """

    rows: int
    not_data: int | None = None
    unknown: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What landed, and how many rows did not: quarantined ones, and others that are no data."""

    landed: Landed
    rejected: int = 0
    skipped: int = 0


@dataclass(frozen=True)
class Reading:
    """What became of the rows of one file: read = loaded + rejected + skipped.

    Attributes:
        first_row_id: where its rows begin in the landed table.
        columns: what was landed of it, by the reader's own word.
    """

    loaded: int
    rejected: int
    skipped: int
    first_row_id: int
    columns: Landed
    locale: Locale = field(default_factory=Locale)

    @property
    def read(self) -> int:
        """All of them."""
        return self.loaded + self.rejected + self.skipped
