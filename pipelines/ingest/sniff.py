"""What the first bytes of a file say: its kind, encoding, delimiter and possible headers.

Reads a head of at most HEAD_BYTES and decides nothing about contracts. DuckDB reads the rest.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import itertools
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# No header begins so: a tag with another one after it.
MARKUP = re.compile(r"<(\?xml|!doctype|html)\b|<[a-z][^<>]*>\s*<", re.IGNORECASE)
HEAD_BYTES = 256 * 1024
HEADER_SEARCH_ROWS = 25
SAMPLE_RECORDS = 50
# A connector logs many lines before its first record.
SAMPLE_LINES = 500
DELIMITERS = (",", "\t", ";", "|")
GZIP_MAGIC = b"\x1f\x8b"
ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06")
# What Python's reader raises at JSON that is broken, or deeper than it can go.
NO_VALUE = (ValueError, RecursionError)
TAR_MAGIC, TAR_MAGIC_AT = b"ustar", 257
NO_TABLE = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (GZIP_MAGIC, "a gzip archive inside another"),
    (b"SQLite format 3\0", "an SQLite database"),
)


@dataclass(frozen=True)
class HeaderCandidate:
    """A line that could be the header, and how many lines of the file end with it.

    Attributes:
        delimiter: what parts its cells: ",".
        cells: ("Event name", "Event count", "Total users").
        lines: how many are skipped to come to the first row, itself among them: 10.
        preamble: the lines above it: ("# Events: Event name", "# Account: Acme").
    """

    delimiter: str
    cells: tuple[str, ...]
    lines: int
    preamble: tuple[str, ...]


@dataclass(frozen=True)
class Head:
    """What a file's first bytes say.

    Attributes:
        kind: csv, json, parquet, empty (no bytes), archive, workbook, connector (records of many
            streams) or other (no table: `detail` says what).
        shape: of JSON: lines (a record a line), array ([…]), document (pages or single objects).
        keys: of JSON: the keys of the first records.
        candidates: of CSV: the lines that may be its header.
        text: the head itself, of CSV and JSON.
    """

    kind: str
    encoding: str = "utf-8"
    compression: str | None = None
    detail: str = ""
    shape: str = ""
    keys: tuple[str, ...] = ()
    candidates: tuple[HeaderCandidate, ...] = ()
    text: str = ""

    def page_keys(self, name: str) -> tuple[str, ...]:
        """The keys of the first records that a JSON document holds under a name: of a list, or of
        the one object that is all it holds.
        """
        opening = re.search(rf'"{re.escape(name)}"\s*:\s*([\[{{])', self.text)
        if opening is None:
            return ()
        if opening.group(1) == "[":
            return _keys(_elements(self.text, opening.end()))
        return _keys(_elements(self.text, opening.start(1))) if self.keys == (name,) else ()


def look(path: Path, encoding: str | None = None) -> Head:
    """The head of a file, of text in the encoding that is said to be it, else in what it shows.

    Raises:
        OSError: the file cannot be read.
        LookupError: there is no such encoding.
    """
    with path.open("rb") as file:
        raw = file.read(HEAD_BYTES)
    if not raw:
        return Head("empty")
    compression = "gzip" if raw.startswith(GZIP_MAGIC) else None
    if compression:
        raw = _expand(raw)
    if raw.startswith(ZIP_MAGICS):
        return _look_into_zip(path)
    return _look_at_bytes(raw, compression, encoding)


def _look_at_bytes(raw: bytes, compression: str | None, wanted: str | None) -> Head:
    if raw[TAR_MAGIC_AT:].startswith(TAR_MAGIC):
        return Head("archive")
    if raw.startswith(b"PAR1"):
        return Head("parquet")
    shown = _encoding(raw)
    detail = next((what for magic, what in NO_TABLE if raw.startswith(magic)), None)
    if shown is None or detail:
        return Head("other", compression=compression, detail=detail or "binary data")
    encoding = wanted if wanted and shown == "utf-8" else shown
    text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(raw)
    return _look_at_text(text.removeprefix("\ufeff"), encoding, compression)


def _look_into_zip(path: Path) -> Head:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError):
        return Head("other", detail="a damaged archive")
    if "xl/workbook.xml" in names:
        return Head("workbook")
    if "[Content_Types].xml" in names:
        return Head("other", detail="an Office document without a sheet")
    return Head("archive")


def _expand(raw: bytes) -> bytes:
    """As much of a gzip head as can be expanded; a truncated member gives what it has."""
    try:
        return gzip.GzipFile(fileobj=io.BytesIO(raw)).read1(HEAD_BYTES) or b" "
    except (OSError, EOFError, zlib.error):
        return b"\x00"


def _encoding(raw: bytes) -> str | None:
    """utf-8 (also for text that is no valid UTF-8), utf-16, utf-32, or None for binary data."""
    if raw.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    control = sum(raw.count(code) for code in (*range(9), 11, *range(14, 27), *range(28, 32)))
    return "utf-8" if control <= len(raw) / 20 else None


def _look_at_text(text: str, encoding: str, compression: str | None) -> Head:
    stripped = text.lstrip()
    if stripped.startswith(("{", "[")):
        shape, records = _json_records(stripped)
        if shape == "lines" and any(map(_is_wrapped, records)):
            return Head("connector", encoding, compression)
        if records:
            return Head(
                "json", encoding, compression, shape=shape, keys=_keys(records), text=stripped
            )
    if MARKUP.match(stripped):
        return Head("other", encoding, compression, detail="an XML or HTML document")
    candidates = tuple(_candidates(text))
    return Head("csv", encoding, compression, candidates=candidates, text=text)


def _json_records(text: str) -> tuple[str, list[dict[str, Any]]]:
    if text.startswith("["):
        return "array", _elements(text, 1) or _shown_keys(text)
    lines = text.split("\n")[:SAMPLE_LINES]
    if _decode(lines[0]) is not None:
        return "lines", [record for line in lines if (record := _decode(line)) is not None]
    whole = _decode_prefix(text)
    return "document", [whole] if whole else _shown_keys(text)


def _shown_keys(text: str) -> list[dict[str, Any]]:
    """A record that is longer than the head: its keys are those that the head shows."""
    keys = dict.fromkeys(re.findall(r'"([^"\\]+)"\s*:', text))
    return [keys] if keys else []


def _keys(records: list[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for record in records for key in record))


def _is_wrapped(record: dict[str, Any]) -> bool:
    """Whether a connector wrapped it, with the name of its stream."""
    inner = record.get("record") if record.get("type") == "RECORD" else record
    return (
        isinstance(inner, dict)
        and isinstance(inner.get("stream"), str)
        and isinstance(inner.get("data"), dict)
    )


def _decode(line: str) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
    except NO_VALUE:
        return None
    return value if isinstance(value, dict) else None


def _decode_prefix(text: str) -> dict[str, Any] | None:
    try:
        value, _ = json.JSONDecoder().raw_decode(text)
    except NO_VALUE:
        return None
    return value if isinstance(value, dict) else None


def _elements(text: str, start: int) -> list[dict[str, Any]]:
    """The first objects of a JSON array whose elements begin at `start`."""
    decoder = json.JSONDecoder()
    found: list[dict[str, Any]] = []
    while len(found) < SAMPLE_RECORDS:
        start += len(text[start:]) - len(text[start:].lstrip(" \t\r\n,"))
        try:
            value, start = decoder.raw_decode(text, start)
        except NO_VALUE:
            break
        if isinstance(value, dict):
            found.append(value)
    return found


def _candidates(text: str) -> Iterator[HeaderCandidate]:
    """Every line near the top, split by every delimiter that splits anything."""
    # Not splitlines: to that other characters, such as U+0085, end a line as well.
    lines = list(itertools.islice(io.StringIO(text, newline=""), 4 * HEADER_SEARCH_ROWS))
    for delimiter in DELIMITERS:
        reader = csv.reader(lines, delimiter=delimiter)
        start = 0
        try:
            for cells in reader:
                if len([cell for cell in cells if cell.strip()]) > 1 or delimiter == ",":
                    preamble = tuple(line.rstrip("\r\n") for line in lines[:start])
                    yield HeaderCandidate(delimiter, tuple(cells), reader.line_num, preamble)
                start = reader.line_num
                if start >= HEADER_SEARCH_ROWS:
                    break
        except csv.Error:
            continue
