"""One part of a file that holds files, and what is wrong with the whole of one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath

from pipelines.ingest.places import FoundFile


class PartsError(Exception):
    """A container that cannot be taken apart; the message says why and what to do."""


@dataclass(frozen=True)
class Part:
    """One file of a container, and what the container says of it.

    Attributes:
        found: the part as a file; its path is gone once the next part is asked for.
        epoch: of a sheet: the day that its dates are numbers of days since.
        error: why it was not taken out, and what to do; None if it was.
        is_fault: whether that is a fault of the file, or it is no part to be read.
    """

    found: FoundFile
    epoch: date | None = None
    error: str | None = None
    is_fault: bool = True


def part(found: FoundFile, path: Path, name: str, place: PurePosixPath) -> Part:
    """A part that was taken out to `path`.

    Args:
        found: the container.
        path: where the part lies now.
        name: what the container calls it.
        place: the path that recognising looks at.
    """
    return Part(
        replace(
            found,
            path=path,
            relative=f"{found.relative}/{_shown(name)}",
            size=path.stat().st_size,
            place=place,
            depth=found.depth + 1,
            remote=None,
        )
    )


def refused(found: FoundFile, name: str, error: str, *, is_fault: bool = True) -> Part:
    """A part that was not taken out."""
    inner = replace(
        found, path=None, relative=f"{found.relative}/{_shown(name)}", size=None, remote=None
    )
    return Part(inner, error=error, is_fault=is_fault)


def _shown(name: str) -> str:
    """A name that the ledger can hold, whatever characters it has."""
    return " ".join(name.encode("utf-8", "backslashreplace").decode().splitlines())
