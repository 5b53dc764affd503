"""The sheets of a workbook, by DuckDB's read_xlsx: every cell as it is stored, without its format.

What the format alone tells is added: the day that dates are counted from, and which numbers are
times. Hidden sheets are listed and not read: nobody who looks at the workbook sees them.
"""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from importlib.resources import files
from pathlib import Path, PurePosixPath
from xml.etree.ElementTree import Element, ParseError, fromstring

import duckdb

from pipelines.ingest.parts.archive import DAMAGE
from pipelines.ingest.parts.part import Part, PartsError, part, refused
from pipelines.ingest.parts.text import CHUNK
from pipelines.ingest.places import FoundFile
from pipelines.sql import literal

MAX_EXPANDED_BYTES = 2 * 1024**3
MAX_CELLS = 200_000_000
# Of what is read at once: the list of sheets, the styles.
MAX_XML_BYTES = 64 * 1024**2
EPOCH, EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
CELL = re.compile(rb'<(?:\w+:)?c (?=[^>]*?\br="([A-Z]+)([0-9]+)")([^>]*[^/])>')
CELL_STYLE = re.compile(rb'\bs="([0-9]+)"')
TEXT_CELL = re.compile(rb'\bt="(?:s|str|inlineStr|b|e)"')
# Formats that come with every workbook: times of day and durations.
TIMES = frozenset({18, 19, 20, 21, 45, 46, 47})
# What is no placeholder of a format: text, colours and currencies, but for [h], [m] and [s].
LITERAL = re.compile(r'"[^"]*"|\\.|_.|\[(?!(?:h+|m+|s+)\])[^\]]*\]', re.IGNORECASE)


@dataclass
class _Sheet:
    """What is in a sheet: its last column and row, and which of its cells are times."""

    last_column: str = "A"
    last_row: int = 0
    times: dict[int, list[int]] = field(default_factory=dict)


def sheets(found: FoundFile, path: Path, folder: Path) -> Iterator[Part]:
    """Every sheet with anything in it as a CSV, one at a time, in `folder`.

    Raises:
        PartsError: too large, or damaged as a whole.
    """
    try:
        with zipfile.ZipFile(path) as book, _excel() as con:
            if sum(info.file_size for info in book.infolist()) > MAX_EXPANDED_BYTES:
                raise PartsError(
                    f"it expands to more than {MAX_EXPANDED_BYTES // 1024**3} GiB; export it as CSV"
                )
            workbook, times = _xml(book, "xl/workbook.xml"), _time_styles(book)
            is_1904 = any(
                setting.get("date1904") in ("1", "true")
                for setting in workbook.findall(".//{*}workbookPr")
            )
            # All are looked at before the first is read: damage is the whole workbook's.
            looked = [
                (name, is_hidden, _look(book, member, times))
                for name, member, is_hidden in _members(book, workbook)
            ]
            for name, is_hidden, sheet in looked:
                if not sheet.last_row:
                    continue
                if is_hidden:
                    yield refused(
                        found,
                        name,
                        "it is a hidden sheet. Show it if it is to be read",
                        is_fault=False,
                    )
                    continue
                target = folder / "sheet.csv"
                if error := _copy(con, path, name, sheet, target):
                    yield refused(found, name, error)
                    continue
                if sheet.times:
                    _write_times(target, sheet.times)
                place = PurePosixPath(found.relative).parent / name / "sheet"
                epoch = EPOCH_1904 if is_1904 else EPOCH
                yield replace(part(found, target, name, place), epoch=epoch)
    except (*DAMAGE, KeyError, StopIteration, ParseError) as error:
        said = " ".join(str(error).split()) or type(error).__name__
        raise PartsError(f"the workbook is damaged ({said}); download it again") from error


def _members(book: zipfile.ZipFile, workbook: Element) -> Iterator[tuple[str, str, bool]]:
    """Of each sheet of cells the name, the member and whether it is hidden; a chart is none."""
    relations = {
        relation.get("Id"): relation for relation in _xml(book, "xl/_rels/workbook.xml.rels")
    }
    for sheet in workbook.findall(".//{*}sheet"):
        identifier = next(value for key, value in sheet.attrib.items() if key.endswith("}id"))
        relation = relations[identifier]
        if not relation.get("Type", "").endswith("/worksheet"):
            continue
        target = relation.get("Target", "").lstrip("/")
        member = target if target.startswith("xl/") else f"xl/{target}"
        yield sheet.get("name", ""), member, sheet.get("state", "visible") != "visible"


