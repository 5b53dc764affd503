"""One recognised file into its raw table, by DuckDB's own readers.

Every function works inside the caller's transaction and returns how many rows it moved. What a
reader refuses goes to ops.rejected_rows with the text of the line.
"""

from __future__ import annotations

import bisect
import gzip
import itertools
import mmap
import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import IO, cast

import duckdb

from pipelines.ingest.contract import Contract
from pipelines.ingest.layouts import flatten
from pipelines.ingest.locale import Locale, decide
from pipelines.ingest.parts import rewritten
from pipelines.ingest.recognise import Match, declared_rows, match_columns
from pipelines.ingest.sniff import Head, HeaderCandidate
from pipelines.ingest.warehouse import ensure_columns, landed_table
from pipelines.sql import literal

# Looking for keys that no contract knows costs a pass; above this size the first rows must do.
ALL_KEYS_BYTES = 16 * 1024 * 1024
SAMPLED_KEY_ROWS = 20_480
CHUNK = 1 << 20
# A spreadsheet's date is the number of days since this one, with the time as their fraction.
SHEET_EPOCH = "timestamp '1899-12-30'"
SHEET_DATE = "^[0-9]{1,6}([.][0-9]+)?$"

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


class UnreadableError(Exception):
    """A file that must not be kept, though its lines can be read; the message says why."""


@dataclass(frozen=True)
class FileToRead:
    """A recognised file, and what goes with each of its rows.

    Attributes:
        path: the file itself, or a copy in UTF-8 of one that is not.
        hints: what throughline.yml says of it.
        is_sheet: whether dates in it are a spreadsheet's numbers of days.
    """

    path: Path
    head: Head
    match: Match
    file_id: int
    loaded_at: datetime
    hints: Mapping[str, str] = field(default_factory=dict)
    is_sheet: bool = False

    @property
    def contract(self) -> Contract:
        """The contract that it fits."""
        return self.match.contract

    @property
    def table(self) -> str:
        """Where its rows land."""
        return landed_table(self.contract)

    @property
    def header(self) -> HeaderCandidate:
        """The line of a CSV that is its header."""
        assert self.match.header is not None  # noqa: S101 - a CSV was recognised by its header
        return self.match.header


@dataclass(frozen=True)
class Reading:
    """What became of the rows of one file: read = loaded + rejected + skipped.

    Attributes:
        first_row_id: where its rows begin in the landed table.
    """

    loaded: int
    rejected: int
    skipped: int
    first_row_id: int
    locale: Locale = field(default_factory=Locale)

    @property
    def read(self) -> int:
        """All of them."""
        return self.loaded + self.rejected + self.skipped


def read_file(con: duckdb.DuckDBPyConnection, file: FileToRead, *, line_by_line: bool) -> Reading:
    """Append a file to its landed table.

    Args:
        con: the build file, in a transaction.
        file: what to read.
        line_by_line: quarantine the lines of a JSON file that are broken. It is slower, so it is
            asked for once reading the file as a whole has failed.

    Raises:
        duckdb.Error: the file as a whole cannot be read; nothing of it may be kept.
        UnreadableError, LocaleError: nothing of it may be kept, and the message says why.
    """
    rejected, skipped = _move_rows(con, file, line_by_line=line_by_line)
    (first, last, count, not_data, total) = con.execute(
        "select min(rowid), max(rowid), count(*), count(*) filter (_is_skipped),"
        f" (select count(*) from {file.table})"
        f" from {file.table} where _file_id = {file.file_id}"
    ).fetchall()[0]
    # A row's place in its file is its place in the table: nothing may lie between.
    if count and last - first + 1 != count:
        raise UnreadableError("its rows did not land one after the other; run it again")
    # Until they are committed rows have numbers of their own; the table is append-only, so these
    # will follow the ones before them.
    reading = Reading(count - not_data, rejected, skipped + not_data, total - count)
    _hold_against_declared(file, reading)
    if not file.contract.is_localised or not count:
        return reading
    present = {*file.match.names, *file.match.constants} - {None}
    rows = f"(from {file.table} where _file_id = {file.file_id} and not _is_skipped)"
    names = [name for name in present if name is not None]
    return replace(reading, locale=decide(con, file.contract, rows, names, file.hints))


