"""`throughline explain`: from a number over SQL and touches to the rows of the files."""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.settings import PROJECT_DIR

Run = Callable[..., Any]
# Kind of touch, whose rows it was found in, and whether each lies in a loaded file of theirs.
FOUND = [
    (
        "email_click",
        ["customerio", "hubspot", "iterable", "klaviyo", "mailchimp", "marketo", "sendgrid"],
        True,
    ),
    ("event_attended", ["salesforce"], True),
    ("form", ["ga4"], True),
    ("sales_activity", ["salesforce"], True),
    ("session", ["amplitude", "ga4", "mixpanel", "segment", "snowplow"], True),
]


@pytest.fixture(scope="module")
def home(warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample's warehouse: its rows are read under the lock of runs."""
    return Path(shutil.copytree(warehouse, tmp_path_factory.mktemp("explain") / "home"))


def explained(run: Run, home: Path, *arguments: str) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(run("explain", *arguments, "--home", home, "--json").stdout)
    return result


def read_back(sample: Path, file: dict[str, Any]) -> list[dict[str, str]]:
    """The records of a CSV that a report names, counted from 1 after the header."""
    with (sample / "exports" / file["path"]).open(newline="", encoding="utf-8-sig") as lines:
        records = list(csv.DictReader(lines))
    named: list[dict[str, str]] = []
    for run in file["rows"]:
        first, _, last = run.partition("-")
        named += records[int(first) - 1 : int(last or first)]
    assert len(named) == file["row_count"]
    return named


def test_a_conversion_says_why_each_touch_got_what_it_got(
    home: Path, release: duckdb.DuckDBPyConnection, run_throughline: Run
) -> None:
    (conversion_id,) = release.execute(
        "select min(conversion_id) from attribution.fct_attribution_credits"
        " where conversion_type = 'closed_won' and attribution_model = 'data_driven'"
        " and touch_id is not null"
    ).fetchone() or (None,)
    of_conversion, *of_credits = explained(run_throughline, home, str(conversion_id))["reasons"]
    assert "people decide between touches here" in of_conversion["said"]
    assert "needs its lead and a decision of its own" in of_conversion["said"]
    assert sum(line["credit"] for line in of_credits) == pytest.approx(1)
    said = run_throughline("explain", str(conversion_id), "--home", home).stdout
    assert "% the touch " in " ".join(said.split())
    # A channel is told of once, the baseline last.
    told = [line["about"] for line in of_credits]
    assert len(set(told)) == len(told)
    assert told[-1] == "Baseline"


def test_a_conversion_tells_of_its_refunds(
    home: Path, release: duckdb.DuckDBPyConnection, run_throughline: Run
) -> None:
    conversion_id, delta, booked = release.execute(
        "select conversion_id, amount_delta, booked_date"
        " from attribution.fct_conversion_adjustments"
        " where reporting_basis = 'conversion_period' and change_type = 'refund'"
        " qualify count(*) over (partition by conversion_id) = 1 order by 1 limit 1"
    ).fetchone() or (None, None, None)
    (change,) = explained(run_throughline, home, str(conversion_id))["changes"]
    assert (change["amount_delta"], change["booked_date"]) == (float(delta), f"{booked}")
    said = run_throughline("explain", str(conversion_id), "--home", home).stdout
    (line,) = [line for line in said.splitlines() if line.startswith("refund ")]
    assert f"{delta} USD on {booked}" in line


def test_a_conversion_leads_to_the_rows_of_its_touches(
    home: Path, sample: Path, release: duckdb.DuckDBPyConnection, run_throughline: Run
) -> None:
    conversion_id, amount = release.execute(
        "select conversion_id, any_value(amount_reporting)"
        " from attribution.fct_attribution_credits inner join attribution.fct_conversions"
        " using (conversion_id) where fct_conversions.conversion_type = 'closed_won'"
        " and attribution_model = 'linear' and amount_reporting is not null"
        " group by 1 order by count(touch_id) desc, 1 limit 1"
    ).fetchall()[0]
    report = explained(run_throughline, home, conversion_id)
    assert report["kind"] == "conversion"
    assert report["conversion"]["amount_reporting"] == float(amount)
    linear = [c for c in report["credits"] if c["attribution_model"] == "linear"]
    assert sum(c["credit"] for c in linear) == pytest.approx(1)
    assert {c["touch_id"] for c in linear} == {t["touch_id"] for t in report["touches"]}
    assert len(report["touches"]) > 1
    # The row of the deal is the row of that deal in the file; that of its contact is that person's,
    # though a line before it could not be read.
    records = {record["subject"]: record for record in report["record_files"]}
    assert set(records) == {"deal", "contact"}
    deal, contact = (read_back(sample, records[subject])[0] for subject in ("deal", "contact"))
    assert records["deal"]["row_count"] == 1
    assert float(deal["Amount"]) == pytest.approx(float(report["conversion"]["amount"]))
    assert contact["Record ID"] in deal["Associated Contact IDs"].split(";")
    for touch in report["touches"]:
        assert touch["source_system"] == "ga4"
        assert touch["files"], touch
        assert all((sample / "exports" / file["path"]).is_file() for file in touch["files"])


def test_the_rows_are_those_of_the_touch(
    home: Path, sample: Path, release: duckdb.DuckDBPyConnection, run_throughline: Run
) -> None:
    """Read back from a file of plain JSON lines, they are of one device and begin the session."""
    conversion_id, touch_id, touched_at = release.execute(
        "select conversion_id, touch_id, touched_at from attribution.fct_attribution_credits"
        " where touched_at >= timestamp '2026-09-05' and attribution_model = 'last_touch'"
        " order by touched_at, conversion_id limit 1"
    ).fetchall()[0]
    report = explained(run_throughline, home, conversion_id)
    (files,) = (t["files"] for t in report["touches"] if t["touch_id"] == touch_id)
    events = []
    for file in files:
        lines = (sample / "exports" / file["path"]).read_text().splitlines()
        for run in file["rows"]:
            first, _, last = run.partition("-")
            events += [json.loads(lines[n - 1]) for n in range(int(first), int(last or first) + 1)]
    assert len({event["user_pseudo_id"] for event in events}) == 1
    started = min(int(event["event_timestamp"]) for event in events)
    assert (
        started == release.execute("select epoch_us(?::timestamp)", [touched_at]).fetchall()[0][0]
    )


def test_a_channels_figure_is_that_of_the_mart_and_its_sql_gives_it(
    home: Path, release: duckdb.DuckDBPyConnection, run_throughline: Run
) -> None:
    report = explained(run_throughline, home, "paid search", "--model", "linear")
    credit, amount = release.execute(
        "select sum(customers), sum(revenue_amount) from attribution.fct_channel_performance_daily"
        " where channel = 'Paid Search' and attribution_model = 'linear'"
    ).fetchall()[0]
    assert report["figure"]["credit"] == pytest.approx(credit)
    assert report["figure"]["credited_amount"] == float(amount)
    again = release.execute(report["sql"]).fetchall()[0]
    assert (again[0], float(again[1])) == (pytest.approx(credit), float(amount))
    assert sum(c["credit"] for c in report["conversions"]) == pytest.approx(credit)
    assert len(report["conversions"]) == report["figure"]["conversions"]
    assert report["touch_files"]
    # Every conversion of the figure has its deal and its contact in a file.
    subjects = {file["subject"] for file in report["record_files"]}
    assert subjects == {"deal", "contact"}
    headline = explained(run_throughline, home, "Paid Search", "--type", "lead")
    assert headline["attribution_model"] == "data_driven"


def test_a_channels_spend_leads_to_the_lines_of_the_reports(
    home: Path, build: duckdb.DuckDBPyConnection, run_throughline: Run
) -> None:
    """Every line and nothing else: the raw lines of the named rows add up to the figure."""
    report = explained(run_throughline, home, "Display")
    spend = report["spend"]
    assert spend["spend_reporting"] > 1000
    total = 0
    for file in report["spend_files"]:
        rows = [
            number
            for first, _, last in (run.partition("-") for run in file["rows"])
            for number in range(int(first), int(last or first) + 1)
        ]
        total += build.execute(
            "select sum(try_cast(replace(cost, ',', '') as decimal(18, 6)))"
            " from raw_google_ads.campaign_report inner join ops.files on _file_id = file_id"
            " where path = ? and list_contains(?, _row_number)",
            [file["path"], rows],
        ).fetchall()[0][0]
    own = build.execute(
        "select sum(spend), count(*) from intermediate.int_ad_spend_daily where channel = 'Display'"
    ).fetchall()[0]
    assert (round(total, 2), spend["campaign_days"]) == own
    assert "spend in" in run_throughline("explain", "Display", "--home", home).stdout


def test_every_vendors_touch_has_its_row(everything: duckdb.DuckDBPyConnection) -> None:
    """Whatever could be a touch is a row of a file of the vendor that delivered it."""
    candidates = (
        "(select touch_type, touch_id from intermediate.int_touches_unioned union all"
        " select 'email_click', email_click_id from intermediate.int_email_clicks_resolved"
        " where not is_touch)"
    )
    lost = everything.execute(
        f"select touch_type, count(*) from {candidates}"
        " where touch_id not in (select touch_id from intermediate.int_touch_rows) group by 1"
    ).fetchall()
    assert lost == []
    found = everything.execute(
        "select touch_type, list(distinct source_system order by source_system),"
        " bool_and(files.status = 'loaded' and contains(files.path, source_system))"
        f" from {candidates} inner join intermediate.int_touch_rows using (touch_id)"
        " inner join ops.files as files using (file_id) group by 1 order by 1"
    ).fetchall()
    assert found == FOUND


def test_the_lineage_reaches_from_the_mart_to_what_was_delivered(
    home: Path, release: duckdb.DuckDBPyConnection, run_throughline: Run
) -> None:
    report = explained(run_throughline, home, "Email")
    steps = {f"{step['schema']}.{step['name']}": step for step in report["lineage"]}
    assert next(iter(steps)) == "attribution.fct_attribution_credits"
    assert {"intermediate.int_credits_settled", "staging.stg_ga4__events"} <= set(steps)
    assert {"current_ga4.events", "current_hubspot.deals"} <= set(steps)
    assert "seeds.attribution_models" in steps
    assert all((PROJECT_DIR / step["path"]).is_file() for step in steps.values())
    compiled = steps["intermediate.int_credits_settled"]["compiled"]
    assert "ref(" not in Path(compiled).read_text()
    assert report["release"]["release_id"]
    assert {check["severity"] for check in report["checks"]} == {"critical", "warning"}


def test_a_contact(home: Path, release: duckdb.DuckDBPyConnection, run_throughline: Run) -> None:
    contact, touches = release.execute(
        "select contact_key, count(*) from attribution.fct_touches where contact_key is not null"
        " group by 1 order by 2 desc, 1 limit 1"
    ).fetchall()[0]
    report = explained(run_throughline, home, contact)
    assert (report["kind"], len(report["touches"])) == ("contact", touches)
    assert report["contact"]["score_band"] in ("Nurture", "MQL", "SQL", "Hot")
    assert report["record_files"][0]["path"].startswith("hubspot/")
    shown = run_throughline("explain", contact, "--home", home).stdout
    assert contact in shown
    assert report["record_files"][0]["path"] in shown
    assert "@" not in shown, "nobody's address is shown"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("Paid Serach",), "is no channel"),
        (("customer Stories Fall",), "`throughline context customer-stories-fall`"),
        (("0" * 32,), "has no conversion and no contact"),
        (("Email", "--model", "guessing"), "is no attribution_model here; it is one of"),
        (("Email", "--type", "sale"), "is no conversion_type here; it is one of"),
    ],
)
def test_what_is_unknown_is_said(
    home: Path, run_throughline: Run, arguments: tuple[str, ...], said: str
) -> None:
    result = run_throughline("explain", *arguments, "--home", home, check=False)
    assert result.returncode == 2
    assert said in result.stderr
    assert result.stdout == ""


