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

from pipelines.company import by_key, primary_key
from pipelines.project import Project, project, said_by
from pipelines.settings import UsageError
from pipelines.strict import one_of
from pipelines.transform.project import project_vars


def require_sound_rules() -> None:
    """Judge every seed by its own documentation, and the vars that the models cannot judge.

    Raises:
        UsageError: what is wrong, in which file and line.
    """
    where, rules = project(), project_vars()
    for problem in (
        *_wrong_zones(where, rules),
        *_wrong_seeds(where.seeds),
        *_wrong_region(where, rules["business_region"]),
    ):
        raise UsageError(problem)


def _wrong_zones(where: Project, rules: dict[str, Any]) -> Iterator[str]:
    zones = {
        "reporting_time_zone": rules["reporting_time_zone"],
        **{f"{source}'s time_zone": zone for source, zone in rules["source_time_zones"].items()},
    }
    with duckdb.connect() as con:
        known = {name for (name,) in con.execute("select name from pg_timezone_names()").fetchall()}
    for name, zone in zones.items():
        if zone not in known:
            yield (
                f"{_said_in(where)}: {name} is {zone!r}, which is no time zone;"
                " write one as the IANA database has it, such as America/New_York"
            )


def _wrong_region(where: Project, region: str) -> Iterator[str]:
    path = where.seeds / "operations" / "calendar_regions.csv"
    with path.open(newline="", encoding="utf-8-sig") as file:
        known = [row["region"] for row in csv.DictReader(file)]
    if region not in known:
        yield (
            f"{_said_in(where)}: business_region is {region!r}, which no row of calendar_regions"
            f" has; expected {one_of(region, known)}, or add the row"
        )


def _said_in(where: Project) -> Path:
    """The file with the vars, as a person writes it."""
    return where.company.settings_path if where.company else where.root / "dbt_project.yml"


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
                f"{said_by(path)}: line 1 has no column {', '.join(missing)};"
                f" expected {', '.join(column['name'] for column in seed['columns'])}"
            )
            return
        if key := primary_key(seed):
            by_key(said_by(path), ((reader.line_num, row) for row in reader), key)
