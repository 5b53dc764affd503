"""Lines that a reader refuses, with their text and the reason, into ops.rejected_rows."""

from __future__ import annotations

import duckdb

from pipelines.ingest.lines import KEPT_CHARACTERS
from pipelines.ingest.read.file import FileToRead

# Of more refused lines than these the rest is only counted.
KEPT_LINES = 100_000
BATCH_LINES = 1_000

ADVICE = {
    "not UTF-8": "export again as UTF-8",
    "NUL byte": "the file is damaged; export again",
    "no JSON": "the line is cut off or damaged; export again",
}
DEFAULT_ADVICE = "correct the line in the source and export again"


class Quarantine:
    """The refused lines of one file; `count` is how many there were.

    Use it as a context: what is left is written at the end.
    """

    def __init__(
        self, con: duckdb.DuckDBPyConnection, file: FileToRead, unit: str = "line"
    ) -> None:
        self.count = 0
        self._unit = unit
        self._con = con
        self._file = file
        self._rows: list[tuple[int, str, str, str]] = []

    def __enter__(self) -> Quarantine:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._write()

    def add(self, line: int, text: str, reason: str, what: str) -> None:
        """Keep a line, numbered from 1: a reason in two words, and what a sentence says of it."""
        self.count += 1
        if self.count > KEPT_LINES:
            return
        message = f"{self._unit} {line} {what}; {ADVICE.get(reason, DEFAULT_ADVICE)}"
        if self.count == KEPT_LINES:
            message += f". This is the last that is kept of them: the first {KEPT_LINES:,} are"
        kept = _kept(text)
        if self._file.erased:
            kept, message = map(self._file.erased.keys, (kept, message))
        self._rows.append((line, kept, reason, message))
        if len(self._rows) >= BATCH_LINES:
            self._write()

    def _write(self) -> None:
        if not self._rows:
            return
        lines, texts, reasons, messages = (list(column) for column in zip(*self._rows, strict=True))
        contract = self._file.contract
        self._con.execute(
            "insert into ops.rejected_rows select ?, ?, ?, unnest(?::bigint[]),"
            " unnest(?::varchar[]), unnest(?::varchar[]), unnest(?::varchar[]), ?",
            [
                *(self._file.file_id, contract.source, contract.stream),
                *(lines, texts, reasons, messages, self._file.loaded_at),
            ],
        )
        self._rows = []


def _kept(text: str) -> str:
    """Text as it can be stored: its beginning, and what is no character written out."""
    shown = text[:KEPT_CHARACTERS].rstrip("\r\n").replace("\0", "\\0")
    return shown.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