def _xml(book: zipfile.ZipFile, member: str) -> Element:
    if book.getinfo(member).file_size > MAX_XML_BYTES:
        raise PartsError(f"its {member} is larger than any that a program writes")
    return fromstring(book.read(member))  # noqa: S314 - expat itself limits what entities expand to


def _time_styles(book: zipfile.ZipFile) -> frozenset[int]:
    """The cell styles that show a number of days as a time of day or a duration, and no date."""
    if "xl/styles.xml" not in book.namelist():
        return frozenset()
    styles = _xml(book, "xl/styles.xml")
    times = TIMES | {
        int(number.get("numFmtId", "0"))
        for number in styles.findall("./{*}numFmts/{*}numFmt")
        if _is_time(number.get("formatCode", ""))
    }
    return frozenset(
        place
        for place, style in enumerate(styles.findall("./{*}cellXfs/{*}xf"))
        if int(style.get("numFmtId", "0")) in times
    )


def _is_time(code: str) -> bool:
    bare = LITERAL.sub("", code).lower()
    return bool(re.search("[hs]", bare)) and not re.search("[yd]", bare)


def _look(book: zipfile.ZipFile, member: str, times: frozenset[int]) -> _Sheet:
    """Look at every cell: what a sheet says of its own size may be out of date."""
    sheet = _Sheet()
    with book.open(member) as source:
        rest = b""
        while chunk := source.read(CHUNK):
            text = rest + chunk
            end = text.rfind(b">") + 1
            for column, row, attributes in CELL.findall(text, 0, end):
                sheet.last_column = max(
                    sheet.last_column, column.decode(), key=lambda c: (len(c), c)
                )
                sheet.last_row = max(sheet.last_row, int(row))
                if times and _style(attributes) in times:
                    sheet.times.setdefault(int(row), []).append(_number(column.decode()))
            rest = text[end:]
    return sheet


def _style(attributes: bytes) -> int | None:
    """The style of a cell that holds a number."""
    found = CELL_STYLE.search(attributes)
    return int(found.group(1)) if found and not TEXT_CELL.search(attributes) else None


def _number(column: str) -> int:
    """Of a column such as AB its number, from 0."""
    number = 0
    for letter in column:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _copy(
    con: duckdb.DuckDBPyConnection, path: Path, name: str, sheet: _Sheet, target: Path
) -> str | None:
    """Write a sheet as CSV; why that cannot be, and what to do."""
    if (_number(sheet.last_column) + 1) * sheet.last_row > MAX_CELLS:
        return f"it reaches to {sheet.last_column}{sheet.last_row}, which is too much. Export a CSV"
    try:
        (copied,) = con.execute(
            f"copy (from read_xlsx({literal(path)}, sheet = {literal(name)},"
            f" range = 'A1:{sheet.last_column}{sheet.last_row}', header = false,"
            " all_varchar = true, stop_at_empty = false))"
            f" to {literal(target)} (format csv, header false)"
        ).fetchall()[0]
    except duckdb.Error as error:
        return f"it cannot be read ({str(error).splitlines()[0]}). Save it again, or export a CSV"
    if copied != sheet.last_row:
        return f"{copied} of its {sheet.last_row} rows came. Save it again, or export a CSV"
    return None


def _write_times(path: Path, times: dict[int, list[int]]) -> None:
    """Write the times of a sheet as people read them, H:MM:SS, for days are no unit of a report."""
    rewritten = path.with_suffix(".times")
    with (
        path.open(encoding="utf-8", newline="") as source,
        rewritten.open("w", encoding="utf-8", newline="") as target,
    ):
        csv.writer(target, lineterminator="\n").writerows(_with_times(csv.reader(source), times))
    rewritten.replace(path)


def _with_times(rows: Iterable[list[str]], times: dict[int, list[int]]) -> Iterator[list[str]]:
    for number, cells in enumerate(rows, start=1):
        for place in times.get(number, ()):
            if cells[place]:
                minutes, seconds = divmod(round(float(cells[place]) * 86_400), 60)
                hours, minutes = divmod(minutes, 60)
                cells[place] = f"{hours}:{minutes:02}:{seconds:02}"
        yield cells


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
