"""Links before they go live: each rule at its boundary; and one that is built as they want it."""

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from pipelines.cli import app
from pipelines.company import write_blank
from pipelines.links import given_links, tagged_link
from pipelines.project import project
from pipelines.publish import publish
from pipelines.reports import Report, report_utm_build, report_utm_check
from pipelines.reports.utm import FAULTS, PARAMETERS
from pipelines.settings import Settings, UsageError
from pipelines.transform.project import project_vars
from tests.releases import AS_OF, MARTS, build_file

PAGE = "https://acme.example/webinar"
DAY = "2026-10-05"
GOOD = {"source": "linkedin", "medium": "cpc", "campaign": "webinar-pipeline-q3"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release whose registry has one campaign now, one of last spring, and one cancelled."""
    folder = tmp_path_factory.mktemp("utm")
    settings = Settings(exports=folder, home=folder / "home")
    with build_file(settings) as con:
        con.execute(MARTS)
        con.execute(
            "create table core.dim_campaigns as select * from (values"
            " ('webinar-pipeline-q3', true, date '2026-07-01', null, null),"
            " ('webinar-pipeline-q2', true, date '2026-04-01', date '2026-06-30', null),"
            " ('spring-sale', true, date '2026-10-05', date '2026-10-05', null),"
            " ('called-off', true, date '2026-01-01', null, timestamp '2026-02-01 00:00:00'),"
            " ('flash-sale', false, null, null, null)"
            ") as rows(utm_campaign, is_registered, valid_from_date, valid_to_date, cancelled_at)"
        )
        publish(con, settings, AS_OF, "run-1")
    return settings.home


def link(**tags: str) -> str:
    """A link with the tags of a good one, but for these; an empty one is left out."""
    said = {**GOOD, **tags}
    query = "&".join(f"utm_{name}={value}" for name, value in said.items() if value)
    return f"{PAGE}?{query}"


def faults(report: Report, number: int = 0) -> list[tuple[str, str | None, str]]:
    return [
        (fault["definition"], fault["utm_parameter"], fault["fault"])
        for fault in report["links"][number]["faults"]
    ]


def check(home: Path, *links: str, day: str = DAY) -> Report:
    return report_utm_check(home, list(links), day)


def run(*arguments: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(app, ["utm", *arguments], input=stdin)


def test_every_fault_that_the_mart_knows_is_told() -> None:
    path = project().models / "marts" / "quality" / "fct_utm_faults.yml"
    (model,) = yaml.safe_load(path.read_text(encoding="utf-8"))["models"]
    (column,) = [column for column in model["columns"] if column["name"] == "fault"]
    values = column["data_tests"][0]["accepted_values"]["arguments"]["values"]
    assert sorted(values) == sorted(FAULTS)


@pytest.mark.parametrize("begins", ["HTTPS://ACME.example/", "Http://acme.example/"])
def test_scheme_and_host_are_alike_in_whatever_case(home: Path, begins: str) -> None:
    written = link().replace("https://acme.example/", begins)
    assert faults(check(home, written)) == []
    assert tagged_link(begins, TAGS).endswith(f"?{QUERY}")


@pytest.mark.parametrize(
    "tags",
    [
        {},
        {"medium": "email", "source": "newsletter"},
        {"content": "headline-a"},
        {"medium": "banner"},
        # What people search for is in their words, and may be the platform's to fill.
        {"source": "google", "term": "Best_CRM%20tool"},
        {"source": "google", "term": "{keyword}"},
        {"source": "bing", "term": "crm"},
        # A partner of the sample company's own rules.
        {"source": "partner-portal.example", "medium": "referral"},
    ],
)
def test_a_link_as_the_rules_want_it_passes(home: Path, tags: dict[str, str]) -> None:
    report = check(home, link(**tags))
    assert faults(report) == []
    assert (report["refused_count"], report["exit_code"]) == (0, 0)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"source": "LinkedIn"}, ("S4-6", "utm_source", "not_lower_case")),
        ({"medium": "CPC"}, ("S4-6", "utm_medium", "not_lower_case")),
        ({"campaign": "Webinar-pipeline-q3"}, ("S4-6", "utm_campaign", "not_lower_case")),
        ({"content": "headline-A"}, ("S4-6", "utm_content", "not_lower_case")),
        ({"content": "headline_a"}, ("S4-7", "utm_content", "not_hyphenated")),
        ({"content": "headline%20a"}, ("S4-7", "utm_content", "not_hyphenated")),
        ({"content": "headline+a"}, ("S4-7", "utm_content", "not_hyphenated")),
        ({"content": "headline%2Ba"}, ("S4-7", "utm_content", "not_hyphenated")),
        ({"content": "headline a"}, ("S4-7", "utm_content", "not_hyphenated")),
        ({"content": "-headline"}, ("S4-7", "utm_content", "odd_hyphens")),
        ({"content": "headline-"}, ("S4-7", "utm_content", "odd_hyphens")),
        ({"content": "headline--a"}, ("S4-7", "utm_content", "odd_hyphens")),
        ({"content": "headline.a"}, ("S4-7", "utm_content", "odd_characters")),
        ({"content": "headline%2Fa"}, ("S4-7", "utm_content", "odd_characters")),
        ({"content": "gr%C3%B6%C3%9Fe"}, ("S4-7", "utm_content", "odd_characters")),
        ({"content": "{creative}"}, ("S4-10", "utm_content", "unfilled_placeholder")),
        ({"content": "%7Bcreative%7D"}, ("S4-10", "utm_content", "unfilled_placeholder")),
        ({"source": "linkedin-ads"}, ("S4-1", "utm_source", "unknown_source")),
        ({"medium": "banners"}, ("S4-2", "utm_medium", "unknown_medium")),
        ({"campaign": "summer"}, ("S4-3", "utm_campaign", "not_registered")),
        # Seen in reports, and registered by nobody.
        ({"campaign": "flash-sale"}, ("S4-3", "utm_campaign", "not_registered")),
        ({"source": ""}, ("S4-1", "utm_source", "missing")),
        ({"medium": ""}, ("S4-2", "utm_medium", "missing")),
        ({"campaign": ""}, ("S4-3", "utm_campaign", "missing")),
        ({"term": "crm"}, ("S4-5", "utm_term", "term_without_search")),
        (
            {"source": "google", "medium": "organic", "term": "crm"},
            ("S4-5", "utm_term", "term_without_search"),
        ),
    ],
)
def test_each_fault_alone_refuses_a_link(
    home: Path, tags: dict[str, str], expected: tuple[str, str, str]
) -> None:
    report = check(home, link(**tags))
    assert faults(report) == [expected]
    assert (report["refused_count"], report["exit_code"]) == (1, 3)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PAGE, ("S4-10", None, "untagged")),
        (f"{link()}&utm_source=google", ("S4-10", "utm_source", "given_twice")),
        (f"{link()}&utm_source=linkedin", ("S4-10", "utm_source", "given_twice")),
        (f"{link(medium='')}#top?utm_medium=cpc", ("S4-10", None, "in_fragment")),
        (f"{PAGE}?gclid=1", ("S4-10", None, "untagged")),
        ("acme.example/webinar?utm_source=linkedin://", ("S4-9", None, "not_a_link")),
        ("ftp://acme.example/?utm_source=linkedin", ("S4-9", None, "not_a_link")),
    ],
)
def test_what_no_model_looks_at_is_refused(
    home: Path, text: str, expected: tuple[str, None, str]
) -> None:
    assert faults(check(home, text)) == [expected]


def test_what_no_model_reads_behind_the_number_sign_is_told_too(home: Path) -> None:
    assert faults(check(home, f"{link(medium='')}#utm_medium=cpc")) == [
        ("S4-10", None, "in_fragment"),
        ("S4-2", "utm_medium", "missing"),
    ]


def test_a_link_is_judged_beside_the_others(home: Path) -> None:
    report = check(home, link(content="a-b"), link(content="a_b"), link(), link(medium="social"))
    assert faults(report, 0) == [("S4-4", "utm_content", "variant_spelt_twice")]
    assert faults(report, 1) == [
        ("S4-7", "utm_content", "not_hyphenated"),
        ("S4-4", "utm_content", "variant_spelt_twice"),
    ]
    assert faults(report, 2) == [("S4-4", "utm_content", "variant_unnamed")]
    assert faults(report, 3) == []
    assert (report["link_count"], report["refused_count"]) == (4, 3)


@pytest.mark.parametrize(
    ("tags", "near"),
    [
        ({"campaign": "webinar-pipeline-q4"}, ["webinar-pipeline-q2", "webinar-pipeline-q3"]),
        ({"campaign": "webinar-pipline-q33"}, ["webinar-pipeline-q3"]),
        # Three letters are no near miss, whatever the case and the blanks.
        ({"campaign": "webnr-pipeline-q4"}, []),
        ({"source": "linkdin"}, ["linkedin"]),
        # Of two letters two are all.
        ({"source": "fb"}, []),
    ],
)
def test_near_misses_are_named(home: Path, tags: dict[str, str], near: list[str]) -> None:
    (fault,) = check(home, link(**tags))["links"][0]["faults"]
    assert fault["did_you_mean"] == near


def test_a_near_miss_is_sought_as_models_compare(home: Path) -> None:
    found = check(home, link(campaign="Webinar_Pipline+Q3"))["links"][0]["faults"]
    assert [near for fault in found if (near := fault["did_you_mean"])] == [
        ["webinar-pipeline-q3", "webinar-pipeline-q2"]
    ]


def test_a_partner_counts_on_the_days_of_its_row(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rules = tmp_path / "rules"
    write_blank(rules)
    (rules / "seeds").mkdir(exist_ok=True)
    (rules / "seeds" / "utm_sources.csv").write_text(
        "utm_source,source_kind,valid_from,valid_to\nbolt,partner,2026-10-05,2026-10-06\n"
    )
    days = {}
    monkeypatch.setenv("THROUGHLINE_CONFIG", str(rules))
    project.cache_clear()
    project_vars.cache_clear()
    try:
        for day in ("2026-10-04", "2026-10-05", "2026-10-06", "2026-10-07"):
            days[day] = faults(check(home, link(source="bolt", medium="referral"), day=day))
    finally:
        monkeypatch.undo()
        project.cache_clear()
        project_vars.cache_clear()
    unknown = [("S4-1", "utm_source", "unknown_source")]
    assert list(days.values()) == [unknown, [], [], unknown]


@pytest.mark.parametrize(
    ("tags", "day", "said"),
    [
        ({}, DAY, []),
        ({"campaign": "spring-sale"}, "2026-10-05", []),
        ({"campaign": "spring-sale"}, "2026-10-04", ["S4-3"]),
        ({"campaign": "spring-sale"}, "2026-10-06", ["S4-3"]),
        ({"campaign": "called-off"}, DAY, ["S4-3"]),
        ({"source": "google"}, DAY, ["S4-5"]),
        ({"source": "google", "term": "crm"}, DAY, []),
    ],
)
def test_notes_refuse_nothing(
    home: Path, tags: dict[str, str], day: str, said: Sequence[str]
) -> None:
    report = check(home, link(**tags), day=day)
    assert [note["definition"] for note in report["links"][0]["notes"]] == said
    assert report["exit_code"] == 0


@pytest.mark.parametrize(
    ("tags", "channel", "ga4"),
    [
        ({}, "Paid Social", "Paid Social"),
        # The trap of S4-2: a paid link tagged social.
        ({"medium": "social"}, "Organic Social", "Organic Social"),
        ({"source": "email", "medium": "paid_social"}, "Paid Social", "Paid Other"),
        ({"source": "", "campaign": ""}, None, None),
    ],
)
def test_a_link_says_where_its_visits_will_stand(
    home: Path, tags: dict[str, str], channel: str | None, ga4: str | None
) -> None:
    (found,) = check(home, link(**tags))["links"]
    assert (found["channel"], found["ga4_channel_group"]) == (channel, ga4)


def test_without_a_release_campaigns_are_not_known(tmp_path: Path) -> None:
    report = check(tmp_path, link(campaign="whatever"))
    assert (report["registry"], faults(report), report["exit_code"]) == (None, [], 0)
    result = run("check", link(campaign="whatever"), "--home", str(tmp_path))
    assert result.exit_code == 0
    assert f"could not be checked: nothing is published in {tmp_path}" in result.stdout


def test_links_come_from_files_and_stdin(home: Path, tmp_path: Path) -> None:
    text = tmp_path / "links.txt"
    text.write_text(f"# for the launch\n\n{link()}\n {link(content='a,b')} \n")
    table = tmp_path / "links.csv"
    table.write_text(
        "\ufeffname;page;link\n"
        f'"Webinar; invitation";{PAGE};"{link()}"\n'
        ";;\n"
        f"Reminder;;acme.example\n"
    )
    given = given_links([str(text), str(table)])
    assert [(one.link, one.place) for one in given] == [
        (link(), f"{text}, line 3"),
        (link(content="a,b"), f"{text}, line 4"),
        (PAGE, f"{table}, line 2"),
        (link(), f"{table}, line 2"),
        ("acme.example", f"{table}, line 4"),
    ]
    for stdin, line in ((f"{link()}\n", 1), (f"name,link\nWebinar,{link()}\n", 2)):
        result = run("check", "-", "--home", str(home), "--json", "--day", DAY, stdin=stdin)
        assert result.exit_code == 0
        (found,) = json.loads(result.stdout)["links"]
        assert (found["link"], found["place"]) == (link(), f"stdin, line {line}")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "has no link"),
        (b"# nothing\n", "has no link"),
        ("Größe".encode("latin-1"), "is not UTF-8"),
    ],
)
def test_a_file_without_links_is_bad_usage(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "links.txt"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=said):
        given_links([str(path)])


def test_what_is_neither_link_nor_file_is_bad_usage(home: Path) -> None:
    with pytest.raises(UsageError, match="no link and no file"):
        given_links(["acme.example/webinar"])
    with pytest.raises(UsageError, match="--day 'soon' is no day"):
        check(home, link(), day="soon")


def test_the_command_names_what_is_wrong_and_what_to_do(home: Path) -> None:
    bad = link(campaign="webinar-pipeline-q5")
    result = run("check", link(), bad, "--home", str(home), "--day", DAY)
    assert result.exit_code == 3
    assert f"passed         {link()}: count as Paid Social (GA4: Paid Social)" in result.stdout
    assert f"refused        {bad}" in result.stdout
    assert (
        '  S4-3         utm_campaign not_registered: found "webinar-pipeline-q5", expected a'
        " campaign of the registry. Write its utm_campaign, or register it (template"
        " campaign_registry) and run. Did you mean webinar-pipeline-q2 or webinar-pipeline-q3?"
    ) in result.stdout
    assert "links          2, 1 refused" in result.stdout
    assert "campaigns      4 registered, as of 2026-10-01T06:00:00Z" in result.stdout


def test_the_report_is_one_json_object(home: Path) -> None:
    result = run("check", link(source="Google"), "--home", str(home), "--day", DAY, "--json")
    assert result.exit_code == 3
    report = json.loads(result.stdout)
    assert report["day"] == DAY
    assert report["links"][0]["tags"] == {
        "utm_source": "Google",
        "utm_medium": "cpc",
        "utm_campaign": "webinar-pipeline-q3",
        "utm_content": None,
        "utm_term": None,
    }
    assert report["links"][0]["faults"] == [
        {
            "utm_parameter": "utm_source",
            "fault": "not_lower_case",
            "definition": "S4-6",
            "found": "Google",
            "expected": "lower case",
            "action": "Write it in lower case",
            "did_you_mean": [],
        }
    ]


TAGS = {f"utm_{name}": value for name, value in GOOD.items()}
QUERY = "utm_source=linkedin&utm_medium=cpc&utm_campaign=webinar-pipeline-q3"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (PAGE, f"{PAGE}?{QUERY}"),
        ("https://acme.example", f"https://acme.example?{QUERY}"),
        (f"{PAGE}#form", f"{PAGE}?{QUERY}#form"),
        (f"{PAGE}?a=1&b=%20x+y&c", f"{PAGE}?a=1&b=%20x+y&c&{QUERY}"),
        (f"{PAGE}?a=1#/route?b=2", f"{PAGE}?a=1&{QUERY}#/route?b=2"),
        # Its own go, those that nobody names stay.
        (f"{PAGE}?utm_source=x&utm_id=7&utm%5Fmedium=y", f"{PAGE}?utm_id=7&{QUERY}"),
        ("https://acme.example:8443/ü?q=ä", f"https://acme.example:8443/ü?q=ä&{QUERY}"),
    ],
)
def test_tags_leave_the_rest_of_a_url_alone(url: str, expected: str) -> None:
    assert tagged_link(url, TAGS) == expected


@pytest.mark.parametrize(
    "url", ["", "acme.example", "ftp://acme.example", "https://", "https://[", f"{PAGE}?a= b"]
)
def test_what_no_browser_opens_is_bad_usage(url: str) -> None:
    with pytest.raises(UsageError, match="is no link"):
        tagged_link(url, TAGS)


def test_a_link_is_written_as_the_rules_want_it(home: Path) -> None:
    result = run(
        *("build", "--url", f"{PAGE}?utm_medium=old", "--home", str(home), "--day", DAY),
        *("--source", "Google", "--medium", " CPC ", "--campaign", "Webinar_Pipeline Q3"),
        *("--content", "Headline+A", "--term", "Best CRM & more"),
    )
    assert result.exit_code == 0
    assert result.stdout == (
        f"{PAGE}?utm_source=google&utm_medium=cpc&utm_campaign=webinar-pipeline-q3"
        "&utm_content=headline-a&utm_term=Best%20CRM%20%26%20more\n"
    )
    assert "utm_campaign: Webinar_Pipeline Q3 is webinar-pipeline-q3" in result.stderr
    assert "utm_medium: the URL's own is replaced" in result.stderr
    assert "utm_term" not in result.stderr
    assert faults(check(home, result.stdout.strip())) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"campaign": "webinar-pipeline-q5"}, "Did you mean webinar-pipeline-q2 or"),
        ({"source": "goggle"}, "Did you mean google?"),
        ({"medium": "banner ads"}, "S4-2"),
        # Which of two hyphens is meant, nobody knows.
        ({"campaign": "webinar--pipeline-q3"}, "odd_hyphens"),
        ({"source": ""}, "utm_source missing: found nothing"),
    ],
)
def test_what_the_rules_refuse_is_not_printed(
    home: Path, changed: dict[str, str], said: str
) -> None:
    options = [part for name, v in {**GOOD, **changed}.items() for part in (f"--{name}", v)]
    result = run("build", "--url", PAGE, *options, "--home", str(home), "--day", DAY)
    assert (result.exit_code, result.stdout) == (3, "")
    assert said in result.stderr
    as_json = run("build", "--url", PAGE, *options, "--home", str(home), "--json")
    report: dict[str, Any] = json.loads(as_json.stdout)
    assert (as_json.exit_code, report["is_refused"], report["link_count"]) == (3, True, 1)


def test_placeholders_of_a_term_stay_as_the_platform_knows_them(home: Path) -> None:
    tags = {**TAGS, "utm_source": "google", "utm_term": "{keyword}"}
    report = report_utm_build(home, PAGE, tags, DAY)
    assert report["link"].endswith("&utm_term={keyword}")
    assert (report["is_refused"], report["changes"], report["day"]) == (
        False,
        [],
        date(2026, 10, 5),
    )


def test_a_tag_that_hides_in_the_url_is_bad_usage(home: Path) -> None:
    with pytest.raises(UsageError, match=r"says utm_source in a way of its own \(old\)"):
        report_utm_build(home, f"{PAGE}?a=1&amp;utm_source=old", TAGS, DAY)


def test_every_parameter_has_its_definition() -> None:
    assert list(PARAMETERS.values()) == ["S4-1", "S4-2", "S4-3", "S4-4", "S4-5"]
