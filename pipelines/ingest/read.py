"""One recognised file into its raw table, by DuckDB's own readers.

Every function works inside the caller's transaction and returns how many rows it moved. What a
reader refuses goes to ops.rejected_rows with the text of the line.
"""

from __future__ import annotations

import bisect
import gzip
import itertools
import mmap
import shutil
import tempfile
from collections.abc import Container, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, cast

import duckdb

from pipelines.ingest.contract import Contract, normalise
from pipelines.ingest.recognise import Match
from pipelines.ingest.sniff import Head

# Looking for keys that no contract knows costs a pass; above this size the first rows must do.
ALL_KEYS_BYTES = 16 * 1024 * 1024
SAMPLED_KEY_ROWS = 20_480
CHUNK = 1 << 20

REASONS = {
    "MISSING COLUMNS": ("too few fields", "has fewer fields than the header"),
    "TOO MANY COLUMNS": ("too many fields", "has more fields than the header"),
    "UNQUOTED VALUE": ("open quote", "opens a quote that is never closed: the file may be cut off"),
    "INVALID ENCODING": ("not UTF-8", "is not UTF-8"),
    "LINE SIZE OVER MAXIMUM": ("line too long", "is longer than a line can be"),
}
ADVICE = {
    "not UTF-8": "export again as UTF-8",
    "NUL byte": "the file is damaged; export again",
    "no JSON": "the line is cut off or damaged; export again",
}
DEFAULT_ADVICE = "correct the line in the source and export again"


@dataclass(frozen=True)
class FileToRead:
    """A recognised file, and the columns that go with each of its rows.

    Attributes:
        path: the file itself, or a copy in UTF-8 of one that is UTF-16.
    """

    path: Path
    head: Head
    match: Match
    file_id: int
    loaded_at: datetime

    @property
    def contract(self) -> Contract:
        """The contract that it fits."""
        return self.match.contract


@dataclass(frozen=True)
class RowCounts:
    """Rows of one file: read = loaded + rejected + skipped."""

    loaded: int
    rejected: int
    skipped: int

    @property
    def read(self) -> int:
        """All of them."""
        return self.loaded + self.rejected + self.skipped


def read_file(con: duckdb.DuckDBPyConnection, file: FileToRead, *, line_by_line: bool) -> RowCounts:
    """Append a file to its raw table.

    Args:
        con: the build file, in a transaction.
        file: what to read.
        line_by_line: quarantine the lines of a JSON file that are broken. It is slower, so it is
            asked for once reading the file as a whole has failed.

    Raises:
        duckdb.Error: the file as a whole cannot be read; nothing of it may be kept.
    """
    if file.head.kind == "csv":
        return _read_csv(con, file)
    if file.head.kind == "parquet":
        return RowCounts(_insert_parquet(con, file), 0, 0)
    if file.head.shape == "lines" and line_by_line:
        return _read_damaged_lines(con, file)
    if file.head.shape == "lines":
        return RowCounts(_insert_json_lines(con, file), 0, 0)
    return RowCounts(_insert_records(con, file, _documents(file)), 0, 0)


@contextmanager
def as_utf8(path: Path, head: Head) -> Iterator[Path]:
    """The file, or a copy in UTF-8 for as long as it is needed.

    DuckDB's own UTF-16 stops at a character beyond the first 65,536, such as an emoji in the name
    of an ad.

    Raises:
        UnicodeDecodeError: the file is no whole UTF-16 text.
    """
    if head.encoding != "utf-16":
        yield path
        return
    with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8", newline="") as copy:
        with path.open(encoding="utf-16", newline="") as source:
            shutil.copyfileobj(source, copy, CHUNK)
        copy.flush()
        yield Path(copy.name)


def parquet_columns(con: duckdb.DuckDBPyConnection, path: Path) -> tuple[str, ...]:
    """The top-level columns of a Parquet file."""
    rows = con.execute(f"describe select * from read_parquet({literal(path)})").fetchall()
    return tuple(row[0] for row in rows)


def literal(value: object) -> str:
    """A SQL text literal."""
    return "'" + str(value).replace("'", "''") + "'"


# --- CSV


