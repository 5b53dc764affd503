"""What is wrong with the briefs of the published release, and all that it knows of one campaign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import duckdb

from pipelines.reports.records import Record, Report, records, released
from pipelines.settings import UsageError
from pipelines.strict import nearest

FINDINGS_SQL = """
    select brief_id, version, utm_campaign, severity, finding, field_name, found, action
    from operations.fct_brief_findings
    where is_latest_version and (cast($slug as varchar) is null or utm_campaign = $slug)
    order by utm_campaign, brief_id, severity, field_name, finding
"""
BRIEFS_SQL = """
    select count(*) from operations.fct_campaign_briefs
    where is_latest_version and (cast($slug as varchar) is null or utm_campaign = $slug)
"""
CAMPAIGN_SQL = """
    select * from core.dim_campaigns
    where campaign_key = $name or lower(trim($name)) in (lower(utm_campaign), lower(campaign_name))
    order by coalesce(utm_campaign = $name, false) desc, is_registered desc,
        valid_from_date desc nulls last, campaign_key limit 1
"""
NAMES_SQL = "select distinct utm_campaign from core.dim_campaigns where utm_campaign is not null"
# What an agent needs to know of a campaign: its one row, or all of them, by the campaign's key.
ONE: Mapping[str, str] = {
    "brief": "operations.fct_campaign_briefs",
    "launch": "operations.fct_campaign_launches",
    "outcomes": "operations.fct_campaign_execution_outcomes",
    "reporting_object": "operations.dim_reporting_objects",
}
MANY: Mapping[str, tuple[str, str]] = {
    "brief_findings": ("operations.fct_brief_findings", "severity, finding"),
    "milestones": ("operations.fct_milestones", "seq"),
    "steps": ("operations.fct_campaign_conformance", "seq nulls last, skill_key"),
    "approvals": ("operations.fct_approval_rounds", "requested_at, approval_round_id"),
    "blockers": ("operations.fct_blockers", "opened_at, blocker_id"),
    "handoffs": ("operations.fct_handoffs", "handoff_kind, seq, handoff"),
    "raci_gaps": ("operations.fct_raci_gaps", "workflow_step, gap"),
    "drift": ("strategy.fct_intent_drift", "attribute"),
}
# A campaign may serve several, in one cell.
GOALS_SQL = """
    select * from strategy.fct_objectives
    where list_contains(
        list_transform(string_split(replace($goals, ';', ','), ','), lambda goal: trim(goal)),
        objective_id
    )
    order by objective_id
"""
CONFIDENCE_SQL = """
    select page, reporting_confidence, is_below_threshold
    from quality.fct_report_confidence where campaign_family = 'All' order by page
"""


def report_briefs(home: Path, slug: str | None) -> Report:
    """What the newest version of each brief lacks, or of one campaign's.

    Raises:
        UsageError: readers see no release yet, or no brief of such a campaign.
    """
    with released(home) as (con, release):
        count = con.execute(BRIEFS_SQL, {"slug": slug}).fetchall()[0][0]
        if slug is not None and not count:
            raise UsageError(f"there is no brief of a campaign {slug}{_hint(con, slug)}")
        return {
            "home": home,
            "release": asdict(release),
            "brief_count": count,
            "findings": records(con, FINDINGS_SQL, slug=slug),
        }


def report_context(home: Path, name: str) -> Report:
    """All that the release knows of a campaign, for a program to read.

    Args:
        home: where the warehouse lives.
        name: the campaign's slug or name in any case, of which the one registered last counts, or
            its campaign_key.

    Raises:
        UsageError: readers see no release yet, or it has no such campaign.
    """
    with released(home) as (con, release):
        found = records(con, CAMPAIGN_SQL, name=name)
        if not found:
            raise UsageError(f"there is no campaign {name}{_hint(con, name)}")
        campaign = found[0]
        key = campaign["campaign_key"]
        return {
            "release": asdict(release),
            "confidence": records(con, CONFIDENCE_SQL),
            "campaign": campaign,
            "goals": records(con, GOALS_SQL, goals=campaign["goal_id"]),
            **{what: _first(_of(con, table, key)) for what, table in ONE.items()},
            **{what: _of(con, table, key, by) for what, (table, by) in MANY.items()},
        }


def _of(con: duckdb.DuckDBPyConnection, table: str, key: str, by: str = "1") -> list[Record]:
    newest = " and is_latest_version" if "brief" in table else ""
    return records(
        con, f"select * from {table} where campaign_key = $key{newest} order by {by}", key=key
    )


def _first(rows: list[Record]) -> Record | None:
    return rows[0] if rows else None


def _hint(con: duckdb.DuckDBPyConnection, name: str) -> str:
    near = nearest(name, (row["utm_campaign"] for row in records(con, NAMES_SQL)))
    return f"; did you mean {near}?" if near else "; write its utm_campaign as in the registry"
