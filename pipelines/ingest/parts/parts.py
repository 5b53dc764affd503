"""Which way a container is taken apart."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from pipelines.ingest.parts.archive import members
from pipelines.ingest.parts.connector import streams
from pipelines.ingest.parts.part import Part, PartsError
from pipelines.ingest.parts.workbook import sheets
from pipelines.ingest.places import FoundFile
from pipelines.ingest.sniff import Head

MAX_DEPTH = 3
KINDS = ("archive", "workbook", "connector")


def parts_of(found: FoundFile, path: Path, head: Head) -> Iterator[Part]:
    """The parts of a container, one at a time.

    Raises:
        PartsError: too large, too many, too deep, or damaged as a whole.
    """
    if found.depth >= MAX_DEPTH:
        raise PartsError(f"it lies in {MAX_DEPTH} archives, one in the other; unpack these")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if head.kind == "workbook":
            yield from sheets(found, path, folder)
        elif head.kind == "connector":
            yield from streams(found, path, head, folder)
        else:
            yield from members(found, path, folder)
