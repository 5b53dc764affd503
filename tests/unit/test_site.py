"""The builder of the site: its pages, what the browser gets of them, how they are put in place."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from pipelines.publish import opened, publish, published_path, rollback
from pipelines.queries import Rows
from pipelines.settings import Settings, UsageError
from pipelines.site import build, build_site, site_index
from pipelines.site.figures import as_json, column, figure_data, plain
from pipelines.site.pages import SHIPPED, find_file, find_pages
from pipelines.site.render import Renderer
from tests.releases import AS_OF, build_file, grow, home_of_one_release

ABOUT = "{#\ntitle: Ours\ngroup: Now\norder: 5\nquestion: What is ours?\n#}\n"
HOSTILE = "</script><script>alert(1)</script>"


def test_ours_are_in_the_order_of_the_menu_and_a_company_s_own_go_before(tmp_path: Path) -> None:
    ours = [page.name for page in find_pages([SHIPPED])]
    assert ours[:2] == ["today", "overview"]
    for name in ("today", "extra"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "page.html.j2").write_text(ABOUT)
    pages = {page.name: page for page in find_pages([tmp_path, SHIPPED])}
    assert set(pages) == {*ours, "extra"}
    assert pages["today"].title == "Ours"
    assert find_file([tmp_path, SHIPPED], "today", "attention.sql") == (
        SHIPPED / "today" / "attention.sql"
    )
    (tmp_path / "today" / "attention.sql").write_text("select 1")
    assert find_file([tmp_path, SHIPPED], "today", "attention.sql") == (
        tmp_path / "today" / "attention.sql"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<h1>x</h1>", "line 1 opens no comment that says title, group, order, question"),
        ("{# title: x #}", "group is missing"),
        (ABOUT.replace("order: 5", "order: first"), "order is 'first'"),
        (ABOUT.replace("question", "qestion"), "qestion"),
        ("{# a: [ #}", "its first comment"),
    ],
)
def test_a_page_that_does_not_say_what_it_is(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "page.html.j2").write_text(text)
    with pytest.raises(UsageError, match=said) as raised:
        find_pages([tmp_path])
    assert str(tmp_path / "x" / "page.html.j2") in str(raised.value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("12.50"), 12.5),
        (float("nan"), None),
        (float("inf"), None),
        (date(2026, 10, 1), "2026-10-01"),
        (datetime(2026, 10, 1, 6, 0, 0, 5), "2026-10-01T06:00:00Z"),
        (None, None),
        (False, False),
        (0, 0),
    ],
)
def test_what_is_unknown_stays_unknown_and_a_zero_a_zero(value: object, expected: object) -> None:
    assert plain(value) == expected


def test_no_text_ends_the_script_that_it_stands_in() -> None:
    text = as_json({"name": f"{HOSTILE}\u2028<!--&"})
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == {"name": f"{HOSTILE}\u2028<!--&"}


def rows(*found: tuple[object, ...]) -> Rows:
    """What a query of channels found."""
    return Rows(["channel", "attribution_model", "month", "spend", "revenue"], found)


def test_a_figure_has_what_it_shows_and_what_filters_go_by() -> None:
    found = rows(*(("Email", "linear", date(2026, 1, 1), 1, 2) for _ in range(4)))
    columns = [column("channel", "Channel"), column("roas", "ROAS", over="revenue", of="spend")]
    data = figure_data("spend", found, columns, {"by": ["channel"], "date": "month", "limit": 3})
    assert data["filters"] == {"channel": "channel", "model": "attribution_model", "date": "month"}
    assert set(data["data"]) == {"channel", "attribution_model", "month", "spend", "revenue"}
    assert (data["total"], data["count"]) == (4, 3)
    # A text that comes again stands there once.
    assert data["data"]["channel"] == {"values": ["Email"], "places": [0, 0, 0]}
    assert data["data"]["spend"] == [1, 1, 1]


@pytest.mark.parametrize(
    ("columns", "said", "slip"),
    [
        (
            [column("chanel", "x")],
            {},
            "shows chanel, which its query has not; expected .*mean channel",
        ),
        ([column("channel", "x")], {"by": ["day"]}, "shows day"),
        ([column("channel", "x")], {"chart": {"type": "pie"}}, "chart 'pie', expected"),
        ([column("channel", "x")], {"chart": {"type": "bar", "value": "cost"}}, "shows cost"),
    ],
)
def test_a_figure_that_its_query_cannot_fill(columns: list, said: dict, slip: str) -> None:
    with pytest.raises(UsageError, match=slip):
        figure_data("spend", rows(), columns, said)


def test_there_is_no_other_kind_of_column() -> None:
    with pytest.raises(UsageError, match=r"moneys is no kind, expected .*mean money"):
        column("spend", "Spend", "moneys")


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    con = duckdb.connect()
    con.execute("create schema attribution; create schema operations")
    con.execute(
        "create table attribution.fct_channel_performance_daily"
        " (attribution_model varchar, is_headline_model boolean)"
    )
    con.execute(
        "create table operations.fct_attention_items"
        " (sentence varchar, kind varchar, attention_rank bigint)"
    )
    con.execute("create table campaigns (campaign_key varchar, name varchar)")
    con.execute("insert into campaigns values ('a', ?), ('b', 'B')", [HOSTILE])
    yield con
    con.close()


def renderer(con: duckdb.DuckDBPyConnection, folder: Path) -> Renderer:
    """Over a folder of a company's own pages, and ours."""
    shown = {
        "company": "<b>", "currency": "USD", "zone": "UTC", "release_id": "r", "as_of": None,
        "as_of_text": "2026-10-01T06:00:00Z", "menu": [], "names": {},
    }  # fmt: skip
    return Renderer(con, [folder, SHIPPED], {}, shown)


