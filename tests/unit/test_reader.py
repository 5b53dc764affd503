"""What contracts can say of a file, each word of it on a file of its own."""

import json
from dataclasses import replace
from pathlib import Path, PurePath

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.ingest import load_contracts
from pipelines.ingest.contract import ContractError
from pipelines.ingest.recognise import recognise
from pipelines.ingest.sniff import look
from tests.bench import Bench, column, contract, counts

# --- whose a file is


def test_what_every_vendor_has_makes_a_file_nobodys(bench: Bench) -> None:
    """Ours has four columns that three vendors know; theirs has those and five of its own."""
    common = ("id", "name", "email")
    sources = ("crm", "shop", "forum")
    people = [
        replace(
            contract(bench.folder, source, [column(n, required=True) for n in common]),
            source=source,
        )
        for source in sources
    ]
    bench.put("ours.csv", "id,name,email,age\n1,Ann,a@x.example,33\n")
    bench.put("theirs.csv", "id,name,email,a,b,c,d,e\n1,Ann,a@x.example,1,2,3,4,5\n")
    bench.put("shop/theirs.csv", "id,name,email,a,b,c,d,e\n2,Bob,b@x.example,1,2,3,4,5\n")
    found = bench.load(*people)
    assert found["ours.csv"]["status"] == "loaded"
    assert found["shop/theirs.csv"]["stream"] == "shop"
    assert found["theirs.csv"]["status"] == "unrecognised"
    assert "knows 3 of its 8 columns" in found["theirs.csv"]["message"]


@pytest.mark.parametrize(
    ("sources", "badge", "unknown", "status"),
    [
        (3, None, 4, "unrecognised"),
        # Half of its columns are known: it is theirs.
        (3, None, 3, "loaded"),
        # What two sources know is no word of every vendor's.
        (2, None, 4, "loaded"),
        # One required column that others do not have tells whose it is, an optional one does not.
        (3, "required", 9, "loaded"),
        (3, "optional", 9, "unrecognised"),
    ],
)
def test_only_what_three_sources_require_is_what_every_vendor_has(
    bench: Bench, sources: int, badge: str | None, unknown: int, status: str
) -> None:
    names = ["id", "name", "email"]
    people = [
        replace(
            contract(bench.folder, source, [column(n, required=True) for n in names]),
            source=source,
        )
        for source in ("crm", "shop", "forum")[: sources - 1]
    ]
    last = [column(name, required=True) for name in names]
    if badge:
        last.append(column("badge", required=badge == "required"))
        names.append("badge")
    people.append(contract(bench.folder, "club", last))
    header = [*names, *(f"x{number}" for number in range(unknown))]
    bench.put("people.csv", f"{','.join(header)}\n{','.join('1' * len(header))}\n")
    assert bench.load(*people)["people.csv"]["status"] == status


def test_without_the_signature_or_a_group_a_file_is_none_of_the_stream(bench: Bench) -> None:
    report = contract(
        bench.folder, "report", [column("city", required=True)], signature="^# Start date: "
    )
    board = contract(
        bench.folder,
        "board",
        [column("name", required=True), column("status", required=True), column("group_name")],
        layout="grouped",
    )
    bench.put("cities.csv", "City,Users\nRome,3\n")
    bench.put("programs.csv", "Name,Status\nWebinar,live\n")
    found = bench.load(report, board)
    assert {entry["status"] for entry in found.values()} == {"unrecognised"}
    assert "its first lines are not those of a report" in found["cities.csv"]["message"]
    assert "no line with a group's name" in found["programs.csv"]["message"]


# --- rows that are no data


