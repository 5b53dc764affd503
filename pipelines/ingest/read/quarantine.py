"""Lines that a reader refuses, with their text and the reason, into ops.rejected_rows."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence

import duckdb

from pipelines.ingest.parts import CHUNK
from pipelines.ingest.read.file import FileToRead

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


def keep_rejects(con: duckdb.DuckDBPyConnection, file: FileToRead) -> int:
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
        _quarantine(con, file, line, text, reason, reject_message(f"line {line}", what, reason))
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


def reject_message(where: str, what: str, reason: str) -> str:
    """A sentence that says where, what, and what to do about it."""
    return f"{where} {what}; {ADVICE.get(reason, DEFAULT_ADVICE)}"


def _physical_lines(file: FileToRead, positions: Sequence[int]) -> list[int]:
    """The line numbers, from 1, at which these byte positions lie, in ascending order.

    DuckDB counts records; an editor counts lines, and a quoted cell can span several.
    """
    breaks, offset, seen = sorted(positions), 0, 0
    lines: list[int] = []
    with file.open() as raw:
        while len(lines) < len(breaks) and (chunk := raw.read(CHUNK)):
            here = bisect.bisect_left(breaks, offset + len(chunk))
            for position in breaks[len(lines) : here]:
                lines.append(seen + chunk.count(b"\n", 0, position - offset) + 1)
            seen += chunk.count(b"\n")
            offset += len(chunk)
    return lines + [seen + 1] * (len(breaks) - len(lines))
