"""Whatever is no plain UTF-8 CSV, as a file that is."""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHUNK = 1 << 20


@contextmanager
def as_utf8(path: Path, encoding: str) -> Iterator[Path]:
    """The file, or a copy in UTF-8 for as long as it is needed.

    DuckDB's own UTF-16 stops at a character beyond the first 65,536, such as an emoji in the name
    of an ad.

    Raises:
        UnicodeError: the file is no whole text in that encoding.
        LookupError: there is no such encoding.
    """
    if encoding == "utf-8":
        yield path
        return
    with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8", newline="") as copy:
        with path.open(encoding=encoding, newline="") as source:
            shutil.copyfileobj(source, copy, CHUNK)
        copy.flush()
        yield Path(copy.name)


@contextmanager
def rewritten(rows: Iterator[list[str]]) -> Iterator[Path]:
    """Rows as a CSV file for as long as it is needed."""
    with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8", newline="") as copy:
        csv.writer(copy, lineterminator="\n").writerows(rows)
        copy.flush()
        yield Path(copy.name)
