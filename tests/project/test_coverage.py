"""docs/coverage.md: what the tags of models and seeds say, and that they name what is there."""

import importlib.util
import json
from types import ModuleType
from typing import Any

import pytest
import yaml

from pipelines.settings import PROJECT_DIR

NODES = {
    "model.x.fct_done": ("fct_done", "model", ["S1-1", "V1"]),
    "model.x.fct_alone": ("fct_alone", "model", ["S1-2"]),
    "seed.x.rules": ("rules", "seed", ["S1-1"]),
}


@pytest.fixture(scope="module")
def coverage() -> ModuleType:
    spec = importlib.util.spec_from_file_location("coverage", PROJECT_DIR / "tools/coverage.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def document(**rows: dict[str, Any]) -> dict[str, Any]:
    return {"definitions": rows, "boundaries": []}


@pytest.fixture
def tagged(coverage: ModuleType) -> Any:
    """As dbt tells it: fct_done has a unit test, the seed a data test, fct_alone none."""
    nodes: dict[str, Any] = {
        key: {
            "name": name,
            "resource_type": kind,
            "original_file_path": f"{kind}s/{name}.sql",
            "patch_path": f"x://{kind}s/{name}.yml",
            "config": {"meta": {"definitions": rows}},
        }
        for key, (name, kind, rows) in NODES.items()
    }
    test = {"name": "unique", "original_file_path": "", "config": {}}
    nodes["test.x.unique"] = {
        **test,
        "resource_type": "test",
        "attached_node": "seed.x.rules",
    }
    unit_tests = {"unit_test.x.a": {"depends_on": {"nodes": ["model.x.fct_done"]}}}
    return coverage.tagged_places({"nodes": nodes, "unit_tests": unit_tests})


def test_each_row_has_its_places_and_their_tests(coverage: ModuleType, tagged: Any) -> None:
    rows = {
        "V1": {
            "title": "One zone",
            "class": "C",
            "also": {"pipelines/cli.py": "tests/unit/test_zones.py"},
        },
        "S1-1": {"title": "Goals", "class": "K/C"},
        "S1-2": {"title": "Pairs", "class": "K"},
        "S1-12": {"title": "Confidence", "class": "C"},
    }
    lines = coverage.page(document(**rows), tagged).splitlines()
    done = "[fct_done](../models/fct_done.sql)"
    unit = "[unit tests](../models/fct_done.yml)"
    assert "4 rows, 1 missing, 1 without a test." in lines
    assert [line for line in lines if line.startswith(("| V1 ", "| S1-"))] == [
        f"| V1 | One zone | C | {done}<br>[cli.py](../pipelines/cli.py)"
        f" | {unit}<br>[test_zones.py](../tests/unit/test_zones.py) |",
        f"| S1-1 | Goals | K/C | {done}<br>[rules](../seeds/rules.sql)"
        f" | {unit}<br>[data tests](../seeds/rules.yml) |",
        "| S1-2 | Pairs | K | [fct_alone](../models/fct_alone.sql) | none |",
        "| S1-12 | Confidence | C | **missing** |  |",
    ]


def test_a_boundary_names_its_test(coverage: ModuleType) -> None:
    boundaries = [
        {"row": "S1-1", "what": "89 or 90", "tests": ["fct_touches.no_such_test"]},
        {"row": "S1-1", "what": "3 or 4", "tests": []},
    ]
    text = coverage.page({"definitions": {}, "boundaries": boundaries}, {})
    folder = "../dbt_project/models/marts/attribution"
    assert f"| S1-1 | 89 or 90 | [fct_touches.no_such_test]({folder}/fct_touches.yml) |" in text
    assert "| S1-1 | 3 or 4 | **missing** |" in text


def test_what_is_not_there_is_named(coverage: ModuleType, tagged: Any) -> None:
    found = {
        "definitions": {
            "S1-1": {"title": "Goals", "class": "C", "also": {"gone.d/a.py": "tests/bench.py::no"}},
            "S1-2": {"title": "Pairs", "class": "C"},
        },
        "boundaries": [{"row": "S9-9", "what": "", "tests": ["fct_touches.no", "fct_gone.no"]}],
    }
    assert coverage.slips(found, tagged) == [
        "V1: no row of definitions.yml",
        "S9-9: no row of definitions.yml",
        "gone.d/a.py: is not there",
        "tests/bench.py::no: is not there",
        "fct_touches.no: is not there",
        "fct_gone.no: is not there",
    ]


def test_tags_and_list_of_the_project_fit(coverage: ModuleType, manifest: dict[str, Any]) -> None:
    listed = yaml.safe_load((PROJECT_DIR / "docs" / "definitions.yml").read_text("utf-8"))
    assert coverage.slips(listed, coverage.tagged_places(manifest)) == []
    assert {row["class"] for row in listed["definitions"].values()} <= {
        *("C", "K", "D", "P"),
        *("K/C", "K/D", "C/D", "C/P", "D/C", "D/K", "P/C"),
    }


def test_a_page_out_of_step_fails_the_check(
    coverage: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    made, listed = tmp_path / "manifest.json", tmp_path / "definitions.yml"
    made.write_text(json.dumps({"nodes": {}, "unit_tests": {}}))
    listed.write_text(yaml.safe_dump(document(**{"V1": {"title": "One zone", "class": "C"}})))
    monkeypatch.setattr(coverage, "current_manifest", lambda: made)
    monkeypatch.setattr(coverage, "DEFINITIONS", listed)
    monkeypatch.setattr(coverage, "PAGE", tmp_path / "coverage.md")
    assert coverage.main(["--check"]) == 1
    assert not (tmp_path / "coverage.md").exists()
    assert coverage.main([]) == 0
    assert coverage.main(["--check"]) == 0
    (tmp_path / "coverage.md").write_text("typed by hand")
    assert coverage.main(["--check"]) == 1
    listed.write_text(yaml.safe_dump({**document(), "boundaries": [{"row": "V1", "tests": []}]}))
    assert coverage.main(["--check"]) == 2