def test_without_a_release(tmp_path: Path, run_throughline: Run) -> None:
    result = run_throughline("explain", "Email", "--home", tmp_path, check=False)
    assert result.returncode == 2
    assert "nothing is published" in result.stderr


def test_without_the_build_file_the_figures_are_still_told(
    home: Path, tmp_path: Path, run_throughline: Run
) -> None:
    copy = tmp_path / "home"
    shutil.copytree(home / "published", copy / "published")
    report = explained(run_throughline, copy, "Email")
    assert report["figure"]["conversions"] > 0
    assert "no build file" in report["files_note"]


def test_a_check_leads_to_its_rows_its_owner_and_what_rests_on_it(
    home: Path, run_throughline: Run
) -> None:
    (check,) = explained(run_throughline, home, "raw_hubspot.deals.readable")["checks"]
    assert (check["column_name"], check["success"], check["failed"]) == ("amount", False, 1)
    assert check["owner"] == "Sales operations"
    assert check["action"].startswith("Correct Amount")
    assert [run["success"] for run in check["history"]] == [False]
    assert check["failing_since"] == check["as_of_at"]
    ((path, number),) = {(row["path"], row["row_number"]) for row in check["rows"]}
    assert f"{path} row {number} " in check["sample_keys"][0]
    assert "funnel.fct_opportunities" in check["marts"]
    assert "Channel ROI" in check["pages"]

    several = run_throughline("explain", "row_count", "--home", home, check=False)
    assert several.returncode == 2
    assert "name one, such as" in several.stderr
