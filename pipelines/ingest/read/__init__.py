"""One recognised file into its raw table, by DuckDB's own readers: a module a format.

Every reader works inside the caller's transaction, lands what it can and returns how many rows it
left out. What it refuses goes to ops.rejected_rows with the text of the line. Which file is new,
and what the ledger says of it, is decided in load.py.
"""

from pipelines.ingest.read.file import FileToRead, Reading, UnreadableError
from pipelines.ingest.read.land import SHEET_DATE
from pipelines.ingest.read.parquet import parquet_columns
from pipelines.ingest.read.quarantine import forget_rejects
from pipelines.ingest.read.read import read_file

__all__ = [
    "SHEET_DATE",
    "FileToRead",
    "Reading",
    "UnreadableError",
    "forget_rejects",
    "parquet_columns",
    "read_file",
]
