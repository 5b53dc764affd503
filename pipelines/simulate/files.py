"""Writes files whose bytes and times depend on their content only, and remembers planted faults."""

import csv
import gzip
import io
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

GZIP_LEVEL = 5


@dataclass(frozen=True)
class Fault:
    """Something wrong on purpose: which file below exports, which line (1 = header), what."""

    path: str
    kind: str
    line: int | None
    note: str


@dataclass
class Folder:
    """One output folder and what was written to it."""

    root: Path
    written: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def write(self, path: str, content: bytes, modified: datetime) -> None:
        """Puts the content there unless it is there already; the time is the export's."""
        target = self.root / path
        if not _holds(target, content):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        stamp = int(modified.timestamp())
        if int(target.stat().st_mtime) != stamp:
            os.utime(target, (stamp, stamp))
        self.written.append(path)

    def write_json(self, path: str, value: Any, modified: datetime) -> None:
        """One JSON document, indented, keys in the order given."""
        text = json.dumps(value, indent=1, ensure_ascii=False)
        self.write(path, f"{text}\n".encode(), modified)

    def plant(self, path: str, kind: str, note: str, line: int | None = None) -> None:
        """Remembers a fault that a file carries."""
        self.faults.append(Fault(path, kind, line, note))


def _holds(target: Path, content: bytes) -> bool:
    return (
        target.is_file()
        and target.stat().st_size == len(content)
        and target.read_bytes() == content
    )


def moment(year: int, month: int, day: int, hour: int = 5, minute: int = 0) -> datetime:
    """A moment in UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Any]], delimiter: str = ",") -> str:
    """Header and rows, quoted where needed, LF at line ends."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue()


def zipped(content: bytes) -> bytes:
    """gzip without a time stamp."""
    return gzip.compress(content, GZIP_LEVEL, mtime=0)
