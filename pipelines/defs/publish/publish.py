"""The release: the marts, audited once more, in front of the readers."""

import dagster as dg

from expectations.checks import OWNER
from pipelines.defs.resources import POOL, Warehouse
from pipelines.line import publish_release
from pipelines.transform.manifest import marts


@dg.definitions
def defs() -> dg.Definitions:
    """One asset downstream of every mart."""
    keys = marts()

    @dg.asset(
        key=["release"],
        deps=[dg.AssetKey(list(key)) for key in keys],
        pool=POOL,
        group_name="release",
        owners=[f"team:{OWNER}"],
        kinds={"duckdb"},
        description="The audited marts as readers see them: published/marketing.duckdb.",
    )
    def release(
        context: dg.AssetExecutionContext, warehouse: Warehouse
    ) -> dg.MaterializeResult[None]:
        done = publish_release(warehouse.run(context.run.run_id))
        return dg.MaterializeResult(
            metadata={
                "release_id": done.release.release_id,
                "status": done.status,
                "path": dg.MetadataValue.path(str(done.path)),
                "content_hash": done.release.content_hash,
                "restated": done.restated,
                "rows": dg.MetadataValue.json(dict(done.row_counts)),
                "dagster/row_count": sum(done.row_counts.values()),
            }
        )

    return dg.Definitions(assets=[release])
