"""Where exports lie: a folder, or an object store by its URL, listed without opening a file.

An object is brought to a temporary file when it is read and let go afterwards; everything else of
the loader sees files, by paths in which no reader finds a pattern. fsspec and the store's own
library are imported only for a URL.
"""

from __future__ import annotations

import os
import re
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path, PurePath, PurePosixPath
from typing import Any

from pipelines.ingest.environment import PendingError, is_passing
from pipelines.ingest.hints import HINTS_FILE, HintsError, read_hints
from pipelines.settings import UsageError, is_url, without_credentials

EPOCH = datetime(1970, 1, 1)
# How the stores' listings call the time of the last change.
MODIFIED_KEYS = ("LastModified", "last_modified", "updated", "mtime", "created")
# To DuckDB's readers a path is a pattern, a backslash a separator and `day=1/` a column.
NOT_PLAIN = re.compile(r"[*?\[\]{}\\=]")


@dataclass(frozen=True)
class FoundFile:
    """A file below the exports, or what could not be listed (`error` says why).

    Attributes:
        path: the file; None for an object that has not been brought here.
        relative: its path below the exports, as the ledger calls it.
        is_passing: whether `error` is the environment's, so that it is tried again in each run.
        place: the path that recognising looks at; a part of a file stands in a folder of its own.
        hints: what throughline.yml says of it: date_order, decimal_mark, encoding.
        remote: the URL of an object in a store.
        depth: how many files it lies inside of.
    """

    path: Path | None
    relative: str
    size: int | None
    modified_at: datetime
    error: str | None = None
    is_passing: bool = False
    place: PurePath = field(default_factory=PurePosixPath)
    hints: Mapping[str, str] = field(default_factory=dict)
    remote: str | None = None
    depth: int = 0


def find_files(exports: Path | str) -> tuple[FoundFile, ...]:
    """Every file below `exports`, oldest first, then by path; hidden ones are left alone.

    Raises:
        UsageError: the store cannot be reached.
    """
    found = list(_walk_store(exports) if is_url(exports) else _walk(Path(exports), Path(exports)))
    hints = {
        PurePosixPath(file.relative).parent: _hints_of(file)
        for file in found
        if PurePosixPath(file.relative).name == HINTS_FILE
    }
    files = (
        _placed(file, hints) for file in found if PurePosixPath(file.relative).name != HINTS_FILE
    )
    return tuple(sorted(files, key=lambda f: (f.modified_at, f.relative)))


@contextmanager
def brought_here(file: FoundFile) -> Iterator[Path]:
    """A path of the file in which nothing is a pattern: its own, a link's or, of an object, that
    of a copy for as long as it is needed.

    Raises:
        PendingError: the store does not hand the object over, or not as it was listed.
        OSError: nothing temporary can be written.
    """
    if file.path is not None and not NOT_PLAIN.search(str(file.path)):
        yield file.path
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        if file.path is not None:
            path.symlink_to(file.path)
        else:
            _fetch(file, path)
        yield path


def state_of(path: Path) -> tuple[int, ...]:
    """What changes when a file is written to, or another is put in its place.

    Raises:
        OSError: it is gone.
    """
    stat = path.stat()
    return stat.st_size, stat.st_mtime_ns, stat.st_ino, stat.st_ctime_ns


def require_unchanged(path: Path, state: tuple[int, ...]) -> None:
    """The bytes that were hashed are those that were read.

    Raises:
        PendingError: the file is not what it was.
    """
    if state_of(path) != state:
        raise PendingError("it was written to, or replaced, while it was read")


def _fetch(file: FoundFile, path: Path) -> None:
    assert file.remote is not None  # noqa: S101 - a file lies here or there
    filesystem, _ = _store(file.remote)
    try:
        filesystem.get_file(file.remote.split("://", 1)[1], str(path))
    except Exception as error:  # each store's library has errors of its own
        raise PendingError(f"the store did not hand it over ({_said(error)})") from error
    if file.size is not None and path.stat().st_size != file.size:
        raise PendingError("it was written to, or replaced, since it was listed")


