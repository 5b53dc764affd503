"""The site: how long it takes to build, how heavy its pages are, how soon they answer.

    python -m benchmarks.site --home warehouse [--config sample/config]

Builds the site of a release, and of one that is made of it with 2,000 campaigns and three years;
looks at pages in the system's Chromium from disk, with the network off; and exports the overview as
people do by hand with the same library, a table and three charts in one page, to hold ours against.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from pipelines.publish import published_path
from pipelines.settings import Settings, use_config
from pipelines.site import build_site
from pipelines.site.build import ASSETS, LIBRARY
from pipelines.sql import quoted

CAMPAIGNS, YEARS, FILTERED_CAMPAIGNS = 2000, 3, 500
REPEATS = 5
KIB = 1024
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
# What tells campaigns, their milestones and conversions apart; made anew for each copy.
KEYS = ("campaign_key", "milestone_id", "conversion_id", "touch_id")
NAMES = ("campaign_name", "utm_campaign")
# Copied for earlier years by shifting every day and time in them.
DATED = (
    *("attribution.fct_channel_performance_daily", "attribution.fct_cost_cohorts"),
    *("attribution.fct_platform_claims", "attribution.fct_acquisition_costs"),
    *("attribution.fct_touches", "attribution.fct_attribution_credits"),
    *("attribution.fct_conversions", "attribution.fct_ad_spend_daily"),
    *("attribution.fct_pipeline_contribution", "funnel.fct_funnel_conversion"),
)
# Their rows are spread over the campaigns that were added.
SPREAD = (
    *("attribution.fct_touches", "attribution.fct_attribution_credits"),
    *("attribution.fct_ad_spend_daily",),
)


def enlarge(source: Path, target: Path, campaigns: int, years: int = 1) -> None:
    """Write a release with more campaigns and earlier years, made of copies of what it has."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    target.chmod(0o644)
    with duckdb.connect(str(target)) as con:
        tables = con.execute(
            "select schema_name, table_name from duckdb_tables() order by all"
        ).fetchall()
        columns = {
            f"{schema}.{table}": dict(
                con.execute(
                    "select column_name, data_type from duckdb_columns()"
                    " where schema_name = ? and table_name = ?",
                    [schema, table],
                ).fetchall()
            )
            for schema, table in tables
        }
        for table in DATED:
            _add_years(con, table, columns[table], years)
        ((known,),) = con.execute("select count(*) from core.dim_campaigns").fetchall()
        if campaigns <= known:
            return
        for table, has in columns.items():
            if "campaign_key" in has and table not in SPREAD:
                _add_copies(con, table, has, -(-campaigns // known))
        ((many,),) = con.execute("select count(*) from core.dim_campaigns").fetchall()
        con.execute(
            "create temp table keys as select campaign_key,"
            " cast(row_number() over (order by campaign_key) as bigint) as place"
            " from core.dim_campaigns"
        )
        for table in SPREAD:
            con.execute(
                f"update {table} set campaign_key = keys.campaign_key from keys"
                f" where {table}.campaign_key is not null"
                f" and cast(hash({table}.rowid) % {many} as bigint) + 1 = keys.place"
            )


def _add_copies(
    con: duckdb.DuckDBPyConnection, table: str, has: dict[str, str], copies: int
) -> None:
    replaced = [f"md5(concat({name}, copy)) as {name}" for name in KEYS if name in has]
    replaced += [f"concat({name}, ' ', copy) as {name}" for name in NAMES if name in has]
    con.execute(
        f"insert into {table} select * exclude (copy) replace ({', '.join(replaced)}) from {table},"
        f" range(1, {copies}) as copies(copy)"
    )


def _add_years(con: duckdb.DuckDBPyConnection, table: str, has: dict[str, str], years: int) -> None:
    if years == 1:
        return
    replaced = [
        f"cast({quoted(name)} - to_years(cast(past as integer)) as {kind}) as {quoted(name)}"
        for name, kind in has.items()
        if kind in ("DATE", "TIMESTAMP")
    ]
    replaced += [
        f"md5(concat({name}, past)) as {name}"
        for name in ("conversion_id", "touch_id")
        if name in has
    ]
    con.execute(
        f"insert into {table} select * exclude (past) replace ({', '.join(replaced)}) from {table},"
        f" range(1, {years}) as years(past)"
    )


def seconds_to_build(home: Path) -> tuple[float, Path]:
    """The middle of some builds, and where the site is."""
    took = []
    for _ in range(3):
        started = time.monotonic()
        site = build_site(Settings(home, home))
        took.append(time.monotonic() - started)
    return statistics.median(took), site.path


@contextmanager
def opened_page(path: Path) -> Iterator[Any]:
    """A page in a Chromium of its own, when all of it is drawn."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(FLAGS)
        )
        page = browser.new_context(offline=True, viewport={"width": 1360, "height": 900}).new_page()
        page.goto(f"file://{path.resolve()}")
        yield page
        browser.close()


def first_chart(path: Path) -> float:
    """Seconds until the first chart of a page is drawn, in a browser that was just started."""
    took = []
    for _ in range(REPEATS):
        with opened_page(path) as page:
            page.wait_for_selector("html[data-drawn=all]")
            took.append(
                page.evaluate("performance.getEntriesByName('first-chart')[0].startTime") / 1000
            )
    return float(statistics.median(took))


def first_paint_of_exported(path: Path) -> float:
    """Seconds until an exported page shows a chart."""
    took = []
    for _ in range(REPEATS):
        with opened_page(path) as page:
            page.wait_for_selector(".main-svg")
            took.append(page.evaluate("performance.now()") / 1000)
    return float(statistics.median(took))


def filtered(path: Path) -> float:
    """Milliseconds in which a page of many campaigns answers a filter, tables and charts."""
    with opened_page(path) as page:
        page.wait_for_selector("html[data-drawn=all]")
        families = page.locator("select[name=family] option").all_inner_texts()[1:]
        for family in [*families, *families]:
            page.get_by_label("Campaign family").select_option(family)
            page.wait_for_selector("html[data-drawn=all]")
        took = page.evaluate("performance.getEntriesByName('draw').map((each) => each.duration)")
    return float(statistics.median(took[1:]))


def exported(release: Path, path: Path) -> int:
    """The overview as it is exported by hand: its table and three charts in one page. Its size."""
    import plotly.graph_objects as go  # noqa: PLC0415 - what is compared, and used nowhere else
    import plotly.io  # noqa: PLC0415
    from plotly.subplots import make_subplots  # noqa: PLC0415

    with duckdb.connect(str(release), read_only=True) as con:
        months = con.execute(
            "select date_trunc('month', date_day) as month, sum(revenue_amount),"
            " sum(pipeline_amount), sum(spend_reporting)"
            " from attribution.fct_channel_performance_daily where is_headline_model"
            " group by 1 order by 1"
        ).fetchall()
        cards = con.execute(
            "select metric_label, metric_value, last_value from strategy.fct_layer_scorecards"
        ).fetchall()
    figure = make_subplots(4, 1, specs=[[{"type": "table"}], *([{"type": "xy"}],) * 3])
    cells = [*zip(*cards, strict=True)]
    header = ["Figure", "Now", "Before"]
    figure.add_trace(go.Table(header={"values": header}, cells={"values": cells}), 1, 1)
    days = [each[0] for each in months]
    for row, name in enumerate(("Revenue", "Pipeline", "Spend"), start=1):
        values = [float(each[row] or 0) for each in months]
        figure.add_trace(go.Scatter(x=days, y=values, name=name), row + 1, 1)
    plotly.io.write_html(figure, path, include_plotlyjs=True)
    return path.stat().st_size


def main() -> None:
    """Print a table, and a line a figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=Path("warehouse"))
    parser.add_argument("--config", type=Path)
    asked = parser.parse_args()
    if asked.config:
        use_config(asked.config)
    home = asked.home.resolve()
    with TemporaryDirectory() as name:
        work = Path(name)
        release = published_path(home)
        for folder, campaigns, years in (
            ("sample", 1, 1),
            ("many", FILTERED_CAMPAIGNS, 1),
            ("large", CAMPAIGNS, YEARS),
        ):
            enlarge(release, published_path(work / folder), campaigns, years)
        build, site = seconds_to_build(work / "sample")
        _, many = seconds_to_build(work / "many")
        large_build, large = seconds_to_build(work / "large")
        pages = [*site.rglob("*.html"), *large.rglob("*.html")]
        heaviest = max(pages, key=lambda page: page.stat().st_size)
        chart = first_chart(site / "overview.html")
        answer = filtered(many / "campaigns.html")
        by_hand = exported(release, work / "exported.html")
        by_hand_paint = first_paint_of_exported(work / "exported.html")
        count = len(list(site.glob("*.html")))
        # Every exported page has the library in it; ours has it once.
        ours = (site / "overview.html").stat().st_size + sum(
            (site / each).stat().st_size for each in (*ASSETS, LIBRARY)
        ) / count
        print(f"{'':34}{'ours':>12}{'by hand':>12}")
        print(f"{'pages of the menu':34}{count:12,}{1:12,}")
        print(f"{'KiB a page, library shared':34}{ours / KIB:12,.0f}{by_hand / KIB:12,.0f}")
        print(f"{'seconds to the first chart':34}{chart:12.2f}{by_hand_paint:12.2f}")
        print(f"heaviest of {len(pages):,} pages: {heaviest.parent.name}/{heaviest.name}")
        print(f"figure site_build_s = {build:.2f}")
        print(f"figure site_build_large_s = {large_build:.2f}")
        print(f"figure largest_page_kib = {heaviest.stat().st_size / KIB:.0f}")
        print(f"figure first_chart_s = {chart:.2f}")
        print(f"figure filter_ms = {answer:.0f}")
        print(f"figure page_weight_ratio = {ours / by_hand:.3f}")


if __name__ == "__main__":
    main()
