"""The site in the system's Chromium, from disk and with the network off."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.site import enlarge
from pipelines.publish import published_path
from pipelines.settings import Settings
from pipelines.site import build, build_site
from pipelines.site.pages import SHIPPED, find_pages

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed"),
]
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
MENU = [page for page in find_pages([SHIPPED]) if not page.each]
NAMES = ["index", *(page.name for page in MENU[1:])]
HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(2)</script>"
FORMULA = '=HYPERLINK("http://x";"y")'
# It would fetch style sheets, which a page from disk may not.
AXE = {"resultTypes": ["violations"], "preload": False}


def home_of(warehouse: Path, folder: Path, *changes: str) -> Settings:
    """A home with the sample company's release, changed by SQL."""
    path = folder / "published" / "marketing.duckdb"
    path.parent.mkdir(parents=True)
    shutil.copyfile(warehouse / "published" / "marketing.duckdb", path)
    with duckdb.connect(str(path)) as con:
        for change in changes:
            con.execute(change)
    return Settings(folder / "exports", folder)


@pytest.fixture(scope="module")
def site(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_site(home_of(warehouse, tmp_path_factory.mktemp("site"))).path


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield launched
        launched.close()


class Reader:
    """Somebody who looks at pages, and hears of every error on them."""

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", lambda dialog: self.errors.append(f"dialog {dialog.message}"))
        self.page.on("console", self._hear)
        self.page.on("requestfailed", lambda request: self.errors.append(request.url))

    def _hear(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(message.text)

    def open(self, path: Path, address: str = "") -> Page:
        """The page at a path, when all of it is drawn."""
        # A page that is open already would only be told of its new address.
        self.page.goto("about:blank")
        self.page.goto(f"file://{path}{address}")
        self.drawn()
        return self.page

    def drawn(self) -> None:
        """Wait until all of the page is drawn."""
        self.page.wait_for_selector("html[data-drawn=all]")


def reader_of(browser: Browser, **options: Any) -> Iterator[Reader]:
    context = browser.new_context(offline=True, locale="en-US", **options)
    context.set_default_timeout(20_000)
    yield Reader(context)
    context.close()


@pytest.fixture
def reader(browser: Browser) -> Iterator[Reader]:
    yield from reader_of(browser, viewport={"width": 1360, "height": 900}, color_scheme="light")


@pytest.fixture
def phone(browser: Browser) -> Iterator[Reader]:
    yield from reader_of(browser, viewport={"width": 390, "height": 844}, color_scheme="dark")


def seen_by_axe(page: Page, *rules: str) -> list[str]:
    """What axe calls serious or worse, with the first place of each; by all rules, or by some."""
    # What a chart is made of is no content: it is an image, whose table is below it.
    options = {**AXE, "runOnly": list(rules)} if rules else AXE
    found = Axe().run(page, {"exclude": [".chart"]}, options).response["violations"]
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:200]}"
        for each in found
        if each["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_drawn_without_an_error_for_every_eye(
    site: Path, reader: Reader, name: str
) -> None:
    page = reader.open(site / f"{name}.html")
    assert reader.errors == []
    assert page.locator(".chart:visible:not(:has(.main-svg))").count() == 0
    for details in page.locator(".rows details").all():
        details.locator("summary").click()
    assert seen_by_axe(page) == []
    page.emulate_media(color_scheme="dark")
    reader.drawn()
    # In the dark nothing else than its colours can be wrong.
    assert seen_by_axe(page, "color-contrast") == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    # Nothing is cut off on paper: A4, lying, within its margins.
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1030, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 1030
    assert reader.errors == []


def test_a_phone_shows_rows_as_cards_and_the_menu_when_asked(site: Path, phone: Reader) -> None:
    page = phone.open(site / "index.html")
    assert page.locator("#attention-1 tbody tr").first.inner_text().count("Ines Okafor") == 1
    assert seen_by_axe(page) == []
    assert not phone.page.locator("#menu").is_visible()
    phone.page.get_by_role("button", name="Pages").click()
    assert phone.page.get_by_role("navigation").get_by_role("link", name="Overview").is_visible()
    assert phone.errors == []


