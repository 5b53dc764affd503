"""What the team writes down about its own work: RACI, blockers, checks, handoffs.

What went wrong on purpose, here and in the tracker, is in the truth: `planted` names it as the
marts should. Beside each fault stands what only looks like one.
"""

from datetime import date, timedelta

from pipelines.simulate.asana import (
    APPROVED_LATE,
    BLOCKED,
    CIRCLE,
    LAUNCHED,
    REVOKED,
)
from pipelines.simulate.company import CAMPAIGNS, Campaign
from pipelines.simulate.files import Folder, csv_text, moment
from pipelines.simulate.templates import APPROVED_AFTERWARDS, NOT_APPROVED, WITH_TBD, registered

WRITTEN_DOWN = moment(2026, 10, 1, 5, 30)
RACI = "templates/raci_assignments.csv"
BLOCKERS = "templates/blocker_log.csv"
CHECKS = "templates/qa_results.csv"
EXECUTION = "templates/qa_of_execution.csv"
HANDOFFS = "templates/handoffs.csv"

RACI_HEADER = ("utm_campaign", "workflow_step", "raci_letter", "person", "is_active")
BLOCKER_HEADER = (
    "blocker_id", "opened_at", "title", "blocker_category", "workflow_step", "severity",
    "utm_campaign", "work_item", "owner", "due_date", "resolved_at", "duplicate_of",
)  # fmt: skip
CHECK_HEADER = (
    "utm_campaign", "qa_check", "checked_at", "result", "checked_by", "evidence_url", "notes",
)  # fmt: skip
HANDOFF_HEADER = (
    "utm_campaign", "handoff", "required_item", "is_present", "owner", "handed_over_at",
    "accepted_at", "returned_count",
)  # fmt: skip

# Step: accountable, backup, responsible, consulted.
RACI_OF_STEP = {
    "brief_intake": ("Ines Okafor", "Rowan Castellano", "Dana Whitfield", "Jonas Feld"),
    "creative_production": ("Dana Whitfield", "Ines Okafor", "Jonas Feld", "Priya Natarajan"),
    "tracking_setup": ("Rowan Castellano", "Mateo Lindqvist", "Jonas Feld", "Priya Natarajan"),
    "launch_approval": ("Ines Okafor", "Rowan Castellano", "Dana Whitfield", "Priya Natarajan"),
    "performance_review": ("Rowan Castellano", "Ines Okafor", "Jonas Feld", "Dana Whitfield"),
}
TWO_ACCOUNTABLE = ("webinar-scale-q4", "launch_approval")
NO_BACKUP = ("product-launch-q3", "tracking_setup")
HAS_LEFT = ("webinar-pipeline-q3", "performance_review")

MISSPELT = ("webinar-pipline-q3", "launch_approval", "A", "Priya Natarajan", "")
MISNAMED = ("newsletter", "lunch_approval", "C", "Priya Natarajan", "")

UNCHECKED = "brand-awareness-2026"
"""Its tracking failed the check before the launch and passed five days after it."""
QUESTIONS = ("ads_message_match", "landing_page_promise", "email_stage")
BROKEN_PROMISE = ("brand-search-2026", "landing_page_promise")
PAGE_CHECKED_LATE = "product-launch-q1"
FLOW = "operations_to_reporting"
FLOW_ITEMS = ("data rules", "source capture", "qa status", "known limitations")
FLOW_LACKS = ("product-launch-q3", "known limitations")
FLOW_COMPLETE = "webinar-pipeline-q3"

APPROVALS_WAIT = ("Approval bottleneck", "launch_approval")
FEEDBACK_IS_LATE = ("Late feedback cycles", "creative_production")
# Mondays of sprints: three in a row are a fault of the process; with a gap they are none.
IN_A_ROW = (date(2026, 8, 3), date(2026, 8, 10), date(2026, 8, 17))
WITH_A_GAP = (date(2026, 8, 24), date(2026, 8, 31), date(2026, 9, 14))
WITHOUT_OWNER, WITHOUT_DUE = "Who may sign for the customer", "Photos of the customer"
SETTLED = "Second round of the deck"


