"""What the macros of both engines compute, where plain SQL means two things."""

import json
from pathlib import Path

import pytest

from tests.dbt import run_dbt

AS_OF = "2026-10-01 06:00:00.000000"

# A macro's call over rows of (value, position), and what it is, as text.
PICKED = {
    "{{ known_max_by('value', 'position') }}": "b",
    "{{ known_min_by('value', 'position') }}": "a",
    # Where no row has a value there is none; where a row has no position it is not ranked.
    "{{ known_max_by('nothing', 'position') }}": None,
    "{{ known_max_by('value', 'case when position = 1 then 1 end') }}": "a",
}


@pytest.mark.parametrize("engine", ["duckdb", pytest.param("spark", marks=pytest.mark.spark)])
def test_both_engines_pick_the_same_row(tmp_path: Path, engine: str) -> None:
    columns = ", ".join(f"{call} as picked_{n}" for n, call in enumerate(PICKED))
    shown = run_dbt(
        tmp_path / "build.duckdb",
        *("--quiet", "show", "--target", engine, "--output", "json"),
        "--inline",
        f"select {columns} from (select *, cast(null as varchar(9)) as nothing from"
        " (values (cast(null as varchar(9)), 0), ('a', 1), ('b', 2), (null, 3))"
        " as given(value, position)) as rows_given",
        as_of_at=AS_OF,
        THROUGHLINE_SPARK_DIR=str(tmp_path / "spark"),
    )
    (row,) = json.loads(shown.stdout)["show"]
    assert [value or None for value in row.values()] == list(PICKED.values())
