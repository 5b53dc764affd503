"""Exports that no one here wrote, read where they lie."""

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

REAL = PROJECT_DIR.parent / "shared" / "real"
REPORT = "google_ads_ui/Campaign report.csv"

# The connectors' folders that have a counterpart among the contracts.
FIVETRAN = {
    *("amplitude", "asana", "facebook_ads", "ga4_export", "google_ads", "hubspot", "iterable"),
    *("jira", "klaviyo", "linkedin", "mailchimp", "marketo", "microsoft_ads", "mixpanel"),
    *("salesforce", "tiktok_ads"),
}
AIRBYTE = {
    *("amplitude", "bing-ads", "iterable", "jira", "klaviyo", "linkedin-ads", "mailchimp"),
    *("monday", "sendgrid", "tiktok-marketing"),
}

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the real exports lie beside the project")


@pytest.fixture(scope="module")
def home(
    tmp_path_factory: pytest.TempPathFactory,
    run_throughline: Callable[..., CompletedProcess[str]],
) -> Path:
    """A warehouse of the exports that people, and no connector, wrote."""
    folder = tmp_path_factory.mktemp("real")
    exports = tmp_path_factory.mktemp("exports")
    for name in ("google_ads_ui", "ga4_bigquery"):
        (exports / name).symlink_to(REAL / name)
    result = run_throughline("run", "--json", "--exports", exports, "--home", folder)
    assert json.loads(result.stdout)["status"] == "published"
    return folder


def test_google_ads_spend_is_the_reports_own_total(home: Path) -> None:
    lines = (REAL / REPORT).read_text().splitlines()
    header = lines[2].split(",")
    first_total = next(line for line in lines if line.startswith("Total: "))
    total = float(
        first_total.replace('"46,168"', "").replace('"22,061"', "").split(",")[header.index("Cost")]
    )
    with closing(
        duckdb.connect(str(home / "published" / "marketing.duckdb"), read_only=True)
    ) as con:
        spends = con.execute(
            "select spend, currency, cast(period_start_date as varchar),"
            " cast(period_end_date as varchar) from attribution.fct_ad_spend_periods order by spend"
        ).fetchall()
        daily = con.execute("select count(*) from attribution.fct_ad_spend_daily").fetchall()
    assert [str(row[0]) for row in spends] == ["904.26", "1661.67"]
    assert {row[1:] for row in spends} == {("INR", "2025-07-08", "2025-07-31")}
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


def test_the_genuine_event_becomes_a_touch(home: Path) -> None:
    with closing(
        duckdb.connect(str(home / "published" / "marketing.duckdb"), read_only=True)
    ) as con:
        touches = con.execute(
            "select cast(touched_at as date) >= date '2021-01-30', channel, source, medium"
            " from attribution.fct_touches"
        ).fetchall()
    assert len(touches) == 1
    assert touches[0][0]


def test_every_file_is_accounted_for(tmp_path: Path) -> None:
    files = {
        path.relative_to(REAL).as_posix()
        for path in REAL.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }
    with connect(tmp_path / "build.duckdb") as con:
        load_exports(con, REAL, contracts=load_contracts(), loaded_at=datetime(2026, 10, 1))
        rows = con.execute(
            "select path, status, nearest_contract, missing_columns, message,"
            " rows_read = rows_loaded + rows_rejected + rows_skipped from ops.files"
        ).fetchall()
    # Streams of a connector's file have lines of their own beside the file's.
    assert {path for path, *_ in rows} >= files
    assert all(adds_up for *_, adds_up in rows)
    for path, status, nearest, missing, message, _ in rows:
        if status == "unrecognised" and nearest:
            assert missing or f"{nearest}, but " in message, path
            assert nearest in message, path
        assert message or status == "loaded", path
    loaded = {path for path, status, *_ in rows if status == "loaded"}
    doors = {tuple(path.split("/")[:2]) for path in loaded}
    assert {vendor for door, vendor in doors if door == "fivetran"} >= FIVETRAN
    assert {vendor for door, vendor in doors if door == "airbyte"} >= AIRBYTE
    # Whose columns every vendor has, or whose signature is another's, is nobody's.
    assert not {
        path
        for path in loaded
        if path.startswith(("fivetran/pardot/", "fivetran/marketo/marketo_program"))
    }
