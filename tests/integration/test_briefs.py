"""`throughline brief` and `throughline context` over the release of the sample company."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.reports import report_briefs, report_context
from pipelines.settings import UsageError


def test_the_brief_with_tbd_is_named_with_what_to_do(warehouse: Path) -> None:
    report = report_briefs(warehouse, None)
    (finding,) = report["findings"]
    assert (finding["utm_campaign"], finding["field_name"]) == (
        "retargeting-always-on",
        "what_offer",
    )
    assert (finding["severity"], finding["found"]) == ("error", "TBD")
    assert finding["action"] == "Say what they get"
    assert report["brief_count"] == 16
    drawn = CliRunner().invoke(app, ["brief", "--home", str(warehouse)])
    assert drawn.exit_code == 0
    assert "what_offer: The offer is not answered (TBD). Say what they get" in drawn.stdout
    assert "16, 15 without fault" in drawn.stdout


def test_one_campaign_can_be_asked_for(warehouse: Path) -> None:
    assert report_briefs(warehouse, "product-launch-q3")["findings"] == []
    with pytest.raises(UsageError, match="did you mean product-launch-q3"):
        report_briefs(warehouse, "product-lunch-q3")


def test_the_context_is_one_json_object_of_one_campaign(warehouse: Path) -> None:
    result = CliRunner().invoke(app, ["context", "product-launch-q3", "--home", str(warehouse)])
    assert result.exit_code == 0
    context = json.loads(result.stdout)
    key = context["campaign"]["campaign_key"]
    assert context["campaign"]["utm_campaign"] == "product-launch-q3"
    # Of the two versions of its brief the newest.
    assert context["brief"]["version"] == 2
    assert [goal["objective_id"] for goal in context["goals"]] == ["G2"]
    both = report_context(warehouse, "webinar-scale-q4")["goals"]
    assert [goal["objective_id"] for goal in both] == ["G1", "G3"]
    assert context["launch"]["slip_days"] == 8
    assert {row["campaign_key"] for row in context["milestones"]} == {key}
    steps = {row["skill_key"]: row["step_state"] for row in context["steps"]}
    assert steps["marketing_context"] == "done"
    assert {page["page"] for page in context["confidence"]} >= {"overview", "funnel"}


def test_of_a_slug_that_comes_again_the_campaign_registered_last_counts(warehouse: Path) -> None:
    context = report_context(warehouse, "newsletter")
    assert f"{context['campaign']['valid_from_date']}" == "2026-07-01"
    assert report_context(warehouse, context["campaign"]["campaign_key"]) == context
    named = context["campaign"]["campaign_name"]
    assert report_context(warehouse, f" {named.upper()}") == context


def test_what_is_not_there_is_one_clear_line(warehouse: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no campaign nothing-like-it; write its"):
        report_context(warehouse, "nothing-like-it")
    with pytest.raises(UsageError, match="nothing is published in"):
        report_context(tmp_path, "newsletter")
