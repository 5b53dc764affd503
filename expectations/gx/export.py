"""A context of Great Expectations that judges a release without Throughline.

It holds the suites of the marts as its own JSON and a checkpoint that runs them. Only expectations
that the library has by itself are in it: what we count of a column it looks up by a query.
"""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from expectations.adapter import formatted, of_the_table
from expectations.checks import (
    ODD_RECORDS,
    Check,
    Columns,
    NoRows,
    NotNull,
    RowCheck,
    RowCount,
    Suite,
    Unique,
)
from expectations.light_import import import_great_expectations
from pipelines.settings import UsageError

import_great_expectations()

# Great Expectations' own modules, once the package is there.
import great_expectations as gx  # noqa: E402
import great_expectations.expectations as gxe  # noqa: E402
from great_expectations import Checkpoint, ExpectationSuite, ValidationDefinition  # noqa: E402

CHECKPOINT = "release"
DATASOURCE = "release"
# GX reads it from config_variables.yml, or from the environment.
VARIABLE = "THROUGHLINE_RELEASE"
PLUGIN = Path(__file__).with_name("duckdb_kept.py")
README = Path(__file__).with_name("README.md")
LEFT_OUT = "left_out.txt"
RELATION = re.compile(r"\b([a-z_]+)[.]([a-z_]+)\b")


@dataclass(frozen=True)
class Exported:
    """What was written.

    Attributes:
        folder: the root of the context.
        suites: how many.
        expectations: how many.
        left_out: checks that read what is not in a release, as `<table>: <check>`.
    """

    folder: Path
    suites: int
    expectations: int
    left_out: tuple[str, ...]


def export_context(
    folder: Path,
    release: Path,
    suites: Iterable[Suite],
    relations: Iterable[str],
    known: Iterable[str],
) -> Exported:
    """Write a context with a suite a mart and a checkpoint over all of them.

    Args:
        folder: where; it must be empty, or not there.
        release: the DuckDB file that is judged.
        suites: of the marts.
        relations: what is in the release, as `<schema>.<table>`.
        known: every relation that a check may name.

    Raises:
        UsageError: the folder holds something.
    """
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(f"{folder} is not empty; name a folder that is, or a new one")
    within = set(relations)
    lacking = set(known) - within
    _settle(folder, release)
    context = quiet_context(folder)
    source = context.data_sources.add_sql(
        DATASOURCE, connection_string=f"duckdb:///${{{VARIABLE}}}?access_mode=READ_ONLY"
    )
    count, left_out, definitions = 0, [], []
    for suite in suites:
        if suite.name not in within:
            left_out += [f"{suite.name}: {check.name}" for check in suite.checks]
            continue
        kept = [check for check in suite.checks if not _reads(check, lacking)]
        left_out += [f"{suite.name}: {check.name}" for check in suite.checks if check not in kept]
        count += len(kept)
        definitions.append(_defined(context, source, suite, kept))
    context.checkpoints.add(Checkpoint(name=CHECKPOINT, validation_definitions=definitions))
    shutil.copyfile(README, folder / README.name)
    (folder / LEFT_OUT).write_text("".join(f"{line}\n" for line in left_out), encoding="utf-8")
    return Exported(folder, len(definitions), count, tuple(left_out))


def quiet_context(folder: Path) -> Any:
    """The context below a folder, new if there is none: it sends nothing and draws no bars."""
    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
    context: Any = gx.get_context(mode="file", project_root_dir=folder)
    context.variables.analytics_enabled = False
    context.variables.progress_bars = {"globally": False}
    context.variables.save()
    return context


def _settle(folder: Path, release: Path) -> None:
    """Name the release, and the store whose module keeps DuckDB's results."""
    quiet_context(folder)
    settings = folder / "gx" / "great_expectations.yml"
    config = yaml.safe_load(settings.read_text(encoding="utf-8"))
    config["stores"][config["validation_results_store_name"]]["module_name"] = PLUGIN.stem
    settings.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    plugins = folder / "gx" / "plugins"
    plugins.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(PLUGIN, plugins / PLUGIN.name)
    variables = folder / "gx" / "uncommitted" / "config_variables.yml"
    variables.write_text(yaml.safe_dump({VARIABLE: str(release)}), encoding="utf-8")


def _reads(check: Check, relations: set[str]) -> bool:
    """Whether a check names one of some relations."""
    return any(
        ".".join(found) in relations
        for query in check.queries("batch")
        for found in RELATION.findall(query)
    )


def _defined(context: Any, source: Any, suite: Suite, checks: Sequence[Check]) -> Any:
    asset = source.add_table_asset(suite.name, table_name=suite.table, schema_name=suite.schema)
    added = context.suites.add(
        ExpectationSuite(suite.name, expectations=[plain_expectation_of(check) for check in checks])
    )
    return context.validation_definitions.add(
        ValidationDefinition(
            name=suite.name, data=asset.add_batch_definition_whole_table("all"), suite=added
        )
    )


def plain_expectation_of(check: Check) -> Any:
    """The library's own expectation that comes to the same verdict; its meta says whose it is."""
    common: dict[str, Any] = {
        "severity": check.severity,
        "notes": f"{check.name} ({check.dimension}). {check.owner}: {check.action}",
        "meta": {
            "name": check.name,
            "column": check.column,
            "dimension": check.dimension,
            "owner": check.owner,
            "action": check.action,
        },
    }
    match check:
        case RowCount() | Columns():
            return of_the_table(check, **common)
        case NotNull() if check.mostly == 1:
            return gxe.ExpectColumnValuesToNotBeNull(column=check.column, **common)
        case Unique() if check.mostly == 1:
            return gxe.ExpectColumnValuesToBeUnique(column=check.column, **common)
        case RowCheck():
            return gxe.UnexpectedRowsExpectation(
                unexpected_rows_query=_naming_the_batch(_beyond_tolerance(check)), **common
            )
        case NoRows():
            return gxe.UnexpectedRowsExpectation(
                unexpected_rows_query=_naming_the_batch(check.query), **common
            )
    raise TypeError(f"no expectation for a {type(check).__name__}")


def _beyond_tolerance(check: RowCheck) -> str:
    """The failing rows, where they are more than the check lets fail."""
    failing = check.condition_of_failure("{batch}")
    if check.mostly == 1:
        return f"select * from {{batch}} where {failing}"
    judged = "true" if isinstance(check, NotNull) else f"{check.column} is not null"
    return (
        f"select * from {{batch}} where {failing} and (select count(*) filter ({failing})"
        f" > greatest({ODD_RECORDS}, (1 - {check.mostly}) * count(*) filter ({judged}))"
        " from {batch})"
    )


def _naming_the_batch(query: str) -> str:
    """A query that names the batch: of one that does not the library says so at each meeting."""
    return formatted(query if "{batch}" in query else f"{query} /* beside {{batch}} */")
