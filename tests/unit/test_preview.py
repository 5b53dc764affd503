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
        before: "(1, 'x', 'late', 1.5::double), (2, 'x', null, null), (3, 'x', 'late', 2)",
        after: "(2, 'x', null, null), (3, 'x', 'on time', null), (4, 'x', 'late', 1::double)",
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
                    "said": {"a_id": 3, "part": "x"},
                },
                {
                    "row": {"a_id": 1, "part": "x"},
                    "what": "removed",
                    "columns": {},
                    "said": {"a_id": 1, "part": "x", "state": "late"},
                },
                {
                    "row": {"a_id": 4, "part": "x"},
                    "what": "added",
                    "columns": {},
                    "said": {"a_id": 4, "part": "x", "state": "late"},
                },
            ),
        )
    ]
    assert list(_differences(releases[0], releases[0])) == []


def test_columns_and_marts_that_come_and_go_are_told(
    releases: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No row is another, but who reads the columns would notice."""
    before, after = releases
    others = {name: ["a_id"] for name in ("fct_columns", "fct_gone", "fct_new", "fct_rekeyed")}
    keys = {("operations", name): key for name, key in others.items()}
    monkeypatch.setattr("pipelines.preview.mart_keys", lambda: keys)
    made = {
        before: {
            "fct_columns": "1 as a_id, 'x' as kept, 1 as lost, '7' as typed, 'a' as retyped",
            "fct_gone": "1 as a_id",
            "fct_rekeyed": "1 as old_id",
        },
        after: {
            "fct_columns": "1 as a_id, 'x' as kept, 1 as gained, 7 as typed, 8 as retyped",
            "fct_new": "1 as a_id",
            "fct_rekeyed": "unnest([1, 2]) as a_id",
        },
    }
    for path, tables in made.items():
        with duckdb.connect(str(path)) as con:
            for name, columns in tables.items():
                con.execute(f"create table operations.{name} as select {columns}")
    text, number = "VARCHAR", "INTEGER"
    found = {difference.mart: difference for difference in _differences(before, after)}
    columns = found.pop("operations.fct_columns")
    assert (columns.added, columns.removed, columns.changed) == (0, 0, 1)
    assert columns.columns == {"retyped": 1}
    assert columns.altered == {
        "gained": (None, number),
        "lost": (number, None),
        "retyped": (text, number),
        "typed": (text, number),
    }
    assert list(found.values()) == [
        Difference("operations.fct_gone", 0, 1, 0),
        Difference("operations.fct_new", 1, 0, 0),
        Difference(
            "operations.fct_rekeyed",
            added=2,
            removed=1,
            changed=0,
            altered={"a_id": (None, number), "old_id": (number, None)},
        ),
    ]


def said_of(capsys: pytest.CaptureFixture[str], *differences: Difference) -> str:
    """What the screen says of a preview that would be published."""
    report = {
        "status": "published",
        "release": {"release_id": "R"},
        "differences": [difference.__dict__ for difference in differences],
    }
    show(report, draw_preview, as_json=False)
    return capsys.readouterr().out


def test_the_screen_says_it(
    releases: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    (found,) = _differences(*releases)
    said = said_of(capsys, found)
    assert "1 mart of release R would differ" in said
    assert "3, x: state late -> on time, n 2 -> -" in said
    assert "- 1, x, late" in " ".join(said.split())
    altered = {"gained": (None, "BIGINT"), "lost": ("DATE", None), "typed": ("VARCHAR", "BIGINT")}
    other = Difference("operations.fct_b", 0, 0, 0, altered=altered)
    said = " ".join(said_of(capsys, other).split())
    assert "operations.fct_b column gained comes (BIGINT), lost goes (DATE)" in said
    assert "typed changes from VARCHAR to BIGINT" in said
    assert "these rules change nothing in release R" in said_of(capsys)


def test_rows_go_by_what_they_say_and_not_by_their_hashes(
    releases: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("pipelines.preview.mart_keys", lambda: {("operations", "fct_b"): ["b_id"]})
    long = "Legal approval of Spring Fair has waited 31 h for an answer; its service level allows"
    rows = {
        releases[0]: f"'moves', 'Legal', '{long} 48 business hours', 53.016666666666666::double",
        releases[1]: f"'moves', 'Legal', '{long} 24 business hours', 5.016666666666667::double",
    }
    for path, values in rows.items():
        with duckdb.connect(str(path)) as con:
            con.execute(
                "create table operations.fct_b as select md5(key) as b_id,"
                " md5(key || reason) as notification_key, null as backup_name, title,"
                f" n as late_hours, reason from (values ({values})) as v(key, title, reason, n)"
            )
            if path == releases[1]:
                con.execute(
                    "insert into operations.fct_b values"
                    " ('run:' || md5('comes'), md5('c'), null, 'Launch', 1, 'Waits')"
                )
    (found,) = _differences(*releases)
    said = " ".join(said_of(capsys, found).split())
    assert "+ Launch, Waits" in said
    assert (
        "~ Legal: late_hours 53.0167 -> 5.01667, reason …48 business hours -> …24 business"
        " hours" in said
    )


def test_there_must_be_something_to_compare_with(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no published release to compare with"):
        preview(Settings(tmp_path / "exports", tmp_path / "home"))
