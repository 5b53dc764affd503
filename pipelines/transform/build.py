"""dbt, in this process: one build of the project, as of the clock in ops.clock, on one engine.

A dbt of its own process would start and read the project for ten seconds of each run; here it is
handed the manifest that the graph was drawn from.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pipelines.project import project
from pipelines.settings import Settings, point_dbt_at
from pipelines.transform.manifest import parsed_manifest

BAD = ("error", "fail", "runtime error")
SHOWN_FAILURES = 5

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class NodeResult:
    """What became of one seed, model or test.

    Attributes:
        unique_id, name, kind: as dbt's manifest has them.
        status: success, pass, warn, fail, error or skipped.
        failures: rows that a test found; None for others.
        stands: whether nothing new reached it, so that it is as an earlier run made or judged it.
    """

    unique_id: str
    name: str
    kind: str
    status: str
    message: str | None
    failures: int | None
    seconds: float
    stands: bool = False

    @property
    def is_bad(self) -> bool:
        """Whether it stops a release."""
        return self.status in BAD


class TransformError(Exception):
    """dbt did not get through the project; `results` is what it got done."""

    def __init__(self, message: str, results: Sequence[NodeResult]) -> None:
        super().__init__(message)
        self.results = results


def build(
    settings: Settings,
    select: Sequence[str] = (),
    *,
    exclude: Sequence[str] = (),
    tests: Literal["cautious", "eager"] = "eager",
    listener: Callable[[Any], None] | None = None,
) -> list[NodeResult]:
    """Build the project, or what is selected of it, with its data tests.

    Nobody else may have the build file open.

    Args:
        settings: where and on which engine.
        select, exclude: names or other words of dbt's selection; none for all and nothing.
        tests: "cautious" selects and excludes the tests that need no more than what is named.
        listener: called with every event of dbt.

    Raises:
        TransformError: a model or a test failed; the message names the first ones.
    """
    from dbt.cli.main import dbtRunner  # noqa: PLC0415 - two seconds that most commands save

    manifest = parsed_manifest(settings.target)
    # After it: where the manifest is old, reading the project points dbt elsewhere.
    point_dbt_at(settings)
    root = str(project().root)
    callbacks = [_note, listener] if listener else [_note]
    outcome = dbtRunner(manifest=manifest, callbacks=callbacks).invoke(
        [
            *("--no-print", "build", "--exclude-resource-type", "unit_test"),
            # Spark is handed them (see pipelines/spark.py).
            *(("--exclude-resource-type", "seed") if settings.target == "spark" else ()),
            *("--project-dir", root, "--profiles-dir", root),
            *("--target", settings.target, "--target-path", str(settings.home / "dbt")),
            *("--log-path", str(settings.home / "dbt"), "--no-partial-parse"),
            # Its logs and artifacts cost seconds, and nobody reads them: results say what failed.
            *("--log-level", "none", "--log-level-file", "none", "--no-write-json"),
            *(("--select", *select) if select else ()),
            *("--indirect-selection", tests),
            *(("--exclude", *exclude) if exclude else ()),
        ]
    )
    if settings.target == "duckdb":
        _let_go()
    results = [_node_result(result) for result in getattr(outcome.result, "results", ())]
    if not outcome.success:
        raise TransformError(first_failures(results) or f"dbt: {outcome.exception}", results)
    return results


def _let_go() -> None:
    """dbt-duckdb keeps the build file open for the next command of the process; there is none."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager  # noqa: PLC0415

    DuckDBConnectionManager.close_all_connections()


def _node_result(result: Any) -> NodeResult:
    return NodeResult(
        unique_id=result.node.unique_id,
        name=result.node.name,
        kind=str(result.node.resource_type),
        status=str(result.status),
        message=result.message,
        failures=result.failures,
        seconds=result.execution_time,
    )


def first_failures(results: Sequence[NodeResult]) -> str:
    """What went wrong, with the names and words of the first few; empty if nothing did."""
    bad = [f"{r.name}: {' '.join((r.message or r.status).split())}" for r in results if r.is_bad]
    if not bad:
        return ""
    more = f"; and {len(bad) - SHOWN_FAILURES} more" if len(bad) > SHOWN_FAILURES else ""
    return f"dbt: {'; '.join(bad[:SHOWN_FAILURES])}{more}"


def _note(event: Any) -> None:
    """One line of progress a finished node."""
    if event.info.name == "NodeFinished":
        logger.debug("dbt: %s", event.data.node_info.node_name)
