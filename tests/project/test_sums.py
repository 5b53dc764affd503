"""A sum of doubles depends on the order and the number of threads that add it up."""

import re

from pipelines.settings import PROJECT_DIR

# `sum(` of something that names a credit or a share of one; amounts of money are decimals.
PLAIN_SUM = re.compile(r"\b(?:sum|avg)\((?=[^()]*\b(?:\w*credit|opportunity_share)\b)")


def test_credits_are_added_exactly() -> None:
    found = [
        f"{path.name}:{number}"
        for path in sorted((PROJECT_DIR / "dbt_project" / "models").rglob("*.sql"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if PLAIN_SUM.search(line)
    ]
    assert found == [], "use exact_sum"