def test_totals_footers_blank_and_nameless_rows_are_skipped_and_counted(bench: Bench) -> None:
    spend = contract(
        bench.folder,
        "spend",
        [column("campaign", required=True), column("cost", "number", required=True)],
        skipRows={
            "cell_starts": ["Total: "],
            "empty": ["campaign"],
            "line_matches": ["^Grand total", "Grand total$", '^"?©'],
        },
    )
    bench.put(
        "spend.csv",
        "Campaign,Cost\n,30.00\nalpha,10.00\n,,\nbeta,20.00\nTotal: all,30.00\n"
        ",30.00,Grand total\nGrand totals (2 records)\n© somebody\n",
    )
    entry = bench.load(spend)["spend.csv"]
    assert bench.rows("select campaign, cost, _row_number from raw_trial.spend order by 3") == [
        ("alpha", "10.00", 2),
        ("beta", "20.00", 4),
    ]
    # Nameless, blank, a total, one that is a field too long, and two lines of the footer.
    assert counts(entry) == (2, 0, 6)
    assert bench.rows("select count(*) from ops.rejected_rows") == [(0,)]


def test_a_total_may_stand_in_a_first_column_of_dates(bench: Bench) -> None:
    spend = contract(
        bench.folder,
        "spend",
        [column("day", "date", required=True), column("cost", "number", required=True)],
        skipRows={"cell_starts": ["Total"]},
    )
    bench.put("spend.csv", "Day,Cost\n2026-09-01,10.00\nTotal,10.00\n")
    assert counts(bench.load(spend)["spend.csv"]) == (1, 0, 1)
    assert bench.rows("select day, cost from raw_trial.spend") == [("2026-09-01", "10.00")]


def test_the_number_of_rows_that_the_vendor_names_is_held_against_what_came(bench: Bench) -> None:
    report = contract(
        bench.folder,
        "report",
        [column("campaign", required=True), column("clicks", "integer", required=True)],
        preamble={"row_count": "^Rows: ([0-9,]+)"},
    )
    bench.put("whole.csv", '"Rows: 2"\n\n"Campaign","Clicks"\n"a","1"\n"b","2"\n')
    bench.put("cut.csv", '"Rows: 3"\n\n"Campaign","Clicks"\n"a","1"\n"c","2"\n')
    entries = bench.load(report)
    assert (entries["whole.csv"]["status"], counts(entries["whole.csv"])) == ("loaded", (2, 0, 2))
    assert entries["cut.csv"]["status"] == "failed"
    assert entries["cut.csv"]["message"] == (
        "cut.csv: nothing of it was kept, since its preamble says 3 rows and 2 came: it is cut off,"
        " or was edited. Download it again"
    )
    assert bench.rows("select count(*) from raw_trial.report") == [(2,)]


# --- headers


def test_a_header_can_say_the_currency_and_repeat_itself(bench: Bench) -> None:
    ads = contract(
        bench.folder,
        "ads",
        [
            column("name", businessName="Campaign name", required=True),
            column(
                "spent",
                "number",
                required=True,
                custom={
                    "headerPattern": r"(?:Amount spent|Importe gastado) \((?P<currency>[A-Z]{3})\)"
                },
            ),
            column("currency"),
            column("label", custom={"repeats": True}),
        ],
    )
    bench.put(
        "es.csv",
        "Campaign name,Importe gastado (EUR),Label,Label,Label\na,1.50,x,,y\nb,2.00,,,\n",
    )
    entry = bench.load(ads)["es.csv"]
    assert entry["status"] == "loaded", entry["message"]
    assert bench.rows("select name, spent, currency, label from raw_trial.ads order by 1") == [
        ("a", "1.50", "EUR", '["x","y"]'),
        ("b", "2.00", "EUR", None),
    ]


def test_what_stands_above_the_header_or_in_the_path_fills_columns(bench: Bench) -> None:
    report = contract(
        bench.folder,
        "visits",
        [
            column("page", required=True),
            column("views", "integer", required=True),
            column("property", custom={"fromPreamble": "^# Property: (.+)"}),
            column("account", custom={"fromPath": "account_([0-9]+)_"}),
        ],
        preamble={
            "period_start": "Start date: ([0-9]{8})",
            "period_end": "End date: ([0-9]{8})",
        },
    )
    bench.put(
        "account_77_pages.csv",
        "# ----\n# Property: Shop\n# Start date: 20260101\n# End date: 20260131\nPage,Views\n/,3\n",
    )
    entry = bench.load(report)["account_77_pages.csv"]
    assert bench.rows("select page, views, property, account from raw_trial.visits") == [
        ("/", "3", "Shop", "77")
    ]
    assert (str(entry["period_start"]), str(entry["period_end"])) == ("2026-01-01", "2026-01-31")