def _move_rows(
    con: duckdb.DuckDBPyConnection, file: FileToRead, *, line_by_line: bool
) -> tuple[int, int]:
    """Land every row; returns how many were rejected, and skipped without landing."""
    if file.head.kind == "csv" and file.contract.layout in ("grouped", "vertical", "stacked"):
        return _read_report(con, file)
    if file.head.kind == "csv":
        return _read_csv(con, file), 0
    if file.head.kind == "parquet":
        _insert_parquet(con, file)
        return 0, 0
    if file.head.shape != "lines" or file.match.records:
        return 0, _insert_documents(con, file)
    if line_by_line:
        return _read_damaged_lines(con, file), 0
    _insert_json_lines(con, file)
    return 0, 0


def _hold_against_declared(file: FileToRead, reading: Reading) -> None:
    """Hold the rows that came against the number that the file itself says.

    Raises:
        UnreadableError: they differ.
    """
    preamble = file.match.header.preamble if file.match.header else ()
    declared = declared_rows(file.contract, preamble)
    if declared is not None and declared != reading.loaded + reading.rejected:
        raise UnreadableError(
            f"its preamble says {declared} rows and {reading.loaded + reading.rejected} came: it is"
            " cut off, or was edited. Download it again"
        )


def parquet_columns(con: duckdb.DuckDBPyConnection, path: Path) -> tuple[str, ...]:
    """The top-level columns of a Parquet file."""
    rows = con.execute(f"describe select * from read_parquet({literal(path)})").fetchall()
    return tuple(row[0] for row in rows)


# --- CSV


def _read_report(con: duckdb.DuckDBPyConnection, file: FileToRead) -> tuple[int, int]:
    """A report with a layout of its own, rewritten as a plain table."""
    flat = flatten(file.path, file.match)
    match = match_columns(file.contract, flat.header)
    if not match.fits:
        raise UnreadableError(f"its lines lack {', '.join(match.missing)}. Download it again")
    header = HeaderCandidate(",", flat.header, 0, file.header.preamble)
    constants = {**file.match.constants, **match.constants}
    with rewritten(iter(flat.rows)) as path:
        plain = replace(
            file,
            path=path,
            head=Head("csv"),
            match=replace(match, header=header, constants=constants),
        )
        return _read_csv(con, plain), flat.skipped


def _read_csv(con: duckdb.DuckDBPyConnection, file: FileToRead) -> int:
    width = len(file.match.columns)
    source = f"from {_csv_relation(file, width)}"
    damaged = not file.head.compression and _contains(file, b"\x00")
    if damaged:
        source += f" where ({_any_cell_has_nul(width)}) is not true"
    cells = [(label or f"column {i + 1}", f"c{i}") for i, label in enumerate(file.match.columns)]
    _insert(con, file, cells, source, is_skipped=_is_no_data(file))
    rejected = _keep_rejects(con, file)
    return rejected + (_keep_nul_rows(con, file, width) if damaged else 0)


def _csv_relation(file: FileToRead, columns: int, rejects: bool = True) -> str:
    types = ", ".join(f"'c{i}': 'varchar'" for i in range(columns))
    store = (
        ", store_rejects = true, rejects_table = 'csv_rejects', rejects_scan = 'csv_scans',"
        " rejects_limit = 0"
        if rejects
        else ", ignore_errors = true"
    )
    # Without a header the format is the vendor's own: a quote is a character like any other.
    quote = "" if file.contract.layout == "headerless" else '"'
    return (
        f"read_csv({literal(file.path)}, columns = {{{types}}}, auto_detect = false,"
        f" header = false, skip = {file.header.lines}, delim = {literal(file.header.delimiter)},"
        f" quote = '{quote}', escape = '{quote}', encoding = 'utf-8'{_compression(file)}{store})"
    )