def _hints_of(file: FoundFile) -> Mapping[str, str] | str:
    """What it says, or what is wrong with it."""
    try:
        with brought_here(file) as path:
            return read_hints(path)
    except (HintsError, PendingError, OSError) as error:
        return f"{file.relative}: {error}"


def _placed(file: FoundFile, hints: Mapping[PurePosixPath, Mapping[str, str] | str]) -> FoundFile:
    relative = PurePosixPath(file.relative)
    said: dict[str, str] = {}
    for folder in reversed(relative.parents):
        here = hints.get(folder, {})
        if isinstance(here, str):
            return replace(file, place=relative, error=file.error or here, is_passing=True)
        said.update(here)
    return replace(file, place=relative, hints=said)


def _walk(
    folder: Path, root: Path, inside: frozenset[tuple[int, int]] = frozenset()
) -> Iterator[FoundFile]:
    """What lies in a folder; `inside` are the folders on the way there, which a link may name."""
    try:
        stat = folder.stat()
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        yield _unlisted(folder, root, error.strerror or str(error), is_passing=is_passing(error))
        return
    here = (stat.st_dev, stat.st_ino)
    if here in inside:
        yield _unlisted(folder, root, "it is a link to a folder that it lies in")
        return
    for entry in entries:
        if not entry.name.startswith("."):
            yield from _entry(entry, root, inside | {here})


def _entry(
    entry: os.DirEntry[str], root: Path, inside: frozenset[tuple[int, int]]
) -> Iterator[FoundFile]:
    path = Path(entry.path)
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in entry.name):
        # The ledger is UTF-8, and a message is one line.
        yield _unlisted(path, root, "its name is no text of one line in UTF-8; rename it")
        return
    try:
        if entry.is_dir():
            yield from _walk(path, root, inside)
            return
        stat = entry.stat()
        if not entry.is_file():
            yield _unlisted(path, root, "it is neither a file nor a folder; move it away")
            return
    except OSError as error:
        reason = f"it cannot be opened ({error.strerror or error})"
        if entry.is_symlink():
            reason = f"it is a link that leads nowhere ({error.strerror or error}); move it away"
        yield _unlisted(path, root, reason, is_passing=is_passing(error) and not entry.is_symlink())
        return
    yield FoundFile(path, path.relative_to(root).as_posix(), stat.st_size, _moment(stat.st_mtime))


def _unlisted(path: Path, root: Path, error: str, *, is_passing: bool = False) -> FoundFile:
    name = path.relative_to(root).as_posix()
    shown = os.fsencode(name).decode("utf-8", "backslashreplace")
    shown = "".join(c if unicodedata.category(c) != "Cc" else f"\\x{ord(c):02x}" for c in shown)
    return FoundFile(path, shown, None, EPOCH, error, is_passing)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)


def _walk_store(url: str | Path) -> Iterator[FoundFile]:
    filesystem, root = _store(str(url))
    scheme = str(url).split("://", 1)[0]
    try:
        listed = filesystem.find(root, detail=True)
    except Exception as error:  # each store's library has errors of its own
        raise UsageError(
            f"{without_credentials(str(url))} cannot be listed: {_said(error)}"
        ) from error
    for name, info in listed.items():
        relative = PurePosixPath(name).relative_to(PurePosixPath(root)).as_posix()
        if any(part.startswith(".") for part in PurePosixPath(relative).parts):
            continue
        yield FoundFile(
            None, relative, info.get("size"), _modified_at(info), remote=f"{scheme}://{name}"
        )


def _store(url: str) -> tuple[Any, str]:
    try:
        import fsspec  # noqa: PLC0415 - only object stores need it

        filesystem, root = fsspec.core.url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise UsageError(
            f"{without_credentials(url)} needs a library that is not installed ({_said(error)});"
            " install Throughline with the extra `stores`: s3, gs and az are what it knows"
        ) from error
    return filesystem, root.rstrip("/")


def _said(error: Exception) -> str:
    return without_credentials(" ".join(str(error).split()))[:300]


def _modified_at(info: Mapping[str, Any]) -> datetime:
    for key in MODIFIED_KEYS:
        value = info.get(key)
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        if isinstance(value, datetime):
            return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    return EPOCH
