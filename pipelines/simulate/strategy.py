"""What the team set out to do, as it would write it down: objectives, hypotheses, decisions, pulse.

Some of it is wrong on purpose; `planted` names each such fault for the truth.
"""

from datetime import date

from pipelines.simulate.company import CAMPAIGNS
from pipelines.simulate.files import Folder, csv_text, moment

KEY_RESULTS = "templates/key_results.csv"
DECISIONS = "templates/decisions.csv"
PULSE = "templates/pulse_survey.csv"
REGISTER = "templates/strategy_register.csv"
FILLED_IN = moment(2026, 9, 28, 15)

KEY_RESULT_HEADER = (
    "kr_id", "version", "objective_id", "objective", "kr_type", "metric_name", "direction",
    "baseline", "target", "unit", "start_date", "end_date", "owner",
)  # fmt: skip
DECISION_HEADER = (
    "decision_id", "title", "raised_at", "decided_at", "outcome", "rationale", "evidence_report",
    "utm_campaign", "goal_id", "owner",
)  # fmt: skip
REGISTER_HEADER = (
    "hypothesis_id", "version", "statement", "audience", "positioning", "offer_logic",
    "channel_role", "success_criteria_metric", "predicted_effect", "unit", "comparison",
    "decision_rule", "trade_offs", "owner", "valid_from", "review_by", "parent_goal",
    "utm_campaign",
)  # fmt: skip
PULSE_HEADER = ("response_id", "survey_date", "team", "question", "score", "comment")

GROW = "Fill the pipeline with teams that came through webinars"
SELL = "Let product launches bring revenue"
TEACH = "Be the place where buyers learn"
ENTER = "Win customers who never heard of us"
THIRD_QUARTER = ("2026-07-01", "2026-09-30")

_KEY_RESULTS = (
    ("KR-11", 1, "G1", GROW, "outcome", "webinar_sourced_pipeline", "up", 404000, 485000, "USD",
     *THIRD_QUARTER, "Dana Whitfield"),
    ("KR-12", 1, "G1", GROW, "workflow", "on_time_approved_launch_rate", "up", 60, 90, "percent",
     *THIRD_QUARTER, "Ines Okafor"),
    ("KR-13", 1, "G1", GROW, "workflow", "cost_per_mql", "down", 25, 20, "USD",
     *THIRD_QUARTER, "Mateo Lindqvist"),
    # The target was raised in August.
    ("KR-21", 1, "G2", SELL, "outcome", "revenue_amount", "up", 1000000, 1100000, "USD",
     *THIRD_QUARTER, "Priya Natarajan"),
    ("KR-21", 2, "G2", SELL, "outcome", "revenue_amount", "up", 1000000, 1250000, "USD",
     "2026-08-17", THIRD_QUARTER[1], "Priya Natarajan"),
    ("KR-22", 1, "G2", SELL, "workflow", "approval_cycle_time", "down", 16, 8, "hours",
     *THIRD_QUARTER, "Rowan Castellano"),
    ("KR-31", 1, "G3", TEACH, "outcome", "leads", "up", 643, 700, "count",
     *THIRD_QUARTER, "Jonas Feld"),
    ("KR-32", 1, "G3", TEACH, "outcome", "customers", "up", 40, 40, "count",
     *THIRD_QUARTER, "Jonas Feld"),
    ("KR-41", 1, "G4", ENTER, "outcome", "customer_acquisition_cost", "down", 200, 150, "USD",
     *THIRD_QUARTER, "Priya Natarajan"),
    ("KR-42", 1, "G4", ENTER, "workflow", "pipeline_coverage", "up", 2, 3, "ratio",
     *THIRD_QUARTER, "Priya Natarajan"),
    ("KR-43", 1, "G4", ENTER, "workflow", "brand_love", "up", 10, 20, "count",
     *THIRD_QUARTER, "Priya Natarajan"),
    ("KR-44", 1, "G4", ENTER, "workflow", "rework_rate", "down", 10, 20, "percent",
     *THIRD_QUARTER, "Priya Natarajan"),
    ("KR-45", 1, "G4", ENTER, "workflow", "launch_slip_days", "down", 4, 1, "days",
     *THIRD_QUARTER, "Priya Natarajan"),
)  # fmt: skip
UNMEASURED = {
    "KR-32": "target and baseline are the same",
    "KR-42": "no model has the metric over time",
    "KR-43": "the registry does not know the metric",
    "KR-44": "down to a larger number",
}
LACKING = {
    "G3": "no workflow key result, more than one outcome",
    "G4": "key results that nothing measures",
}
_DECISIONS = (
    ("D-01", "Keep the spring format for autumn webinars", "2026-04-20T14:00:00Z",
     "2026-04-23T14:00:00Z", "kept", "attendance held", "Friday pack 2026-W16",
     "webinar-foundations-q2", "G1", "Dana Whitfield"),
    ("D-02", "Move the launch of the third quarter", "2026-07-27T13:00:00Z",
     "2026-07-31T13:00:00Z", "moved by a week", "legal review was late", "Monthly report 2026-07",
     "product-launch-q3", "G2", "Priya Natarajan"),
    ("D-03", "Drop the field event", "2026-05-25T13:00:00Z", "2026-05-26T13:00:00Z", "dropped",
     "", "", "field-event-berlin", "G2", "Jonas Feld"),
    ("D-04", "Raise the revenue target", "2026-08-10T13:00:00Z", "2026-08-14T13:00:00Z", "raised",
     "first half was ahead", "Monthly report 2026-07", "", "G2", "Priya Natarajan"),
    ("D-05", "Spend more on brand search", "2026-09-07T13:00:00Z", "", "", "", "", "", "G4", ""),
)  # fmt: skip
WITHOUT_RATIONALE = "D-03"