def planted() -> list[list[str]]:
    """Kind, campaign, entity and note of each fault that the marts should find, and no other."""
    ghost = "ticked off in the tracker, seen by no system"
    return [
        ["approval_overdue", BLOCKED, "Legal approval", "nobody has answered"],
        ["approval_overdue", BLOCKED, "Launch approval", "nobody has answered"],
        ["approval_overdue", APPROVED_LATE, "Legal approval", "answered two days after the launch"],
        ["approval_revoked", REVOKED, "legal", "asked for again after the launch"],
        ["blocked_approvals", BLOCKED, "", "two at the same time"],
        ["launch_delay", BLOCKED, "", "not live"],
        ["launch_delay", REVOKED, "", "live eight days late"],
        ["ghost_launch", BLOCKED, "", ghost],
        ["stealth_launch", APPROVED_AFTERWARDS, "", "live before its brief was approved"],
        ["unapproved_launch", APPROVED_LATE, "", "live without the legal approval"],
        *(
            ["untracked_launch", campaign.slug, "", "live, and in no registry"]
            for campaign in CAMPAIGNS
            if campaign.live and not campaign.is_registered
        ),
        ["unvalidated_launch", UNCHECKED, "", "its tracking failed until five days later"],
        ["process_defect", "", " at ".join(APPROVALS_WAIT), "three sprints in a row"],
        ["blocker_unsettled", BLOCKED, WITHOUT_OWNER, "nobody has to act"],
        ["blocker_unsettled", BLOCKED, WITHOUT_DUE, "no day"],
        ["raci_gap", TWO_ACCOUNTABLE[0], f"{TWO_ACCOUNTABLE[1]} several_accountable", ""],
        ["raci_gap", NO_BACKUP[0], f"{NO_BACKUP[1]} no_backup", ""],
        ["raci_gap", HAS_LEFT[0], f"{HAS_LEFT[1]} has_left", "a backup, beside one who stays"],
        ["handoff_failed", NOT_APPROVED, "strategy_brief", "work began without an approved brief"],
        [
            "handoff_failed",
            APPROVED_AFTERWARDS,
            "strategy_brief",
            "work began before its brief was approved",
        ],
        ["handoff_failed", PAGE_CHECKED_LATE, "landing_page_qa", "accepted after the launch"],
        ["execution_qa_failed", *BROKEN_PROMISE, "the page says something else"],
        ["brief_fault", WITH_TBD, "offer_missing", "its offer is TBD"],
        ["unknown_name", "", f"raci_assignments utm_campaign {MISSPELT[0]}", "a letter lacks"],
        ["unknown_name", "", f"raci_assignments workflow_step {MISNAMED[1]}", "no step of ours"],
        ["unknown_name", "", "key_results metric_name brand_love", "no metric of the registry"],
        [
            "unknown_name",
            "",
            "strategy_register success_criteria_metric brand_love",
            "no metric of the registry",
        ],
        ["path_circle", CIRCLE, "", "two of its tasks wait for each other"],
        ["launch_ahead", APPROVED_LATE, LAUNCHED, "did not wait for the legal approval"],
        ["flow_incomplete", FLOW_LACKS[0], FLOW, f"lacks {FLOW_LACKS[1]}"],
    ]


def _raci() -> list[list[str]]:
    rows = []
    for slug in dict.fromkeys(campaign.slug for campaign in registered()):
        for step, (accountable, backup, responsible, consulted) in RACI_OF_STEP.items():
            rows.append([slug, step, "A", accountable, ""])
            if (slug, step) == TWO_ACCOUNTABLE:
                rows.append([slug, step, "A", "Priya Natarajan", ""])
            if (slug, step) != NO_BACKUP:
                rows.append([slug, step, "BACKUP", backup, ""])
            if (slug, step) == HAS_LEFT:
                rows.append([slug, step, "BACKUP", "Priya Natarajan", "no"])
            rows.append([slug, step, "R", responsible, ""])
            rows.append([slug, step, "C", consulted, ""])
    return [*rows, [*MISSPELT], [*MISNAMED]]