def _is_no_data(file: FileToRead) -> str:
    """Whether a row is blank, or one of those that the contract's skipRows name.

    A label of totals stands in the first column, whatever that holds in other rows, or, behind a
    segment, in a later one of text; no number or date begins like it.
    """
    rules, names = file.contract.skip_rows, file.match.names
    places = range(len(names))
    text = [
        f"c{i}"
        for i in places
        if i == 0
        or (name := names[i]) is None
        or file.contract.by_name[name].logical_type == "string"
    ]
    conditions = [f"coalesce({', '.join(f'c{i}' for i in places)}) is null"]
    conditions += [
        f"starts_with(trim({cell}), {literal(label)})"
        for label in rules.cell_starts
        if _contains(file, label.encode())
        for cell in text
    ]
    empty = [f"coalesce(trim(c{i}), '') = ''" for i in places if names[i] in rules.empty]
    conditions += [" and ".join(empty)] if empty else []
    line = f"concat_ws({literal(file.header.delimiter)}, {', '.join(f'c{i}' for i in places)})"
    conditions += [f"regexp_matches({line}, {literal(rule)})" for rule in rules.line_matches]
    return " or ".join(f"coalesce({condition}, false)" for condition in conditions)


def _any_cell_has_nul(columns: int) -> str:
    return " or ".join(f"contains(c{i}, chr(0))" for i in range(columns))


def _contains(file: FileToRead, text: bytes) -> bool:
    """Whether the bytes occur in the file; a compressed one may hold anything."""
    if file.head.compression or file.path.stat().st_size == 0:
        return bool(file.head.compression)
    with file.path.open("rb") as raw, mmap.mmap(raw.fileno(), 0, access=mmap.ACCESS_READ) as view:
        return view.rfind(text) >= 0


def _keep_nul_rows(con: duckdb.DuckDBPyConnection, file: FileToRead, columns: int) -> int:
    cells = ", ".join(f"c{i}" for i in range(columns))
    message = _reject_message("line ' || line || '", "holds a NUL byte", "NUL byte")
    return _count(
        con.execute(
            "insert into ops.rejected_rows"
            f" select {file.file_id}, '{file.contract.source}', '{file.contract.stream}', line,"
            f" replace(row_text, chr(0), '\\0'), 'NUL byte', '{message}', ?"
            f" from (select {file.header.lines} + row_number() over () as line,"
            f" concat_ws({literal(file.header.delimiter)}, {cells}) as row_text,"
            f" {_any_cell_has_nul(columns)} as damaged"
            f" from {_csv_relation(file, columns, rejects=False)}) where damaged",
            [file.loaded_at],
        )
    )


def _keep_rejects(con: duckdb.DuckDBPyConnection, file: FileToRead) -> int:
    """Move what read_csv refused to the quarantine: one row a record, with its line in the file.

    Returns:
        How many rows are in the quarantine; those that are no data are in the landed table, marked.
    """
    rejects = con.execute(
        "select line, min(line_byte_position), arg_min(upper(error_type), column_idx),"
        " any_value(csv_line), arg_min(error_message, column_idx)"
        " from csv_rejects group by line order by line"
    ).fetchall()
    if not rejects:
        return 0
    forget_rejects(con)
    rules = file.contract.skip_rows
    lines = _physical_lines(file, [row[1] for row in rejects])
    rejected = 0
    for line, (_, _, kind, text, detail) in zip(lines, rejects, strict=True):
        if _is_total_or_footer(text or "", rules.cell_starts, rules.line_matches):
            con.execute(
                f"insert into {file.table} (_file_id, _is_skipped) values ({file.file_id}, true)"
            )
            continue
        reason, what = REASONS.get(kind, (kind.lower(), detail.split("\n")[0]))
        if reason.startswith("too "):
            what = (
                f"{what} ({detail.rstrip('.').replace('Expected Number of Columns', 'expected')})"
            )
        _quarantine(con, file, line, text, reason, _reject_message(f"line {line}", what, reason))
        rejected += 1
    return rejected


