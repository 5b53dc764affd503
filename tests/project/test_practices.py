"""What the seed practices names is there: a practice that nothing holds is a wish."""

from typing import Any

import yaml

from pipelines.packs import ceremonies
from pipelines.project import project
from pipelines.settings import PROJECT_DIR

DEFINITIONS = yaml.safe_load((PROJECT_DIR / "docs" / "definitions.yml").read_text("utf-8"))


def test_ten_practices_are_held_by_what_is_there(manifest: dict[str, Any]) -> None:
    rows = list(project().seed_rows("operations", "practices"))
    there = {
        "model": {n["name"] for n in manifest["nodes"].values() if n["resource_type"] == "model"},
        "seed": {n["name"] for n in manifest["nodes"].values() if n["resource_type"] == "seed"},
        "schedule": set(ceremonies()),
    }
    assert len(rows) == 10
    assert [row["practice"] for row in rows if row["held_where"] not in there[row["held_by"]]] == []
    assert [
        row["practice"] for row in rows if row["definition_id"] not in DEFINITIONS["definitions"]
    ] == []


def test_what_holds_a_practice_says_so_of_the_same_row(manifest: dict[str, Any]) -> None:
    """The model or seed is tagged with the row of the dictionary that the practice names."""
    tags = {
        node["name"]: (node["config"].get("meta") or {}).get("definitions", ())
        for node in manifest["nodes"].values()
        if node["resource_type"] in ("model", "seed")
    }
    rows = list(project().seed_rows("operations", "practices"))
    untagged = [
        row["practice"]
        for row in rows
        if row["held_by"] != "schedule" and row["definition_id"] not in tags[row["held_where"]]
    ]
    assert untagged == []
