"""Launches, milestones and approvals of the sample company, held against what it really did."""

import csv
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from benchmarks.operations import compare

LATE, CLAIMED_ONLY, UNAPPROVED = "product-launch-q3", "customer-stories-fall", "lead-gen-blitz-may"
CANCELLED_BEFORE, CANCELLED_AFTER = "field-event-berlin", "referral-push-summer"
FROM_CSV, UNOWNED = "content-sprint-spring", "retargeting-always-on"


@pytest.fixture(scope="module")
def truth(sample: Path) -> list[dict[str, str]]:
    """What the registered campaigns really did: one row each, as the simulation wrote it."""
    with (sample / "truth" / "launches.csv").open(newline="") as file:
        return [row for row in csv.DictReader(file) if row["is_registered"] == "true"]


def launches(release: duckdb.DuckDBPyConnection, column: str) -> dict[tuple[str, str], Any]:
    """A column of every launch, by slug and first day of validity."""
    rows = release.execute(
        f"select utm_campaign, cast(valid_from_date as varchar), l.{column}"
        " from operations.fct_campaign_launches as l join core.dim_campaigns using (campaign_key)"
    ).fetchall()
    return {(slug, day): value for slug, day, value in rows}


def flagged(release: duckdb.DuckDBPyConnection, condition: str) -> list[str]:
    """The slugs of the launches that meet a condition."""
    rows = release.execute(
        "select utm_campaign from operations.fct_campaign_launches as l"
        f" join core.dim_campaigns using (campaign_key) where {condition} order by 1"
    ).fetchall()
    return [slug for (slug,) in rows]


def test_slip_is_that_of_the_evidence_and_not_of_the_tick_box(
    release: duckdb.DuckDBPyConnection, truth: list[dict[str, str]]
) -> None:
    slips = launches(release, "slip_days")
    evidence = launches(release, "evidenced_live_at")
    for row in truth:
        key = (row["utm_campaign"], row["valid_from"])
        if row["live_date"]:
            assert slips[key] == int(row["slip_days"]), key
            assert f"{evidence[key]:%Y-%m-%d}" == row["live_date"], key
        else:
            assert evidence[key] is None, key
    assert slips.keys() == {(row["utm_campaign"], row["valid_from"]) for row in truth}
    assert flagged(release, "claimed_live_at < evidenced_live_at - interval 1 day") == [
        FROM_CSV,
        LATE,
    ]
    assert flagged(release, "claimed_live_at is not null and evidenced_live_at is null") == [
        CLAIMED_ONLY
    ]


def test_more_than_three_days_late_is_off_track(
    release: duckdb.DuckDBPyConnection, truth: list[dict[str, str]]
) -> None:
    exactly_three = [row["utm_campaign"] for row in truth if row["slip_days"] == "3"]
    late = flagged(release, "is_delayed_over_threshold")
    assert exactly_three == ["product-launch-q1"]
    assert late == [CLAIMED_ONLY, LATE]


def test_cancelled_before_the_date_leaves_the_rate_and_after_it_is_missed(
    release: duckdb.DuckDBPyConnection,
) -> None:
    rows = release.execute(
        "select utm_campaign, is_on_time, slip_days, launch_state"
        " from operations.fct_campaign_launches as l join core.dim_campaigns using (campaign_key)"
        " where is_cancelled order by 1"
    ).fetchall()
    assert rows == [
        (CANCELLED_BEFORE, None, None, "cancelled"),
        (CANCELLED_AFTER, False, None, "cancelled"),
    ]


def test_planned_again_does_not_move_the_baseline(release: duckdb.DuckDBPyConnection) -> None:
    assert flagged(release, "replan_count = 2") == ["product-launch-q1", LATE]
    assert flagged(release, "baseline_planned_at = current_planned_at and replan_count > 0") == []
    assert flagged(release, f"is_on_time and utm_campaign = '{LATE}'") == []


def test_approvals_that_block_or_came_late(release: duckdb.DuckDBPyConnection) -> None:
    assert flagged(release, "is_blocked_over_threshold") == [CLAIMED_ONLY]
    assert flagged(release, "blocked_approval_count > 0") == [CLAIMED_ONLY]
    assert flagged(release, "is_unapproved") == [UNAPPROVED]
    rows = release.execute(
        "select utm_campaign, approval_step, round_no, decision, is_on_time"
        " from operations.fct_approval_rounds join core.dim_campaigns using (campaign_key)"
        " where is_approved_then_revoked_after_launch or decision = 'rejected' order by 1"
    ).fetchall()
    assert rows == [
        (LATE, "legal", 1, "approved", True),
        (CANCELLED_AFTER, "launch", 1, "rejected", False),
    ]


def test_rounds_are_those_of_the_tracker(release: duckdb.DuckDBPyConnection, sample: Path) -> None:
    stories = json.loads((sample / "exports" / "asana" / "stories.json").read_text())["data"]
    reopened = sum(1 for story in stories if story.get("new_approval_status") == "pending")
    pages = sorted((sample / "exports" / "asana").glob("tasks-*.json"))
    tasks = [task for page in pages for task in json.loads(page.read_text())["data"]]
    approvals = sum(1 for task in tasks if task["resource_subtype"] == "approval")
    from_csv = 3
    counted = release.execute(
        "select count(*), count(distinct approval_id), count(*) filter (where decision = 'unknown')"
        " from operations.fct_approval_rounds"
    ).fetchall()
    assert counted == [(approvals + reopened + from_csv, approvals + from_csv, from_csv)]


def test_fifty_leads_are_first_touches_of_the_campaign(release: duckdb.DuckDBPyConnection) -> None:
    reached = release.execute(
        "select campaign_key, actual_at from operations.fct_milestones"
        " where milestone_key = 'first_50_leads_captured' and is_done order by 1"
    ).fetchall()
    fiftieth = release.execute(
        "select campaign_key, converted_at from attribution.fct_attribution_credits"
        " join core.dim_campaigns using (campaign_key)"
        " where is_registered and conversion_type = 'lead' and attribution_model = 'first_touch'"
        " qualify row_number() over (partition by campaign_key order by converted_at) = 50"
        " order by 1"
    ).fetchall()
    assert reached == fiftieth
    assert len(reached) > 0


def test_nobody_is_counted_as_unassigned_and_a_placeholder_answers_nothing(
    release: duckdb.DuckDBPyConnection,
) -> None:
    rows = release.execute(
        "select milestone_key, milestone_kind from operations.fct_milestones"
        " join core.dim_campaigns using (campaign_key)"
        f" where fct_milestones.owner_name = 'Unassigned' and utm_campaign = '{UNOWNED}'"
        " order by seq"
    ).fetchall()
    assert [kind for _, kind in rows] == ["commitment", "commitment", "hypothesis"] + [
        "commitment"
    ] * 2
    assert UNOWNED in flagged(release, "not is_brief_ready")


def test_what_was_planted_is_flagged_and_nothing_else(
    release: duckdb.DuckDBPyConnection, sample: Path
) -> None:
    comparison = compare(release, sample / "truth")
    assert comparison.planted - comparison.flagged == set(), "missed"
    assert comparison.flagged - comparison.planted == set(), "not planted"
