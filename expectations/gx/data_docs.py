"""Data Docs of Great Expectations over what the audits found, as pages that fetch nothing.

The library draws them; its templates load Bootstrap, jQuery and their like from public hosts. What
is remote is taken out of each page, and a small stylesheet and script stand in for the little of it
that the pages need: a layout, folds, and the list of all suites. Nothing is evaluated again, and no
page holds a row: counts, and what to do.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from expectations.gx.export import quiet_context
from expectations.light_import import import_great_expectations
from expectations.results import CheckResult

import_great_expectations()

# Great Expectations' own modules, once the package is there.
from great_expectations.core import (  # noqa: E402
    ExpectationSuite,
    ExpectationSuiteValidationResult,
    ExpectationValidationResult,
    RunIdentifier,
)
from great_expectations.data_context.types.resource_identifiers import (  # noqa: E402
    ExpectationSuiteIdentifier,
    ValidationResultIdentifier,
)
from great_expectations.expectations.expectation_configuration import (  # noqa: E402
    ExpectationConfiguration,
)

INDEX = "index.html"
# Elements that fetch from elsewhere, and the invitation to a newsletter.
REMOTE = re.compile(
    r"""<script\b[^>]*\bsrc=["']?https?:[^>]*>\s*</script>|<link\b[^>]*\bhref=["']?https?:[^>]*>"""
    r"""|<img\b[^>]*\bsrc=["']?https?:[^>]*>|<footer\b.*?</footer>""",
    re.DOTALL | re.IGNORECASE,
)
PICTURE = re.compile(r"""url\(\s*["']?(?:https?:)?//[^)]*\)""")
# A link that a reader may follow fetches nothing.
FETCHING = re.compile(
    r"""\bsrc\s*=\s*["']?(?:https?:)?//|<link\b[^>]*https?:|url\(\s*["']?(?:https?:)?//|@import"""
)
STANDIN = Path(__file__).with_name("data_docs.html")


def build_data_docs(folder: Path, results: Iterable[CheckResult]) -> Path:
    """Write the site.

    Args:
        folder: a new one.
        results: of one run of the audits; those of a table stand together.

    Returns:
        The page to open.

    Raises:
        ValueError: a page would still fetch something, as an upgrade of the library may cause.
    """
    with TemporaryDirectory(prefix="throughline-") as name:
        root = Path(name)
        context = quiet_context(root)
        for table, of_table in groupby(results, lambda r: f"{r.table_schema}.{r.table_name}"):
            _note(context, table, list(of_table))
        context.build_data_docs()
        shutil.copytree(root / "gx" / "uncommitted" / "data_docs" / "local_site", folder)
    standin = STANDIN.read_text(encoding="utf-8")
    for page in folder.rglob("*.html"):
        text = PICTURE.sub("none", REMOTE.sub("", page.read_text(encoding="utf-8")))
        if found := FETCHING.search(text):
            raise ValueError(
                f"{page.name} still fetches: {text[found.start() : found.start() + 120]}"
            )
        page.write_text(text.replace("</head>", f"{standin}</head>", 1), encoding="utf-8")
    return folder / INDEX


def _note(context: Any, table: str, results: list[CheckResult]) -> None:
    """Put what was found of a table where the library keeps validations."""
    configurations = [_configuration(result) for result in results]
    context.suites.add(
        ExpectationSuite(table, expectations=[c.to_domain_obj() for c in configurations])
    )
    passed = sum(result.success for result in results)
    run = RunIdentifier(run_name=str(results[0].as_of_at), run_time=results[0].evaluated_at)
    context.validation_results_store.set(
        ValidationResultIdentifier(
            expectation_suite_identifier=ExpectationSuiteIdentifier(table),
            run_id=run,
            batch_identifier=table,
        ),
        ExpectationSuiteValidationResult(
            success=passed == len(results),
            suite_name=table,
            results=[
                _result(result, configuration)
                for result, configuration in zip(results, configurations, strict=True)
            ],
            statistics={
                "evaluated_expectations": len(results),
                "successful_expectations": passed,
                "unsuccessful_expectations": len(results) - passed,
                "success_percent": 100 * passed / len(results),
            },
            meta={"run_id": run, "active_batch_definition": {"data_asset_name": table}},
        ),
    )


def _configuration(result: CheckResult) -> ExpectationConfiguration:
    where = f"{result.column_name}: " if result.column_name else ""
    return ExpectationConfiguration(
        type="unexpected_rows_expectation",
        kwargs={"unexpected_rows_query": f"select * from {{batch}} -- {result.expectation}"},
        description=f"{where}{result.expectation} ({result.dimension}, {result.severity})."
        f" {result.owner}: {result.action}",
        meta={"name": result.expectation},
    )


def _result(
    result: CheckResult, configuration: ExpectationConfiguration
) -> ExpectationValidationResult:
    return ExpectationValidationResult(
        success=result.success,
        expectation_config=configuration,
        result={
            "observed_value": result.exception or f"{result.failed} of {result.evaluated} failed"
        },
        exception_info={
            "raised_exception": False,
            "exception_message": None,
            "exception_traceback": None,
        },
    )
