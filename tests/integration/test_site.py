"""The site of the sample company: its figures are the release's, whatever anybody called things."""

import json
import re
import shutil
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.reports import report_status
from pipelines.settings import PROJECT_DIR, Settings
from pipelines.simulate import CONFIG
from pipelines.site import build_site, try_site
from pipelines.site.pages import SHIPPED, find_pages

HOSTILE = "</script><script>alert(1)</script>=cmd|' /C calc'!A0"
MEGABYTE = 1 << 20


def home_of(warehouse: Path, folder: Path, change: str = "") -> Settings:
    """A home of its own with the sample company's release, changed by SQL."""
    path = folder / "published" / "marketing.duckdb"
    path.parent.mkdir(parents=True)
    shutil.copyfile(warehouse / "published" / "marketing.duckdb", path)
    if change:
        with duckdb.connect(str(path)) as con:
            con.execute(change)
    return Settings(folder / "exports", folder)


@pytest.fixture(scope="module")
def site(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_site(home_of(warehouse, tmp_path_factory.mktemp("site"))).path


def figures(page: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows of each figure of a page, by the name of its query."""
    found = re.findall(
        r'<script type="application/json" class="data">(.*?)</script>', page.read_text(), re.DOTALL
    )
    rows: dict[str, list[dict[str, Any]]] = {}
    for text in found:
        spec = json.loads(text)
        columns = {
            key: packed
            if isinstance(packed, list)
            else [packed["values"][place] for place in packed["places"]]
            for key, packed in spec["data"].items()
        }
        rows[spec["name"]] = [
            {key: values[place] for key, values in columns.items()}
            for place in range(spec["count"])
        ]
    return rows


def heading(page: Path) -> str:
    """What the page says first, as its reader sees it."""
    (text,) = re.findall(r"<h1>(.*?)</h1>", page.read_text(), re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", "", text)).split())


def value(release: duckdb.DuckDBPyConnection, sql: str) -> Any:
    """The one value that a query finds."""
    ((found,),) = release.execute(sql).fetchall()
    return found


def test_a_run_leaves_a_site_of_its_release(warehouse: Path) -> None:
    release = report_status(warehouse)["release"]
    assert release["site"] == warehouse / "site" / "index.html"
    assert f"<code>{release['release_id']}</code>" in release["site"].read_text()


def test_every_page_says_what_it_is_of_and_fetches_nothing(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    menu = [page for page in find_pages([SHIPPED]) if not page.each]
    assert len([page for page in pages if page.parent == site]) == len(menu)
    for page in pages:
        text = page.read_text()
        assert page.stat().st_size < MEGABYTE, page.name
        assert "As of <time" in text
        assert "Release <code>20261001T060000_" in text
        assert text.count("<h1>") == 1
        named = re.findall(r'(?:src|href)="([^"#]*)', text)
        assert not [link for link in named if "//" in link]
        missing = [
            link
            for link in named
            if link and link != "data:," and not (page.parent / link).exists()
        ]
        assert missing == []


def test_today_and_overview_show_what_the_release_holds(
    site: Path, release: duckdb.DuckDBPyConnection
) -> None:
    items = figures(site / "index.html")["attention"]
    assert len(items) == value(release, "select count(*) from operations.fct_attention_items")
    assert items[0]["owner"] == "Ines Okafor"
    assert heading(site / "index.html").startswith("5 things need a person; first: Legal approval")
    revenue = figures(site / "overview.html")["revenue"]
    headline = [row for row in revenue if row["attribution_model"] == "data_driven"]
    assert round(sum(row["revenue_amount"] for row in headline), 2) == float(
        value(
            release,
            "select sum(amount_reporting) from attribution.fct_conversions"
            " where conversion_type = 'closed_won'",
        )
    )
    assert heading(site / "overview.html") == "5 of 9 key results that can be judged are behind"


@pytest.mark.parametrize(
    ("page", "figure", "column", "sql"),
    [
        (
            *("channels", "channels", "known_spend"),
            "select sum(spend_reporting) from attribution.fct_channel_performance_daily",
        ),
        (
            *("models", "shares_closed_won", "credit"),
            "select sum(credit) from attribution.fct_attribution_credits"
            " where conversion_type = 'closed_won'",
        ),
        (
            *("journeys", "flows", "deals"),
            "select count(distinct conversion_id) from attribution.fct_attribution_credits"
            " where conversion_type = 'closed_won' and touch_id is not null",
        ),
        (
            *("funnel", "months", "entered_count"),
            "select sum(entered_count) from funnel.fct_funnel_conversion",
        ),
        (
            *("scoring", "speed", "contacts"),
            "select count(*) from funnel.fct_lead_scores",
        ),
        (
            *("campaigns", "campaigns", "revenue_amount"),
            "select sum(revenue_amount) from operations.fct_campaign_execution_outcomes",
        ),
        (
            *("milestones", "objectives", "milestones"),
            "select count(*) from operations.fct_milestone_map",
        ),
        ("flow", "steps", "rounds", "select count(*) from operations.fct_approval_rounds"),
        ("service", "grid", "rounds", "select count(*) from operations.fct_approval_rounds"),
        (
            *("strategy", "attributes", "drifted"),
            "select count(*) from strategy.fct_intent_drift where is_drifted",
        ),
        ("quality", "grid", "checks", "select count(*) from quality.fct_quality_results"),
        (
            *("definitions", "files", "file_count"),
            "select count(*) from meta.files where stream is not null",
        ),
    ],
)
def test_figures_add_up_to_what_the_release_holds(
    site: Path, release: duckdb.DuckDBPyConnection, page: str, figure: str, column: str, sql: str
) -> None:
    shown = [row[column] for row in figures(site / f"{page}.html")[figure]]
    assert sum(each for each in shown if each is not None) == pytest.approx(
        float(value(release, sql)), abs=0.01
    )


def test_a_campaign_s_page_has_its_own_rows_alone(
    site: Path, release: duckdb.DuckDBPyConnection
) -> None:
    key = value(
        release,
        "select campaign_key from core.dim_campaigns where utm_campaign = 'customer-stories-fall'",
    )
    shown = figures(site / "campaign" / f"{key}.html")
    of_it = f"where campaign_key = '{key}'"
    for figure, mart in (
        ("milestones", "fct_milestones"),
        ("approvals", "fct_approval_rounds"),
        ("blockers", "fct_blockers"),
    ):
        count = value(release, f"select count(*) from operations.{mart} {of_it}")
        assert len(shown[figure]) == count > 0
    assert len(list((site / "campaign").glob("*.html"))) == (
        value(release, "select count(*) from core.dim_campaigns")
    )


def test_moves_that_a_tracker_does_not_tell_are_not_told_as_none(
    warehouse: Path, release: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    key = value(
        release,
        "select campaign_key from operations.fct_milestones where campaign_key is not null"
        " group by campaign_key having count(*) > 1 order by campaign_key limit 1",
    )
    settings = home_of(
        warehouse,
        tmp_path,
        "update operations.fct_milestones set is_plan_history_known = false, replan_count = 0"
        f" where campaign_key = '{key}'",
    )
    build_site(settings)
    page = settings.site_dir / "campaign" / f"{key}.html"
    assert {row["replan_count"] for row in figures(page)["milestones"]} == {None}
    assert "does not tell when a date moves" in page.read_text()
    others = [
        other for other in (settings.site_dir / "campaign").glob("*.html") if other.stem != key
    ]
    assert others
    assert not any("does not tell when a date moves" in other.read_text() for other in others)


def test_definitions_lead_down_to_files(site: Path) -> None:
    lineage = {row["mart"]: row for row in figures(site / "definitions.html")["lineage"]}
    assert "ga4.events (38)" in lineage["attribution.fct_touches"]["made_of"]
    assert "asana" not in lineage["attribution.fct_touches"]["made_of"]


def test_names_that_people_wrote_are_text(warehouse: Path, tmp_path: Path) -> None:
    quoted = HOSTILE.replace("'", "''")
    settings = home_of(
        warehouse,
        tmp_path,
        f"update core.dim_campaigns set campaign_name = '{quoted}', owner_name = '{quoted}',"
        f" campaign_family = '{quoted}';"
        f"update operations.fct_campaign_launches set campaign_name = '{quoted}',"
        f" campaign_family = '{quoted}';"
        f"update operations.fct_attention_items set sentence = '{quoted}', owner_name = '{quoted}'",
    )
    for page in build_site(settings).path.rglob("*.html"):
        assert "<script>alert" not in page.read_text(), page.name


@pytest.fixture
def emptied() -> Callable[[Path], str]:
    """SQL that empties every mart of a release but what says which it is."""

    def statements(path: Path) -> str:
        with duckdb.connect(str(path), read_only=True) as con:
            tables = con.execute(
                "select schema_name, table_name from duckdb_tables() where table_name <> 'releases'"
            ).fetchall()
        return ";".join(f'delete from "{schema}"."{table}"' for schema, table in tables)

    return statements


def test_a_release_of_nothing_has_every_page(
    warehouse: Path, tmp_path: Path, emptied: Callable[[Path], str]
) -> None:
    settings = home_of(warehouse, tmp_path, emptied(warehouse / "published" / "marketing.duckdb"))
    site = build_site(settings)
    assert len(list(site.path.glob("*.html"))) == site.page_count
    assert heading(site.index) == "Nothing needs a person today"
    assert "Confidence unknown" in site.index.read_text()


def test_a_release_that_a_page_cannot_be_made_of_is_no_error(
    warehouse: Path, tmp_path: Path
) -> None:
    settings = home_of(warehouse, tmp_path, "drop table operations.fct_attention_items")
    said = try_site(settings)
    assert said is not None
    assert "attention.sql: the release is older than this page" in said
    assert "Catalog Error" in said
    assert said.endswith("mend it, then `throughline site`")
    assert not settings.site_dir.exists()


def test_the_command_builds_it_where_it_is_told(
    warehouse: Path, tmp_path: Path, run_throughline: Callable[..., Any]
) -> None:
    told = run_throughline("site", "--home", warehouse, "--out", tmp_path / "out", "--json")
    report = json.loads(told.stdout)
    assert report["index"] == str(tmp_path / "out" / "index.html")
    assert (tmp_path / "out" / "index.html").exists()
    refused = run_throughline("site", "--home", tmp_path / "none", check=False)
    assert refused.returncode == 2
    assert "holds no published release to show" in refused.stderr


def test_the_page_that_the_docs_show_is_one_of_a_company_s_own(
    warehouse: Path, tmp_path: Path, run_throughline: Callable[..., Any]
) -> None:
    shutil.copytree(CONFIG, tmp_path / "ours")
    folder = tmp_path / "ours" / "pages" / "partners"
    folder.mkdir(parents=True)
    docs = (PROJECT_DIR / "docs" / "site.md").read_text(encoding="utf-8")
    (template,) = re.findall(r"```\n(\{#.*?)```", docs, re.DOTALL)
    (folder / "page.html.j2").write_text(template)
    (folder / "by_partner.sql").write_text(
        "select channel as source, date '2026-09-01' as month_start_date,"
        " sum(revenue_amount) as revenue_amount, sum(spend_reporting) as spend_reporting"
        " from attribution.fct_channel_performance_daily where is_headline_model group by channel"
    )
    arguments = ("--home", warehouse, "--config", tmp_path / "ours", "--out", tmp_path / "out")
    run_throughline("site", *arguments)
    rows = figures(tmp_path / "out" / "partners.html")["by_partner"]
    assert {"Email", "Paid Search"} <= {row["source"] for row in rows}
    assert 'href="partners.html"' in (tmp_path / "out" / "index.html").read_text()
    (folder / "by_partner.sql").write_text("select source from nowhere")
    refused = run_throughline("site", *arguments, check=False)
    assert refused.returncode == 2
    assert "pages/partners/by_partner.sql: Catalog Error" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert (tmp_path / "out" / "partners.html").exists()
