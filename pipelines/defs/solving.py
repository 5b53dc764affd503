"""A step between the two halves of the dbt project: what numpy makes of models goes to `solved`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

import dagster as dg
import duckdb

from expectations.suites.marts import OWNER
from pipelines.defs.resources import POOL, Warehouse
from pipelines.spark import written_by_spark

Solve = Callable[[duckdb.DuckDBPyConnection, datetime, Mapping[str, str] | None], object]


def solving_step(
    *, name: str, description: str, inputs: Mapping[str, str], tables: Sequence[str], solve: Solve
) -> dg.AssetsDefinition:
    """One step that fills tables of the schema `solved`.

    Args:
        name, description: of the step.
        inputs: the models it reads, and the schema of each.
        tables: what it writes.
        solve: called with the build file, the run's clock, and where the inputs are if not there.
    """
    deps = [dg.AssetKey([schema, model]) for model, schema in inputs.items()]

    @dg.multi_asset(
        name=name,
        specs=[
            dg.AssetSpec(
                ["solved", table],
                deps=deps,
                description=description,
                group_name="solved",
                owners=[f"team:{OWNER}"],
                kinds={"numpy", "duckdb"},
            )
            for table in tables
        ],
        pool=POOL,
        description=description,
    )
    def step(
        context: dg.AssetExecutionContext, warehouse: Warehouse
    ) -> Iterator[dg.MaterializeResult[None]]:
        settings = warehouse.settings
        relations = (
            {
                model: written_by_spark(settings.spark_dir, schema, model)
                for model, schema in inputs.items()
            }
            if settings.target == "spark"
            else None
        )
        with warehouse.connect() as con:
            solve(con, warehouse.as_of_at(con), relations)
            for table in tables:
                count = con.execute(f"select count(*) from solved.{table}").fetchall()[0][0]
                yield dg.MaterializeResult(
                    asset_key=["solved", table], metadata={"dagster/row_count": count}
                )

    return step
