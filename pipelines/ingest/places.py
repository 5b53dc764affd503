"""Where exports lie: a folder, or an object store by its URL, listed without opening a file.

An object is brought to a temporary file when it is read and let go afterwards; everything else of
the loader sees files. fsspec and the store's own library are imported only for a URL.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path, PurePath, PurePosixPath
from typing import Any

import yaml

from pipelines.settings import UsageError, is_url

HINTS_FILE = "throughline.yml"
HINTS = ("date_order", "decimal_mark", "encoding")
EPOCH = datetime(1970, 1, 1)
# How the stores' listings call the time of the last change.
MODIFIED_KEYS = ("LastModified", "last_modified", "updated", "mtime", "created")


@dataclass(frozen=True)
class FoundFile:
    """A file below the exports, or a folder that could not be read (`error` says why).

    Attributes:
        path: the file; None for an object that has not been brought here.
        relative: its path below the exports, as the ledger calls it.
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
    place: PurePath = field(default_factory=PurePosixPath)
    hints: Mapping[str, str] = field(default_factory=dict)
    remote: str | None = None
    depth: int = 0


def find_files(exports: Path | str) -> tuple[FoundFile, ...]:
    """Every file below `exports`, oldest first, then by path; hidden ones are left alone.

    Raises:
        UsageError: the store cannot be reached, or a throughline.yml says what it may not.
    """
    found = list(_walk_store(exports) if is_url(exports) else _walk(Path(exports), Path(exports)))
    hints = {
        PurePosixPath(file.relative).parent: _read_hints(file)
        for file in found
        if PurePosixPath(file.relative).name == HINTS_FILE
    }
    files = (
        _placed(file, hints) for file in found if PurePosixPath(file.relative).name != HINTS_FILE
    )
    return tuple(sorted(files, key=lambda f: (f.modified_at, f.relative)))


def hints_version(files: tuple[FoundFile, ...]) -> str:
    """Changes when any hint does, so that files it was needed for are tried again."""
    said = sorted(
        {
            (str(PurePosixPath(f.relative).parent), *sorted(f.hints.items()))
            for f in files
            if f.hints
        }
    )
    return hashlib.sha256(repr(said).encode()).hexdigest()[:8] if said else ""


@contextmanager
def brought_here(file: FoundFile) -> Iterator[Path]:
    """The file's path, of an object that of a copy for as long as it is needed.

    Raises:
        OSError: the object cannot be read.
    """
    if file.path is not None:
        yield file.path
        return
    assert file.remote is not None  # noqa: S101 - a file lies here or there
    filesystem, _ = _store(file.remote)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / PurePosixPath(file.relative).name
        filesystem.get_file(file.remote.split("://", 1)[1], str(path))
        yield path


def _placed(file: FoundFile, hints: Mapping[PurePosixPath, Mapping[str, str]]) -> FoundFile:
    relative = PurePosixPath(file.relative)
    said: dict[str, str] = {}
    for folder in reversed(relative.parents):
        said.update(hints.get(folder, {}))
    return replace(file, place=relative, hints=said)


def _walk(folder: Path, root: Path) -> Iterator[FoundFile]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        relative = folder.relative_to(root).as_posix()
        yield FoundFile(folder, relative, None, EPOCH, error.strerror or str(error))
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        path = Path(entry.path)
        if entry.is_dir():
            yield from _walk(path, root)
        elif entry.is_file():
            stat = entry.stat()
            modified_at = datetime.fromtimestamp(stat.st_mtime, UTC).replace(tzinfo=None)
            yield FoundFile(path, path.relative_to(root).as_posix(), stat.st_size, modified_at)


def _walk_store(url: str | Path) -> Iterator[FoundFile]:
    filesystem, root = _store(str(url))
    scheme = str(url).split("://", 1)[0]
    try:
        listed = filesystem.find(root, detail=True)
    except Exception as error:  # each store's library has errors of its own
        raise UsageError(f"{url} cannot be listed: {' '.join(str(error).split())[:300]}") from error
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
            f"{url} needs a library that is not installed ({error}); install Throughline with the"
            " extra `stores`: s3, gs and az are what it knows"
        ) from error
    return filesystem, root.rstrip("/")


def _modified_at(info: Mapping[str, Any]) -> datetime:
    for key in MODIFIED_KEYS:
        value = info.get(key)
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        if isinstance(value, datetime):
            return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    return EPOCH


def _read_hints(file: FoundFile) -> Mapping[str, str]:
    with brought_here(file) as path:
        try:
            said = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        except (OSError, UnicodeError, yaml.YAMLError) as error:
            raise UsageError(f"{file.relative} cannot be read: {error}") from error
    allowed = {"date_order": ("dmy", "mdy"), "decimal_mark": (".", ",")}
    if not isinstance(said, dict) or not set(said) <= set(HINTS):
        raise UsageError(f"{file.relative}: expected lines of {', '.join(HINTS)}, and nothing else")
    for key, choices in allowed.items():
        if key in said and said[key] not in choices:
            raise UsageError(
                f"{file.relative}: {key} is {said[key]!r};"
                f" expected {' or '.join(map(repr, choices))}"
            )
    return {key: str(value) for key, value in said.items()}
