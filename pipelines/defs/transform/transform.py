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
    """One asset per model and seed, one check for all data tests of each, in two steps around the
    solve.
    """
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
    translator = Translator(load_contracts())

    def models(context: dg.AssetExecutionContext, warehouse: Warehouse) -> Iterator[Event]:
        keys = {key.path[-1]: key for key in context.selected_asset_keys}
        wanted = context.selected_asset_check_keys
        checks = {test: check for test, check in translator.checks.items() if check in wanted}
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
        # Of tests on seeds alone: the project would not have been prepared if one had failed.
        ran = {result.unique_id for result in results}
        told = {check for test, check in checks.items() if test in ran}
        for check in set(checks.values()) - told:
            yield dg.AssetCheckResult(
                asset_key=check.asset_key,
                check_name=check.name,
                passed=True,
                metadata={"evaluated": 0, "stands": True},
            )

    decorator = dbt_assets(
        manifest=manifest,
        name=name,
        select=select,
        exclude=exclude or None,
        pool=POOL,
        dagster_dbt_translator=translator,
    )
    definition: dg.AssetsDefinition = decorator(models)
    return definition


def events(
    results: Sequence[NodeResult],
    keys: Mapping[str, dg.AssetKey],
    checks: Mapping[str, dg.AssetCheckKey],
) -> Iterator[Event]:
    """dbt's results as Dagster shows them: a materialisation a relation, a check for its tests.

    Args:
        results: what became of each node.
        keys: of the relations, by name.
        checks: of the tests, by unique id.
    """
    tests: dict[dg.AssetCheckKey, list[NodeResult]] = {}
    for result in results:
        if result.unique_id in checks:
            tests.setdefault(checks[result.unique_id], []).append(result)
        elif result.name in keys and result.status == "success":
            yield dg.MaterializeResult(
                asset_key=keys[result.name],
                metadata={"seconds": result.seconds, "stands": result.stands},
            )
    for check, found in tests.items():
        bad = [test for test in found if test.is_bad]
        yield dg.AssetCheckResult(
            asset_key=check.asset_key,
            check_name=check.name,
            passed=not bad,
            description="; ".join(f"{test.name}: {test.message}" for test in bad) or None,
            metadata={
                "evaluated": len(found),
                "failed": len(bad),
                "seconds": sum(test.seconds for test in found),
                "stands": all(test.stands for test in found),
            },
        )
