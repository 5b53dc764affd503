"""What staging makes of the cells of a delivery, as columns beside them.

A cell is read once for all that is asked of it: to read one is most of what the checks cost.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.ingest import Contract
from pipelines.sql import day_in, quoted
from pipelines.transform.project import project_vars
from pipelines.transform.readings import read_cells

PREFIX = "_read_"


def read(column: str) -> str:
    """The column that holds what staging makes of a cell that it reads; NULL where it cannot."""
    return quoted(PREFIX + column)


def read_columns(contract: Contract) -> Iterator[str]:
    """The columns that `read` names, for a query over rows of the stream."""
    for name, expression in read_cells(contract).items():
        yield f"{expression} as {read(name)}"


def local_day(contract: Contract, column: str) -> str:
    """The day of a time that staging reads, as clocks in its source's zone show it."""
    return day_in(project_vars()["source_time_zones"][contract.source], read(column))
