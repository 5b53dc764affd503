"""Files that hold files: archives, workbooks, and records that a connector wrote of many streams.

Each part becomes a file of its own for as long as it is read; what is damaged beyond reading ends
in an error of the whole. Expanded size and number are limited, whatever the archive claims.
"""

from __future__ import annotations

import csv
import re
import shutil
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import IO
from xml.etree.ElementTree import Element, ParseError, fromstring

import duckdb

from pipelines.ingest.places import FoundFile
from pipelines.ingest.sniff import Head
from pipelines.sql import literal

MAX_EXPANDED_BYTES = 32 * 1024**3
MAX_PARTS = 20_000
MAX_DEPTH = 3
CHUNK = 1 << 20

KINDS = ("archive", "workbook", "connector")
SHEET_NAMES = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
DIMENSION = re.compile(rb'<(?:\w+:)?dimension[^>]*ref="(?:[A-Z]+[0-9]+:)?([A-Z]+)([0-9]+)"')
CELL = re.compile(rb'<(?:\w+:)?c [^>]*?r="([A-Z]+)([0-9]+)"')


class PartsError(Exception):
    """A container that cannot be taken apart; the message says why and what to do."""


@dataclass(frozen=True)
class Part:
    """One file of a container, and what the container says of it.

    Attributes:
        found: the part as a file; its path is gone once the next part is asked for.
        is_sheet: whether dates in it are a spreadsheet's numbers of days.
    """

    found: FoundFile
    is_sheet: bool = False


def parts_of(found: FoundFile, path: Path, head: Head) -> Iterator[Part]:
    """The parts of a container, one at a time.

    Raises:
        PartsError: too large, too many, too deep, encrypted or damaged.
    """
    if found.depth >= MAX_DEPTH:
        raise PartsError(f"archives lie more than {MAX_DEPTH} deep in it; unpack it")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if head.kind == "workbook":
            yield from _sheets(found, path, folder)
        elif head.kind == "connector":
            yield from _streams(found, path, head, folder)
        else:
            yield from _members(found, path, folder)


# --- archives


def _members(found: FoundFile, path: Path, folder: Path) -> Iterator[Part]:
    expanded = 0
    try:
        for number, (name, member) in enumerate(_open_members(path), start=1):
            if number > MAX_PARTS:
                raise PartsError(
                    f"it holds more than {MAX_PARTS:,} files; unpack it and remove some"
                )
            target = folder / "member"
            with member as source, target.open("wb") as copy:
                expanded += _copy(source, copy, MAX_EXPANDED_BYTES - expanded)
            yield Part(_part(found, target, name, PurePosixPath(found.relative).parent / name))
    except (zipfile.BadZipFile, tarfile.TarError, RuntimeError, NotImplementedError) as error:
        raise PartsError(
            f"it cannot be unpacked ({error}); download it again, or unpack it"
        ) from error


def _open_members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if not info.is_dir() and _is_visible(info.filename):
                    yield info.filename, archive.open(info)
        return
    with tarfile.open(path) as tar:
        for entry in tar:
            if entry.isfile() and _is_visible(entry.name) and (member := tar.extractfile(entry)):
                yield entry.name, member


def _is_visible(name: str) -> bool:
    """Not what macOS adds to an archive, and nothing hidden."""
    return not any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)


def _copy(source: IO[bytes], target: IO[bytes], limit: int) -> int:
    copied = 0
    while chunk := source.read(CHUNK):
        copied += len(chunk)
        if copied > limit:
            raise PartsError(
                f"it expands to more than {MAX_EXPANDED_BYTES // 1024**3} GiB; unpack it yourself"
            )
        target.write(chunk)
    return copied


def _part(found: FoundFile, path: Path, name: str, place: PurePosixPath) -> FoundFile:
    return replace(
        found,
        path=path,
        relative=f"{found.relative}/{name}",
        size=path.stat().st_size,
        place=place,
        depth=found.depth + 1,
        remote=None,
    )


# --- workbooks


