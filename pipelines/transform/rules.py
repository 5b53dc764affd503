"""The rules that people edit, seeds and vars, judged before dbt reads them.

dbt would say that a test has a result, or that a column cannot be bound somewhere downstream; a
person who edited a file wants to know which line of it.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import yaml

from pipelines.settings import PROJECT_DIR, UsageError
from pipelines.transform.project import project_vars

SEEDS_DIR = PROJECT_DIR / "seeds"


def require_sound_rules() -> None:
    """Judge every seed by its own documentation, and the vars that the models cannot judge.

    Raises:
        UsageError: what is wrong, in which file and line.
    """
    for problem in (*_wrong_zones(project_vars()), *_wrong_seeds(SEEDS_DIR)):
        raise UsageError(problem)


def _wrong_zones(rules: dict[str, Any]) -> Iterator[str]:
    zones = {name: value for name, value in rules.items() if name.endswith("_time_zone")}
    with duckdb.connect() as con:
        known = {name for (name,) in con.execute("select name from pg_timezone_names()").fetchall()}
    for name, zone in zones.items():
        if zone not in known:
            yield (
                f"{PROJECT_DIR / 'dbt_project.yml'}: {name} is {zone!r}, which is no time zone;"
                " write one as the IANA database has it, such as America/New_York"
            )


def _wrong_seeds(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*.yml")):
        for seed in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)["seeds"]:
            yield from _wrong_seed(path.with_name(f"{seed['name']}.csv"), seed)


def _wrong_seed(path: Path, seed: dict[str, Any]) -> Iterator[str]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        header = reader.fieldnames or ()
        missing = [column["name"] for column in seed["columns"] if column["name"] not in header]
        if missing:
            yield (
                f"{path}: line 1 has no column {', '.join(missing)};"
                f" expected {', '.join(column['name'] for column in seed['columns'])}"
            )
            return
        key = _primary_key(seed)
        first_lines: dict[tuple[str, ...], int] = {}
        for row in reader:
            values = tuple(row[name] for name in key)
            if key and values in first_lines:
                yield (
                    f"{path}: line {reader.line_num} has the {', '.join(key)} of line"
                    f" {first_lines[values]}: {', '.join(values)}; keep one of them"
                )
            first_lines.setdefault(values, reader.line_num)


def _primary_key(seed: dict[str, Any]) -> list[str]:
    for test in seed.get("data_tests", ()):
        if isinstance(test, dict) and "primary_key" in test:
            columns: list[str] = test["primary_key"]["arguments"]["columns"]
            return columns
    return []
