"""The lines of a text file, one at a time, some of them twice; none is longer than memory bears."""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Iterator, Sequence
from typing import IO

# So much is kept of a line that cannot be read.
KEPT_CHARACTERS = 65_536


class LongLine(str):
    """The beginning of a line that is longer than its file's lines may be."""

    __slots__ = ()


class Lines(Iterator[str]):
    """Lines with their ends, be these LF, CR LF or CR; bytes that are no UTF-8 are surrogates.

    Attributes:
        taken: the lines that were handed out since `begin`; `take_back` hands them out again.
        characters: how many these have.
        number: how many lines of the file were handed out.
    """

    def __init__(self, source: IO[bytes], longest: int) -> None:
        self._text = io.TextIOWrapper(
            source, encoding="utf-8-sig", errors="surrogateescape", newline=""
        )
        self._longest = longest
        self._again: deque[str] = deque()
        self.taken: list[str] = []
        self.characters = 0
        self.number = 0

    def begin(self) -> None:
        """Forget what was handed out."""
        self.taken = []
        self.characters = 0

    def take_back(self, kept: int) -> None:
        """Hand out again what was taken, but for the first `kept` lines."""
        again = self.taken[kept:]
        self._again.extendleft(reversed(again))
        self.number -= len(again)
        self.characters -= sum(map(len, again))
        del self.taken[kept:]

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._read()
        if not line:
            raise StopIteration
        self.taken.append(line)
        self.characters += len(line)
        self.number += 1
        return line

    def _read(self) -> str:
        line = self._text.readline(self._longest)
        if len(line) < self._longest or line.endswith(("\n", "\r")):
            return line
        while (rest := self._text.readline(self._longest)) and not rest.endswith(("\n", "\r")):
            pass
        return LongLine(line[:KEPT_CHARACTERS])


def fault_of(lines: Sequence[str], limit: int) -> tuple[str, str] | None:
    """Why no reader can take a record of these lines: a reason, and what a sentence says of it.

    Args:
        lines: as `Lines` hands them out.
        limit: how many bytes a record may have.
    """
    text = "".join(lines)
    try:
        size = len(text) if text.isascii() else len(text.encode())
    except UnicodeEncodeError:
        return "not UTF-8", "is not UTF-8"
    if size > limit or any(isinstance(line, LongLine) for line in lines):
        return "line too long", f"is longer than {limit:,} bytes, which is all that can be read"
    if "\0" in text:
        return "NUL byte", "holds a NUL byte"
    return None