def _read_csv(con: duckdb.DuckDBPyConnection, file: FileToRead) -> RowCounts:
    con.execute("drop table if exists csv_rejects; drop table if exists csv_scans")
    source = _csv_relation(file, len(file.match.columns))
    width = len(file.match.columns)
    damaged = not file.head.compression and _contains(file, b"\x00")
    where = f"where ({_any_cell_has_nul(width)}) is not true" if damaged else ""
    cells = [(label or f"column {i + 1}", f"c{i}") for i, label in enumerate(file.match.columns)]
    loaded = _insert(con, file, cells, f"from {source} {where}")
    rejected = _keep_rejects(con, file)
    if damaged:
        rejected += _keep_nul_rows(con, file, width)
    skipped = _drop_totals(con, file)
    return RowCounts(loaded - skipped, rejected, skipped)


def _csv_relation(file: FileToRead, columns: int, rejects: bool = True) -> str:
    header = file.match.header
    assert header is not None  # noqa: S101 - a CSV was recognised by its header
    types = ", ".join(f"'c{i}': 'varchar'" for i in range(columns))
    store = (
        ", store_rejects = true, rejects_table = 'csv_rejects', rejects_scan = 'csv_scans',"
        " rejects_limit = 0"
        if rejects
        else ", ignore_errors = true"
    )
    return (
        f"read_csv({literal(file.path)}, columns = {{{types}}}, auto_detect = false,"
        f" header = false, skip = {header.lines}, delim = {literal(header.delimiter)},"
        f" quote = '\"', escape = '\"', encoding = 'utf-8'{_compression(file)}{store})"
    )


def _any_cell_has_nul(columns: int) -> str:
    return " or ".join(f"contains(c{i}, chr(0))" for i in range(columns))


def _contains(file: FileToRead, text: bytes) -> bool:
    """Whether the bytes occur in the file; a compressed one may hold anything."""
    if file.head.compression:
        return True
    with file.path.open("rb") as raw, mmap.mmap(raw.fileno(), 0, access=mmap.ACCESS_READ) as view:
        return view.rfind(text) >= 0


def _keep_nul_rows(con: duckdb.DuckDBPyConnection, file: FileToRead, columns: int) -> int:
    header = file.match.header
    assert header is not None  # noqa: S101
    cells = ", ".join(f"c{i}" for i in range(columns))
    message = _reject_message("line ' || line || '", "holds a NUL byte", "NUL byte")
    return _count(
        con.execute(
            "insert into ops.rejected_rows"
            f" select {file.file_id}, '{file.contract.source}', '{file.contract.stream}', line,"
            f" replace(row_text, chr(0), '\\0'), 'NUL byte', '{message}', ?"
            f" from (select {header.lines} + row_number() over () as line,"
            f" concat_ws({literal(header.delimiter)}, {cells}) as row_text,"
            f" {_any_cell_has_nul(columns)} as damaged"
            f" from {_csv_relation(file, columns, rejects=False)}) where damaged",
            [file.loaded_at],
        )
    )


def _keep_rejects(con: duckdb.DuckDBPyConnection, file: FileToRead) -> int:
    """Move what read_csv refused to the quarantine: one row a record, with its line in the file."""
    rejects = con.execute(
        "select line, min(line_byte_position), arg_min(upper(error_type), column_idx),"
        " any_value(csv_line), arg_min(error_message, column_idx)"
        " from csv_rejects group by line order by line"
    ).fetchall()
    if not rejects:
        return 0
    lines = _physical_lines(file, [row[1] for row in rejects])
    for line, (_, _, kind, text, detail) in zip(lines, rejects, strict=True):
        reason, what = REASONS.get(kind, (kind.lower(), detail.split("\n")[0]))
        if reason.startswith("too "):
            what = (
                f"{what} ({detail.rstrip('.').replace('Expected Number of Columns', 'expected')})"
            )
        con.execute(
            "insert into ops.rejected_rows values (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                file.file_id,
                file.contract.source,
                file.contract.stream,
                line,
                text,
                reason,
                _reject_message(f"line {line}", what, reason),
                file.loaded_at,
            ],
        )
    return len(rejects)


