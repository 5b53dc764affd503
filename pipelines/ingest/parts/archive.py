"""The members of zip and tar archives."""

from __future__ import annotations

import lzma
import re
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from pipelines.ingest.parts.part import Part, PartsError, part, refused
from pipelines.ingest.parts.text import CHUNK
from pipelines.ingest.places import FoundFile

MAX_EXPANDED_BYTES = 32 * 1024**3
MAX_PARTS = 20_000
# What the libraries raise at damage. An OSError with a number is the machine's, and not caught.
DAMAGE = (
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, RuntimeError, ValueError, OverflowError),
)


def members(found: FoundFile, path: Path, folder: Path) -> Iterator[Part]:
    """Every file of an archive, one at a time, in `folder`.

    Raises:
        PartsError: too large, too many, or damaged as a whole.
    """
    try:
        if zipfile.is_zipfile(path):
            yield from _zipped(found, path, folder / "member")
        else:
            yield from _tarred(found, path, folder / "member")
    except DAMAGE as error:
        raise PartsError(f"it cannot be unpacked ({_said(error)}); download it again") from error


def _zipped(found: FoundFile, path: Path, target: Path) -> Iterator[Part]:
    with zipfile.ZipFile(path) as archive:
        infos = [i for i in archive.infolist() if not i.is_dir() and _is_visible(i.filename)]
        # No member is read beyond the size that it claims.
        _limit(info.file_size for info in infos)
        for info in infos:
            name = info.filename
            if _is_outside(name):
                yield _outside(found, name)
            elif info.flag_bits & 1:
                yield refused(found, name, "it is encrypted. Unpack it with its password")
            else:
                try:
                    with archive.open(info) as member:
                        _copy(member, target, info.file_size)
                except DAMAGE as error:
                    yield refused(
                        found,
                        name,
                        f"it cannot be unpacked ({_said(error)}). Download the archive again",
                    )
                else:
                    yield _part(found, target, name)


def _tarred(found: FoundFile, path: Path, target: Path) -> Iterator[Part]:
    # Only who reads a tar to its end knows what it holds, and whether it is whole.
    with tarfile.open(path) as tar:
        _limit(entry.size for entry in tar)
    with tarfile.open(path) as tar:
        for entry in tar:
            name = entry.name
            if entry.isdir() or not _is_visible(name):
                continue
            if _is_outside(name):
                yield _outside(found, name)
            elif entry.isfile() and (member := tar.extractfile(entry)):
                with member:
                    _copy(member, target, entry.size)
                yield _part(found, target, name)
            else:
                yield refused(found, name, "it is a link or a device. Export the file itself")


def _part(found: FoundFile, target: Path, name: str) -> Part:
    return part(found, target, name, PurePosixPath(found.relative).parent / name)


def _outside(found: FoundFile, name: str) -> Part:
    return refused(found, name, "it points outside of its archive. Pack it under a plain name")


def _is_visible(name: str) -> bool:
    """Not what macOS adds to an archive, and nothing hidden."""
    return not any(
        step.startswith("__MACOSX") or (step.startswith(".") and step != "..")
        for step in PurePosixPath(name).parts
    )


def _is_outside(name: str) -> bool:
    return ".." in re.split(r"[/\\]", name) or bool(re.match(r"[/\\]|[A-Za-z]:", name))


def _limit(sizes: Iterable[int]) -> None:
    """Hold what an archive holds against the limits, before anything of it is read.

    Raises:
        PartsError: it is too many, or too large.
    """
    total = 0
    for number, size in enumerate(sizes, start=1):
        total += size
        if number > MAX_PARTS:
            raise PartsError(f"it holds more than {MAX_PARTS:,} files; unpack it and remove some")
        if total > MAX_EXPANDED_BYTES:
            raise PartsError(
                f"it expands to more than {MAX_EXPANDED_BYTES // 1024**3} GiB; unpack it yourself"
            )


def _copy(source: IO[bytes], target: Path, size: int) -> None:
    copied = 0
    with target.open("wb") as copy:
        while chunk := source.read(CHUNK):
            copied += len(chunk)
            copy.write(chunk)
    if copied != size:
        raise EOFError(f"{copied} of {size} bytes came")


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
