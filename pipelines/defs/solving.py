"""A step between the two halves of the dbt project: what numpy makes of models goes to `solved`."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import dagster as dg

from expectations.checks import OWNER
from pipelines.defs.code import written_in
from pipelines.defs.resources import POOL, Warehouse
from pipelines.line import Run


def solving_step(
    solve: Callable[[Run], None],
    *,
    description: str,
    inputs: Mapping[str, str],
    tables: Sequence[str],
) -> dg.AssetsDefinition:
    """One step that fills tables of the schema `solved`.

    Args:
        solve: the step of the line; Dagster calls it by the same name.
        description: of the step.
        inputs: the models it reads, and the schema of each.
        tables: what it writes.
    """
    deps = [dg.AssetKey([schema, model]) for model, schema in inputs.items()]

    @dg.multi_asset(
        name=solve.__name__,
        specs=[
            dg.AssetSpec(
                ["solved", table],
                deps=deps,
                description=description,
                group_name="solved",
                owners=[f"team:{OWNER}"],
                kinds={"numpy", "duckdb"},
                metadata=written_in(Path(inspect.getfile(solve))),
            )
            for table in tables
        ],
        pool=POOL,
        description=description,
    )
    def step(
        context: dg.AssetExecutionContext, warehouse: Warehouse
    ) -> Iterator[dg.MaterializeResult[None]]:
        run = warehouse.run(context.run.run_id)
        solve(run)
        with run.connect() as con:
            for table in tables:
                count = con.execute(f"select count(*) from solved.{table}").fetchall()[0][0]
                yield dg.MaterializeResult(
                    asset_key=["solved", table], metadata={"dagster/row_count": count}
                )

    return step
