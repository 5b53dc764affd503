"""A store of Great Expectations as it is, and a DuckDB whose results outlive their connection.

Great Expectations hands a SQL connection back before it has fetched what it asked for, handing back
rolls back, and a rollback takes DuckDB's results away. The context names this module as that of one
of its stores, so that it is imported before the first question. Nothing is written: there is no
transaction to begin, to end or to take back.
"""

from duckdb_engine import Dialect
from great_expectations.data_context.store import ValidationResultsStore

Dialect.do_begin = Dialect.do_commit = Dialect.do_rollback = lambda self, connection: None

__all__ = ["ValidationResultsStore"]