def test_a_stream_without_a_header_is_told_by_its_values(bench: Bench) -> None:
    events = contract(
        bench.folder,
        "events",
        [
            column("app"),
            column("at", "timestamp", logicalTypeOptions={"pattern": r"\d{4}-\d\d-\d\d .*"}),
            column("id", logicalTypeOptions={"pattern": "[0-9a-f]{8}"}),
            column("agent"),
        ],
        layout="headerless",
    )
    bench.put("good.tsv", 'web\t2026-01-01 10:00:00\t00c0ffee\t"Mozilla\n')
    bench.put("other.tsv", "web\tsoon\t00c0ffee\tx\n")
    entries = bench.load(events)
    assert bench.rows("select app, id, agent, _row_number from raw_trial.events") == [
        ("web", "00c0ffee", '"Mozilla', 1)
    ]
    assert counts(entries["good.tsv"]) == (1, 0, 0)
    assert entries["other.tsv"]["status"] == "unrecognised"


def test_a_required_column_may_be_told_by_the_path(bench: Bench) -> None:
    leads = contract(
        bench.folder,
        "leads",
        [
            column("email", required=True),
            column("vendor", required=True, custom={"fromPath": "(?i)(marketo)"}),
        ],
    )
    bench.put("Marketo/leads.csv", "Email,Name\na@a.example,x\n")
    bench.put("pardot/leads.csv", "Email,Name\nb@a.example,x\n")
    assert bench.load(leads)["pardot/leads.csv"]["status"] == "unrecognised"
    assert bench.rows("select email, vendor from raw_trial.leads") == [("a@a.example", "Marketo")]


# --- layouts


def test_a_grouped_board_is_one_table(bench: Bench) -> None:
    board = contract(
        bench.folder,
        "board",
        [
            column("item", businessName="Name", required=True),
            column("status", required=True),
            column("owner"),
            column("board_name"),
            column("group_name"),
            column("parent_name"),
        ],
        layout="grouped",
    )
    lines = [
        ["Launch board", "", ""],
        ["All our launches", "", ""],
        ["Now", "", ""],
        ["Name", "Status", "Budget"],
        ["Brief", "Done", "1"],
        ["Subitems", "Name", "Owner"],
        ["", "Outline", "Ada"],
        ["Copy", "Stuck", "2"],
        ["", "", "3"],
        ["", "", ""],
        ["Later", "", ""],
        ["Name", "Status", "Budget"],
        ["Mail", "", "4"],
    ]
    bench.put("board.csv", "\n".join(",".join(line) for line in lines) + "\n")
    entry = bench.load(board)["board.csv"]
    assert bench.rows(
        "select item, status, owner, group_name, parent_name, board_name"
        " from raw_trial.board order by _row_number"
    ) == [
        ("Brief", "Done", None, "Now", None, "Launch board"),
        ("Outline", None, "Ada", "Now", "Brief", "Launch board"),
        ("Copy", "Stuck", None, "Now", None, "Launch board"),
        ("Mail", None, None, "Later", None, "Launch board"),
    ]
    # Names of board and groups, headers, the summary: eight lines; the blank one is none.
    assert counts(entry) == (4, 0, 8)


