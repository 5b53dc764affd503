"""The audits as checks that block: of the deliveries before dbt, of the marts before publishing."""

from collections.abc import Container, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import dagster as dg

from pipelines import line
from pipelines.defs.resources import POOL, Warehouse
from pipelines.ingest import load_contracts
from pipelines.transform.manifest import marts

if TYPE_CHECKING:
    from expectations.results import CheckResult

SHOWN_FAILURES = 20

Table = tuple[str, str]


@dg.definitions
def defs() -> dg.Definitions:
    """One check per raw table and one per mart: Dagster keeps each in events of its own, in which
    a check an expectation would cost more than the judging.
    """
    contracts = load_contracts()
    raw_tables = [(contract.schema, contract.stream) for contract in contracts]
    mart_tables = list(marts())

    @dg.multi_asset_check(
        name="audit_delivery",
        specs=check_specs("delivery", raw_tables),
        pool=POOL,
        # Of tables that nobody delivered there is nothing to say.
        can_subset=True,
        description="Is what was delivered plausible? (Great Expectations)",
    )
    def audit_delivery(
        context: dg.AssetCheckExecutionContext, warehouse: Warehouse
    ) -> Iterator[dg.AssetCheckResult]:
        results = line.audit_delivery(warehouse.run(context.run.run_id))
        yield from check_results("delivery", raw_tables, results, context.selected_asset_check_keys)

    @dg.multi_asset_check(
        name="audit_marts",
        specs=check_specs("marts", mart_tables),
        pool=POOL,
        can_subset=True,
        description="Are the marts fit to be published? (Great Expectations)",
    )
    def audit_marts(
        context: dg.AssetCheckExecutionContext, warehouse: Warehouse
    ) -> Iterator[dg.AssetCheckResult]:
        results = line.audit_marts(warehouse.run(context.run.run_id))
        yield from check_results("marts", mart_tables, results, context.selected_asset_check_keys)

    return dg.Definitions(asset_checks=[audit_delivery, audit_marts])


def check_specs(suite: str, tables: Sequence[Table]) -> list[dg.AssetCheckSpec]:
    """Per table one check, by the name of the suite; it blocks by the severity of its result."""
    return [dg.AssetCheckSpec(suite, asset=list(table), blocking=True) for table in tables]


def check_results(
    suite: str,
    tables: Sequence[Table],
    results: Sequence["CheckResult"],
    wanted: Container[dg.AssetCheckKey],
) -> Iterator[dg.AssetCheckResult]:
    """The results of each table as one; none of a table that is no part of this run, as of a stream
    that nobody delivered. A critical failure is an error, which blocks; any other is a warning.

    Args:
        suite, tables, results: what was audited, and what came of it.
        wanted: the checks that were asked for; a person can run a single one.
    """
    by_table: dict[Table, list[CheckResult]] = {}
    for result in results:
        by_table.setdefault((result.table_schema, result.table_name), []).append(result)
    for schema, table in tables:
        found = by_table.get((schema, table))
        key = dg.AssetCheckKey(dg.AssetKey([schema, table]), suite)
        if not found or key not in wanted:
            continue
        failures = sorted((r for r in found if not r.success), key=lambda r: r.severity)
        is_critical = any(r.severity == "critical" for r in failures)
        yield dg.AssetCheckResult(
            asset_key=key.asset_key,
            check_name=key.name,
            passed=not failures,
            severity=dg.AssetCheckSeverity.ERROR if is_critical else dg.AssetCheckSeverity.WARN,
            description="; ".join(r.describe() for r in failures[:SHOWN_FAILURES]) or None,
            metadata={
                "evaluated": len(found),
                "failed": len(failures),
                "failures": dg.MetadataValue.json([shown(r) for r in failures]),
            },
        )


def shown(result: "CheckResult") -> dict[str, Any]:
    """A failure as Dagster shows it."""
    return {
        "expectation": result.expectation,
        "severity": result.severity,
        "column": result.column_name,
        "evaluated": result.evaluated,
        "failed": result.failed,
        "sample_keys": list(result.sample_keys),
        "exception": result.exception,
        "owner": result.owner,
        "action": result.action,
    }