def forget_rejects(con: duckdb.DuckDBPyConnection) -> None:
    """Drop what read_csv noted of a file: the next one must not find it."""
    con.execute("drop table if exists csv_rejects; drop table if exists csv_scans")


def _is_total_or_footer(text: str, starts: Sequence[str], patterns: Sequence[str]) -> bool:
    bare = text.strip().strip('"')
    return bare.startswith(tuple(starts)) or any(re.search(p, text.strip()) for p in patterns)


def _quarantine(
    con: duckdb.DuckDBPyConnection,
    file: FileToRead,
    line: int,
    text: str | None,
    *why: str,
) -> None:
    """One row of ops.rejected_rows; `why` is the reason and the message."""
    con.execute(
        "insert into ops.rejected_rows values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            *(file.file_id, file.contract.source, file.contract.stream, line, text),
            *(*why, file.loaded_at),
        ],
    )


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


# --- JSON and Parquet


def _insert_json_lines(con: duckdb.DuckDBPyConnection, file: FileToRead) -> None:
    """Land JSON lines. Keys that first occur behind the sampled rows land in `_extra` if the
    contract knows them, since columns that stay empty would cost as much as those that do not.
    """
    found = _json_columns(con, file)
    names = {file.contract.column_of(column)[0] for column in found}
    late = [field.name for field in file.contract.fields if field.name not in names]
    types = ", ".join(f"{literal(name)}: 'varchar'" for name in [*found, *late])
    source = (
        f"from read_json({literal(file.path)}, format = 'newline_delimited',"
        f" columns = {{{types}}}{_json_options(file)})"
    )
    is_whole = file.path.stat().st_size <= ALL_KEYS_BYTES
    cells = [(name, _quoted(name)) for name in found]
    _insert(con, file, cells, source, late=() if is_whole else late)


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