def test_a_vertical_report_is_one_row_with_its_links(bench: Bench) -> None:
    report = contract(
        bench.folder,
        "single",
        [
            column("title", required=True),
            column("opened", businessName="Recipients Who Opened"),
            column("links", "array", synonyms=[{"synonym": "URL"}]),
        ],
        layout="vertical",
        signature='^"?Title:"?',
    )
    bench.put(
        "report.csv",
        '"Email Report"\n"Title:","Spring"\n"Recipients Who Opened:","4 (50.0%)"\n\n'
        '"URL","Total Clicks"\n"https://a.example/","3"\n"https://b.example/","1"\n',
    )
    entry = bench.load(report)["report.csv"]
    ((title, opened, links),) = bench.rows("select title, opened, links from raw_trial.single")
    assert (title, opened) == ("Spring", "4 (50.0%)")
    assert json.loads(links) == [
        {"URL": "https://a.example/", "Total Clicks": "3"},
        {"URL": "https://b.example/", "Total Clicks": "1"},
    ]
    assert counts(entry) == (1, 0, 5)


def test_stacked_tables_are_one_row_a_cell(bench: Bench) -> None:
    names = ("table_number", "table_title", "period_start", "period_end", "record_number")
    stack = contract(
        bench.folder,
        "stack",
        [column(name) for name in (*names, "label", "value")],
        layout="stacked",
        signature="^# Report CSV Export",
    )
    bench.put(
        "data-export.csv",
        "# Report CSV Export\n# Start date: 20260101\n# End date: 20260107\nNth day,Users\n"
        "0000,5\n0001,7\n\n# Start date: 20260101\n# End date: 20260107\nPage,Views\n",
    )
    bench.load(stack)
    assert bench.rows(
        "select table_number, period_start, record_number, label, value from raw_trial.stack"
        " order by _row_number"
    ) == [
        ("1", "20260101", "1", "Nth day", "0000"),
        ("1", "20260101", "1", "Users", "5"),
        ("1", "20260101", "2", "Nth day", "0001"),
        ("1", "20260101", "2", "Users", "7"),
    ]


# --- JSON


def test_pages_hold_records_under_the_key_that_the_contract_names(bench: Bench) -> None:
    issues = contract(
        bench.folder,
        "issues",
        [column("key", required=True), column("fields", "object", required=True)],
        format="json",
        records=["issues", "$.data.boards[*].items_page.items"],
    )
    pages = [{"total": 3, "issues": [{"key": str(n), "fields": {"n": n}}, None]} for n in (1, 2)]
    bench.put("pages.json", "\n".join(json.dumps(page) for page in pages))
    bench.put("wrapped.jsonl", json.dumps({"issues": {"key": "7", "fields": {}}}))
    nested = {"data": {"boards": [{"items_page": {"items": [{"key": "9", "fields": {}}]}}]}}
    bench.put("nested.json", json.dumps(nested, indent=1))
    entries = bench.load(issues)
    assert counts(entries["pages.json"]) == (2, 0, 2), "null elements are skipped"
    assert entries["nested.json"]["status"] == "loaded", entries["nested.json"]["message"]
    loaded = bench.rows("select key from raw_trial.issues order by 1")
    assert loaded == [("1",), ("2",), ("7",), ("9",)]


# --- locale

PEOPLE = [column("id", required=True), column("born", "date", required=True)]

LOCALISED = [column("day", "date", required=True), column("cost", "number", required=True)]


@pytest.mark.parametrize(
    ("lines", "order", "mark"),
    [
        (["13/02/2026;1,50", "01/02/2026;2,25"], "dmy", ","),
        (["02/13/2026;1.50", "01/02/2026;1,234.5"], "mdy", "."),
        (["2026-02-13;1.234.567"], None, ","),
        (["2026-02-13;17"], None, None),
        (["05/05/2026;0,125"], None, ","),
        (["31.12.2026;1 234,5 €"], "dmy", ","),
        (["31.12.2026;R$ 1.234,56", "31.12.2026;kr. 1.000"], "dmy", ","),
        (["2026-12-31;-CA$1,005.5", "2026-12-31;Fr. 1'005.50"], None, "."),
        # What is no amount proves nothing.
        (["2026-12-31;about 1,5", "2026-12-31;1.25"], None, "."),
    ],
)
def test_a_file_settles_its_locale(
    bench: Bench, lines: list[str], order: str | None, mark: str | None
) -> None:
    spend = contract(bench.folder, "spend", LOCALISED, locale="per_file")
    bench.put("spend.csv", "\n".join(["Day;Cost", *lines]) + "\n")
    entry = bench.load(spend)["spend.csv"]
    assert entry["status"] == "loaded", entry["message"]
    assert (entry["date_order"], entry["decimal_mark"]) == (order, mark)
    assert bench.rows("select distinct _date_order, _decimal_mark from raw_trial.spend") == [
        (order, mark)
    ]


