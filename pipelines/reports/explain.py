"""Where a number comes from: the figure, its SQL, its touches, and the models on the way to it.

Computes nothing that a mart does not hold; says which models it went through, by dbt's own graph.
The rows of the files behind it are the business of rows.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from pipelines.reports.briefs import CAMPAIGN_SQL
from pipelines.reports.checks import report_check
from pipelines.reports.reasons import reasons
from pipelines.reports.records import Record, Report, records, released
from pipelines.reports.rows import add_rows
from pipelines.settings import UsageError
from pipelines.sql import literal
from pipelines.transform.manifest import current_manifest
from pipelines.transform.prepared import compiled_folder
from pipelines.transform.project import raw_schema

KEY = re.compile(r"[0-9a-f]{32}")
CREDITS = "fct_attribution_credits"
CONVERSION_SQL = """
    select conversion_id, conversion_type, contact_key, account_key, opportunity_id, credit_scope,
        amount, currency, amount_reporting, fx_rate_date, converted_at
    from attribution.fct_conversions where conversion_id = $id
"""
# Each change once: in the month in which it was booked.
CHANGES_SQL = """
    select change_type, reason, booked_date, amount_delta, currency, amount_delta_reporting
    from attribution.fct_conversion_adjustments
    where conversion_id = $id and reporting_basis = 'booking_period'
    order by booked_date, change_type, revenue_change_id
"""
CREDITS_SQL = """
    select attribution_model, touch_id, channel, touch_position, touch_count, credit,
        credited_amount, evidence_weight
    from attribution.fct_attribution_credits where conversion_id = $id
    order by attribution_model, touch_position nulls last, touch_id
"""
CONVERSION_TOUCHES_SQL = """
    select distinct touches.touch_id, touches.touched_at, touches.touch_type, touches.channel,
        touches.source, touches.medium, campaigns.campaign_name, touches.link_reason
    from attribution.fct_attribution_credits as credits
    inner join attribution.fct_touches as touches on credits.touch_id = touches.touch_id
    left join core.dim_campaigns as campaigns on touches.campaign_key = campaigns.campaign_key
    where credits.conversion_id = $id order by touches.touched_at, touches.touch_id
"""
CONTACT_SQL = """
    select contacts.*, scores.score, scores.score_band
    from core.dim_contacts as contacts
    left join funnel.fct_lead_scores as scores on contacts.contact_key = scores.contact_key
    where contacts.contact_key = $id
"""
CONTACT_TOUCHES_SQL = """
    select touches.touch_id, touches.touched_at, touches.touch_type, touches.channel,
        touches.source, touches.medium, campaigns.campaign_name, touches.link_reason
    from attribution.fct_touches as touches
    left join core.dim_campaigns as campaigns on touches.campaign_key = campaigns.campaign_key
    where touches.contact_key = $id order by touches.touched_at, touches.touch_id
"""
CONTACT_CONVERSIONS_SQL = """
    select conversion_id, conversion_type, amount_reporting, converted_at
    from attribution.fct_conversions where contact_key = $id order by converted_at, conversion_type
"""
HEADLINE_SQL = """
    select attribution_model from attribution.fct_channel_performance_daily
    where is_headline_model limit 1
"""
# What the figure is, as anybody can run it on the release.
FIGURE_SQL = """
select sum(credit) as credit, sum(credited_amount) as credited_amount,
    count(distinct conversion_id) as conversions, count(distinct touch_id) as touches,
    sum(confident_credit) as confident_credit
from attribution.fct_attribution_credits
where channel = $channel and attribution_model = $model and conversion_type = $type
"""
FIGURE_CONVERSIONS_SQL = """
    select credits.conversion_id, sum(credits.credit) as credit,
        sum(credits.credited_amount) as credited_amount, count(credits.touch_id) as touches,
        credits.converted_at, conversions.contact_key, conversions.opportunity_id
    from attribution.fct_attribution_credits as credits
    inner join attribution.fct_conversions as conversions
        on credits.conversion_id = conversions.conversion_id
    where credits.channel = $channel and credits.attribution_model = $model
        and credits.conversion_type = $type
    group by all order by credit desc, credited_amount desc nulls last, credits.conversion_id
