"""Exports in: every raw table of every contract, loaded by one step, one transaction per file."""

import logging
from collections.abc import Iterator

import dagster as dg
import duckdb

from pipelines.defs.resources import POOL, Warehouse
from pipelines.ingest import Contract, load_contracts, load_exports
from pipelines.ingest.load import next_batch_time
from pipelines.runs import finish_run, newest_batch, start_run
from pipelines.settings import utc_now

logger = logging.getLogger(__name__)

USABLE = "('loaded', 'empty', 'duplicate')"


@dg.definitions
def defs() -> dg.Definitions:
    """One asset per raw table, and the files it comes from as an asset outside."""
    contracts = load_contracts()

    @dg.multi_asset(
        name="load_exports",
        specs=[raw_table(contract) for contract in contracts],
        pool=POOL,
        description="Recognise what is new below the exports folder and load it as one batch.",
    )
    def load(
        context: dg.AssetExecutionContext, warehouse: Warehouse
    ) -> Iterator[dg.MaterializeResult[None]]:
        with warehouse.connect() as con:
            load_what_is_new(con, warehouse, context.run_id, contracts)
            for contract in contracts:
                yield dg.MaterializeResult(
                    asset_key=[contract.schema, contract.stream],
                    metadata={"dagster/row_count": row_count(con, contract)},
                )

    return dg.Definitions(assets=[*map(exports_of, contracts), load])


def exports_of(contract: Contract) -> dg.AssetSpec:
    """The files of a stream, as the vendor writes them."""
    return dg.AssetSpec(
        ["exports", contract.source, contract.stream],
        description=f"{contract.title}: the files as sent.",
        owners=[],
    )


def raw_table(contract: Contract) -> dg.AssetSpec:
    """A stream's raw table."""
    return dg.AssetSpec(
        [contract.schema, contract.stream],
        deps=[["exports", contract.source, contract.stream]],
        description=f"{contract.title}: {contract.grain} As sent, append-only.",
        kinds={"duckdb"},
        metadata={"contract": f"pipelines/contracts/{contract.source}/{contract.stream}.yml"},
    )


def load_what_is_new(
    con: duckdb.DuckDBPyConnection,
    warehouse: Warehouse,
    run_id: str,
    contracts: tuple[Contract, ...],
) -> None:
    """Load new files, unless the run's clock stands at or before the newest batch: a replay.

    Raises:
        dagster.Failure: no file was ever usable.
    """
    wanted, newest = warehouse.requested_as_of, newest_batch(con)
    start_run(con, run_id, wanted or newest or utc_now())
    if wanted is None or newest is None or wanted > newest:
        load_exports(
            con,
            warehouse.settings.exports,
            contracts=contracts,
            loaded_at=next_batch_time(newest, wanted or utc_now()),
            progress=lambda number, total, path: logger.info("[%d/%d] %s", number, total, path),
        )
    (found, usable) = con.execute(
        f"select count(*), count(*) filter (status in {USABLE}) from ops.files"
    ).fetchall()[0]
    if usable == 0:
        message = (
            f"nothing usable below {warehouse.settings.exports}: {found} files found, none of them"
            " an export that a contract knows"
        )
        finish_run(con, run_id, "unusable", message=message)
        raise dg.Failure(message, allow_retries=False)
    start_run(con, run_id, warehouse.as_of_at(con))


def row_count(con: duckdb.DuckDBPyConnection, contract: Contract) -> int:
    """Rows in a raw table, of all deliveries."""
    return int(con.execute(f"select count(*) from {contract.table}").fetchall()[0][0])
