"""The release: the marts, audited once more, in front of the readers."""

from datetime import datetime

import dagster as dg
import duckdb

from expectations.suites.marts import OWNER
from pipelines.defs.resources import POOL, Warehouse
from pipelines.publish import PublishError, publish
from pipelines.runs import finish_run
from pipelines.settings import utc_text
from pipelines.transform.manifest import marts


def objections(con: duckdb.DuckDBPyConnection, as_of_at: datetime, run_id: str) -> list[str]:
    """Why these marts may not be published, a sentence each; none if they may.

    Does not trust that a failure upstream has stopped the run: it reads the results again.
    """
    from expectations.runner import critical_failures  # noqa: PLC0415 - stays out of the graph

    judged = con.execute(
        "select count(*) from ops.quality_results where suite = 'marts' and as_of_at = ?"
        " and evaluated_at >= coalesce("
        "(select started_at from ops.runs where run_id = ?), evaluated_at)",
        [as_of_at, run_id],
    ).fetchall()[0][0]
    if not judged:
        return [f"nobody has judged the marts as of {utc_text(as_of_at)} in this run"]
    return [failure.describe() for failure in critical_failures(con, as_of_at)]


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
        run_id = context.run.run_id
        with warehouse.connect() as con:
            as_of_at = warehouse.as_of_at(con)
            refusal = "; ".join(objections(con, as_of_at, run_id))
            if not refusal:
                try:
                    done = publish(con, warehouse.settings, as_of_at, run_id, marts=keys)
                except PublishError as error:
                    refusal = str(error)
            if refusal:
                finish_run(con, run_id, "refused", message=refusal)
                raise dg.Failure(f"not published: {refusal}", allow_retries=False)
            finish_run(
                con,
                run_id,
                done.status,
                release_id=done.release.release_id,
                message=done.message,
            )
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