def _read_damaged_lines(con: duckdb.DuckDBPyConnection, file: FileToRead) -> int:
    """Quarantine the lines that are no JSON objects and land the others.

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
    _insert_records(
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
    return rejected


def _insert_documents(con: duckdb.DuckDBPyConnection, file: FileToRead) -> int:
    """Land the records of a JSON array, of pages or of single objects; returns how many elements
    were null: vendors write them where a record was deleted.
    """
    layout = "array" if file.head.shape == "array" else "unstructured"
    objects = f"read_json_objects({literal(file.path)}, format = '{layout}'{_json_options(file)})"
    elements = f"select {_records(file.match.records)} as record from {objects}"
    con.execute(f"create or replace temp table json_elements as {elements}")
    _insert_records(con, file, "from json_elements where json_type(record) = 'OBJECT'")
    nulls = _count(
        con.execute("select count(*) from json_elements where json_type(record) = 'NULL'")
    )
    con.execute("drop table json_elements")
    return nulls


def _records(key: str | None) -> str:
    """The records of a document: itself, or what it holds under a key or at a path."""
    if key is None:
        return "json"
    if key.startswith("$"):
        return f"unnest(json_extract(json, {literal(key + '[*]')}))"
    path = literal(_json_path(key))
    return (
        f"unnest(case when json_type(json, {path}) = 'OBJECT' then [json_extract(json, {path})]"
        f" else json_extract(json, {literal(_json_path(key) + '[*]')}) end)"
    )


def _insert_records(con: duckdb.DuckDBPyConnection, file: FileToRead, records: str) -> None:
    """Land a relation of JSON objects; each is taken apart once."""
    con.execute(f"create or replace temp table json_records as {records}")
    keys = [
        row[0]
        for row in con.execute(
            "select distinct unnest(json_keys(record)) as key from json_records order by key"
        ).fetchall()
    ]
    cells = [(key, f"record ->> {literal(_json_path(key))}") for key in keys]
    _insert(con, file, cells, "from json_records")
    con.execute("drop table json_records")


def _json_path(key: str) -> str:
    escaped = key.replace('"', '\\"')
    return f'$."{escaped}"'


def _insert_parquet(con: duckdb.DuckDBPyConnection, file: FileToRead) -> None:
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
    _insert(con, file, cells, f"from read_parquet({literal(file.path)})")


# --- shared


def _insert(
    con: duckdb.DuckDBPyConnection,
    file: FileToRead,
    cells: Sequence[tuple[str, str]],
    source: str,
    *,
    is_skipped: str = "false",
    late: Sequence[str] = (),
) -> None:
    """Append rows; `cells` pairs each column of the file with the expression that reads it.

    A column that the contract does not know, or that comes a second time, goes to `_extra`, and so
    do those of `late`, under their names in raw. A column that repeats is an array of its values.
    """
    columns: dict[str, str] = {}
    repeated: dict[str, list[str]] = {}
    extra: dict[str, str] = {}
    for label, expression in cells:
        name = file.contract.column_of(label)[0]
        if name and file.contract.by_name[name].repeats:
            repeated.setdefault(name, []).append(expression)
        elif name and name not in columns:
            columns[name] = expression
        else:
            extra[_numbered(label.strip(), extra)] = expression
    columns |= {name: _array(expressions) for name, expressions in repeated.items()}
    if file.is_sheet:
        columns = {n: _sheet_date(file.contract, n, value) for n, value in columns.items()}
    columns |= {n: literal(v) for n, v in file.match.constants.items() if n not in columns}
    if extra or late:
        columns["_extra"] = _object(extra, late)
    ensure_columns(con, file.contract, columns)
    con.execute(
        f"insert into {file.table} ({', '.join([*map(_quoted, columns), '_file_id, _is_skipped'])})"
        f" select {', '.join([*columns.values(), str(file.file_id), is_skipped])} {source}"
    )


def _object(extra: Mapping[str, str], late: Sequence[str]) -> str:
    """A JSON object of cells; NULL where there is none of any."""
    pairs = [f"{literal(label)}, {value}" for label, value in extra.items()]
    if not late:
        return f"cast(json_object({', '.join(pairs)}) as varchar)"
    some = f"coalesce({', '.join(map(_quoted, late))}) is not null"
    pairs += [f"{literal(name)}, {_quoted(name)}" for name in late]
    whole = f"cast(json_object({', '.join(pairs)}) as varchar)"
    rest = _object(extra, ()) if extra else "null"
    return f"case when {some} then {whole} else {rest} end"


def _array(expressions: Sequence[str]) -> str:
    """The non-empty cells of one record's repeated columns; NULL where there is none."""
    filled = f"list_filter([{', '.join(expressions)}], lambda cell: coalesce(trim(cell), '') <> '')"
    return f"cast(to_json(nullif({filled}, [])) as varchar)"


def _sheet_date(contract: Contract, name: str, value: str) -> str:
    """A spreadsheet's number of days as ISO text, where the contract expects a date."""
    if contract.by_name[name].logical_type not in ("date", "timestamp"):
        return value
    seconds = f"cast(round(cast({value} as double) * 86400) as bigint)"
    moment = f"{SHEET_EPOCH} + to_microseconds({seconds} * 1000000)"
    text = f"strftime({moment}, '%Y-%m-%d %H:%M:%S')"
    return f"case when regexp_matches({value}, '{SHEET_DATE}') then {text} else {value} end"


def _numbered(label: str, taken: Container[str]) -> str:
    """`label`, or `label (2)` and so on where it is taken."""
    candidates = itertools.chain([label], (f"{label} ({n})" for n in itertools.count(2)))
    return next(candidate for candidate in candidates if candidate not in taken)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _count(result: duckdb.DuckDBPyConnection) -> int:
    row = result.fetchone()
    return int(row[0]) if row else 0