"""
# What the channel cost, likewise.
SPEND_SQL = """
select sum(spend_reporting) as spend_reporting, count(*) as campaign_days,
    min(date_day) as first_day, max(date_day) as last_day
from attribution.fct_ad_spend_daily
where channel = $channel
"""
FIGURE_TOUCHES_SQL = """
    select distinct touch_id from attribution.fct_attribution_credits
    where channel = $channel and attribution_model = $model and conversion_type = $type
        and touch_id is not null
"""
DELIVERED_SQL = "select distinct source from meta.files where status = 'loaded'"
CHECKS_SQL = """
    select severity, count(*) filter (is_success) as passed,
        count(*) filter (not is_success) as failed
    from quality.fct_quality_results
    where list_contains($tables, table_schema || '.' || table_name)
    group by severity order by severity
"""


@dataclass(frozen=True)
class Figure:
    """Which figure of a channel is meant.

    Attributes:
        model: attribution model; None for the headline model.
        conversion_type: lead, mql, sal, sql, opportunity or closed_won.
    """

    model: str | None = None
    conversion_type: str = "closed_won"


def report_explained(subject: str, home: Path, figure: Figure, *, with_rows: bool = True) -> Report:
    """The chain behind a conversion, a contact, the figure of a channel, or a check.

    Args:
        subject: a conversion_id, a contact_key, a channel's name in any case, or a check by name,
            by `<schema>.<table>.<name>` or by its key.
        home: where the warehouse lives.
        figure: which figure of a channel.
        with_rows: whether the files and rows behind it are wanted, which the build file knows.

    Raises:
        UsageError: nothing was published, or the release knows no such subject.
    """
    with released(home) as (con, release):
        try:
            report = _explained(con, subject, figure, release.release_id)
        except UsageError:
            # What no figure is called may be a check, of which the build file knows.
            check = report_check(subject, home) if with_rows else None
            if check is None:
                raise
            return check
        report["release"] = asdict(release)
        delivered = {row["source"] for row in records(con, DELIVERED_SQL)}
        report["lineage"] = _lineage(report.pop("mart"), delivered)
        # What is current of a stream is judged under the name of its raw relation.
        tables = [f"{raw_schema(step['schema'])}.{step['name']}" for step in report["lineage"]]
        report["checks"] = records(con, CHECKS_SQL, tables=tables)
    if with_rows:
        add_rows(report, home)
    return report


def _explained(
    con: duckdb.DuckDBPyConnection, subject: str, figure: Figure, release_id: str
) -> Report:
    if KEY.fullmatch(subject):
        if conversion := records(con, CONVERSION_SQL, id=subject):
            return {
                "kind": "conversion",
                "mart": CREDITS,
                "conversion": conversion[0],
                "changes": records(con, CHANGES_SQL, id=subject),
                "credits": records(con, CREDITS_SQL, id=subject),
                "reasons": reasons(con, subject),
                "touches": records(con, CONVERSION_TOUCHES_SQL, id=subject),
            }
        if contact := records(con, CONTACT_SQL, id=subject):
            return {
                "kind": "contact",
                "mart": "fct_touches",
                "contact": contact[0],
                "conversions": records(con, CONTACT_CONVERSIONS_SQL, id=subject),
                "touches": records(con, CONTACT_TOUCHES_SQL, id=subject),
            }
        raise UsageError(
            f"release {release_id} has no conversion and no contact {subject}, and no check; their"
            " keys are in attribution.fct_conversions, core.dim_contacts and"
            " quality.fct_quality_results"
        )
    channels = [
        row["channel"]
        for row in records(con, "select channel from core.dim_channels order by sort_order")
    ]
    channel = next((c for c in channels if c.lower() == subject.strip().lower()), None)
    if channel is None:
        if campaign := records(con, CAMPAIGN_SQL, name=subject):
            raise UsageError(
                f"{subject!r} is a campaign: `throughline context"
                f" {campaign[0]['utm_campaign'] or campaign[0]['campaign_key']}` says all that is"
                " known of it"
            )
        raise UsageError(
            f"{subject!r} is no channel, no check, and no key of 32 hex digits of a conversion, a"
            " contact or a check;"
            f" the channels are {', '.join(channels)}"
        )
    return _channel_figure(con, channel, figure)


def _channel_figure(con: duckdb.DuckDBPyConnection, channel: str, figure: Figure) -> Report:
    model = figure.model or records(con, HEADLINE_SQL)[0]["attribution_model"]
    for column, value in (
        ("attribution_model", model),
        ("conversion_type", figure.conversion_type),
    ):
        known = [
            row[column]
            for row in records(
                con, f"select distinct {column} from attribution.{CREDITS} order by 1"
            )
        ]
        if value not in known:
            raise UsageError(f"{value!r} is no {column} here; it is one of {', '.join(known)}")
    named = {"channel": channel, "model": model, "type": figure.conversion_type}
    return {
        "kind": "channel",
        "mart": CREDITS,
        "channel": channel,
        "attribution_model": model,
        "conversion_type": figure.conversion_type,
        "figure": records(con, FIGURE_SQL, **named)[0],
        "sql": _written_out(FIGURE_SQL, named),
        "spend": records(con, SPEND_SQL, channel=channel)[0],
        "spend_sql": _written_out(SPEND_SQL, {"channel": channel}),
        "conversions": records(con, FIGURE_CONVERSIONS_SQL, **named),
        "touches": records(con, FIGURE_TOUCHES_SQL, **named),
    }


def _written_out(sql: str, named: dict[str, str]) -> str:
    """The SQL with its values in it, as anybody can run it."""
    for name, value in named.items():
        sql = sql.replace(f"${name}", literal(value))
    return sql.strip()


def _lineage(mart: str, delivered: Container[str]) -> list[Record]:
    """The models between the raw tables and the mart, nearest first, with their SQL.

    What rests on nothing but sources that never delivered is left out: no figure came by it.

    Args:
        mart: its name.
        delivered: the sources that brought a row.
    """
    manifest = json.loads(current_manifest().read_text())
    nodes = {**manifest["nodes"], **manifest["sources"]}
    start = next(key for key, node in manifest["nodes"].items() if node["name"] == mart)
    found: dict[str, None] = {}
    queue = [start]
    while queue:
        key = queue.pop(0)
        if key not in found:
            found[key] = None
            queue += nodes[key].get("depends_on", {}).get("nodes", [])
    compiled = compiled_folder()
    has_rows = _with_rows(nodes, found, delivered)
    return [_step(nodes[key], compiled) for key in found if key in has_rows]


def _with_rows(
    nodes: Mapping[str, Record], keys: Iterable[str], delivered: Container[str]
) -> set[str]:
    """Of these nodes those that a delivered row, a seed or the run itself can have reached."""
    found: dict[str, bool] = {}

    def reached(key: str) -> bool:
        if key not in found:
            node = nodes[key]
            inputs = node.get("depends_on", {}).get("nodes", [])
            if node["resource_type"] == "source":
                layer, _, source = node["schema"].partition("_")
                found[key] = layer not in ("raw", "current") or source in delivered
            else:
                # A seed beside them gives a model no rows of a source that never came.
                others = [name for name in inputs if nodes[name]["resource_type"] != "seed"]
                found[key] = not others or any(map(reached, others))
        return found[key]

    return {key for key in keys if reached(key)}


def _step(node: Record, folder: Path) -> Record:
    path = Path(node["original_file_path"])
    compiled = folder / path
    return {
        "name": node["name"],
        "schema": node["schema"],
        "kind": node["resource_type"],
        "path": str(path),
        "compiled": str(compiled)
        if node["resource_type"] == "model" and compiled.is_file()
        else None,
    }
