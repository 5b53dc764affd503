"""What is learned about leads, between the two halves of the dbt project."""

from collections.abc import Iterator

import dagster as dg

from pipelines.defs.resources import POOL, Warehouse
from pipelines.scoring.learned import INPUTS, learn
from pipelines.spark import written_by_spark

TABLES = ("lead_score_evaluations", "lead_chances")


@dg.definitions
def defs() -> dg.Definitions:
    """One step that holds a learned lead score against the rules."""
    inputs = [dg.AssetKey([schema, model]) for model, schema in INPUTS.items()]

    @dg.multi_asset(
        name="learn_lead_scores",
        specs=[
            dg.AssetSpec(["solved", table], deps=inputs, kinds={"numpy", "duckdb"})
            for table in TABLES
        ],
        pool=POOL,
        description="Learn from earlier leads, and hold it against the rules on later ones.",
    )
    def learn_lead_scores(
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
            learn(con, warehouse.as_of_at(con), relations)
            for table in TABLES:
                count = con.execute(f"select count(*) from solved.{table}").fetchall()[0][0]
                yield dg.MaterializeResult(
                    asset_key=["solved", table], metadata={"dagster/row_count": count}
                )

    return dg.Definitions(assets=[learn_lead_scores])