def _reject_message(where: str, what: str, reason: str) -> str:
    return f"{where} {what}; {ADVICE.get(reason, DEFAULT_ADVICE)}"


def _physical_lines(file: FileToRead, positions: Sequence[int]) -> list[int]:
    """The line numbers, from 1, at which these byte positions lie, in ascending order.

    DuckDB counts records; an editor counts lines, and a quoted cell can span several.
    """
    breaks, offset, seen = sorted(positions), 0, 0
    lines: list[int] = []
    with _open(file) as raw:
        while len(lines) < len(breaks) and (chunk := raw.read(CHUNK)):
            here = bisect.bisect_left(breaks, offset + len(chunk))
            for position in breaks[len(lines) : here]:
                lines.append(seen + chunk.count(b"\n", 0, position - offset) + 1)
            seen += chunk.count(b"\n")
            offset += len(chunk)
    return lines + [seen + 1] * (len(breaks) - len(lines))


def _open(file: FileToRead) -> IO[bytes]:
    if file.head.compression:
        return cast(IO[bytes], gzip.open(file.path, "rb"))
    return file.path.open("rb")


def _drop_totals(con: duckdb.DuckDBPyConnection, file: FileToRead) -> int:
    """Totals are the vendor's sums of rows that are there: counted, not kept.

    The label stands in the first column, or in the second where the first is a segment; looked for
    in the columns of text that the file has, since no number or date begins like it.
    """
    labels = file.contract.skip_rows.cell_starts
    if not any(_contains(file, label.encode()) for label in labels):
        return 0
    present = {file.contract.names_by_header.get(normalise(c)) for c in file.match.columns}
    cells = " or ".join(
        f"starts_with({_quoted(field.name)}, {literal(label)})"
        for label in labels
        for field in file.contract.fields
        if field.name in present and field.logical_type == "string"
    )
    return _count(
        con.execute(
            f"delete from {file.contract.table} where _file_id = {file.file_id} and ({cells})"
        )
    )


# --- JSON and Parquet


def _insert_json_lines(con: duckdb.DuckDBPyConnection, file: FileToRead) -> int:
    found = _json_columns(con, file)
    # A key that first occurs far down is read all the same, if the contract knows it.
    names = {file.contract.names_by_header.get(normalise(column)) for column in found}
    columns = [*found, *(f.name for f in file.contract.fields if f.name not in names)]
    types = ", ".join(f"{literal(name)}: 'varchar'" for name in columns)
    source = (
        f"from read_json({literal(file.path)}, format = 'newline_delimited',"
        f" columns = {{{types}}}{_json_options(file)})"
    )
    return _insert(con, file, [(name, _quoted(name)) for name in columns], source)


def _json_columns(con: duckdb.DuckDBPyConnection, file: FileToRead) -> list[str]:
    sample = -1 if file.path.stat().st_size <= ALL_KEYS_BYTES else SAMPLED_KEY_ROWS
    rows = con.execute(
        f"describe select * from read_json({literal(file.path)}, format = 'newline_delimited',"
        f" maximum_depth = 1, map_inference_threshold = -1,"
        f" sample_size = {sample}{_json_options(file)})"
    ).fetchall()
    return [row[0] for row in rows]


def _compression(file: FileToRead) -> str:
    """The option of DuckDB's readers that says how the file is packed; none where it is not."""
    return f", compression = '{file.head.compression}'" if file.head.compression else ""


def _json_options(file: FileToRead) -> str:
    return f"{_compression(file)}, maximum_object_size = {256 * 1024 * 1024}"


