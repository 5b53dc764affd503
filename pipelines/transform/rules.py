"""The rules that people edit, seeds and vars, judged before dbt reads them.

dbt would say that a test has a result, or that a column cannot be bound somewhere downstream; a
person who edited a file wants to know which line of it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import yaml

from pipelines.company import by_key, primary_key
from pipelines.project import Project, project, said_by
from pipelines.settings import PROJECT_DIR, UsageError
from pipelines.strict import one_of
from pipelines.transform.project import project_vars

# How a cell of a seed's column type is written.
TYPES: Mapping[str, tuple[str, str]] = {
    "bigint": ("a whole number", r"-?[0-9]+"),
    "double": ("a number such as 1234.5", r"-?[0-9]*\.?[0-9]+([eE][-+]?[0-9]+)?"),
    "decimal": ("a number such as 1234.5", r"-?[0-9]*\.?[0-9]+"),
    "boolean": ("true or false", "(?i)true|false"),
    "date": ("written as 2026-01-31", r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "timestamp": ("a time such as 2026-01-31 09:00:00", r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ].*)?"),
}
_Row = dict[str, str]


def require_sound_rules() -> None:
    """Judge every seed by its own documentation, and the vars that the models cannot judge.

    Raises:
        UsageError: what is wrong, in which file and line.
    """
    where, rules = project(), project_vars()
    for problem in (
        *_wrong_zones(where, rules),
        *_wrong_seeds(where),
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


def _wrong_seeds(where: Project) -> Iterator[str]:
    described = {
        path.with_name(f"{seed['name']}.csv"): seed
        for path in sorted(where.seeds.rglob("*.yml"))
        for seed in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)["seeds"]
    }
    rows: dict[str, list[_Row]] = {}
    for path, seed in described.items():
        header, rows[path.stem] = _read(path)
        missing = [column["name"] for column in seed["columns"] if column["name"] not in header]
        if missing:
            yield (
                f"{said_by(path)}: line 1 has no column {', '.join(missing)};"
                f" expected {', '.join(column['name'] for column in seed['columns'])}"
            )
            return
        if key := primary_key(seed):
            by_key(said_by(path), enumerate(rows[path.stem], start=2), key)
    for path, seed in described.items():
        for row in rows[path.stem]:
            for slip in _wrong_cells(seed, row, rows):
                yield f"{_line_of(where, path, row)} has {slip}"


def _read(path: Path) -> tuple[Sequence[str], list[_Row]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        return reader.fieldnames or (), list(reader)


def _wrong_cells(
    seed: dict[str, Any], row: _Row, rows: Mapping[str, Sequence[_Row]]
) -> Iterator[str]:
    """What dbt could not load of a row, or its tests would refuse, as far as one row says it."""
    types = seed.get("config", {}).get("column_types", {})
    for name, kind in types.items():
        cell = row.get(name)
        if cell and (expected := _is_no(kind, cell)):
            yield f"{name} {cell!r}, expected {expected}"
            return
    for test in seed.get("data_tests", ()):
        for name in test.get("no_nulls", {}).get("arguments", {}).get("columns", ()):
            if not row[name]:
                yield f"no {name}, expected a value"
    for column in seed["columns"]:
        name, cell = column["name"], row[column["name"]]
        for test in column.get("data_tests", ()) if cell else ():
            if isinstance(test, dict) and (expected := _refused_by(test, cell, rows)):
                yield f"{name} {cell!r}, expected {expected}"


def _is_no(kind: str, cell: str) -> str | None:
    """What a cell of a type looks like, where this one does not."""
    expected, pattern = TYPES.get(kind.partition("(")[0], ("", ""))
    if not re.fullmatch(pattern or ".*", cell, re.DOTALL):
        return expected
    if kind == "date":
        try:
            date.fromisoformat(cell)
        except ValueError:
            return f"a day that there is, {expected}"
    return None


def _refused_by(
    test: Mapping[str, Any], cell: str, rows: Mapping[str, Sequence[_Row]]
) -> str | None:
    """What a data test of a column expects, where a cell is something else."""
    ((name, said),) = test.items()
    arguments = said.get("arguments", {})
    if name == "accepted_values":
        values = [str(value) for value in arguments["values"]]
        return None if cell in values else one_of(cell, values)
    if name == "between":
        low, high = (float(arguments.get(bound, cell)) for bound in ("low", "high"))
        bounds = " and ".join(
            f"{words} {arguments[bound]}"
            for bound, words in (("low", "at least"), ("high", "at most"))
            if bound in arguments
        )
        return None if low <= float(cell) <= high else bounds
    # A condition is SQL, which dbt judges in the run.
    if name == "relationships" and "where" not in said.get("config", {}):
        of = str(arguments["to"]).split("'")[1]
        values = [row[arguments["field"]] for row in rows.get(of, ())]
        if of in rows and cell not in values:
            return f"{arguments['field']} of a row of {of}: {one_of(cell, values)}, or add the row"
    return None


def _line_of(where: Project, path: Path, row: _Row) -> str:
    """Where a person wrote a row of a seed: in the company's file, or in ours."""
    own = where.company.folder.glob(f"seeds/**/{path.name}") if where.company else ()
    for file in (*own, PROJECT_DIR / path.relative_to(where.root)):
        with file.open(newline="", encoding="utf-8-sig") as text:
            reader = csv.DictReader(text)
            for found in reader:
                if found == row:
                    return f"{file}: line {reader.line_num}"
    return str(said_by(path))
