"""What agents are told of a release: by the SDK's own client, over stdio, as one would start it."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.doors.agents import serve
from pipelines.settings import UsageError

mcp = pytest.importorskip("mcp", reason="the extra mcp is not installed")

THROUGHLINE = str(Path(sys.executable).with_name("throughline"))
TOOLS = {
    *("metrics", "explain", "needs_a_person", "brief_findings", "route", "campaign_context"),
}


def told(home: Path, *calls: tuple[str, dict[str, Any]]) -> list[Any]:
    """The tools that there are, then the answer to each call: its content, or its error's text."""

    async def ask() -> list[Any]:
        from mcp.client.stdio import StdioServerParameters  # noqa: PLC0415 - an extra

        server = StdioServerParameters(
            command=THROUGHLINE, args=["mcp", "--home", str(home)], env=dict(os.environ)
        )
        async with mcp.Client(server) as client:
            answers: list[Any] = [(await client.list_tools()).tools]
            for name, arguments in calls:
                result = await client.call_tool(name, arguments)
                said = "".join(part.text for part in result.content)
                answers.append(said if result.is_error else result.structured_content)
            return answers

    return asyncio.run(ask())


def only(release: duckdb.DuckDBPyConnection, sql: str) -> Any:
    ((value,),) = release.execute(sql).fetchall()
    return value


def test_an_agent_is_told_what_the_release_holds(
    warehouse: Path, release: duckdb.DuckDBPyConnection
) -> None:
    campaign = only(
        release,
        "select utm_campaign from operations.fct_campaign_briefs where is_latest_version"
        " order by 1 limit 1",
    )
    before = (warehouse / "build.duckdb").stat().st_mtime_ns
    tools, everything, one, why, needs, briefs, skill, context, slip, unknown = told(
        warehouse,
        ("metrics", {}),
        ("metrics", {"metric": "spend", "first_day": "2026-08-01", "last_day": "2026-08-31"}),
        ("explain", {"subject": "Paid Search"}),
        ("needs_a_person", {}),
        ("brief_findings", {"campaign": campaign}),
        ("route", {"phrase": "write a blog post"}),
        ("campaign_context", {"campaign": campaign}),
        ("metrics", {"metric": "spent"}),
        ("explain", {"subject": "Carrier pigeons"}),
    )
    assert {tool.name for tool in tools} == TOOLS
    assert all(tool.annotations.read_only_hint and tool.description for tool in tools)

    release_id = only(release, "select release_id from meta.releases where status = 'published'")
    for answer in (everything, one, why, needs, briefs, context):
        assert answer["release"]["release_id"] == release_id
        assert answer["release"]["as_of_at"] == "2026-10-01T06:00:00Z"

    metrics = {metric["metric"]: metric for metric in everything["metrics"]}
    assert len(metrics) == only(release, "select count(*) from meta.metric_registry")
    totals = "select {} from attribution.fct_channel_performance_daily where is_headline_model"
    for metric, sql in (
        ("spend", totals.format("sum(spend_reporting)")),
        (
            "leads",
            "select count(*) from attribution.fct_conversions where conversion_type = 'lead'",
        ),
        ("cost_per_lead", totals.format("sum(spend_reporting) / sum(leads)")),
        (
            "win_rate",
            "select count(*) filter (is_won) / count(*) from funnel.fct_opportunities"
            " where is_closed",
        ),
    ):
        assert metrics[metric]["value"] == pytest.approx(float(only(release, sql))), metric
    assert metrics["win_rate"]["formula"]
    assert metrics["win_rate"]["owner"] == "Sales operations"
    assert metrics["win_rate"]["confidence"]["page"] == "funnel"
    assert metrics["median_cycle_days"]["value"] is None
    (spend,) = one["metrics"]
    august = "spend_reporting) filter (date_day between '2026-08-01' and '2026-08-31'"
    assert spend["value"] == pytest.approx(float(only(release, totals.format(f"sum({august})"))))

    figure = only(
        release,
        "select sum(credit) from attribution.fct_attribution_credits"
        f" where channel = 'Paid Search' and conversion_type = 'closed_won'"
        f" and attribution_model = '{why['attribution_model']}'",
    )
    assert why["figure"]["credit"] == pytest.approx(figure)
    assert len(why["touches"]) == 20
    assert why["touches_count"] == why["figure"]["touches"]
    assert [item["sentence"] for item in needs["items"]] == [
        sentence
        for (sentence,) in release.execute(
            "select sentence from operations.fct_attention_items order by attention_rank"
        ).fetchall()
    ]
    assert briefs["brief_count"] == 1
    assert skill["skill"]
    assert context["campaign"]["utm_campaign"] == campaign
    assert "did you mean spend?" in slip
    assert "is no channel" in unknown
    # Nothing of the build was touched.
    assert (warehouse / "build.duckdb").stat().st_mtime_ns == before


def test_that_nothing_is_published_is_told(tmp_path: Path) -> None:
    _, said = told(tmp_path, ("needs_a_person", {}))
    assert "nothing is published in" in said


def test_without_the_extra_the_command_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.doors.agents.find_spec", lambda name: None)
    with pytest.raises(UsageError, match="the extra `mcp`: uv sync --inexact --extra mcp"):
        serve(tmp_path)
