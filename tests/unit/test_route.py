"""Which skill a phrase asks for: by words of the seed, and by nothing else."""

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.reports import report_route
from pipelines.settings import UsageError


@pytest.mark.parametrize(
    ("asked", "skill"),
    [
        ("blog post", "content_production"),
        ("Please write a Blog Post about pricing models!", "content_production"),
        # The longer of two phrases that are in it.
        ("landing page copy for spring", "copywriting"),
        ("a landing page for spring", "landing_page_generator"),
        # Of the same length the last in order, whatever stands first.
        ("ad copy for google ads", "paid_ads"),
    ],
)
def test_the_longest_phrase_leads_to_its_skill(asked: str, skill: str) -> None:
    assert report_route(asked)["skill"] == skill


def test_it_says_what_it_is_not_and_why() -> None:
    found = report_route("proofread this")
    assert found["phrase"] == "proofread"
    assert (found["skill"], found["not_skill"]) == ("copy_editing", "copywriting")
    assert found["reason"] == "The text is there already"


@pytest.mark.parametrize("asked", ["", "reposition", "a post on the blog", "landing pages"])
def test_a_phrase_within_a_word_or_in_pieces_is_none(asked: str) -> None:
    with pytest.raises(UsageError, match="no skill is known for"):
        report_route(asked)


def test_the_nearest_phrase_is_named() -> None:
    with pytest.raises(UsageError, match='the nearest is "content calendar"'):
        report_route("content calender")


def test_the_command_prints_one_json_object() -> None:
    result = CliRunner().invoke(app, ["route", "--json", "our content calendar"])
    assert result.exit_code == 0
    assert '"skill": "content_strategy"' in result.stdout
