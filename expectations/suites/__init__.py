"""What is expected: of deliveries by their contracts and by source, and of the marts."""

from datetime import datetime

import duckdb

from pipelines.sql import day_in, literal, moment, quoted
from pipelines.transform.project import project_vars


def is_built(con: duckdb.DuckDBPyConnection, table: tuple[str, str]) -> bool:
    """Whether a relation is in this file: Spark builds what comes before the marts elsewhere."""
    # Asked by name: a view over all relations costs as much as a check, and a run asks fifty times.
    name = literal(".".join(map(quoted, table)))
    try:
        con.execute(f"select 1 from pragma_table_info({name}) limit 0")
    except duckdb.CatalogException:
        return False
    return True


def reporting_day(as_of_at: datetime) -> str:
    """The day of a clock in the reporting zone, as SQL; what the models' macro of that name is."""
    return day_in(project_vars()["reporting_time_zone"], moment(as_of_at))