def test_a_filter_is_in_the_address_and_goes_along(site: Path, reader: Reader) -> None:
    page = reader.open(site / "overview.html")
    assert page.get_by_label("Model").input_value() == ""
    figure = page.locator("#revenue-3")
    figure.locator("summary").click()
    before = figure.locator("tbody").inner_text()
    page.get_by_label("Channel").select_option("Email")
    assert page.url.endswith("#channel=Email")
    assert figure.locator("tbody").inner_text() != before
    assert "Filtered; the title is of everything." in figure.inner_text()
    assert page.locator(".of-all").is_visible()
    page.get_by_role("navigation").get_by_role("link", name="Today").click()
    reader.drawn()
    assert page.url.endswith("index.html#channel=Email")
    page.go_back()
    reader.drawn()
    assert page.get_by_label("Channel").input_value() == "Email"
    page.go_back()
    reader.drawn()
    assert page.get_by_label("Channel").input_value() == ""
    page = reader.open(site / "overview.html", "#from=2026-08&to=2026-08&model=last_touch")
    page.locator("#revenue-3 summary").click()
    assert page.locator("#revenue-3 tbody tr").count() == 1
    assert page.get_by_label("Model").input_value() == "last_touch"
    page.get_by_role("button", name="Reset").click()
    assert page.locator("#revenue-3 tbody tr").count() > 1
    assert reader.errors == []