def test_what_a_file_cannot_settle_is_refused_until_a_hint_does(bench: Bench) -> None:
    spend = contract(bench.folder, "spend", LOCALISED, locale="per_file")
    bench.put("de/spend.csv", "Day;Cost\n01/02/2026;1.50\n")
    bench.put("de/sum.csv", "Day;Cost\n2026-02-01;1.500\n")
    bench.put("mixed.csv", "Day;Cost\n13/02/2026;1.50\n02/13/2026;1.50\n")
    entries = bench.load(spend)
    assert {e["status"] for e in entries.values()} == {"failed"}
    assert entries["de/spend.csv"]["message"] == (
        "de/spend.csv: nothing of it was kept, since nothing in it settles how 'day 01/02/2026' is"
        " meant (day before month, month before day). Write `date_order: 'dmy'` or"
        " `date_order: 'mdy'` into a throughline.yml in its folder, or export a longer period"
    )
    assert "contradict each other" in entries["mixed.csv"]["message"]
    bench.put("de/throughline.yml", 'date_order: dmy\ndecimal_mark: ","\n')
    entries = bench.load(spend)
    assert entries["de/spend.csv"]["date_order"] == "dmy"
    # The other mark is proven by the file itself: a hint is no override.
    assert entries["de/spend.csv"]["decimal_mark"] == "."
    assert entries["de/sum.csv"]["decimal_mark"] == ","
    assert entries["mixed.csv"]["status"] == "failed"


def test_an_encoding_can_be_hinted(bench: Bench) -> None:
    people = contract(bench.folder, "people", PEOPLE)
    bench.put("x.csv", "Id,Born\nMüller,2001-01-01\n".encode("cp1252"))
    bench.put("throughline.yml", "encoding: windows-1252\n")
    entry = bench.load(people)["x.csv"]
    assert (entry["rows_loaded"], entry["encoding"]) == (1, "windows-1252")
    assert bench.rows("select id from raw_trial.people") == [("Müller",)]


# --- raw


def test_a_column_appears_in_raw_when_it_is_delivered(bench: Bench) -> None:
    before = contract(bench.folder, "people", PEOPLE)
    bench.put("a.csv", "Id,Born\n1,2001-01-01\n")
    bench.load(before)
    after = contract(bench.folder, "people", [*PEOPLE, column("city")])
    bench.put("b.csv", "Id,Born,City\n2,2002-01-01,Oslo\n")
    bench.load(after)
    assert bench.rows("select id, city, _row_number from raw_trial.people order by 1") == [
        ("1", None, 1),
        ("2", "Oslo", 1),
    ]


def test_a_pattern_that_does_not_compile_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=r"unterminated|missing"):
        contract(tmp_path, "bad", PEOPLE, skipRows={"line_matches": ["("]})


# --- everything at once

