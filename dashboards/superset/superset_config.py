"""What a server of Superset needs besides to show the release: import this in its own config.

A connection is a database in memory that attaches the release: each query reads the newest, however
busy the server is. THROUGHLINE_RELEASE names the file.
"""

import os
from typing import Any

from duckdb_engine import ConnectionWrapper
from sqlalchemy import event
from sqlalchemy.engine import Engine

RELEASE = os.environ["THROUGHLINE_RELEASE"].replace("'", "''")


@event.listens_for(Engine, "connect")
def attach(connection: Any, _: Any) -> None:
    """Show the release to a connection to DuckDB, and nothing else of the machine."""
    if isinstance(connection, ConnectionWrapper):
        connection.execute(f"attach '{RELEASE}' as marketing (read_only)")
        connection.execute("use marketing")
        connection.execute("set enable_external_access = false")
