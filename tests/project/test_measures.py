"""Each measure of each mart stands in an expectation by value, which no cast makes coarser.

An expectation is a row that a dbt unit test of that very mart expects, or one of
tests/integration/test_mart_values.py: that a column's name is written somewhere counts for nothing.
"""

from collections.abc import Iterator
from datetime import datetime, time
from decimal import Decimal
from itertools import combinations
from typing import Any

import duckdb
import pytest

from tests.integration.test_mart_values import BY_HAND

# Whatever else a column can be is a number or a verdict.
TEXTS_AND_TIMES = {"string", "date", "timestamp"}

Row = dict[str, Any]


def marts(manifest: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model" and node["fqn"][1] == "marts":
            yield node


def measures(mart: dict[str, Any]) -> dict[str, str]:
    """Type of each number and verdict. What ends in _id is a key, even if it is a number."""
    return {
        name: column["data_type"].lower()
        for name, column in mart["columns"].items()
        if column["data_type"].lower() not in TEXTS_AND_TIMES and not name.endswith("_id")
    }


def expected_rows(manifest: dict[str, Any], model: str) -> list[Row]:
    """What unit tests and hand-written values expect of a model."""
    return [
        row
        for test in manifest["unit_tests"].values()
        if test["model"] == model
        for row in test["expect"]["rows"] or ()
    ] + BY_HAND.get(model, [])


def untold(rows: list[Row], column: str, kind: str) -> str | None:
    """What a constant could stand for unnoticed; None if none could."""
    values = {row[column] for row in rows if row.get(column) is not None}
    if kind == "boolean":
        lacking = {True, False} - values
        return f"never expected to be {' or '.join(map(str, lacking)).lower()}" if lacking else None
    if not values:
        return "no expected value"
    return "only expected to be 0" if values == {0} else None


def finer(value: object, kind: str) -> bool:
    """Whether a cast to the column's type loses part of the value."""
    if value is None:
        return False
    name, _, rest = kind.lower().partition("(")
    if name == "boolean":
        return not isinstance(value, bool)
    if name == "date":
        return datetime.fromisoformat(str(value)).time() != time.min
    if name in ("bigint", "integer", "decimal"):
        scale = int(rest.rstrip(")").split(",")[1]) if rest else 0
        return round(Decimal(str(value)), scale) != Decimal(str(value))
    return False


def test_every_measure_of_every_mart_has_an_expected_value(manifest: dict[str, Any]) -> None:
    missing = [
        f"{mart['name']}.{column}: {what}"
        for mart in marts(manifest)
        for column, kind in measures(mart).items()
        if (what := untold(expected_rows(manifest, mart["name"]), column, kind))
    ]
    assert missing == []


def test_no_two_measures_of_a_mart_could_be_swapped_unseen(manifest: dict[str, Any]) -> None:
    alike = []
    for mart in marts(manifest):
        rows = expected_rows(manifest, mart["name"])
        for (one, kind), (other, other_kind) in combinations(measures(mart).items(), 2):
            both = [(row[one], row[other]) for row in rows if one in row and other in row]
            if (kind == "boolean") == (other_kind == "boolean") and all(a == b for a, b in both):
                alike.append(f"{mart['name']}: {one} and {other}")
    assert alike == []


def test_no_expectation_is_finer_than_its_column(
    manifest: dict[str, Any], build: duckdb.DuckDBPyConnection
) -> None:
    """dbt casts what is expected to the column's type: of a decimal(18,2) 10.004 is 10.00."""
    types: dict[str, dict[str, str]] = {}
    for table, column, kind in build.execute(
        "select table_name, column_name, data_type from duckdb_columns()"
    ).fetchall():
        types.setdefault(table, {})[column] = kind
    lost = [
        f"{test['name']} expects {column} = {value} of a {types[test['model']][column]}"
        for test in manifest["unit_tests"].values()
        for row in test["expect"]["rows"] or ()
        for column, value in row.items()
        if finer(value, types[test["model"]][column])
    ]
    assert lost == []


@pytest.mark.parametrize(
    ("value", "kind", "loses"),
    [
        (10.004, "DECIMAL(18,2)", True),
        (10.25, "DECIMAL(18,2)", False),
        (10, "DECIMAL(18,2)", False),
        ("0.1234567", "decimal(18,6)", True),
        (0.4, "BIGINT", True),
        (3.0, "BIGINT", False),
        ("2026-06-01 10:00:00", "DATE", True),
        ("2026-06-01 00:00:00", "DATE", False),
        (7, "BOOLEAN", True),
        (True, "BOOLEAN", False),
        (1 / 3, "DOUBLE", False),
        (None, "BIGINT", False),
    ],
)
def test_what_a_cast_loses(value: object, kind: str, *, loses: bool) -> None:
    assert finer(value, kind) is loses


@pytest.mark.parametrize(
    ("values", "kind", "what"),
    [
        ([], "bigint", "no expected value"),
        ([None, None], "double", "no expected value"),
        ([0, None], "decimal(18,2)", "only expected to be 0"),
        ([0, 4], "decimal(18,2)", None),
        ([True, None], "boolean", "never expected to be false"),
        ([True, False], "boolean", None),
    ],
)
def test_what_counts_as_an_expected_value(
    values: list[object], kind: str, what: str | None
) -> None:
    assert untold([{"figure": value} for value in values], "figure", kind) == what
