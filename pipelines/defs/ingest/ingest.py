"""Exports in: every raw table of every contract, loaded by one step, one transaction per file."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import dagster as dg
import duckdb

from expectations.checks import OWNER
from pipelines.defs.code import written_in
from pipelines.defs.resources import LOAD_STEP, POOL, Warehouse
from pipelines.ingest import Contract, load_contracts
from pipelines.ingest.ledger import USABLE
from pipelines.line import load_exports
from pipelines.project import project, said_by
from pipelines.sql import text_list


@dg.definitions
def defs() -> dg.Definitions:
    """One asset per raw table, and the files it comes from as an asset outside."""
    contracts = load_contracts()

    @dg.multi_asset(
        name=LOAD_STEP,
        specs=[raw_table(contract) for contract in contracts],
        pool=POOL,
        description="Recognise what is new below the exports folder and load it as one batch.",
    )
    def load(
        context: dg.AssetExecutionContext, warehouse: Warehouse
    ) -> Iterator[dg.MaterializeResult[None]]:
        run = warehouse.run(context.run.run_id)
        batch = load_exports(run)
        with run.connect() as con:
            for event in deliveries(con, batch) if batch else ():
                context.log_event(event)
            for contract in contracts:
                yield dg.MaterializeResult(
                    asset_key=[contract.schema, contract.stream],
                    metadata={"dagster/row_count": row_count(con, contract)},
                )

    return dg.Definitions(assets=[*map(exports_of, contracts), load, *ledgers()])


def exports_of(contract: Contract) -> dg.AssetSpec:
    """The files of a stream, as the vendor writes them."""
    return dg.AssetSpec(
        ["exports", contract.source, contract.stream],
        description=f"{contract.title}: the files as sent.",
        group_name=f"exports_{contract.source}",
        owners=[f"team:{contract.owner}"],
        kinds={"csv", "json"} if contract.format == "any" else {contract.format},
        # From the newest file that was loaded: raw tables are looked through in every run.
        freshness_policy=dg.FreshnessPolicy.time_window(timedelta(hours=contract.latency_hours)),
    )


def ledgers() -> list[dg.AssetSpec]:
    """What the line writes about itself, step by step, and models read."""
    tables = {
        "clock": "One row: the run's clock.",
        "streams": "One row per stream and subject that it tells of, by its contract.",
        "campaign_names": "One row per name that a platform's campaign has or had.",
        "files": "One row per file that was found, and what came of it.",
        "failed_rows": "One row per raw row and row-level expectation that it failed.",
        "quality_results": "One row per expectation and as-of.",
        "erasures": "One row per erasure of the register, without a word of the person.",
        "threshold_evaluations": "One row per published as-of, rule and entity that broke it.",
        "budget_scenarios": "One row per scenario that was asked and channel that it moves.",
    }
    return [
        dg.AssetSpec(
            ["ops", table],
            description=description,
            group_name="ops",
            owners=[f"team:{OWNER}"],
            kinds={"duckdb"},
        )
        for table, description in tables.items()
    ]


def raw_table(contract: Contract) -> dg.AssetSpec:
    """A stream's raw table."""
    path = project().contracts / contract.source / f"{contract.stream}.yml"
    return dg.AssetSpec(
        [contract.schema, contract.stream],
        deps=[["exports", contract.source, contract.stream]],
        description=f"{contract.title}: {contract.grain} As sent, append-only.",
        group_name=contract.schema,
        owners=[f"team:{contract.owner}"],
        kinds={"duckdb"},
        metadata=written_in(said_by(path)),
    )


def deliveries(
    con: duckdb.DuckDBPyConnection, batch: datetime
) -> Iterator[dg.AssetMaterialization]:
    """The streams that came with a batch: what the freshness of exports is measured from."""
    for source, stream, files, rows in con.execute(
        "select source, stream, count(*), sum(rows_loaded) from ops.files"
        f" where loaded_at = ? and status in {text_list(USABLE)} group by all order by all",
        [batch],
    ).fetchall():
        yield dg.AssetMaterialization(
            ["exports", source, stream],
            metadata={"files": files, "dagster/row_count": rows},
        )


def row_count(con: duckdb.DuckDBPyConnection, contract: Contract) -> int:
    """Rows in a raw table, of all deliveries."""
    return int(con.execute(f"select count(*) from {contract.table}").fetchall()[0][0])
