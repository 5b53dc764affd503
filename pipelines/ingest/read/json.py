"""JSON lines, arrays, pages and single objects, by DuckDB's JSON readers."""

from __future__ import annotations

import duckdb

from pipelines.ingest.parts import CHUNK
from pipelines.ingest.read.file import FileToRead, LeftOut
from pipelines.ingest.read.land import count, insert
from pipelines.ingest.read.quarantine import reject_message
from pipelines.sql import literal, quoted

# Looking for keys that no contract knows costs a pass; above this size the first rows must do.
ALL_KEYS_BYTES = 16 * 1024 * 1024
SAMPLED_KEY_ROWS = 20_480


def read_json_lines(con: duckdb.DuckDBPyConnection, file: FileToRead) -> LeftOut:
    """A record a line. Keys that first occur behind the sampled rows land in `_extra` if the
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
    cells = [(name, quoted(name)) for name in found]
    insert(con, file, cells, source, late=() if is_whole else late)
    return LeftOut()


def _json_columns(con: duckdb.DuckDBPyConnection, file: FileToRead) -> list[str]:
    sample = -1 if file.path.stat().st_size <= ALL_KEYS_BYTES else SAMPLED_KEY_ROWS
    rows = con.execute(
        f"describe select * from read_json({literal(file.path)}, format = 'newline_delimited',"
        f" maximum_depth = 1, map_inference_threshold = -1,"
        f" sample_size = {sample}{_json_options(file)})"
    ).fetchall()
    return [row[0] for row in rows]


def _json_options(file: FileToRead) -> str:
    return f"{file.compression}, maximum_object_size = {256 * 1024 * 1024}"


def read_damaged_lines(con: duckdb.DuckDBPyConnection, file: FileToRead) -> LeftOut:
    """Quarantine the lines that are no JSON objects and land the others.

    Raises:
        EOFError: a compressed file is cut off: then nobody knows how many lines are missing.
    """
    with file.open() as whole:
        while whole.read(CHUNK):
            pass
    con.execute(
        "create or replace temp table json_lines as"
        " select row_number() over () as line, record,"
        " case when json_valid(record) then json_type(record) = 'OBJECT' end as is_record"
        f" from read_csv({literal(file.path)}, columns = {{'record': 'varchar'}},"
        " auto_detect = false, header = false, delim = chr(1), quote = '', escape = '',"
        f" max_line_size = {256 * 1024 * 1024}{file.compression})".replace("chr(1)", "'\x01'")
    )
    _insert_records(
        con, file, "select cast(record as json) as record from json_lines where is_record"
    )
    message = reject_message("line ' || line || '", "is no JSON object", "no JSON")
    rejected = count(
        con.execute(
            "insert into ops.rejected_rows"
            f" select {file.file_id}, '{file.contract.source}', '{file.contract.stream}', line,"
            f" record, 'no JSON', '{message}', ? from json_lines"
            " where is_record is not true and trim(record) <> ''",
            [file.loaded_at],
        )
    )
    con.execute("drop table json_lines")
    return LeftOut(rejected)


def read_documents(con: duckdb.DuckDBPyConnection, file: FileToRead) -> LeftOut:
    """A JSON array, pages or single objects. An element that is null, as vendors write it where a
    record was deleted, is skipped.
    """
    layout = "array" if file.head.shape == "array" else "unstructured"
    objects = f"read_json_objects({literal(file.path)}, format = '{layout}'{_json_options(file)})"
    elements = f"select {_records(file.match.records)} as record from {objects}"
    con.execute(f"create or replace temp table json_elements as {elements}")
    _insert_records(con, file, "from json_elements where json_type(record) = 'OBJECT'")
    nulls = count(
        con.execute("select count(*) from json_elements where json_type(record) = 'NULL'")
    )
    con.execute("drop table json_elements")
    return LeftOut(skipped=nulls)


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
    insert(con, file, cells, "from json_records")
    con.execute("drop table json_records")


def _json_path(key: str) -> str:
    escaped = key.replace('"', '\\"')
    return f'$."{escaped}"'
