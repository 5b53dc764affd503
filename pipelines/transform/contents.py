"""What relations hold, each told by a short text that changes whenever its rows do.

Whoever makes something of them decides by these texts whether it stands as it would be made: the
build its relations (replay.py), the audits their results (expectations/).
"""

from __future__ import annotations

import hashlib
from datetime import datetime

import duckdb

# The content of a stream that nothing came for.
EMPTY = "empty"


def key_of(*parts: str) -> str:
    """A short text of what something was made from, which changes whenever a part does."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def made_by(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """By schema and name, the rules that a view over deliveries was made by, told by its comment
    (see ingest/relations.py).
    """
    rows = con.execute(
        "select schema_name || '.' || view_name, comment from duckdb_views()"
        " where database_name = current_database() and not internal and comment is not null"
    ).fetchall()
    return dict(rows)


def relations(con: duckdb.DuckDBPyConnection) -> list[tuple[str, bool, str, str]]:
    """Each relation as statements name it, whether it is a view, and what its comment says: the
    key of what it was made from and its content, both empty where it has none.
    """
    rows = con.execute(
        """
        select schema_name || '."' || table_name || '"', false, comment
        from duckdb_tables() where database_name = current_database()
        union all
        select schema_name || '."' || view_name || '"', true, comment
        from duckdb_views() where database_name = current_database() and not internal
        """
    ).fetchall()
    return [
        (relation, is_view, *(comment or "").partition(" ")[::2])
        for relation, is_view, comment in rows
    ]


def deliveries(
    con: duckdb.DuckDBPyConnection, as_of_at: datetime, files: str = "rows_loaded > 0"
) -> dict[tuple[str, str], str]:
    """What the ledger says had come of each stream by the clock, by source and stream. Landed
    tables only grow, and the ledger tells each of their files.

    Args:
        con: the build file.
        as_of_at: the clock.
        files: which files are asked about, a condition; those that brought rows unless told.
    """
    rows = con.execute(
        "select source, stream, count(*) || ' ' || sum(hash(files)) from ops.files"
        f" where {files} and loaded_at <= $1 group by all",
        [as_of_at],
    ).fetchall()
    return {(source, stream): text for source, stream, text in rows}


def current(con: duckdb.DuckDBPyConnection, as_of_at: datetime) -> dict[tuple[str, str], str]:
    """What each stream's current relation holds by the clock, by schema and name, of those that
    something came for. Which of the rows are current, and how they are named, is the contract's to
    say: the views are told, too.
    """
    made = made_by(con)
    found = {}
    for (source, stream), files in deliveries(con, as_of_at).items():
        views = [made.get(f"{layer}_{source}.{stream}", "") for layer in ("current", "raw")]
        found[f"current_{source}", stream] = key_of(files, *views)
    return found


def rows_digest(con: duckdb.DuckDBPyConnection, relation: str) -> str:
    """Of all rows, in whatever order, with the names and types of their columns."""
    ((count, rows, columns),) = con.execute(
        "select count(*), coalesce(sum(hash(_row)), 0), typeof(any_value(_row))"
        f" from {relation} as _row"
    ).fetchall()
    return f"{count}:{rows}:{key_of(columns)}"
