"""Fiscal years and quarters of days at their edges."""

import duckdb
import pytest
from jinja2 import Environment

from pipelines.settings import PROJECT_DIR

MACROS = PROJECT_DIR / "dbt_project" / "macros" / "fiscal_period.sql"


@pytest.mark.parametrize(
    ("day", "start_month", "expected"),
    [
        ("2026-01-01", 1, (2026, 1)),
        ("2026-03-31", 1, (2026, 1)),
        ("2026-12-31", 1, (2026, 4)),
        ("2026-03-31", 4, (2026, 4)),
        ("2026-04-01", 4, (2027, 1)),
        ("2026-12-31", 4, (2027, 3)),
        ("2026-09-30", 10, (2026, 4)),
        ("2026-10-01", 10, (2027, 1)),
        ("2026-11-30", 12, (2026, 4)),
        ("2026-12-01", 12, (2027, 1)),
    ],
)
def test_days_around_the_edges(day: str, start_month: int, expected: tuple[int, int]) -> None:
    environment = Environment(autoescape=False)  # noqa: S701 - SQL, no page
    macros = environment.from_string(MACROS.read_text()).module
    year = macros.fiscal_year("day", start_month)  # type: ignore[attr-defined]
    quarter = macros.fiscal_quarter("day", start_month)  # type: ignore[attr-defined]
    found = duckdb.sql(f"select {year}, {quarter} from (select date '{day}' as day)").fetchone()
    assert found == expected
