"""What months that are closed said in the release that readers have, and what they would say now.

Late files, refunds and merges move them a little. Where much moves at once, a delivery or a rule is
not what it was: the ledger of restatements tells what changed once it is published, this before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import duckdb

from expectations.checks import OWNER, WARNING, Check, NoRows
from expectations.suites import is_built, reporting_day
from pipelines.ingest.environment import transaction
from pipelines.publish.content import AGAINST_THE_ONE_BEFORE
from pipelines.sql import moment, quoted

# A month is closed so many days behind its end: by then platforms and CRMs have restated it.
CLOSED_DAYS = 35
# What closed months may move from one release to the next, as a share of what they said.
MOVED_SHARE = 0.05
# Of fewer things one that comes late is a larger share.
FEWEST = 1 / MOVED_SHARE
# What all parts of a measure said together, of which less than that has moved where a part is tiny:
# a model that is fitted again moves hundredths of a point from one channel to another.
MOVED_OF_WHOLE = 0.001
MODEL = "attribution_model"
NAMED = " as "


@dataclass(frozen=True)
class Watched:
    """What is summed of a mart.

    Attributes:
        at: the column that says which month a row belongs to.
        part: the column by whose values it is told apart.
        measures: numbers, and conditions, of which those that hold are counted; behind `as` what
            one is called. Hours that still run grow with the clock and are none of them.
        repeated_by: the column for each of whose values the mart tells all of it again; the mean
            of them is what people know.
    """

    at: str
    part: str
    measures: tuple[str, ...] = ()
    repeated_by: str | None = None


WATCHED: Mapping[str, Watched] = {
    "attribution.fct_ad_spend_daily": Watched(
        "date_day", "platform", ("spend", "spend_reporting", "impressions", "clicks")
    ),
    "attribution.fct_attribution_credits": Watched(
        "converted_at", "channel", ("credit", "credited_amount"), MODEL
    ),
    "attribution.fct_channel_performance_daily": Watched(
        "date_day",
        "channel",
        ("spend_reporting", "touches", "leads", "mqls", "pipeline_amount", "revenue_amount"),
        MODEL,
    ),
    "attribution.fct_conversions": Watched(
        "converted_at", "conversion_type", ("amount_reporting", "account_key is not null")
    ),
    "attribution.fct_email_campaigns": Watched(
        "sent_at",
        "email_source",
        ("sent_count", "delivered_count", "open_count", "human_open_count", "click_count"),
    ),
    "attribution.fct_net_revenue": Watched(
        "month_start_date",
        "reporting_basis",
        ("original_amount", "refund_amount", "net_amount"),
        MODEL,
    ),
    "attribution.fct_touches": Watched(
        "touched_at", "channel", ("contact_key is not null", "campaign_key is not null")
    ),
    "core.dim_contacts": Watched(
        "first_seen_at", "crm_source", ("record_count", "is_excluded", "account_key is not null")
    ),
    "funnel.fct_lifecycle_stages": Watched("entered_at", "stage", ("is_imputed",)),
    "funnel.fct_opportunities": Watched(
        "created_at", "crm_source", ("amount_reporting", "account_key is not null")
    ),
    "operations.fct_approval_rounds": Watched(
        "requested_at",
        "approval_step",
        (
            "case when decided_at is not null then active_review_hours end as active_review_hours",
            "case when not is_latest_round then rework_hours end as rework_hours",
            "is_within_sla",
            "decided_at is not null",
        ),
    ),
    "operations.fct_blockers": Watched("opened_at", "tracker", ("resolution_hours",)),
    "operations.fct_campaign_launches": Watched(
        "baseline_planned_at",
        "campaign_family is null",
        ("evidenced_live_at is not null", "is_on_time", "replan_count", "is_unapproved"),
    ),
    "operations.fct_milestones": Watched(
        "baseline_planned_at", "milestone_kind", ("is_done", "is_on_time", "replan_count")
    ),
}


def closed_months(
    con: duckdb.DuckDBPyConnection, as_of_at: datetime
) -> Iterator[tuple[str, Check]]:
    """A check for each watched mart: closed months say what the release before said.

    None before the first release. A run as of an earlier clock than the release's knows less, and
    is not held against it.
    """
    kept = con.execute("select distinct mart from ops.published_figures").fetchall()
    for mart in sorted(mart for (mart,) in kept):
        if mart not in WATCHED or not _is_built(con, mart):
            continue
        until = (
            "(select max(closed_until) from ops.published_figures"
            f" where as_of_at <= {moment(as_of_at)})"
        )
        yield (
            mart,
            NoRows(
                name=AGAINST_THE_ONE_BEFORE,
                dimension="consistency",
                severity=WARNING,
                owner=OWNER,
                action="Say whether the change of rules or the correction in the source was meant:"
                " months that were closed say something else than in the release before"
                " (throughline run --preview shows what rules change).",
                query=f"with now as ({figures(mart, '{batch}', until)}),"
                " before as (select measure, part, value from ops.published_figures"
                f" where mart = '{mart}' and closed_until = {until}),"
                " both_sides as (select measure, part, coalesce(before.value, 0) as said,"
                " coalesce(now.value, 0) as says, coalesce(sum(abs(before.value))"
                " over (partition by measure), 0) as whole"
                " from before full join now using (measure, part) where exists (from before))"
                " select measure, part, round(said, 2) as said, round(says, 2) as says"
                f" from both_sides where greatest(abs(said), abs(says)) >= {FEWEST}"
                f" and abs(says - said) > {MOVED_SHARE} * abs(said)"
                f" and abs(says - said) > {MOVED_OF_WHOLE} * whole",
                evaluated="select count(*) from ops.published_figures"
                f" where mart = '{mart}' and closed_until = {until}",
            ),
        )


def figures(mart: str, relation: str, until: str) -> str:
    """A query for the sums of a mart over closed months: measure, part, value.

    Args:
        mart: one that is watched.
        relation: its rows.
        until: SQL of the day before which months are closed.
    """
    watched = WATCHED[mart]
    times = "1"
    if watched.repeated_by:
        times = f"(select greatest(count(distinct {watched.repeated_by}), 1) from {relation})"
    sums = ", ".join(
        f"coalesce(sum(cast({measure.partition(NAMED)[0]} as double)), 0) / {times}"
        f" as {_named(measure)}"
        for measure in watched.measures
    )
    names = ", ".join(("row_count", *map(_named, watched.measures)))
    return (
        f"unpivot (select coalesce(cast({watched.part} as varchar), '') as part,"
        f" count(*) / {times} as row_count, {sums} from {relation}"
        f" where cast({watched.at} as date) < {until} group by 1)"
        f" on {names} into name measure value value"
    )


def _is_built(con: duckdb.DuckDBPyConnection, mart: str) -> bool:
    schema, name = mart.split(".")
    return is_built(con, (schema, name))


def _named(measure: str) -> str:
    return quoted(measure.partition(NAMED)[2] or measure)


def keep_figures(con: duckdb.DuckDBPyConnection, as_of_at: datetime) -> None:
    """Keep what the closed months of a release say, for the check of the next one."""
    until = f"date_trunc('month', {reporting_day(as_of_at)} - {CLOSED_DAYS})::date"
    with transaction(con):
        con.execute("delete from ops.published_figures")
        for mart in WATCHED:
            if _is_built(con, mart):
                con.execute(
                    "insert into ops.published_figures by name"
                    f" select '{mart}' as mart, measure, part, value, {until} as closed_until,"
                    f" {moment(as_of_at)} as as_of_at from ({figures(mart, mart, until)})"
                )