TEXT = st.text(
    alphabet=st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufeff"),
    max_size=8,
) | st.sampled_from(["a\nb", 'say "x"', "a,b", "", " ", "Total: x", "x;y", "\t", "©", "--"])


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    rows=st.lists(st.lists(TEXT, min_size=1, max_size=5), max_size=8),
    delimiter=st.sampled_from([",", "\t", ";", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    newline=st.sampled_from(["\n", "\r\n"]),
    preamble=st.lists(
        st.sampled_from(["", "A report", '"March 1, 2026"', "# x", "Rows"]), max_size=9
    ),
    header=st.sampled_from(
        [["Name", "Cost"], ["Name", "Cost", "Cost"], ["Cost", "Name", "Mood", "Mood"]]
    ),
    quote=st.booleans(),
    blanks=st.integers(0, 2),
    cut=st.integers(0, 3),
)
def test_nothing_escapes_and_everything_is_accounted_for(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[list[str]],
    delimiter: str,
    encoding: str,
    newline: str,
    preamble: list[str],
    header: list[str],
    quote: bool,
    blanks: int,
    cut: int,
) -> None:
    """Whatever the bytes: read = loaded + rejected + skipped, and no exception."""

    def shown(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"' if quote else cell

    lines = [*preamble, delimiter.join(header)]
    lines += [delimiter.join(map(shown, row)) for row in rows] + [""] * blanks
    content = (newline.join(lines) + newline).encode(encoding, errors="replace")
    bench = Bench(tmp_path_factory.mktemp("property"))
    spend = contract(
        bench.folder,
        "spend",
        [column("name", required=True), column("cost", "number", required=True)],
        skipRows={"cell_starts": ["Total: "], "empty": ["name"], "line_matches": ["^©"]},
        locale="per_file",
    )
    bench.put("spend.csv", content[: len(content) - cut])
    entry = bench.load(spend)["spend.csv"]
    (landed,) = bench.rows("select count(*) from raw_trial.spend")
    (rejected,) = bench.rows("select count(*) from ops.rejected_rows")
    bench.con.close()
    assert landed[0] == entry["rows_loaded"]
    assert rejected[0] == entry["rows_rejected"]
    if quote and encoding != "cp1252" and not cut and entry["status"] == "loaded":
        whole = [row for row in rows if len(row) == len(header)]
        dropped = [row for row in rows if len(row) != len(header)]
        assert entry["rows_read"] >= len(whole) + len([d for d in dropped if any(d)])


# --- reports whose metrics are chosen by whoever makes them


@pytest.mark.parametrize(
    ("stream", "header"),
    [
        ("google_ads.overview_time_series", "Quarter,Clicks,Conversions,Cost / conv.,Cost"),
        ("google_ads.overview_time_series", "Day,Impr."),
        ("google_ads.ad_group_report", "Ad group status,Ad group,Campaign,Currency code,Clicks"),
        (
            "google_ads.keyword_report",
            "Keyword status,Keyword,Match type,Campaign,Ad group,Currency code,Impr.",
        ),
        ("google_ads.search_terms_report", "Search term,Match type,Campaign,Currency code,Clicks"),
        ("google_ads.location_report", "Location,Campaign,Currency code,Impr."),
        ("meta_ads.ads_report", "Campaign name,Impressions,Reporting starts,Reporting ends"),
        ("microsoft_ads.performance_report", '"Gregorian date","Campaign name","Spend"'),
        ("microsoft_ads.performance_report", "Time period,Campaign name,Spend,Clicks"),
        ("tiktok_ads.performance_report", "Campaign name,By Day,Cost"),
        ("tiktok_ads.performance_report", "Campaign name,Cost,CPC (destination)"),
        # Of these nothing says whose they are.
        (None, "Campaign name,Cost,Clicks"),
        (None, "Time period,Channel,Spend"),
        (None, "Day,Show,Clicks,Cost"),
    ],
)
def test_a_report_is_known_by_more_than_its_metrics(
    tmp_path: Path, stream: str | None, header: str
) -> None:
    path = tmp_path / "report.csv"
    path.write_text(f"{header}\n{','.join('1' for _ in header.split(','))}\n")
    match = recognise(look(path), PurePath("report.csv"), load_contracts())
    assert match
    assert (match.contract.name if match.fits else None) == stream


def test_what_every_vendor_calls_so_is_not_taken_out_of_anothers_folder(tmp_path: Path) -> None:
    path = tmp_path / "days.csv"
    path.write_text("Day,Clicks,Cost\n2026-09-01,1,2\n")
    taken = [
        match.contract.source
        for folder in ("tiktok_ads", "google_ads", "whoever")
        if (match := recognise(look(path), PurePath(folder, path.name), load_contracts()))
        and match.fits
    ]
    assert taken == ["google_ads", "google_ads"]