def _sheets(found: FoundFile, path: Path, folder: Path) -> Iterator[Part]:
    try:
        with zipfile.ZipFile(path) as book:
            sheets = [(name, *_extent(book, member)) for name, member in _sheet_members(book)]
    except (zipfile.BadZipFile, KeyError, ParseError) as error:
        raise PartsError(f"the workbook is damaged ({error}); download it again") from error
    with _excel() as con:
        for name, column, rows in sheets:
            if not rows:
                continue
            target = folder / "sheet.csv"
            cells = (
                f"read_xlsx({literal(path)}, sheet = {literal(name)}, range = 'A1:{column}{rows}',"
            )
            cells += " header = false, all_varchar = true, stop_at_empty = false)"
            con.execute(f"copy (from {cells}) to {literal(target)} (format csv, header false)")
            place = PurePosixPath(found.relative).parent / name / "sheet"
            yield Part(_part(found, target, name, place), is_sheet=True)


def _sheet_members(book: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    relations = {
        relation.get("Id"): relation.get("Target", "")
        for relation in _xml(book, "xl/_rels/workbook.xml.rels")
    }
    for sheet in _xml(book, "xl/workbook.xml").iter(f"{SHEET_NAMES}sheet"):
        target = relations[sheet.get(RELATION)].lstrip("/")
        yield sheet.get("name", ""), target if target.startswith("xl/") else f"xl/{target}"


def _xml(book: zipfile.ZipFile, member: str) -> Element:
    return fromstring(book.read(member))  # noqa: S314 - expat itself limits what entities expand to


def _extent(book: zipfile.ZipFile, member: str) -> tuple[str, int]:
    """The last column and row of a sheet: as it says, else by looking at every cell."""
    last_column, last_row = "A", 0
    with book.open(member) as sheet:
        rest = b""
        while chunk := sheet.read(CHUNK):
            text = rest + chunk
            said = DIMENSION.search(text) if not last_row else None
            if said and said.group(2) != b"1":
                return said.group(1).decode(), int(said.group(2))
            for column, row in CELL.findall(text):
                last_column = max(last_column, column.decode(), key=lambda c: (len(c), c))
                last_row = max(last_row, int(row))
            rest = text[-200:]
    return last_column, last_row


@contextmanager
def _excel() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory that reads xlsx: the extension comes with the environment."""
    extension = files("duckdb_extension_excel").joinpath(
        "extensions", f"v{duckdb.__version__}", "excel.duckdb_extension"
    )
    con = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    try:
        con.execute(f"load {literal(extension)}")
        yield con
    finally:
        con.close()


# --- connectors

# As Airbyte writes its files, and as its protocol wraps them.
STREAM = (
    "coalesce(json_extract_string(line, '$.stream'), json_extract_string(line, '$.record.stream'))"
)
RECORD = "coalesce(json_extract(line, '$.data'), json_extract(line, '$.record.data'))"


def _streams(found: FoundFile, path: Path, head: Head, folder: Path) -> Iterator[Part]:
    """One file of records per stream; lines that are no records (logs, states) are no part."""
    packed = f", compression = '{head.compression}'" if head.compression else ""
    con = duckdb.connect()
    con.execute(
        "create table records as select stream, cast(record as varchar) as record from ("
        f"select {STREAM} as stream, {RECORD} as record from read_csv({literal(path)},"
        " columns = {'line': 'varchar'}, auto_detect = false, header = false, delim = '\x01',"
        f" quote = '', escape = '', max_line_size = 268435456{packed})"
        " where json_valid(line)) where stream is not null and record is not null"
    )
    streams = con.execute("select distinct stream from records order by stream").fetchall()
    for (stream,) in streams:
        target = folder / "records.jsonl"
        con.execute(
            f"copy (select record from records where stream = {literal(stream)})"
            f" to {literal(target)}"
            " (format csv, header false, delimiter '\x01', quote '', escape '')"
        )
        # A connector may put the source in front: trello__boards.
        parents = [part for part in re.split("__|/", stream) if part]
        place = PurePosixPath(found.relative).parent.joinpath(*parents, "records")
        yield Part(_part(found, target, stream, place))
    con.close()


# --- whatever is no plain UTF-8 CSV


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
