"""What the macros of both engines compute, where plain SQL means two things."""

import json
from pathlib import Path

import duckdb
import pytest

from tests.dbt import run_dbt

AS_OF = "2026-10-01 06:00:00.000000"
NEW_YORK = "'America/New_York'"

# A macro's call over rows of (value, position), and what it is, as text.
PICKED = {
    "{{ known_max_by('value', 'position') }}": "b",
    "{{ known_min_by('value', 'position') }}": "a",
    # Where no row has a value there is none; where a row has no position it is not ranked.
    "{{ known_max_by('nothing', 'position') }}": None,
    "{{ known_max_by('value', 'case when position = 1 then 1 end') }}": "a",
    # Each once and in order.
    "{{ joined_values('value') }}": "a,b",
    "{{ joined_values(\"case when position > 0 then 'b' end\") }}": "b",
    "{{ joined_values('nothing') }}": None,
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
    )
    (row,) = json.loads(shown.stdout)["show"]
    assert [value or None for value in row.values()] == list(PICKED.values())


# A time, and the last instant that it can mean in New York.
LATEST = {
    # A midnight there is a day, also the one of 25 hours.
    "2026-07-01 04:00:00": "2026-07-02 03:59:59.999999",
    "2026-11-01 04:00:00": "2026-11-02 04:59:59.999999",
    # One of UTC is a minute, as any time without seconds.
    "2026-07-01 00:00:00": "2026-07-01 00:00:59.999999",
    "2026-07-01 15:26:00": "2026-07-01 15:26:59.999999",
    "2026-07-01 15:26:00.000001": "2026-07-01 15:26:00.000001",
    "2026-07-01 15:26:59.999999": "2026-07-01 15:26:59.999999",
}


@pytest.mark.parametrize("engine", ["duckdb", pytest.param("spark", marks=pytest.mark.spark)])
def test_both_engines_end_a_day_and_a_minute_alike(tmp_path: Path, engine: str) -> None:
    rows = ", ".join(f"('{moment}', '{latest}')" for moment, latest in LATEST.items())
    call = f"latest_moment('cast(moment as timestamp)', {NEW_YORK!r})"
    shown = run_dbt(
        tmp_path / "build.duckdb",
        *("--quiet", "show", "--target", engine, "--output", "json", "--limit", "99"),
        "--inline",
        f"select moment from (values {rows}) as given(moment, latest)"
        f" where {{{{ {call} }}}} is distinct from cast(latest as timestamp)",
        as_of_at=AS_OF,
    )
    assert json.loads(shown.stdout)["show"] == []


@pytest.mark.parametrize("engine", ["duckdb", pytest.param("spark", marks=pytest.mark.spark)])
def test_both_engines_leave_the_same_words(tmp_path: Path, engine: str) -> None:
    shown = run_dbt(
        tmp_path / "build.duckdb",
        *("--quiet", "show", "--target", engine, "--output", "json"),
        *(
            "--inline",
            "select {{ plain_words(\"' [Spring] Legal sign-off \u2013 v2: '\") }} as words",
        ),
        as_of_at=AS_OF,
    )
    assert json.loads(shown.stdout)["show"] == [{"words": "spring  legal sign off   v2"}]


# A pattern of a rule, a text, and whether the one is found in the other.
RULES = [
    ("(head|chief)", "chief of staff", True),
    ("(head|chief)", "a cook", False),
    ("o'(brien|hara)", "kim o'brien", True),
    ("", "whatever", True),
    (None, "whatever", None),
]


def test_patterns_of_rules_stand_as_constants_and_find_what_columns_find(tmp_path: Path) -> None:
    build = tmp_path / "build.duckdb"
    with duckdb.connect(str(build)) as con:
        con.execute("create table rules (pattern varchar, text varchar)")
        con.executemany("insert into rules values (?, ?)", [rule[:2] for rule in RULES])
    rules = "api.Relation.create(database='build', schema='main', identifier='rules')"
    shown = run_dbt(
        build,
        *("--quiet", "show", "--output", "json", "--inline"),
        f"select pattern, text, {{{{ matches('text', 'pattern', {rules}) }}}} as is_found,"
        f" {{{{ rule_patterns({rules}, 'pattern') | length }}}} as constants from main.rules",
        as_of_at=AS_OF,
    )
    rows = json.loads(shown.stdout)["show"]
    assert {row["constants"] for row in rows} == {3}
    assert [(row["pattern"], row["text"], row["is_found"]) for row in rows] == RULES
