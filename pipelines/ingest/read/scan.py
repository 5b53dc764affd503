"""What one pass over a file's bytes tells, whatever its reader makes of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from pipelines.ingest.parts import CHUNK
from pipelines.ingest.read.file import FileToRead

# Blank lines at the end are told from others as long as they are no more bytes than these.
END_BYTES = 4096
# A line of so many bytes is long: a record of it may be nested deeper than DuckDB can bear.
LONG_LINE = 10_000
LINE_FEED = ord("\n")


@dataclass(frozen=True)
class Scan:
    """The lines of a file.

    Attributes:
        lines: how many there are, but for blank ones at the end.
        blank_end: how many of those there are.
        is_even: whether all of them end alike: in LF, in CR LF or in CR.
        has_long_lines: whether one has more than LONG_LINE bytes; one of up to twice as many may be
            overlooked.
        found: which of the wanted bytes occur anywhere.
    """

    lines: int
    blank_end: int
    is_even: bool
    has_long_lines: bool
    found: frozenset[bytes]


def scan(file: FileToRead, wanted: Iterable[bytes] = ()) -> Scan:
    """Count the lines of a file, and look for bytes in it.

    Raises:
        OSError, EOFError, zlib.error: it cannot be read to its end, or unpacked.
    """
    open_still = set(wanted)
    found: set[bytes] = set()
    line_feeds = returns = pairs = 0
    is_long = False
    end = b""
    with file.open() as raw:
        while chunk := raw.read(CHUNK):
            line_feeds += _line_feeds(chunk)
            if b"\r" in chunk:
                returns += chunk.count(b"\r")
                pairs += chunk.count(b"\r\n")
            is_long = is_long or _has_long_line(chunk)
            seam = end + chunk[:END_BYTES]
            pairs += end.endswith(b"\r") and chunk.startswith(b"\n")
            here = {text for text in open_still if text in chunk or text in seam}
            open_still -= here
            found |= here
            end = chunk[-END_BYTES:] if len(chunk) >= END_BYTES else (end + chunk)[-END_BYTES:]
    kinds = ((line_feeds, 0, 0), (line_feeds, line_feeds, line_feeds), (0, returns, 0))
    breaks = line_feeds + returns - pairs
    text = end.rstrip(b"\r\n")
    closing = end[len(text) :]
    closing_breaks = len(closing.replace(b"\r\n", b"\n"))
    blank_end = max(closing_breaks - 1, 0)
    lines = breaks - blank_end + (bool(text) and not closing_breaks)
    is_even = (line_feeds, returns, pairs) in kinds
    return Scan(lines, blank_end, is_even, is_long, frozenset(found))


def _line_feeds(chunk: bytes) -> int:
    """How many there are; where each line has one, bytes.count takes three times as long."""
    return int(np.count_nonzero(np.frombuffer(chunk, np.uint8) == LINE_FEED))


def _has_long_line(chunk: bytes) -> bool:
    begin = 0
    while begin + LONG_LINE < len(chunk):
        begin = chunk.rfind(b"\n", begin, begin + LONG_LINE) + 1
        if not begin:
            return True
    return False