def _blockers() -> list[list[str]]:
    rows: list[list[str]] = []

    def add(day: date, title: str, what: tuple[str, str], owner: str, due: str, end: str) -> None:
        rows.append(
            [
                f"B-{len(rows) + 1:02d}",
                f"{day.isoformat()}T14:00:00Z",
                title,
                *what,
                "high" if not end else "medium",
                BLOCKED,
                "",
                owner,
                due,
                end,
                "",
            ]
        )

    for what, mondays in ((APPROVALS_WAIT, IN_A_ROW), (FEEDBACK_IS_LATE, WITH_A_GAP)):
        for number, monday in enumerate(mondays, start=1):
            ended = monday + timedelta(days=3)
            title = f"{what[0]}, part {number}"
            end = f"{ended.isoformat()}T19:00:00Z"
            add(monday + timedelta(days=1), title, what, "Jonas Feld", ended.isoformat(), end)
    opened, due = date(2026, 9, 28), "2026-10-05"
    other = ("Incomplete reporting", "performance_review")
    add(opened, WITHOUT_OWNER, other, "", due, "")
    add(opened, WITHOUT_DUE, other, "Jonas Feld", "", "")
    add(opened, SETTLED, other, "Jonas Feld", due, "")
    return rows


def _live() -> list[tuple[Campaign, date]]:
    return [(campaign, campaign.live) for campaign in registered() if campaign.live]


def _checks() -> list[list[str]]:
    rows = []
    for campaign, live in _live():
        before, after = live - timedelta(days=3), live + timedelta(days=5)
        results = [(before, "pass")]
        if campaign.slug == UNCHECKED:
            results = [(before, "fail"), (after, "pass")]
        for day, result in results:
            at = f"{day.isoformat()}T15:00:00Z"
            rows.append([campaign.slug, "tracking", at, result, "Rowan Castellano", "", ""])
    return rows


def _execution() -> list[list[str]]:
    """The questions about quality; mended before the launch is no fault."""
    rows = []
    for campaign, live in _live():
        for question in QUESTIONS:
            failed = (campaign.slug, question) == BROKEN_PROMISE
            mended = (campaign.slug, question) == (FLOW_COMPLETE, "email_stage")
            results = [(5, "fail")] * (failed or mended) + [(2, "pass")] * (not failed)
            if question == "ads_message_match" and not campaign.ad_type:
                results = [(2, "not_applicable")]
            for days, result in results:
                at = f"{(live - timedelta(days=days)).isoformat()}T16:00:00Z"
                rows.append([campaign.slug, question, at, result, "Dana Whitfield", "", ""])
    return rows


def _handoffs() -> list[list[str]]:
    rows = []
    for slug, live in {campaign.slug: live for campaign, live in reversed(_live())}.items():
        late = slug == PAGE_CHECKED_LATE
        accepted = live + timedelta(days=2 if late else -1)
        at = f"{accepted.isoformat()}T16:00:00Z"
        rows.append([slug, "landing_page_qa", "landing page", "yes", "Jonas Feld", at, at, "0"])
    for slug in (FLOW_COMPLETE, FLOW_LACKS[0]):
        at = "2026-08-24T15:00:00Z"
        for item in FLOW_ITEMS:
            if (slug, item) == FLOW_LACKS:
                rows.append([slug, FLOW, item, "no", "Rowan Castellano", at, "", "1"])
            else:
                rows.append([slug, FLOW, item, "yes", "Rowan Castellano", at, at, "0"])
    return rows


def write_operations(folder: Folder) -> None:
    """The templates, as they lie there when the exports are taken."""
    for path, header, rows in (
        (RACI, RACI_HEADER, _raci()),
        (BLOCKERS, BLOCKER_HEADER, _blockers()),
        (CHECKS, CHECK_HEADER, _checks()),
        (EXECUTION, CHECK_HEADER, _execution()),
        (HANDOFFS, HANDOFF_HEADER, _handoffs()),
    ):
        folder.write(path, csv_text(header, rows).encode(), WRITTEN_DOWN)
