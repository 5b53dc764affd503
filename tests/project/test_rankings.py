"""The value of a group's first or last row, which DuckDB and Spark pick differently."""

import re

from pipelines.settings import PROJECT_DIR

BARE = re.compile(r"\b(?<!known_)(?:max_by|min_by|arg_max|arg_min)(?:_null)?\s*\(")
PORTABLE = PROJECT_DIR / "dbt_project" / "macros" / "portable"


def test_values_are_picked_by_the_macros_that_both_engines_read_alike() -> None:
    """Bare max_by skips rows whose value is NULL on DuckDB, and gives NULL on Spark."""
    found = [
        f"{path.name}:{number}"
        for path in sorted((PROJECT_DIR / "dbt_project").rglob("*.sql"))
        if path.parent != PORTABLE
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if BARE.search(line)
    ]
    assert found == [], "use known_max_by or known_min_by"
