"""What a person says of deliveries that are in: read this again, take that back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from pipelines.ingest.environment import roll_back
from pipelines.ingest.ledger import (
    LANDED,
    LINE_COLUMNS,
    PENDING,
    UNPACKED,
    UNUSABLE,
    Line,
    around,
)
from pipelines.ingest.relations import LANDED as LANDED_SCHEMA
from pipelines.settings import UsageError
from pipelines.sql import text_list


@dataclass(frozen=True)
class Taken:
    """What was taken back.

    Attributes:
        lines: of the ledger, the delivery with whatever it held, and copies of its bytes.
        row_count: rows that had landed.
        rejected_count: rows of the quarantine.
        is_refused: whether nothing of it had been of use, so that no figure owes it anything.
    """

    lines: tuple[Line, ...]
    row_count: int
    rejected_count: int
    is_refused: bool


def forget_delivery(con: duckdb.DuckDBPyConnection, path: str) -> Taken:
    """Take back the newest delivery of a path: rows, quarantine and the ledger's lines.

    Earlier deliveries of the path stay, and count again. Bytes that lie there under another name
    than they came by go with all their names.

    Args:
        con: the build file, in no transaction.
        path: as the ledger calls it, or one that ends in it.

    Raises:
        UsageError: the ledger knows no such file, or several.
    """
    lines = _lines(con)
    meant = _known(path, lines)
    newest = [line for line in lines if line.path == meant][-1]
    if newest.status in (*UNUSABLE, PENDING):
        taken = [newest]
    elif newest.status == UNPACKED:
        taken = [newest, *_held_by(newest, lines)]
    else:
        taken = _of_bytes(newest, lines)
    ids = ", ".join(str(line.file_id) for line in taken)
    con.begin()
    try:
        ((rejected,),) = con.execute(
            f"select count(*) from ops.rejected_rows where file_id in ({ids})"
        ).fetchall()
        for table in ("files", "rejected_rows", "failed_rows"):
            con.execute(f"delete from ops.{table} where file_id in ({ids})")
        streams = {(line.source, line.stream) for line in taken if line.status in LANDED}
        count = sum(_take_out(con, f"{LANDED_SCHEMA}.{s}__{t}", ids) for s, t in sorted(streams))
        con.commit()
    except duckdb.Error:
        roll_back(con)
        raise
    return Taken(tuple(taken), count, rejected, newest.status in (*UNUSABLE, PENDING))


def ask_again(con: duckdb.DuckDBPyConnection, named: str) -> list[Line]:
    """Have the next load read files again, as if contract and hints had changed.

    Args:
        con: the build file.
        named: a stream (`source.stream`), a file, or a folder or archive that holds some.

    Returns:
        The deliveries that are meant, oldest first.

    Raises:
        UsageError: the ledger knows none.
    """
    lines = _lines(con)
    asked = [line for line in lines if f"{line.source}.{line.stream}" == named]
    if not asked:
        path = named.strip("/")
        asked = [line for line in lines if path in around(line.path)]
    if not asked:
        path = _known(named, lines)
        asked = [line for line in lines if path in around(line.path)]
    # A name that a file has now may not be the one that its bytes came by.
    hashes = {line.sha256 for line in asked} - {None}
    meant = [
        line for line in lines if line in asked or (line.status in LANDED and line.sha256 in hashes)
    ]
    ids = ", ".join(str(line.file_id) for line in meant)
    con.execute(
        "update ops.files set contract_version = '',"
        f" read_as = case when status in {text_list(LANDED)} then '' end where file_id in ({ids})"
    )
    return meant


def _lines(con: duckdb.DuckDBPyConnection) -> list[Line]:
    rows = con.execute(
        f"select {LINE_COLUMNS} from ops.files order by batch_id, modified_at, file_id"
    ).fetchall()
    return [Line(*row) for row in rows]


def _known(path: str, lines: Sequence[Line]) -> str:
    """The path that is meant, which people give from where they stand."""
    paths = {line.path for line in lines}
    if path in paths:
        return path
    meant = sorted(known for known in paths if path.endswith(f"/{known}"))
    if len(meant) > 1:
        raise UsageError(f"{path} may be {' or '.join(meant)}; name it as the ledger does")
    if not meant:
        raise UsageError(
            f"the ledger knows no file, folder or stream {path}; meta.files of a release and"
            " ops.files of the build file name them"
        )
    return meant[0]


def _held_by(container: Line, lines: Sequence[Line]) -> list[Line]:
    """What came with an archive: since its delivery before, as a load may have been killed."""
    since = max((line.batch_id for line in lines if _is_before(line, container)), default=0)
    return [
        line
        for line in lines
        if line.path.startswith(f"{container.path}/")
        and since < line.batch_id <= container.batch_id
    ]


def _is_before(line: Line, container: Line) -> bool:
    return line.path == container.path and line.batch_id < container.batch_id


def _of_bytes(newest: Line, lines: Sequence[Line]) -> list[Line]:
    """The last delivery of these bytes, and the lines that said later that they are no news."""
    same = [line for line in lines if line.sha256 == newest.sha256]
    landed = [line for line in same if line.status in LANDED]
    last = landed[-1] if landed else newest
    return [last, *(line for line in same if line.status == "duplicate" and line is not last)]


def _take_out(con: duckdb.DuckDBPyConnection, table: str, ids: str) -> int:
    """Remove rows, in the caller's transaction; returns how many they were.

    The rows behind them move, so the table is written anew, without what was read again since, and
    each file is told where its rows begin now.
    """
    ((count,),) = con.execute(
        f"select count(*) from {table} where _file_id in ({ids}) and not _is_skipped"
    ).fetchall()
    con.execute(
        f"create or replace table {table} as select * from {table}"
        " where _file_id in (select file_id from ops.files)"
    )
    con.execute(
        "with placed as ("
        " select file_id, sum(rows) over (order by first_row_id) - rows as row_id from ("
        " select f.file_id, any_value(f.first_row_id) as first_row_id, count(*) as rows"
        f" from {table} as t inner join ops.files as f on t._file_id = f.file_id group by all))"
        " update ops.files set first_row_id = placed.row_id"
        " from placed where ops.files.file_id = placed.file_id"
    )
    return int(count)
