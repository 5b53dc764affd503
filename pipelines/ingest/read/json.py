"""JSON lines, arrays, pages and single objects, by DuckDB's JSON readers.

Lines that all have the same keys are read in one pass. Of others every key that occurs is looked
for first, so that none is lost wherever it first comes. What came is held against what the file
has: its lines, which are counted beside the reading, or its elements.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import IO

import duckdb

from pipelines.ingest.lines import Lines, fault_of
from pipelines.ingest.read.file import FileToRead, Landed, Outcome, UnevenError, UnreadableError
from pipelines.ingest.read.land import insert, require_all
from pipelines.ingest.read.nesting import MAX_NESTING, is_too_deep
from pipelines.ingest.read.quarantine import Quarantine
from pipelines.ingest.read.scan import Scan, scan
from pipelines.sql import literal, quoted

# DuckDB's own limit of a record; a document, which is read as a whole, may be larger.
RECORD_BYTES = 16_000_000
DOCUMENT_BYTES = 256 * 1024**2
ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
NO_OBJECT = ("no JSON", "is no JSON object")


def read_json_alike(con: duckdb.DuckDBPyConnection, file: FileToRead) -> Outcome:
    """A record a line, each with the keys of the first ones in their order.

    Raises:
        duckdb.Error, UnevenError: some line is none, or has other keys.
    """
    keys = ", ".join(map(literal, file.head.keys))
    alike = f"case when map_keys(record) = [{keys}] then map_values(record) else error('') end"
    cells = [(key, f"cells[{place}]") for place, key in enumerate(file.head.keys, start=1)]
    with ThreadPoolExecutor(max_workers=1) as beside:
        seen = beside.submit(scan, file)
        landed = insert(con, file, cells, f"from (select {alike} as cells {_as_maps(file)})")
    return _all_of(file, seen.result(), landed)


def read_json_lines(con: duckdb.DuckDBPyConnection, file: FileToRead) -> Outcome:
    """A record a line.

    It takes no keys that differ by their case alone, and none that one record has twice.

    Raises:
        duckdb.Error, UnevenError: some line is none.
    """
    with ThreadPoolExecutor(max_workers=1) as beside:
        seen = beside.submit(scan, file)
        keys = _distinct(con, f"(select map_keys(record) as keys {_as_maps(file)})")
        named = [key for key in keys if key is not None]
        if len(named) < len(keys):
            raise UnevenError("a record is empty or no object")
        cells = [(key, quoted(key)) for key in named]
        landed = insert(con, file, cells, _lines(file, dict.fromkeys(named, "varchar")))
    return _all_of(file, seen.result(), landed)


def _as_maps(file: FileToRead) -> str:
    """The clause that reads lines as maps of their keys, each of which a line has once."""
    return _lines(file, {"record": "map(varchar, varchar)"}, ", records = false")


def _lines(file: FileToRead, columns: Mapping[str, str], options: str = "") -> str:
    """The clause that reads lines, taken apart as they are read."""
    types = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in columns.items())
    return (
        f"from read_json({literal(file.path)}, format = 'newline_delimited',"
        f" columns = {{{types}}}{options}{file.compression}, maximum_object_size = {RECORD_BYTES})"
    )


def _all_of(file: FileToRead, seen: Scan, landed: Landed) -> Outcome:
    """Hold what landed against the lines that there are, none of which may be too deep.

    Reading a line as a map or as columns bears any depth; to look into such a cell later does not.
    """
    if seen.has_long_lines and is_too_deep(file):
        raise UnevenError("a record is nested too deep")
    if landed.rows != seen.lines:
        raise UnevenError(f"{landed.rows} records came of {seen.lines} lines")
    return Outcome(landed, skipped=seen.blank_end)


def read_json_by_line(con: duckdb.DuckDBPyConnection, file: FileToRead) -> Outcome:
    """Quarantine the lines that are no JSON objects and land the others."""
    with (
        tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8", newline="") as good,
        Quarantine(con, file) as refused,
    ):
        written, skipped = _sort(file, good, refused)
        good.flush()
        records = (
            "(select json as record"
            f" from read_json_objects({literal(good.name)}, format = 'newline_delimited'))"
        )
        landed = _insert_records(con, file, records, _keys(con, records))
        require_all(written, landed)
    return Outcome(landed, refused.count, skipped)


def _sort(file: FileToRead, good: IO[str], refused: Quarantine) -> tuple[int, int]:
    """Write the good lines; how many they are, and how many hold nothing."""
    written = skipped = 0
    with file.open() as raw:
        lines = Lines(raw, RECORD_BYTES)
        for line in lines:
            text = line.strip()
            if text in ("", "null"):
                skipped += 1
            elif fault := fault_of(lines.taken, RECORD_BYTES) or _fault(text):
                refused.add(lines.number, line, *fault)
            else:
                good.write(text + "\n")
                written += 1
            lines.begin()
    return written, skipped


def _fault(text: str) -> tuple[str, str] | None:
    try:
        value = json.loads(text)
        if ESCAPED_SURROGATE.search(text):
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        return "no JSON", "is nested too deep"
    except ValueError:
        return NO_OBJECT
    return None if isinstance(value, dict) else NO_OBJECT


def read_documents(con: duckdb.DuckDBPyConnection, file: FileToRead) -> Outcome:
    """A JSON array, pages or single objects.

    An element that is null, as vendors write it where a record was deleted, is skipped; any other
    that is no object is quarantined, and so is a page without records.

    Raises:
        UnreadableError: it is nested too deep.
    """
    if is_too_deep(file):
        raise UnreadableError(
            f"it is nested more than {MAX_NESTING:,} deep, which no export is. Download it again"
        )
    objects = _objects(file, "array" if file.head.shape == "array" else "unstructured")
    elements = f"(select {_records(file.match.records)} as record from {objects})"
    kinds = dict(
        con.execute(
            f"select coalesce(json_type(record), 'NULL'), count(*) from {elements} group by all"
        ).fetchall()
    )
    expected, nulls = kinds.pop("OBJECT", 0), kinds.pop("NULL", 0)
    records = f"(from {elements} where json_type(record) = 'OBJECT')"
    landed = _insert_records(con, file, records, _keys(con, records))
    require_all(expected, landed)
    with Quarantine(con, file, "record") as refused:
        if kinds:
            for number, text in con.execute(
                "select number, record from"
                f" (select row_number() over () as number, record from {elements})"
                " where json_type(record) not in ('OBJECT', 'NULL')"
            ).fetchall():
                refused.add(number, text, *NO_OBJECT)
    return Outcome(landed, refused.count, nulls)


def _objects(file: FileToRead, layout: str) -> str:
    limit = RECORD_BYTES
    if layout == "unstructured":
        limit = max(limit, min(DOCUMENT_BYTES, file.path.stat().st_size))
    return (
        f"read_json_objects({literal(file.path)}, format = '{layout}'{file.compression},"
        f" maximum_object_size = {limit})"
    )


def _records(key: str | None) -> str:
    """The records of a document: itself, or what it holds under a key or at a path."""
    if key is None:
        return "json"
    if key.startswith("$"):
        return f"unnest(json_extract(json, {literal(key + '[*]')}))"
    path, elements = literal(f'$."{key}"'), literal(f'$."{key}"[*]')
    return (
        f"unnest(case when json_type(json, {path}) = 'ARRAY' then json_extract(json, {elements})"
        f" when json_type(json, {path}) in ('OBJECT', 'NULL') then [json_extract(json, {path})]"
        # A page without records, such as one of errors, becomes what no record is.
        " else [json_array(json)] end)"
    )


def _keys(con: duckdb.DuckDBPyConnection, records: str) -> list[str | None]:
    """Every key of a relation's JSON in `record`, in order; None for what has none."""
    return _distinct(con, f"(select json_keys(record) as keys from {records})")


def _distinct(con: duckdb.DuckDBPyConnection, lists: str) -> list[str | None]:
    """Every key of a relation's lists `keys`, in order; None for what has none."""
    return [
        row[0]
        for row in con.execute(
            "select distinct unnest(case when len(keys) > 0 then keys else [null] end) as key"
            f" from {lists} order by key"
        ).fetchall()
    ]


def _insert_records(
    con: duckdb.DuckDBPyConnection, file: FileToRead, records: str, keys: Sequence[str | None]
) -> Landed:
    """Land a relation whose `record` is a JSON object with these keys."""
    named = [key for key in keys if key is not None]
    cells = [(key, f"cells[{place}]") for place, key in enumerate(named, start=1)]
    places = ", ".join(literal(_pointer(key)) for key in named)
    source = f"(select json_extract_string(record, [{places}]) as cells from {records})"
    return insert(con, file, cells, f"from {source if named else records}")


def _pointer(key: str) -> str:
    """A JSON Pointer: of DuckDB's two ways to name a key, the one that can name any."""
    return "/" + key.replace("~", "~0").replace("/", "~1")
