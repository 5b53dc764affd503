"""Write docs/coverage.md: each row of docs/definitions.yml, where it is implemented, what tests it.

    python tools/coverage.py [--check]

Models and seeds name their rows in `config: meta: definitions`; what dbt does not know stands in
docs/definitions.yml itself. A row that nothing names is missing, and the page says so. Exit 0; 1
where `--check` finds the page out of step; 2 where a tag names no row, or the list names a file or
a test that is not there.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import yaml

from pipelines.settings import PROJECT_DIR
from pipelines.transform.manifest import current_manifest

DEFINITIONS = PROJECT_DIR / "docs" / "definitions.yml"
PAGE = PROJECT_DIR / "docs" / "coverage.md"
PARTS = {
    "V": "Conventions",
    "S1": "From goals to blockers",
    "S0": "Strategy, execution and operations",
    "S2": "The gap between strategy and execution",
    "S3": "Campaign operations",
    "S4": "Marketing operations",
    "U": "Beyond the documents",
}
MISSING = "**missing**"


@dataclass(frozen=True)
class Place:
    """Something that implements a row: a link to it, and one to its tests; "" without any."""

    where: str
    test: str


def tagged_places(manifest: Mapping[str, Any]) -> dict[str, list[Place]]:
    """What the models and seeds of a manifest say that they implement, by the row's id."""
    unit_tested = {
        unit_test["depends_on"]["nodes"][0] for unit_test in manifest["unit_tests"].values()
    }
    data_tested = {
        node["attached_node"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test" and node.get("attached_node")
    }
    places: dict[str, list[Place]] = {}
    for key, node in sorted(manifest["nodes"].items(), key=lambda item: item[1]["name"]):
        described = str(node.get("patch_path") or "").partition("://")[2]
        kind = "unit tests" if key in unit_tested else "data tests" if key in data_tested else ""
        place = Place(
            _link(node["name"], node["original_file_path"]), kind and _link(kind, described)
        )
        for row in (node["config"].get("meta") or {}).get("definitions", ()):
            places.setdefault(row, []).append(place)
    return places


def listed_places(rows: Mapping[str, Any]) -> dict[str, list[Place]]:
    """What the list itself names beside models and seeds, by the row's id."""
    return {
        key: [
            Place(_link(Path(path).name, path), _tests([test]))
            for path, test in row.get("also", {}).items()
        ]
        for key, row in rows.items()
    }


def slips(document: Mapping[str, Any], tagged: Mapping[str, object]) -> list[str]:
    """What is wrong with tags and list, a line each."""
    rows, boundaries = document["definitions"], document["boundaries"]
    named = list(
        chain.from_iterable(
            chain.from_iterable(row.get("also", {}).items()) for row in rows.values()
        )
    )
    for boundary in boundaries:
        named += boundary["tests"]
    unknown = [*tagged, *(boundary["row"] for boundary in boundaries)]
    return [
        *(f"{key}: no row of {DEFINITIONS.name}" for key in unknown if key not in rows),
        *(f"{name}: is not there" for name in named if not _is_there(name)),
    ]


def page(document: Mapping[str, Any], tagged: Mapping[str, list[Place]]) -> str:
    """The text of docs/coverage.md."""
    return "\n".join(_lines(document, tagged)) + "\n"


def _lines(document: Mapping[str, Any], tagged: Mapping[str, list[Place]]) -> Iterator[str]:
    rows = document["definitions"]
    listed = listed_places(rows)
    places = {key: [*tagged.get(key, ()), *listed[key]] for key in rows}
    yield from ("# What is covered", "")
    yield "`python tools/coverage.py` writes this page from [the list of rows](definitions.yml) and"
    yield "the tags of models and seeds (`config: meta: definitions`). Classes: C computed, K a"
    yield "seed, D a document or template with a table behind it, P honoured lightly."
    missing = [key for key in rows if not places[key]]
    untested = [key for key in rows if places[key] and not any(place.test for place in places[key])]
    yield from ("", f"{len(rows)} rows, {len(missing)} missing, {len(untested)} without a test.")
    for part, title in PARTS.items():
        yield from ("", f"## {title}", "")
        yield from ("| row | what | class | where | test |", "|---|---|---|---|---|")
        for key, row in rows.items():
            if re.match(rf"{part}(-|\d+$)", key):
                where = "<br>".join(place.where for place in places[key]) or MISSING
                test = "<br>".join(place.test or "none" for place in places[key])
                yield f"| {key} | {row['title']} | {row['class']} | {where} | {test} |"
    yield from ("", "## Boundaries", "")
    yield from ("| row | on the line, and beside it | test |", "|---|---|---|")
    for boundary in document["boundaries"]:
        tests = _tests(boundary["tests"]) or MISSING
        yield f"| {boundary['row']} | {boundary['what']} | {tests} |"


def _link(text: str, path: str) -> str:
    """A link as the page has it, which lies in docs/."""
    return f"[{text}](../{path})"


def _tests(names: list[str]) -> str:
    """Links to tests: a file, a function as file::function, a unit test as model.test."""
    return "<br>".join(_link(name.split("::")[-1].split("/")[-1], _file(name)) for name in names)


def _file(name: str) -> str:
    """The file that a name of the list means, from the project's folder."""
    path, _, _ = name.partition("::")
    if "/" in path:
        return path
    return _described().get(name.partition(".")[0], path)


def _is_there(name: str) -> bool:
    path = PROJECT_DIR / _file(name)
    wanted = name.partition("::")[2]
    if wanted:
        return path.exists() and f"def {wanted}(" in path.read_text(encoding="utf-8")
    if "/" not in name:
        said = path.read_text(encoding="utf-8") if path.is_file() else ""
        return bool(re.search(rf"^ *- name: {name.partition('.')[2]}$", said, re.MULTILINE))
    return path.exists()


@cache
def _described() -> dict[str, str]:
    """The .yml of each model and seed, by its name."""
    folders = (PROJECT_DIR / "dbt_project" / "models", PROJECT_DIR / "seeds")
    return {
        path.stem: path.relative_to(PROJECT_DIR).as_posix()
        for folder in folders
        for path in folder.rglob("*.yml")
    }


def main(arguments: list[str]) -> int:
    """Write the page, or say that it is out of step."""
    document = yaml.safe_load(DEFINITIONS.read_text(encoding="utf-8"))
    tagged = tagged_places(json.loads(current_manifest().read_text(encoding="utf-8")))
    if found := slips(document, tagged):
        print("\n".join(found), file=sys.stderr)
        return 2
    text = page(document, tagged)
    if "--check" not in arguments:
        PAGE.write_text(text, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
        print(f"{PAGE}: out of step; run python tools/coverage.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