def test_tables_are_sorted_by_keyboard_and_say_so(site: Path, reader: Reader) -> None:
    page = reader.open(site / "overview.html")
    head = page.locator("#kpis-2 thead th").first
    head.get_by_role("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    names = page.locator("#kpis-2 tbody th").all_inner_texts()
    assert names == sorted(names, key=str.lower)
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    page.reload()
    reader.drawn()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_table_is_a_file_that_no_spreadsheet_runs(
    warehouse: Path, reader: Reader, tmp_path: Path
) -> None:
    formula = FORMULA.replace("'", "''")
    settings = home_of(
        warehouse,
        tmp_path,
        f"update operations.fct_attention_items set sentence = '{formula}', next_step = '-1+1'",
    )
    page = reader.open(build_site(settings).index)
    with page.expect_download() as waited:
        page.locator("#attention-1").get_by_role("button", name="CSV").click()
    text = Path(waited.value.path()).read_text(encoding="utf-8-sig")
    assert text.splitlines()[0].startswith("No.,What,Next step,Who")
    assert """1,"'=HYPERLINK(""http://x"";""y"")",'-1+1,Ines Okafor""" in text


def test_what_somebody_called_a_campaign_is_only_text(
    warehouse: Path, reader: Reader, tmp_path: Path
) -> None:
    settings = home_of(
        warehouse,
        tmp_path,
        *(
            f"update {table} set campaign_name = '{HOSTILE}', campaign_family = '{HOSTILE}'"
            for table in (
                *("core.dim_campaigns", "operations.fct_campaign_launches"),
                "operations.fct_campaign_execution_outcomes",
            )
        ),
        f"update operations.fct_milestone_map set campaign_name = '{HOSTILE}'",
        f"update operations.fct_attention_items set sentence = '{HOSTILE}'",
        f"update attribution.fct_channel_performance_daily set channel = '{HOSTILE}'",
    )
    folder = build_site(settings).path
    for name in ("channels", "campaigns", "milestones", "flow", "service", "strategy"):
        page = reader.open(folder / f"{name}.html")
        assert page.locator("main img").count() == 0, name
    page = reader.open(folder / "index.html")
    assert HOSTILE in page.locator("#attention-1 tbody").inner_text()
    assert reader.errors == []


def test_a_click_leads_to_the_campaign_and_a_bar_keeps_its_channel(
    site: Path, reader: Reader
) -> None:
    page = reader.open(site / "index.html", "#family=Content")
    row = page.locator("#launches-2 tbody tr")
    assert row.count() == 1
    row.get_by_role("link", name="Customer Stories Fall").click()
    reader.drawn()
    assert page.url.endswith("ac6b0a5334e1c8dd6bed361fe7ee70c0.html#family=Content")
    assert page.locator("h1").inner_text() == (
        "Customer Stories Fall is 17 days late and not live:"
        " it waits for “Brief approved”, by Dana Whitfield"
        " and for approvals that went up to Ines Okafor"
    )
    assert "Legal approval" in page.locator("#needs-1").inner_text()
    page = reader.open(site / "channels.html")
    bars = page.locator("#channels-1 .bars .point path")
    bars.last.click(force=True)
    assert page.url.endswith("#channel=Email")
    assert page.get_by_label("Channel").input_value() == "Email"
    assert page.locator("#channels-1 tbody tr").count() == 1
    assert reader.errors == []


def test_whether_paid_search_earned_its_money_is_said_first(site: Path, reader: Reader) -> None:
    page = reader.open(site / "channels.html")
    assert (
        page.locator("h1")
        .inner_text()
        .endswith("most: Paid Search, which brought back 15.50 times its spend")
    )
    row = page.locator("#channels-1 tbody tr", has_text="Paid Search")
    cells = row.locator("td").all_inner_texts()
    assert cells[0] == "$18,958"
    assert cells[-2] == "15.50×"  # noqa: RUF001 - a sign of times is meant
    # Of another paid channel no report says what it cost, which is not nothing.
    social = page.locator("#channels-1 tbody tr", has_text="Paid Social").locator("td")
    assert social.first.inner_text().split() == ["–", "unknown"]  # noqa: RUF001
    assert "No report says what Paid Social cost" in page.locator("main > .note").inner_text()
    # No spend: no return on it, which is not a return of nothing.
    direct = page.locator("#channels-1 tbody tr", has_text="Direct").locator("td")
    assert direct.last.inner_text().split() == ["–", "unknown"]  # noqa: RUF001


def test_numbers_and_days_are_those_of_the_reader_s_locale(browser: Browser, site: Path) -> None:
    context = browser.new_context(offline=True, locale="de-DE")
    page = context.new_page()
    page.goto(f"file://{site}/channels.html")
    page.wait_for_selector("html[data-drawn=all]")
    assert "15,50" in page.locator("h1").inner_text()
    row = page.locator("#channels-1 tbody tr", has_text="Paid Search")
    assert row.locator("td").first.inner_text().replace("\xa0", " ") == "18.958 $"
    context.close()


@pytest.mark.parametrize(("campaigns", "rows"), [(1, 1), (500, 510)])
def test_one_campaign_and_five_hundred_look_right(
    warehouse: Path, reader: Reader, tmp_path: Path, campaigns: int, rows: int
) -> None:
    home = tmp_path / "home"
    enlarge(published_path(warehouse), published_path(home), campaigns)
    if campaigns == 1:
        with duckdb.connect(str(published_path(home))) as con:
            con.execute("delete from core.dim_campaigns where utm_campaign <> 'product-launch-q3'")
    folder = build_site(Settings(home, home)).path
    for name in ("index", "milestones"):
        page = reader.open(folder / f"{name}.html")
        assert page.evaluate("document.documentElement.scrollWidth") <= 1360, name
    page = reader.open(folder / "campaigns.html")
    page.locator("summary").first.click()
    table = page.locator("#campaigns-1 tbody tr")
    assert table.count() == min(rows, 20)
    if campaigns > 1:
        page.get_by_role("button", name="Show all 510").click()
        assert table.count() == rows
    assert reader.errors == []


def test_charts_tell_late_from_punctual_and_keep_intervals_about_their_points(
    site: Path, reader: Reader
) -> None:
    page = reader.open(site / "campaigns.html")
    labels = page.locator("#campaigns-1 .ytick text").all_text_contents()
    assert [label for label in labels if label.endswith("(late)")] == [
        "Customer Stories Fall (late)",
        "Product Launch Q3 (late)",
    ]
    page = reader.open(site / "models.html")
    for name in ("#shares-closed-won-1", "#shares-lead-2"):
        traces = page.evaluate(f"document.querySelector('{name} .chart').data")
        (headline,) = (trace for trace in traces if trace["name"] == "data driven")
        ends = zip(headline["error_x"]["array"], headline["error_x"]["arrayminus"], strict=True)
        assert all(more >= 0 and less >= 0 for more, less in ends), name
    page = reader.open(site / "flow.html")
    months = page.evaluate("document.querySelector('#months-2 .chart').data[0].x")
    assert months[:3] == ["2025-12-01", "2026-01-01", "2026-02-01"]


def test_a_channel_leads_to_its_journeys_and_to_each_deal(site: Path, reader: Reader) -> None:
    page = reader.open(site / "channels.html", "#channel=Paid+Search")
    page.get_by_role("navigation").get_by_role("link", name="Journeys").click()
    reader.drawn()
    assert page.get_by_label("Channel").input_value() == "Paid Search"
    rows = page.locator("#deals-5 tbody tr")
    assert 0 < rows.count() <= 20
    assert "Paid Search" in rows.first.inner_text()
    assert len(rows.first.locator("td").last.inner_text()) == 32
    assert reader.errors == []


def test_the_library_has_the_traces_of_our_charts_and_no_other(reader: Reader, site: Path) -> None:
    page = reader.open(site / "overview.html")
    assert set(page.evaluate("Object.keys(Plotly.PlotSchema.get().traces)")) == {
        "scatter",
        *build.TRACES,
    }
    # Of another version, whose list could be in another order, all of them are kept.
    library = build.library_file().read_text(encoding="utf-8")
    assert build.with_our_traces(library) != library
    other = library.replace("v4.1.1", "v4.1.2", 1)
    assert build.with_our_traces(other) == other
