"""staging → intermediate → marts, by dbt, on the engine that the warehouse names."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliResource, dbt_assets
from dagster_dbt.errors import DagsterDbtCliRuntimeError

from pipelines.defs.resources import POOL, Warehouse
from pipelines.manifest import current_manifest
from pipelines.runs import finish_run
from pipelines.settings import point_dbt_at
from pipelines.spark import bring_back, hand_over

logger = logging.getLogger(__name__)


@dg.definitions
def defs() -> dg.Definitions:
    """One asset per model and seed, one check per data test."""

    @dbt_assets(manifest=current_manifest(), pool=POOL)
    def dbt_models(
        context: dg.AssetExecutionContext, dbt: DbtCliResource, warehouse: Warehouse
    ) -> Iterator[Any]:
        settings = warehouse.settings
        with warehouse.connect() as con:
            as_of_at = warehouse.as_of_at(con)
            if settings.target == "spark":
                hand_over(con, settings.spark_dir)
        point_dbt_at(settings)
        arguments = [
            "build",
            *("--exclude-resource-type", "unit_test"),
            *("--target", settings.target),
            *("--vars", json.dumps({"as_of_at": as_of_at.isoformat(" ", "microseconds")})),
        ]
        invocation = dbt.cli(arguments, context=context, target_path=settings.home / "dbt")
        try:
            for number, event in enumerate(invocation.stream(), start=1):
                logger.debug("dbt: %d done", number)
                yield event
        except DagsterDbtCliRuntimeError:
            with warehouse.connect() as con:
                finish_run(con, context.run_id, "failed", message=first_failure(invocation))
            raise
        if settings.target == "spark":
            with warehouse.connect() as con:
                bring_back(con, settings.spark_dir)

    return dg.Definitions(assets=[dbt_models])


def first_failure(invocation: Any) -> str:
    """The first model or test that dbt reports as failed, with dbt's own message."""
    for result in invocation.get_artifact("run_results.json")["results"]:
        if result["status"] in ("error", "fail"):
            return f"dbt: {result['unique_id']}: {result['message']}"
    return "dbt failed before it ran a model; its log is in the home's dbt/dbt.log"
