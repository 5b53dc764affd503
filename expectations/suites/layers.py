"""Whether each layer holds what the one before it holds: rows, sums, and money at its day's rate.

Tests of a model judge what it made. That it made something of all that came is seen from outside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import duckdb

from expectations.checks import OWNER, WARNING, Check, EachRow, NoRows
from expectations.suites import is_built
from pipelines.ingest import load_contracts
from pipelines.sql import literal, moment, quoted
from pipelines.transform.project import project_vars
from pipelines.transform.readings import staged

RATES = ("seeds", "fx_rates")
EVENTS = ("intermediate", "int_events_sessionised")
DEALS = ("intermediate", "int_crm_deals_unioned")
PRICED_DEALS = ("intermediate", "int_opportunities_priced")
CONTACTS = ("intermediate", "int_crm_contacts_unioned")
BLOCKER_LOG = ("staging", "stg_templates__blocker_log")
BUSINESS_DAYS = ("intermediate", "int_business_days_opened")
BRIEFS = ("staging", "stg_templates__campaign_briefs")

# Models that leave rows out on purpose: what a connector says was deleted, and lines of the cards
# of an ad, which its own line sums up.
LEAVES_ROWS_OUT = (
    *("asana.stories_csv", "asana.tasks_csv", "jira.issues_csv"),
    "linkedin_ads.performance_report",
)
# Sums of doubles differ in their last digits by the order of the rows.
SAME_SHARE = 1e-9
HALF_A_CENT = "0.0051"
SECOND_IN_HOURS = "1.0 / 3600"

# By the beginning of a column's type: a sum that shows whether its cells are what they were.
SUMS: Mapping[str, str] = {
    "BIGINT": "sum(abs(cast({} as double)))",
    "BOOLEAN": "count(*) filter ({})",
    "DATE": "sum(epoch({}))",
    "DECIMAL": "sum(abs(cast({} as double)))",
    "DOUBLE": "sum(abs({}))",
    "INTEGER": "sum(abs(cast({} as double)))",
    "TIMESTAMP": "sum(epoch({}))",
    "VARCHAR": "count({})",
}


def checks(con: duckdb.DuckDBPyConnection, as_of_at: datetime) -> Mapping[str, tuple[Check, ...]]:
    """What single marts must keep of the layers before them, by mart."""
    found: dict[str, tuple[Check, ...]] = {
        "meta.files": staging(con, as_of_at),
        "attribution.fct_touches": visits(con),
        "operations.fct_approval_rounds": reviews(con, as_of_at),
    }
    for mart, check in (*converted(con), *accounted(con, as_of_at).items()):
        found[mart] = (*found.get(mart, ()), check)
    return found


def staging(con: duckdb.DuckDBPyConnection, as_of_at: datetime) -> tuple[Check, ...]:
    """Staging holds a row for each row that came, and its cells come to what was read.

    Where staging is built elsewhere, as by Spark, nobody is asked.
    """
    # A check a stream: what a union of all costs DuckDB to plan grows faster than their number.
    return tuple(
        NoRows(
            name="staging_holds_what_came",
            column=stream.name,
            dimension="consistency",
            severity=WARNING,
            owner=OWNER,
            action="Look into the staging model of the stream for what it does with the column that"
            " is named, or with its rows (*): its numbers, times or filled cells do not come to"
            " those that were delivered (rows left out or doubled, another unit, zone or type).",
            query=f"select cell, came, held from ({stream.compared()})"
            f" where abs(came - held) > {SAME_SHARE} * greatest(abs(came), abs(held))",
            evaluated=f"select {len(stream.sums)}",
        )
        for stream in _staged_streams(con, as_of_at)
    )


@dataclass(frozen=True)
class _Stream:
    """A stream that was delivered, and what staging makes of it.

    Attributes:
        name: of the stream.
        current, staged: the relations of both sides.
        sums: by column of staging, the sum over what came and the one over what staging holds; `*`
            is for the rows themselves.
    """

    name: str
    current: str
    staged: str
    sums: Mapping[str, tuple[str, str]]

    def compared(self) -> str:
        """A query for cell, came and held."""
        came = _summed({name: sql for name, (sql, _) in self.sums.items()}, self.current, "came")
        held = _summed({name: sql for name, (_, sql) in self.sums.items()}, self.staged, "held")
        return f"select cell, came, held from ({came}) join ({held}) using (cell)"


def _summed(sums: Mapping[str, str], relation: str, label: str) -> str:
    selected = ", ".join(
        f"coalesce(cast({sql} as double), 0) as {quoted(name)}" for name, sql in sums.items()
    )
    names = ", ".join(map(quoted, sums))
    return f"unpivot (select {selected} from {relation}) on {names} into name cell value {label}"


def _staged_streams(con: duckdb.DuckDBPyConnection, as_of_at: datetime) -> Iterator[_Stream]:
    delivered = con.execute(
        "select distinct source, stream from ops.files where status = 'loaded' and rows_loaded > 0"
        f" and loaded_at <= {moment(as_of_at)}"
    ).fetchall()
    types = {
        (model, name): data_type.split("(")[0]
        for model, name, data_type in con.execute(
            "select table_name, column_name, data_type from duckdb_columns()"
            " where schema_name = 'staging' and database_name = current_database()"
        ).fetchall()
    }
    built = {model for model, _ in types}
    for contract in load_contracts():
        is_asked = (contract.source, contract.stream) in delivered
        found = staged(contract) if is_asked and contract.name not in LEAVES_ROWS_OUT else None
        if found is None or found.model not in built:
            continue
        sums = {"*": ("count(*)", "count(*)")}
        for name, reading in found.columns.items():
            total = SUMS.get(types.get((found.model, name), ""))
            if total:
                sums[name] = (total.format(f"({reading})"), total.format(quoted(name)))
        yield _Stream(contract.name, contract.current_table, f"staging.{found.model}", sums)


def converted(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, Check]]:
    """Money in the reporting currency is the amount at the rate of the day that its row names.

    Of every mart that names the day of its rate: each column beside its twin in that currency.
    """
    if not is_built(con, RATES):
        return
    reporting = literal(str(project_vars()["reporting_currency"]))
    rate = (
        f"case when currency = {reporting} then 1 else (select any_value(rates.rate)"
        f" from {'.'.join(RATES)} as rates where rates.from_currency = currency"
        f" and rates.to_currency = {reporting} and rates.rate_date = fx_rate_date) end"
    )
    pairs = con.execute(
        "with columns as (select concat(schema_name, '.', table_name) as mart, column_name"
        " from duckdb_columns() where database_name = current_database()"
        " and schema_name not in ('intermediate', 'staging'))"
        " select mart, column_name from columns as reporting"
        " where column_name like '%\\_reporting' escape '\\'"
        " and exists (from columns where mart = reporting.mart and column_name = 'fx_rate_date')"
        " and exists (from columns where mart = reporting.mart and column_name = 'currency')"
        " and exists (from columns where mart = reporting.mart"
        " and concat(column_name, '_reporting') = reporting.column_name) order by all"
    ).fetchall()
    for mart, column in pairs:
        amount = column.removesuffix("_reporting")
        yield (
            mart,
            EachRow(
                name="is_at_the_days_rate",
                column=column,
                condition=f"abs({column} - cast({amount} as double) * ({rate}))"
                f" <= {HALF_A_CENT} + {SAME_SHARE} * abs({column})",
                dimension="accuracy",
                severity=WARNING,
                owner="Finance",
                action="Find the model that converts: the amount times the rate of the day that its"
                " row names is another one in the reporting currency.",
            ),
        )


def accounted(con: duckdb.DuckDBPyConnection, as_of_at: datetime) -> Mapping[str, Check]:
    """What came of a source is there at its end, each thing once, less what is left out by rule."""
    clock = moment(as_of_at)
    since = f"date {literal(str(project_vars()['facts_since']))}"
    deals, contacts = ".".join(DEALS), ".".join(CONTACTS)
    ends = {
        "core.dim_contacts": (
            (CONTACTS,),
            f"select count(distinct (crm_source, crm_contact_id)) from {contacts}",
            "select coalesce(sum(record_count), 0) from {batch}",
        ),
        "funnel.fct_opportunities": (
            (DEALS, PRICED_DEALS),
            f"select count(distinct opportunity_id) from {deals}"
            f" where created_at between {since} and {clock} and opportunity_id not in"
            f" (select opportunity_id from {'.'.join(PRICED_DEALS)} where is_excluded)",
            "select count(*) from {batch}",
        ),
        "operations.fct_blockers": (
            (BLOCKER_LOG,),
            "select count(distinct coalesce(duplicate_of, blocker_id, ''))"
            f" from {'.'.join(BLOCKER_LOG)} where coalesce(opened_at <= {clock}, true)",
            "select count(*) from {batch} where blocker_kind = 'log'",
        ),
        "operations.fct_campaign_briefs": (
            (BRIEFS,),
            f"select count(distinct (brief_id, version)) from {'.'.join(BRIEFS)}"
            " where brief_id is not null and version is not null",
            "select count(*) from {batch}",
        ),
    }
    return {
        mart: NoRows(
            name="holds_all_that_came",
            dimension="completeness",
            severity=WARNING,
            owner=OWNER,
            action="Find the model on the way that loses or doubles what the source tells: here are"
            " not as many as came.",
            query=f"select ({came}) as came, ({held}) as held where came <> held",
            evaluated=came,
        )
        for mart, (reads, came, held) in ends.items()
        if all(is_built(con, relation) for relation in reads)
    }


def visits(con: duckdb.DuckDBPyConnection) -> tuple[Check, ...]:
    """No touch is a visit of the team, of a bot, or of whatever else traffic_exclusions names."""
    if not is_built(con, EVENTS):
        return ()
    left_out = f"{'.'.join(EVENTS)} where exclusion_reason is not null"
    return (
        NoRows(
            name="no_touch_by_what_is_left_out",
            dimension="accuracy",
            severity=WARNING,
            owner=OWNER,
            action="Find the model that lost its filter: visits that the seed traffic_exclusions or"
            " a tag leaves out earn credit.",
            query="select exclusion_reason, count(*) as touches from {batch} as touches"
            f" join (select md5(device_id) as visitor_key, event_at, exclusion_reason"
            f" from {left_out}) as events on touches.visitor_key = events.visitor_key"
            " and touches.touched_at = events.event_at group by exclusion_reason",
            evaluated=f"select count(*) from {left_out}",
        ),
    )


def reviews(con: duckdb.DuckDBPyConnection, as_of_at: datetime) -> tuple[Check, ...]:
    """A review takes no more business hours than the calendar had while it lasted."""
    if not is_built(con, BUSINESS_DAYS):
        return ()
    return (
        # The region of a round's policy is not known here: none was open for longer.
        NoRows(
            name="business_hours_were_open",
            column="business_hours",
            dimension="accuracy",
            severity=WARNING,
            owner=OWNER,
            action="Find the model that counts the hours of a review: it counts more than the"
            " calendar had open between its request and its answer, in any region.",
            query="with rounds as (select approval_round_id, requested_at, business_hours,"
            f" coalesce(decided_at, {moment(as_of_at)}) as ended_at from {{batch}}"
            " where business_hours > 0), opened as (select approval_round_id, region, sum("
            "epoch(least(closes_at, ended_at)) - epoch(greatest(opens_at, requested_at))) / 3600"
            f" as hours from rounds join {'.'.join(BUSINESS_DAYS)} as days"
            " on is_business_day and opens_at < ended_at and closes_at > requested_at group by all)"
            " select approval_round_id, business_hours, hours_open from rounds left join"
            " (select approval_round_id, max(hours) as hours_open from opened group by all)"
            " using (approval_round_id)"
            f" where business_hours > coalesce(hours_open, 0) + {SECOND_IN_HOURS}",
            evaluated="select count(business_hours) from {batch}",
        ),
    )