_SIX = ("Revenue leaders", "the one that shows its working", "a session with an analyst")
_REGISTER = (
    ("H-01", 1, "Teams that watch us solve it will qualify themselves", *_SIX, "demand creation",
     "mqls", 40, "count", "", "repeat next quarter, or go back to spring's format",
     "fewer field events", "Dana Whitfield", "2026-06-15", "2026-09-30", "G1",
     "webinar-pipeline-q3"),
    # Written down two days after the launch, and lowered once the figures were there.
    ("H-02", 1, "The release is reason enough to talk", *_SIX, "demand creation", "mqls", 60,
     "count", "", "go on, or stop the ads", "less for brand", "Priya Natarajan", "2026-08-13",
     "2026-09-30", "G2", "product-launch-q3"),
    ("H-02", 2, "The release is reason enough to talk", *_SIX, "demand creation", "mqls", 8,
     "count", "", "go on, or stop the ads", "less for brand", "Priya Natarajan", "2026-09-14",
     "2026-09-30", "G2", "product-launch-q3"),
    ("H-03", 1, "Customers convince better than we do", *_SIX, "nurture", "leads", 30, "count",
     "", "a second round, or none", "", "Dana Whitfield", "2026-08-15", "2026-12-15", "G3",
     "customer-stories-fall"),
    ("H-04", 1, "A newsletter for practitioners brings more leads", *_SIX, "nurture", "leads", 20,
     "percent", "as many days before", "keep the format, or not", "fewer guides", "Jonas Feld",
     "2026-07-01", "2026-09-15", "G3", "newsletter"),
    ("H-05", 1, "Being seen makes being chosen", *_SIX, "demand creation", "brand_love", 10,
     "count", "", "more of it, or less", "less for search", "Priya Natarajan", "2026-01-20",
     "2026-06-30", "G4", "brand-awareness-2026"),
)  # fmt: skip

# Day, team and what each member answered of three questions.
_QUESTIONS = ("process_satisfaction", "commercial_reasoning", "surprised_by_execution")
_PULSE = (
    (date(2026, 3, 27), "marketing", ((3, 4, 2), (4, 4, 2), (3, 3, 3), (4, 5, 2), (3, 4, 3))),
    (date(2026, 6, 26), "marketing",
     ((4, 4, 2), (4, 4, 2), (4, 3, 2), (4, 5, 1), (3, 4, 2), (5, 4, 1))),
    # Too few to be shown.
    (date(2026, 9, 25), "marketing", ((2, 3, 4), (3, 3, 4), (2, 4, 4))),
)  # fmt: skip


def write_strategy(folder: Folder) -> None:
    """Key results, hypotheses, decisions and pulse surveys."""
    folder.write(KEY_RESULTS, csv_text(KEY_RESULT_HEADER, _KEY_RESULTS).encode(), FILLED_IN)
    folder.write(DECISIONS, csv_text(DECISION_HEADER, _DECISIONS).encode(), FILLED_IN)
    folder.write(REGISTER, csv_text(REGISTER_HEADER, _REGISTER).encode(), FILLED_IN)
    answers = [
        (f"R-{day:%m}-{member}", day.isoformat(), team, question, score, "")
        for day, team, members in _PULSE
        for member, scores in enumerate(members, start=1)
        for question, score in zip(_QUESTIONS, scores, strict=True)
    ]
    folder.write(PULSE, csv_text(PULSE_HEADER, answers).encode(), FILLED_IN)


def planted() -> list[list[str]]:
    """Kind, campaign, entity and note of each fault that the marts should find, and no other."""
    several = "more channels than the registry names"
    return [
        *(["key_result_unmeasured", "", entity, note] for entity, note in UNMEASURED.items()),
        *(["objective_lacks", "", entity, note] for entity, note in LACKING.items()),
        ["decision_without_rationale", "", WITHOUT_RATIONALE, "decided, and nobody wrote why"],
        ["hypothesis_refuted", "", "H-02 v1", "a third of what was predicted"],
        ["hypothesis_refuted", "", "H-04 v1", "no more leads than before"],
        ["hypothesis_overdue", "", "H-05 v1", "its metric is none, and nobody reviewed it"],
        ["hypothesis_late", "", "H-02 v1", "two days after the launch"],
        ["hypothesis_late", "", "H-02 v2", "with the figures in view"],
        ["hypothesis_target_changed", "", "H-02 v2", "lowered once the figures were there"],
        ["hypothesis_incomplete", "", "H-03 v1", "no trade-off"],
        *(
            ["intent_drift", campaign.slug, "channel", several]
            for campaign in CAMPAIGNS
            if campaign.is_registered and campaign.live and len(campaign.weights) > 1
        ),
        ["intent_drift", "retargeting-always-on", "channel", "display, and tagged as cpc"],
        ["intent_drift", "brand-awareness-2026", "budget_split", "half the money, a seventh spent"],
        ["intent_drift", "brand-search-2026", "budget_split", "half the money, most of it spent"],
        ["local_winner", "brand-search-2026", "", "most clicks, least pipeline for its money"],
    ]
