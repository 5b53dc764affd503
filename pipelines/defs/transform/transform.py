"""staging → intermediate → marts, by dbt, on the engine that the warehouse names."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import dagster as dg
from dagster_dbt import dbt_assets

from pipelines.defs.resources import POOL, Warehouse
from pipelines.defs.transform.translator import Translator
from pipelines.ingest import load_contracts
from pipelines.line import build_models
from pipelines.transform.build import NodeResult, TransformError
from pipelines.transform.manifest import current_manifest
from pipelines.transform.prepared import AFTER_SOLVE

Event = dg.MaterializeResult[None] | dg.AssetCheckResult


@dg.definitions
def defs() -> dg.Definitions:
    """One asset per model and seed, one check per data test, in two steps around the solve."""
    manifest = current_manifest()
    return dg.Definitions(
        assets=[
            dbt_step(manifest, "dbt_models", exclude=AFTER_SOLVE),
            dbt_step(manifest, "dbt_marts", select=AFTER_SOLVE),
        ]
    )


def dbt_step(
    manifest: Path, name: str, *, select: str = "fqn:*", exclude: str = ""
) -> dg.AssetsDefinition:
    """A part of the dbt project as one step, in this process."""

    def models(context: dg.AssetExecutionContext, warehouse: Warehouse) -> Iterator[Event]:
        keys = {key.path[-1]: key for key in context.selected_asset_keys}
        checks = {check.name: check for check in context.selected_asset_check_keys}
        try:
            results = build_models(
                warehouse.run(context.run.run_id),
                after_solve=not exclude,
                selected=sorted(keys) if context.is_subset else (),
            )
        except TransformError as error:
            yield from events(error.results, keys, checks)
            raise
        yield from events(results, keys, checks)

    decorator = dbt_assets(
        manifest=manifest,
        name=name,
        select=select,
        exclude=exclude or None,
        pool=POOL,
        dagster_dbt_translator=Translator(load_contracts()),
    )
    definition: dg.AssetsDefinition = decorator(models)
    return definition


def events(
    results: Sequence[NodeResult],
    keys: Mapping[str, dg.AssetKey],
    checks: Mapping[str, dg.AssetCheckKey],
) -> Iterator[Event]:
    """dbt's results as Dagster shows them: a materialisation a relation, a check a test."""
    for result in results:
        if result.kind == "test" and result.name in checks:
            check = checks[result.name]
            yield dg.AssetCheckResult(
                asset_key=check.asset_key,
                check_name=check.name,
                passed=not result.is_bad,
                metadata={
                    "failures": result.failures or 0,
                    "seconds": result.seconds,
                    "stands": result.stands,
                },
            )
        elif result.name in keys and result.status == "success":
            yield dg.MaterializeResult(
                asset_key=keys[result.name],
                metadata={"seconds": result.seconds, "stands": result.stands},
            )
