"""Exports in the shape in which vendors and connectors hand them out, figures of nobody."""

import csv
import json
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from subprocess import CompletedProcess

import duckdb
import pytest

from pipelines.ingest import load_contracts, load_exports
from pipelines.ingest.warehouse import connect
from pipelines.settings import PROJECT_DIR
from tests.conftest import VENDOR_EXPORTS

AS_EXPORTED = PROJECT_DIR / "tests" / "fixtures" / "as_exported"
REPORT = "google_ads_ui/Campaign report.csv"

# Vendors whose connectors' tables are read.
FIVETRAN = {
    *("amplitude", "asana", "meta_ads", "google_ads", "hubspot", "iterable", "jira", "klaviyo"),
    *("linkedin_ads", "mailchimp", "microsoft_ads", "mixpanel", "salesforce", "tiktok_ads"),
}
AIRBYTE = {
    *("amplitude", "google_ads", "jira", "linkedin_ads", "microsoft_ads", "mixpanel", "monday"),
    "tiktok_ads",
}


@pytest.fixture(scope="module")
def home(
    tmp_path_factory: pytest.TempPathFactory,
    run_throughline: Callable[..., CompletedProcess[str]],
) -> Path:
    """A warehouse of the exports that people, and no connector, wrote."""
    folder = tmp_path_factory.mktemp("real")
    exports = tmp_path_factory.mktemp("exports")
    for name in ("google_ads_ui", "ga4_bigquery"):
        (exports / name).symlink_to(AS_EXPORTED / name)
    result = run_throughline("run", "--json", "--exports", exports, "--home", folder)
    assert json.loads(result.stdout)["status"] == "published"
    return folder


def test_google_ads_spend_is_the_reports_own_total(home: Path) -> None:
    lines = (AS_EXPORTED / REPORT).read_text().splitlines()
    header = lines[2].split(",")
    first_total = next(line for line in lines if line.startswith("Total: "))
    total = float(next(csv.reader([first_total]))[header.index("Cost")])
    with closing(
        duckdb.connect(str(home / "published" / "marketing.duckdb"), read_only=True)
    ) as con:
        spends = con.execute(
            "select spend, currency, cast(period_start_date as varchar),"
            " cast(period_end_date as varchar) from attribution.fct_ad_spend_periods order by spend"
        ).fetchall()
        daily = con.execute("select count(*) from attribution.fct_ad_spend_daily").fetchall()
    assert [str(row[0]) for row in spends] == ["318.25", "1204.38"]
    assert {row[1:] for row in spends} == {("SEK", "2026-03-03", "2026-03-29")}
    # The vendor rounds each line on its own: the rows sum to a cent more than its total.
    assert abs(float(sum(row[0] for row in spends)) - total) <= 0.011
    assert daily == [(0,)], "a period is never spread over its days"


def test_an_empty_account_is_an_empty_file_and_no_error(home: Path) -> None:
    with closing(
        duckdb.connect(str(home / "published" / "marketing.duckdb"), read_only=True)
    ) as con:
        (row,) = con.execute(
            "select status, rows_loaded from meta.files where path like '%Campaign report (1).csv'"
        ).fetchall()
    assert row == ("empty", 0)


def test_the_event_becomes_a_touch(home: Path) -> None:
    with closing(
        duckdb.connect(str(home / "published" / "marketing.duckdb"), read_only=True)
    ) as con:
        touches = con.execute(
            "select cast(touched_at as varchar), channel, source, medium"
            " from attribution.fct_touches"
        ).fetchall()
    assert touches == [
        ("2026-03-11 09:00:05.417733", "Referral", "blog.partner.example", "referral")
    ]


Ledger = list[tuple[str, str, str | None, str | None, str | None, bool]]
LEDGER = (
    "select path, status, nearest_contract, missing_columns, message,"
    " rows_read = rows_loaded + rows_rejected + rows_skipped from ops.files"
)


def assert_accounted_for(exports: Path, rows: Ledger) -> None:
    files = {
        path.relative_to(exports).as_posix()
        for path in exports.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }
    # Streams of a connector's file have lines of their own beside the file's.
    assert {path for path, *_ in rows} >= files
    assert all(adds_up for *_, adds_up in rows)
    for path, status, nearest, missing, message, _ in rows:
        if status == "unrecognised" and nearest:
            assert missing or f"{nearest}, but " in message, path
            assert nearest in message, path
        assert message or status == "loaded", path


def test_every_file_of_every_vendor_is_accounted_for(vendors: duckdb.DuckDBPyConnection) -> None:
    rows = vendors.execute(LEDGER).fetchall()
    assert_accounted_for(VENDOR_EXPORTS, rows)
    doors = {tuple(path.split("/")[:2]) for path, status, *_ in rows if status == "loaded"}
    assert {vendor for vendor, door in doors if door == "fivetran"} == FIVETRAN
    assert {vendor for vendor, door in doors if door.startswith("airbyte")} == AIRBYTE


def test_a_table_of_another_product_is_nobodys(tmp_path: Path) -> None:
    """Whose columns every vendor has, or whose signature is another's."""
    with connect(tmp_path / "build.duckdb") as con:
        load_exports(con, AS_EXPORTED, contracts=load_contracts(), loaded_at=datetime(2026, 10, 1))
        rows = con.execute(LEDGER).fetchall()
    assert_accounted_for(AS_EXPORTED, rows)
    assert {path: status for path, status, *_ in rows} == {
        "ga4_bigquery/events.jsonl": "loaded",
        "google_ads_ui/Campaign report (1).csv": "empty",
        REPORT: "loaded",
        "marketo/marketo_program_data.csv": "unrecognised",
        "pardot/pardot_prospect_data.csv": "unrecognised",
    }
