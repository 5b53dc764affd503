"""Values of marts that no dbt unit test can expect, worked out by hand."""

from datetime import date
from typing import Any

import duckdb
import pytest

# By model: rows of the sample's mart, of which these columns alone tell it from any other.
BY_HAND: dict[str, list[dict[str, Any]]] = {
    # dbt compares the whole result, and here that is every day since 2015: it reads no input.
    # The sample company's fiscal year begins in July.
    "dim_dates": [
        {"fiscal_year": 2015, "fiscal_quarter": 3,
         "date_day": date(2015, 1, 1), "year": 2015, "quarter": 1, "month": 1, "is_weekend": False,
         "week_start_date": date(2014, 12, 29)},
        {"fiscal_year": 2024, "fiscal_quarter": 3,
         "date_day": date(2024, 2, 29), "year": 2024, "quarter": 1, "month": 2, "is_weekend": False,
         "week_start_date": date(2024, 2, 26)},
        {"fiscal_year": 2027, "fiscal_quarter": 1,
         "date_day": date(2026, 8, 21), "year": 2026, "quarter": 3, "month": 8, "is_weekend": False,
         "week_start_date": date(2026, 8, 17)},
        {"fiscal_year": 2027, "fiscal_quarter": 1,
         "date_day": date(2026, 8, 22), "year": 2026, "quarter": 3, "month": 8, "is_weekend": True,
         "week_start_date": date(2026, 8, 17)},
        {"fiscal_year": 2028, "fiscal_quarter": 2,
         "date_day": date(2027, 12, 31), "year": 2027, "quarter": 4, "month": 12,
         "is_weekend": False, "week_start_date": date(2027, 12, 27)},
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("mart", "row"), [(mart, row) for mart, rows in BY_HAND.items() for row in rows]
)
def test_a_mart_has_the_row(
    release: duckdb.DuckDBPyConnection, mart: str, row: dict[str, Any]
) -> None:
    ((schema,),) = release.execute(
        "select schema_name from duckdb_tables() where table_name = ?", [mart]
    ).fetchall()
    condition = " and ".join(f"{column} is not distinct from ?" for column in row)
    found = release.execute(
        f"select count(*) from {schema}.{mart} where {condition}", [*row.values()]
    ).fetchall()
    assert found == [(1,)]