def own_page(folder: Path, body: str, sql: str, about: str = ABOUT) -> None:
    (folder / "ours").mkdir(exist_ok=True)
    (folder / "ours" / "page.html.j2").write_text(about + body)
    (folder / "ours" / "names.sql").write_text(sql)


BODY = """{% extends "layout.html.j2" %}
{% block heading %}{{ query('names')[0].name }}{% endblock %}
{% block figures %}{% call figure('names', [col('name', 'Name')]) %}
{{ query('names')[0].name }}: {{ 1234 | money }}, {{ none | number }}{% endcall %}{% endblock %}"""


def test_hostile_names_are_text_wherever_they_stand(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    own_page(tmp_path, BODY, "select * from campaigns order by 1")
    (page,) = (page for page in find_pages([tmp_path]) if page.name == "ours")
    html = renderer(con, tmp_path).page(page, root="", confidence=None)
    assert HOSTILE not in html
    assert html.count("&lt;/script&gt;&lt;script&gt;") == 2
    assert "&lt;b&gt;" in html
    assert '<data value="1234" data-kind="money">1,234</data>, –' in html  # noqa: RUF001
    assert "\\u003c/script\\u003e" in html


def test_a_page_for_each_has_its_own_rows_alone(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    own_page(tmp_path, BODY, "select * from campaigns", ABOUT.replace("#}", "each: names\n#}"))
    (page,) = (page for page in find_pages([tmp_path]) if page.name == "ours")
    html = renderer(con, tmp_path).page(page, "b", root="../", confidence=None)
    assert "alert" not in html
    assert "B: <data" in html


def test_queries_of_a_page_share_a_view_and_a_company_s_own_replaces_it(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    (tmp_path / "ours").mkdir()
    own_page(tmp_path / "ours", "", "from temp.said")
    (tmp_path / "ours" / "ours" / "said.view.sql").write_text("-- Ours.\nselect 1 as x\n")
    (page,) = find_pages([tmp_path / "ours"])
    assert renderer(con, tmp_path / "ours").rows(page, "names") == [{"x": 1}]

    theirs = tmp_path / "theirs" / "ours"
    theirs.mkdir(parents=True)
    (theirs / "said.view.sql").write_text("select 2 as x")
    folders = (tmp_path / "theirs", tmp_path / "ours")
    assert Renderer(con, folders, {}, {}).rows(page, "names") == [{"x": 2}]

    (theirs / "said.view.sql").write_text("select y")
    with pytest.raises(UsageError, match=r"ours/said[.]view[.]sql: Binder Error"):
        Renderer(con, folders, {}, {}).rows(page, "names")


@pytest.mark.parametrize(
    ("body", "sql", "said"),
    [
        (
            "{{ query('name') }}",
            "select 1",
            "page ours: there is no name.sql, expected .*mean names",
        ),
        ("{{ query('names') }}", "select x", "ours/names.sql: Binder Error"),
        ("{{ unknown }}", "select 1", "ours/page.html.j2: line 7: 'unknown' is undefined"),
        ("{{ 1 / 0 }}", "select 1", "ours/page.html.j2: line 7: division by zero"),
        ("\n{% if %}", "select 1", "line 8"),
    ],
)
def test_what_a_company_s_page_has_wrong_is_named(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, body: str, sql: str, said: str
) -> None:
    own_page(tmp_path, body, sql)
    (page,) = find_pages([tmp_path])
    with pytest.raises(UsageError, match=said):
        renderer(con, tmp_path).page(page, root="", confidence=None)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home with a release whose pages are the texts that the test has it write."""
    release = tmp_path / "home" / "published" / "marketing.duckdb"
    release.parent.mkdir(parents=True)
    release.touch()
    texts = iter(range(1, 9))

    def write(settings: Settings, release: Path, made: Path) -> tuple[str, int]:
        (made / "index.html").write_text(str(next(texts)))
        (made / "release").write_text("r1")
        return "r1", 1

    monkeypatch.setattr(build, "_write", write)
    return Settings(tmp_path / "exports", tmp_path / "home")


def test_the_site_is_turned_to_when_it_is_whole(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = build_site(settings)
    assert site.index.read_text() == "1"
    assert site_index(settings.home, "r1") == site.index
    assert site_index(settings.home, "r2") is None
    first = site.path.resolve()
    with site.index.open() as held:
        assert build_site(settings).index.read_text() == "2"
        assert first.is_dir()
        assert held.read() == "1"

    def killed(settings: Settings, release: Path, made: Path) -> tuple[str, int]:
        (made / "index.html").write_text("half")
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(build, "_write", killed)
        with pytest.raises(KeyboardInterrupt):
            build_site(settings)
    assert site.index.read_text() == "2"
    assert build_site(settings).index.read_text() == "3"
    # The one in place before, the one in place, and nothing that was left behind.
    left = [path.name for path in site.path.resolve().parent.iterdir() if path.is_dir()]
    assert len(left) == 2


def test_what_others_put_there_stays(settings: Settings, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    assert build_site(settings, theirs).index.read_text() == "1"
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("years of work")
    with pytest.raises(UsageError, match="is there already and was not built here"):
        build_site(settings, other)
    assert (other / "thesis.txt").read_text() == "years of work"


def test_checks_of_each_kept_release_but_those_withdrawn(tmp_path: Path) -> None:
    settings = home_of_one_release(tmp_path)
    with build_file(settings) as con:
        for number in (1, 2, 3):
            grow(con, number)
            con.execute(
                "insert into quality.fct_quality_results (dimension, is_success)"
                " values ('validity', ?), ('validity', true)",
                [number > 1],
            )
            publish(con, settings, AS_OF, "run-1")
    rollback(settings.home)
    (page,) = (page for page in find_pages([SHIPPED]) if page.name == "quality")
    with opened(published_path(settings.home)) as release:
        build._tell_checks(release, settings.home)
        trend = Renderer(release, [SHIPPED], {}, {}).rows(page, "trend")
    shown = [(row["checks"], row["held"], row["moved"], row["is_newest"]) for row in trend]
    # The first had no check, the last one was withdrawn.
    assert shown == [(2, 1, 0, False), (4, 3, 0.25, True)]


def test_without_a_release_there_is_nothing_to_show(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no published release to show"):
        build_site(Settings(tmp_path, tmp_path))
