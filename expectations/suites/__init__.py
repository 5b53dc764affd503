"""What is expected: of deliveries by their contracts and by source, and of the marts."""

import duckdb


def is_built(con: duckdb.DuckDBPyConnection, table: tuple[str, str]) -> bool:
    """Whether a relation is in this file: Spark builds what comes before the marts elsewhere."""
    found = con.execute(
        "select 1 from information_schema.tables where table_schema = ? and table_name = ?",
        list(table),
    ).fetchone()
    return found is not None
