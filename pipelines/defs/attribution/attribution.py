"""The solve between two halves of the dbt project: journeys in, shares and credits out."""

from collections.abc import Iterator

import dagster as dg

from pipelines.attribution.journeys import INPUTS
from pipelines.attribution.solve import solve
from pipelines.defs.resources import POOL, Warehouse
from pipelines.spark import written_by_spark

TABLES = ("journey_credits", "intervals")


@dg.definitions
def defs() -> dg.Definitions:
    """One step that fills the schema `solved`."""
    inputs = [dg.AssetKey([schema, model]) for model, schema in INPUTS.items()]

    @dg.multi_asset(
        name="solve_attribution",
        specs=[
            dg.AssetSpec(["solved", table], deps=inputs, kinds={"numpy", "duckdb"})
            for table in TABLES
        ],
        pool=POOL,
        description="Fit markov and data_driven to the journeys, with their intervals.",
    )
    def solve_attribution(
        context: dg.AssetExecutionContext, warehouse: Warehouse
    ) -> Iterator[dg.MaterializeResult[None]]:
        settings = warehouse.settings
        relations = (
            {
                model: written_by_spark(settings.spark_dir, schema, model)
                for model, schema in INPUTS.items()
            }
            if settings.target == "spark"
            else None
        )
        with warehouse.connect() as con:
            solve(con, warehouse.as_of_at(con), relations)
            for table in TABLES:
                count = con.execute(f"select count(*) from solved.{table}").fetchall()[0][0]
                yield dg.MaterializeResult(
                    asset_key=["solved", table], metadata={"dagster/row_count": count}
                )

    return dg.Definitions(assets=[solve_attribution])
