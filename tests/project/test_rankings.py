"""Rows that are ranked, where DuckDB and Spark differ."""

import re

from pipelines.settings import PROJECT_DIR

BARE = re.compile(r"\b(?<!known_)(?:max_by|min_by|arg_max|arg_min)(?:_null)?\s*\(")
RANK = re.compile(r"\b(?:row_number|rank|dense_rank)\(\)\s+over\s+")
WORD = re.compile(r"\w+")
NAMED = re.compile(r"\s+as\s+(\w+)\b(?!\s*\))")
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


def test_no_frame_ends_in_what_follows() -> None:
    """Spark walks such a frame once a row: a long partition costs the square of its rows."""
    found = [
        path.name
        for path in sorted((PROJECT_DIR / "dbt_project").rglob("*.sql"))
        if "unbounded following" in path.read_text()
    ]
    assert found == [], "order the other way round, and begin with what precedes"


def test_a_mart_s_ranks_have_their_type() -> None:
    """A rank is a bigint on DuckDB and an int on Spark, where a mart's contract then fails."""
    found = [
        f"{path.stem}.{name}"
        for path in sorted((PROJECT_DIR / "dbt_project" / "models" / "marts").rglob("*.sql"))
        for name in uncast_ranks(path.read_text())
        if f"- name: {name}\n" in path.with_suffix(".yml").read_text()
    ]
    assert found == [], "cast them as bigint"


def test_an_uncast_rank_is_found_and_a_cast_one_is_not() -> None:
    sql = "select row_number() over (order by f(a)) as place, cast(rank() over w as bigint) as tie"
    assert uncast_ranks(f"{sql}, dense_rank() over w as step") == ["place", "step"]


def uncast_ranks(sql: str) -> list[str]:
    """The names of columns that are a rank and nothing around it."""
    return [
        name.group(1)
        for rank in RANK.finditer(sql)
        if (name := NAMED.match(sql, _window_end(sql, rank.end())))
    ]


def _window_end(sql: str, start: int) -> int:
    """Where a window that begins at `start` ends: behind its name or its closing parenthesis."""
    if sql[start] != "(":
        word = WORD.match(sql, start)
        return word.end() if word else start
    depth = 0
    for place in range(start, len(sql)):
        depth += {"(": 1, ")": -1}.get(sql[place], 0)
        if depth == 0:
            return place + 1
    return len(sql)
