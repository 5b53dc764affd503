"""What a preview says of two releases: rows that come, go and change, and in what."""

from pathlib import Path

import duckdb
import pytest

from pipelines.preview import Difference, _differences, preview
from pipelines.screen.console import show
from pipelines.screen.preview import draw_preview
from pipelines.settings import Settings, UsageError

KEYS = {("operations", "fct_a"): ["a_id", "part"], ("operations", "fct_same"): ["a_id"]}


@pytest.fixture
def releases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Before: 1 and 2 and 3; after: 2 as it was, 3 in other words and numbers, 4."""
    monkeypatch.setattr("pipelines.preview.mart_keys", lambda: KEYS)
    before, after = tmp_path / "before.duckdb", tmp_path / "after.duckdb"
    rows = {
        before: "(1, 'x', 'late', 1.5), (2, 'x', null, null), (3, 'x', 'late', 2)",
        after: "(2, 'x', null, null), (3, 'x', 'on time', null), (4, 'x', 'late', 1)",
    }
    for path, values in rows.items():
        with duckdb.connect(str(path)) as con:
            con.execute("create schema operations")
            con.execute(
                "create table operations.fct_a as"
                f" from (values {values}) as v(a_id, part, state, n)"
            )
            con.execute("create table operations.fct_same as select 1 as a_id, null as n")
            con.execute(f"create table operations.fct_unkeyed as select '{path}' as a_id")
    return before, after


def test_rows_that_come_go_and_change_are_told_apart(releases: tuple[Path, Path]) -> None:
    assert list(_differences(*releases)) == [
        Difference(
            "operations.fct_a",
            added=1,
            removed=1,
            changed=1,
            columns={"state": 1, "n": 1},
            examples=(
                {
                    "row": {"a_id": 3, "part": "x"},
                    "what": "changed",
                    "columns": {"state": ("late", "on time"), "n": (2, None)},
                },
                {"row": {"a_id": 1, "part": "x"}, "what": "removed", "columns": {}},
                {"row": {"a_id": 4, "part": "x"}, "what": "added", "columns": {}},
            ),
        )
    ]
    assert list(_differences(releases[0], releases[0])) == []


def test_the_screen_says_it(
    releases: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    (found,) = _differences(*releases)
    report = {
        "status": "published",
        "release": {"release_id": "R"},
        "differences": [found.__dict__],
    }
    show(report, draw_preview, as_json=False)
    said = capsys.readouterr().out
    assert "1 mart of release R would differ" in said
    assert "3 x: state late -> on time, n 2.0 -> -" in said
    show({**report, "differences": []}, draw_preview, as_json=False)
    assert "these rules change nothing in release R" in capsys.readouterr().out


def test_there_must_be_something_to_compare_with(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no published release to compare with"):
        preview(Settings(tmp_path / "exports", tmp_path / "home"))