def _read_damaged_lines(con: duckdb.DuckDBPyConnection, file: FileToRead) -> RowCounts:
    """Quarantine the lines that are no JSON objects and load the others.

    Raises:
        EOFError: a compressed file is cut off: then nobody knows how many lines are missing.
    """
    with _open(file) as whole:
        while whole.read(CHUNK):
            pass
    con.execute(
        "create or replace temp table json_lines as"
        " select row_number() over () as line, record,"
        " case when json_valid(record) then json_type(record) = 'OBJECT' end as is_record"
        f" from read_csv({literal(file.path)}, columns = {{'record': 'varchar'}},"
        " auto_detect = false, header = false, delim = chr(1), quote = '', escape = '',"
        f" max_line_size = {256 * 1024 * 1024}{_compression(file)})".replace("chr(1)", "'\x01'")
    )
    loaded = _insert_records(
        con, file, "select cast(record as json) as record from json_lines where is_record"
    )
    message = _reject_message("line ' || line || '", "is no JSON object", "no JSON")
    rejected = _count(
        con.execute(
            "insert into ops.rejected_rows"
            f" select {file.file_id}, '{file.contract.source}', '{file.contract.stream}', line,"
            f" record, 'no JSON', '{message}', ? from json_lines"
            " where is_record is not true and trim(record) <> ''",
            [file.loaded_at],
        )
    )
    con.execute("drop table json_lines")
    return RowCounts(loaded, rejected, 0)


def _documents(file: FileToRead) -> str:
    """A relation of the records in a JSON array, in {"data": […]} pages or in single objects."""
    layout = "array" if file.head.shape == "array" else "unstructured"
    objects = f"read_json_objects({literal(file.path)}, format = '{layout}'{_json_options(file)})"
    if layout == "array":
        return f"select json as record from {objects}"
    return (
        "select unnest(case when json_type(json, '$.data') = 'ARRAY'"
        " then cast(json -> '$.data' as json[]) else [json] end) as record"
        f" from {objects}"
    )


def _insert_records(con: duckdb.DuckDBPyConnection, file: FileToRead, records: str) -> int:
    """Insert a relation of JSON objects; each is taken apart once."""
    con.execute(f"create or replace temp table json_records as {records}")
    keys = [
        row[0]
        for row in con.execute(
            "select distinct unnest(json_keys(record)) as key from json_records order by key"
        ).fetchall()
    ]
    cells = [(key, f"record ->> {literal(_json_path(key))}") for key in keys]
    count = _insert(con, file, cells, "from json_records")
    con.execute("drop table json_records")
    return count


def _json_path(key: str) -> str:
    escaped = key.replace('"', '\\"')
    return f'$."{escaped}"'


def _insert_parquet(con: duckdb.DuckDBPyConnection, file: FileToRead) -> int:
    """Scalars as text; structs and lists as JSON text, as in the JSON export of the same table."""
    types = con.execute(f"describe select * from read_parquet({literal(file.path)})").fetchall()
    cells = [
        (
            name,
            f"cast(to_json({_quoted(name)}) as varchar)"
            if kind.endswith("[]") or kind.startswith(("STRUCT", "MAP"))
            else f"cast({_quoted(name)} as varchar)",
        )
        for name, kind, *_ in types
    ]
    return _insert(con, file, cells, f"from read_parquet({literal(file.path)})")


# --- shared


def _insert(
    con: duckdb.DuckDBPyConnection,
    file: FileToRead,
    cells: Sequence[tuple[str, str]],
    source: str,
) -> int:
    """Append rows; `cells` pairs each column of the file with the expression that reads it.

    A column that the contract does not know, or that comes a second time, goes to `_extra`.
    """
    columns: dict[str, str] = {}
    extra: dict[str, str] = {}
    for label, expression in cells:
        name = file.contract.names_by_header.get(normalise(label))
        if name and name not in columns:
            columns[name] = expression
        else:
            extra[_numbered(label.strip(), extra)] = expression
    pairs = ", ".join(f"{literal(label)}, {value}" for label, value in extra.items())
    values = [*columns.values(), f"cast(json_object({pairs}) as varchar)" if pairs else "null"]
    return _count(
        con.execute(
            f"insert into {file.contract.table}"
            f" ({', '.join([*map(_quoted, columns), '_extra'])}, _file_id, _row_number, _loaded_at)"
            f" select {', '.join(values)}, {file.file_id}, row_number() over (), ? {source}",
            [file.loaded_at],
        )
    )


def _numbered(label: str, taken: Container[str]) -> str:
    """`label`, or `label (2)` and so on where it is taken."""
    candidates = itertools.chain([label], (f"{label} ({n})" for n in itertools.count(2)))
    return next(candidate for candidate in candidates if candidate not in taken)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _count(result: duckdb.DuckDBPyConnection) -> int:
    row = result.fetchone()
    return int(row[0]) if row else 0
