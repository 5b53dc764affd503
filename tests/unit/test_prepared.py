"""What is kept of the versions of the rules: whole ones, and the last few."""

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipelines.transform import manifest, prepared

Ask = Callable[[str], Path]


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The versions that were prepared, a word of each in its folder."""
    made: list[str] = []

    def prepare(folder: Path) -> None:
        made.append(folder.name)
        (folder / "dbt").mkdir()
        if made == ["killed"]:
            raise KeyboardInterrupt
        (folder / prepared.PLAN).write_text(json.dumps({"setup": [], "nodes": [], "sources": {}}))

    monkeypatch.setattr(prepared, "_prepare", prepare)
    monkeypatch.setattr(prepared, "made_dir", lambda: tmp_path)
    return made


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Ask for the plan of a version: where it lies."""

    def plan_of(version: str) -> Path:
        monkeypatch.setattr(prepared, "dbt_fingerprint", lambda: version)
        return prepared.current_plan().database.parent

    return plan_of


def test_what_was_killed_on_the_way_is_made_again(asked: list[str], ask: Ask) -> None:
    with pytest.raises(KeyboardInterrupt):
        ask("killed")
    ask("killed")
    ask("killed")
    assert asked == ["killed", "killed"]


def test_those_that_were_asked_for_last_are_kept(asked: list[str], ask: Ask) -> None:
    for version in ("a", "b", "c", "d", "a", "e"):
        folder = ask(version)
    assert asked == ["a", "b", "c", "d", "e"]
    assert {path.name for path in folder.parent.iterdir()} == {"a", "c", "d", "e"}


def test_what_a_manifest_says_of_marts_is_told_anew_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / manifest.MANIFEST
    monkeypatch.setattr(manifest, "current_manifest", lambda: path)
    monkeypatch.setattr(manifest, "project", lambda: SimpleNamespace(made=tmp_path))

    def write(description: str, *streams: str) -> None:
        mart = {
            "unique_id": "model.fct_sales",
            "name": "fct_sales",
            "resource_type": "model",
            "original_file_path": f"{manifest.MARTS_FOLDER}sales/fct_sales.sql",
            "description": description,
            "config": {"schema": "sales"},
            "columns": {"amount": {"description": "In euros."}},
        }
        said = {
            "nodes": {"model.fct_sales": mart},
            "sources": {name: {"schema": "current_shop", "name": name} for name in streams},
            "parent_map": {"model.fct_sales": streams},
        }
        path.write_text(json.dumps(said))

    assert manifest.mart_sources() == {}
    write("One row per sale.", "orders")
    sales = ("sales", "fct_sales")
    for _ in range(2):
        (said,) = manifest.marts().values()
        assert (said.table, said.columns) == ("One row per sale.", {"amount": "In euros."})
        assert manifest.mart_sources() == {sales: [("current_shop", "orders")]}
    write("One row per order.", "refunds", "orders")
    assert manifest.marts()[sales].table == "One row per order."
    assert manifest.mart_sources()[sales] == [
        ("current_shop", "orders"),
        ("current_shop", "refunds"),
    ]
