"""One recognised file into its raw table, by DuckDB's own readers: a module a format.

Every reader works inside the caller's transaction, lands what it can and returns how many rows it
left out; it counts the lines or records of the file in a way of its own, so that none is lost in
DuckDB's. What it refuses goes to ops.rejected_rows with the text of the line. Which file is new,
and what the ledger says of it, is decided in load.py.
"""

from pipelines.ingest.read.file import FileToRead, Reading, UnevenError, UnreadableError
from pipelines.ingest.read.land import SHEET_DATE
from pipelines.ingest.read.parquet import parquet_columns
from pipelines.ingest.read.read import read_file, readers_of

__all__ = [
    "SHEET_DATE",
    "FileToRead",
    "Reading",
    "UnevenError",
    "UnreadableError",
    "parquet_columns",
    "read_file",
    "readers_of",
]
