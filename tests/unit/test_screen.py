"""The closing screen: what it says for each way a run can end, on a terminal and as JSON."""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from pipelines.ingest.warehouse import CONFIG, OPS_TABLES
from pipelines.progress import KEPT_LOGS, show_progress
from pipelines.publish import publish, rollback
from pipelines.reports import Report, report_outcome, report_rollback, report_status
from pipelines.run import Outcome
from pipelines.runs import finish_run, start_run
from pipelines.screen import draw_outcome, draw_rollback, draw_simulated, draw_status, show
from pipelines.settings import Settings, UsageError
from pipelines.simulate import Simulated
from tests.locks import held_by_another

AS_OF = datetime(2026, 10, 1, 6)

MARTS = """
    create schema core; create schema attribution; create schema operations;
    create schema quality; create schema meta;
    create table core.dim_channels (channel varchar, sort_order bigint);
    create table core.dim_campaigns (campaign_key varchar, is_registered boolean);
    create table attribution.fct_conversions (
        conversion_id varchar, conversion_type varchar, amount decimal(18, 2),
        amount_reporting decimal(18, 2));
    create table attribution.fct_ad_spend_daily (
        platform varchar, date_day date, spend_reporting decimal(18, 2));
    create table attribution.fct_ad_spend_periods (
        platform varchar, month_start_date date, period_start_date date, period_end_date date,
        undated_spend decimal(18, 2), undated_spend_reporting decimal(18, 2));
    create table quality.fct_amounts_left_out (
        record_type varchar, source varchar, ad_account_id varchar, currency varchar,
        reason varchar, file_path varchar, first_day date, last_day date, record_count bigint,
        amount decimal(18, 2), settled_by varchar);
    create table attribution.fct_attribution_credits (
        conversion_type varchar, attribution_model varchar, channel varchar, credit double,
        credited_amount decimal(18, 2), is_fallback boolean);
    create table operations.fct_campaign_launches (
        campaign_name varchar, slip_days bigint, is_delayed_over_threshold boolean);
    create table operations.fct_approval_rounds (approval_round_id varchar, is_blocked boolean);
    create table quality.fct_report_confidence (
        page varchar, campaign_family varchar, reporting_confidence double,
        is_below_threshold boolean, costliest_source varchar, costliest_expectation varchar);
    create table quality.fct_quality_results (
        quality_result_id varchar, suite varchar, table_schema varchar, table_name varchar,
        expectation varchar, column_name varchar, dimension varchar, severity varchar,
        owner varchar, action varchar, is_success boolean, evaluated_count bigint,
        failed_count bigint, failed_pct double, as_of_at timestamp);
    create table meta.files (
        file_id bigint, path varchar, status varchar, message varchar, rows_read bigint,
        rows_loaded bigint, rows_rejected bigint, rows_skipped bigint);
"""
ROWS = """
    insert into core.dim_channels values ('Paid Search', 1), ('Email', 2);
    insert into core.dim_campaigns values ('autumn', true), ('stray', false);
    insert into attribution.fct_conversions values
        ('c1', 'closed_won', 1000.00, 1000.00), ('c2', 'closed_won', 2000.00, 2500.50),
        ('c3', 'lead', null, null), ('c4', 'closed_won', 9.00, null),
        ('c5', 'closed_won', null, null);
    insert into attribution.fct_ad_spend_daily values
        ('meta_ads', date '2026-06-02', 1200.40), ('google_ads', date '2026-06-02', 3000.00),
        ('tiktok_ads', date '2026-06-02', null);
    insert into attribution.fct_ad_spend_periods values
        ('google_ads', date '2026-05-01', date '2026-05-01', date '2026-05-31', 500, 500),
        ('google_ads', null, date '2026-03-16', date '2026-04-15', 77.31, 77.31);
    insert into quality.fct_amounts_left_out values
        ('ad_spend', 'google_ads', '1-2-3', 'USD', 'crosses_months', 'ads/spring.csv',
            date '2026-03-16', date '2026-04-15', 2, 77.31, 'the report by day, or month by month'),
        ('ad_spend', 'tiktok_ads', '7', null, 'no_currency', null, date '2026-06-02',
            date '2026-06-02', 1, 716, 'ad_accounts.csv: tiktok_ads,7,,CURRENCY,TIME_ZONE'),
        ('deal', 'hubspot', null, 'BRL', 'no_rate', null, date '2026-06-02', date '2026-06-02',
            1, 9, 'fx_rates.csv: BRL,USD,2026-06-02,RATE');
    insert into attribution.fct_attribution_credits
        select 'closed_won', model, channel, credit, credit * 1000, model = 'data_driven'
        from (values ('first_touch'), ('last_touch'), ('linear'), ('time_decay'),
            ('position_based_40_20_40'), ('data_driven')) as models(model),
            (values ('Unattributed', 0.25), ('Email', 0.5), ('Paid Search', 1.25))
                as channels(channel, credit);
    insert into operations.fct_campaign_launches values
        ('Autumn Launch', 12, true), ('Webinar', 3, false), ('Never Live', null, true);
    insert into operations.fct_approval_rounds values ('a', true), ('b', true), ('c', false);
    insert into quality.fct_report_confidence values
        ('Attribution', 'All', 0.91, false, null, null),
        ('Funnel', 'All', 0.42, true, 'hubspot', 'expect_column_values_to_be_unique'),
        ('Funnel', 'Brand', 0.1, true, null, null);
    insert into meta.files values
        (1, 'hubspot/contacts.csv', 'loaded', '3 lines were rejected [see ops]', 103, 100, 3, 0),
        (2, 'ads/report.csv', 'loaded', null, 51, 50, 0, 1);
    insert into meta.files
        select 10 + i, 'stray/' || i || '.csv', 'unrecognised', 'fits no contract', 0, 0, 0, 0
        from range(20) as t(i);
"""
RESULT = """
    insert into ops.quality_results by name select 'marts' as suite, 'core' as table_schema,
        'dim_channels' as table_name, ? as expectation, 'channel' as column_name,
        'uniqueness' as dimension, ? as severity, 'data team' as owner, 'ask sales' as action,
        false as success, 200 as evaluated, 7 as failed, 3.5 as failed_pct, ? as as_of_at,
        timestamp '2026-10-01' as evaluated_at
"""
FILE = """
    insert into ops.files by name select 1 as file_id, 1 as batch_id, 'a/odd.csv' as path,
        'unrecognised' as status, 0 as rows_read, 0 as rows_loaded, 0 as rows_rejected,
        0 as rows_skipped, 'fits no contract; nearest is hubspot.contacts' as message,
        'v1' as contract_version, ? as loaded_at
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(exports=tmp_path, home=tmp_path / "home")


@pytest.fixture
def con(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    settings.home.mkdir()
    with duckdb.connect(str(settings.build_path), config=CONFIG) as con:
        con.execute(OPS_TABLES)
        con.execute(MARTS)
        start_run(con, "run-1", AS_OF)
        yield con


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """What a report looks like on stdout."""

    def run(
        report: Report, draw: Callable[[Console, Report], None], *, as_json: bool = False
    ) -> str:
        capsys.readouterr()
        show(report, draw, as_json=as_json)
        captured = capsys.readouterr()
        assert captured.err == ""
        return captured.out

    return run


def published(con: duckdb.DuckDBPyConnection, settings: Settings) -> str:
    done = publish(con, settings, AS_OF, "run-1")
    finish_run(con, "run-1", "published", release_id=done.release.release_id)
    con.close()
    return done.release.release_id


def test_a_site_that_could_not_be_built_is_said_and_no_failure(
    con: duckdb.DuckDBPyConnection, settings: Settings, printed: Callable[..., str]
) -> None:
    release_id = published(con, settings)
    said = "the site could not be built: pages/x.sql: no such table"
    outcome = Outcome("published", settings, said, release_id)
    assert outcome.exit_code == 0
    text = printed(report_outcome(outcome), draw_outcome)
    assert f"but            {said}" in text
    assert "look at it" not in text


def test_published(
    con: duckdb.DuckDBPyConnection, settings: Settings, printed: Callable[..., str]
) -> None:
    con.execute(ROWS)
    con.execute(RESULT, ["no_twins", "warning", AS_OF])
    release_id = published(con, settings)
    outcome = Outcome("published", settings, release_id=release_id)
    text = printed(report_outcome(outcome), draw_outcome)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    for line in (
        f"Published release {release_id}, as of 2026-10-01T06:00:00Z",
        "loaded 2 154 150 3 1",
        "unrecognised 20 0 0 0 0",
        "loaded 3 lines were rejected [see ops]",
        "unrecognised fits no contract",
        "checks warning 0 passed, 1 failed",
        "warning no_twins on core.dim_channels.channel: 7 of 200 rows; data team: ask sales",
        "spend USD: google_ads 3,500, meta_ads 1,200, tiktok_ads unknown",
        "left out 77.31 USD in 2 of google_ads 1-2-3 (ad_spend): crosses months, ads/spring.csv;"
        " settled by the report by day, or month by month",
        "left out 716.00 of no currency in 1 of tiktok_ads 7 (ad_spend): no currency;"
        " settled by ad_accounts.csv: tiktok_ads,7,,CURRENCY,TIME_ZONE",
        "left out 9.00 BRL in 1 of hubspot (deal): no rate;"
        " settled by fx_rates.csv: BRL,USD,2026-06-02,RATE",
        "closed won 4 deals, 3,500, 1 of them without a rate",
        "Paid Search 1.2 1.2 1.2 1.2 1.2 1.2",
        "Unattributed 0.2 0.2 0.2 0.2 0.2 0.2",
        "data driven is position-based here: nothing was solved",
        "launches 2 late: Autumn Launch (12 days), Never Live (not live yet)",
        "approvals 2 blocked",
        "confidence Attribution 91%, Funnel 42%",
        "low Funnel: hubspot, expect_column_values_to_be_unique",
        f"open it duckdb -readonly {settings.home}/published/marketing.duckdb",
        f"in Python duckdb.connect('{settings.home}/published/marketing.duckdb', read_only=True)",
    ):
        assert line in lines, text
    channels = [line.split(" 1.2")[0].split(" 0.")[0] for line in lines]
    assert channels.index("Paid Search") < channels.index("Email") < channels.index("Unattributed")

    report = json.loads(printed(report_outcome(outcome), draw_outcome, as_json=True))
    assert (report["status"], report["exit_code"]) == ("published", 0)
    assert report["release"]["release_id"] == release_id
    assert report["release"]["as_of_at"] == "2026-10-01T06:00:00Z"
    assert len(report["files"]["messages"]) == 21
    assert report["checks"]["failed"][0]["owner"] == "data team"
    assert report["conversions"] == {"conversions": 4, "revenue": 3500.5, "unpriced": 1}
    assert report["money"]["spend"][0] == {
        "platform": "google_ads",
        "spend_reporting": 3500,
        "first_day": "2026-05-01",
        "last_day": "2026-06-02",
    }
    assert [row["amount"] for row in report["money"]["left_out"]] == [77.31, 716, 9]
    assert len(report["credits"]) == 18
    assert report["operations"]["registered_campaigns"] == 1
    assert report["operations"]["late_launches"][1] == {
        "campaign": "Never Live",
        "slip_days": None,
    }
    assert [row["page"] for row in report["confidence"]] == ["Attribution", "Funnel"]


def test_a_terminal_gets_one_screen(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    printed: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    con.execute(ROWS)
    outcome = Outcome("published", settings, release_id=published(con, settings))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("COLUMNS", "80")
    text = printed(report_outcome(outcome), draw_outcome)
    assert "… and 9 more: `select path, status, message from meta.files`" in text
    assert len(text.splitlines()) < 55


def test_published_with_nothing_but_empty_marts(
    con: duckdb.DuckDBPyConnection, settings: Settings, printed: Callable[..., str]
) -> None:
    outcome = Outcome("published", settings, release_id=published(con, settings))
    text = printed(report_outcome(outcome), draw_outcome)
    for said in (
        "none by this clock",
        "unknown: no campaign registry",
        "0 blocked",
        "no page has data",
        "checks",
    ):
        assert said in text
    assert json.loads(printed(report_outcome(outcome), draw_outcome, as_json=True))["credits"] == []


def test_refused(
    con: duckdb.DuckDBPyConnection, settings: Settings, printed: Callable[..., str]
) -> None:
    release_id = publish(con, settings, AS_OF, "run-1").release.release_id
    later = AS_OF.replace(day=2)
    start_run(con, "run-2", later)
    con.execute(RESULT, ["no_twins", "critical", later])
    con.execute(RESULT, ["of_yesterday", "critical", AS_OF])
    con.execute(RESULT, ["odd", "warning", later])
    finish_run(con, "run-2", "refused", message="no_twins failed")
    con.close()
    outcome = Outcome("refused", settings, "no_twins failed")
    text = printed(report_outcome(outcome), draw_outcome)
    assert "critical checks that failed: 1; nothing published" in text
    assert "no_twins on core.dim_channels.channel: 7 of 200 rows; data team: ask sales" in text
    assert f"see release {release_id}, as of 2026-10-01T06:00:00Z, since " in text
    assert "of_yesterday" not in text
    assert "odd on" not in text
    report = json.loads(printed(report_outcome(outcome), draw_outcome, as_json=True))
    assert report["exit_code"] == 3
    assert [check["expectation"] for check in report["checks"]["failed"]] == ["no_twins"]

    with held_by_another(settings):
        assert "no_twins failed" in printed(report_outcome(outcome), draw_outcome)


def test_unusable(
    con: duckdb.DuckDBPyConnection, settings: Settings, printed: Callable[..., str]
) -> None:
    con.execute(FILE, [AS_OF])
    con.close()
    outcome = Outcome("unusable", settings, "none of the 1 files could be used")
    text = printed(report_outcome(outcome), draw_outcome)
    assert "Unusable       none of the 1 files could be used" in text
    assert "fits no contract; nearest is hubspot.contacts" in text
    assert "see nothing" in text
    report = json.loads(printed(report_outcome(outcome), draw_outcome, as_json=True))
    assert report["files"]["messages"][0]["path"] == "a/odd.csv"
    assert report["release"] is None


@pytest.mark.parametrize("status", ["unchanged", "failed"])
def test_one_line_for_the_rest(
    con: duckdb.DuckDBPyConnection, settings: Settings, printed: Callable[..., str], status: str
) -> None:
    release_id = published(con, settings)
    outcome = Outcome(status, settings, "because [so]", release_id)
    text = printed(report_outcome(outcome), draw_outcome)
    assert f"{status.capitalize():<14} because [so]\n" in text
    assert f"see release {release_id}" in text
    assert (
        json.loads(printed(report_outcome(outcome), draw_outcome, as_json=True))["message"]
        == "because [so]"
    )


def test_a_run_that_failed_before_anything_was_written(
    settings: Settings, printed: Callable[..., str]
) -> None:
    outcome = Outcome("failed", settings)
    assert "no reason was noted" in printed(report_outcome(outcome), draw_outcome)
    assert (
        json.loads(printed(report_outcome(outcome), draw_outcome, as_json=True))["exit_code"] == 1
    )


def test_status(
    con: duckdb.DuckDBPyConnection, settings: Settings, printed: Callable[..., str]
) -> None:
    first = publish(con, settings, AS_OF, "run-1").release.release_id
    finish_run(con, "run-1", "published", release_id=first)
    con.execute(ROWS)
    second = publish(con, settings, AS_OF, "run-1").release.release_id
    start_run(con, "run-2", AS_OF)
    con.close()
    rollback(settings.home)
    text = printed(report_status(settings.home), draw_status)
    assert f"see release {first}" in text
    assert "Interrupted" in text
    rows = {line.split()[0]: line.split()[-1] for line in text.splitlines() if line.strip()}
    assert rows[first] == "published"
    assert rows[second] == "withdrawn"
    report = json.loads(printed(report_status(settings.home), draw_status, as_json=True))
    assert [release["status"] for release in report["releases"]] == ["withdrawn", "published"]
    assert [run["status"] for run in report["runs"]] == ["interrupted", "published"]

    with held_by_another(settings):
        assert "Under way" in printed(report_status(settings.home), draw_status)


def test_status_of_an_empty_home(tmp_path: Path, printed: Callable[..., str]) -> None:
    home = tmp_path / "nothing"
    with pytest.raises(UsageError, match="there is no warehouse in"):
        report_status(home)
    assert not home.exists()


def test_rollback(
    con: duckdb.DuckDBPyConnection, settings: Settings, printed: Callable[..., str]
) -> None:
    first = publish(con, settings, AS_OF, "run-1").release.release_id
    con.execute(ROWS)
    second = published(con, settings)
    text = printed(report_rollback(settings.home, None), draw_rollback)
    assert f"readers see release {first} instead of {second}" in text
    report = json.loads(
        printed(report_rollback(settings.home, second), draw_rollback, as_json=True)
    )
    assert (report["release"]["release_id"], report["replaced"]) == (second, first)
    with pytest.raises(UsageError):
        report_rollback(settings.home, second)


def test_simulated(tmp_path: Path, printed: Callable[..., str]) -> None:
    out = tmp_path / "my sample"
    places = (out / "exports", out / "config", out / "truth")
    company = Simulated(*places, 3, 200, 4, 5, 6, 12345, 1.5)
    report = {"status": "simulated", **asdict(company), "next": company.next_command}
    text = printed(report, draw_simulated)
    assert "touches        12,345" in text
    next_command = f"throughline run --exports '{out}/exports' --config '{out}/config' --as-of "
    assert f"{next_command}2026-10-01T06:00:00Z" in text
    said = json.loads(printed(report, draw_simulated, as_json=True))
    assert (said["contacts"], said["exports"]) == (200, f"{out}/exports")


def test_progress_goes_to_stderr_and_the_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import logging  # noqa: PLC0415

    ours = logging.getLogger("pipelines.somewhere")
    with show_progress(tmp_path / "logs") as log:
        ours.info("loading %d files [all]", 3)
        ours.debug("a detail")
        logging.getLogger("else").warning("of others")
        logging.getLogger("else").info("narrated")
    ours.info("afterwards")
    out, err = capsys.readouterr()
    assert out == ""
    assert "s  loading 3 files [all]\n" in err
    assert "detail" not in err
    text = log.read_text()
    for said in ("loading 3 files [all]", "a detail", "of others"):
        assert said in text
    assert "afterwards" not in text
    assert "narrated" not in text


def test_a_log_a_run_and_the_oldest_go(tmp_path: Path) -> None:
    import logging  # noqa: PLC0415

    for day in range(1, KEPT_LOGS + 5):
        (tmp_path / f"202601{day:02}T000000_1.log").touch()
    with show_progress(tmp_path) as log:
        logging.getLogger("pipelines").debug("something")
    names = sorted(path.name for path in tmp_path.iterdir())
    assert len(names) == KEPT_LOGS
    assert names[-1] == log.name
    assert "20260105T000000_1.log" not in names
    with show_progress(tmp_path / "other") as log:
        pass
    assert not log.exists(), "a run that had nothing to say leaves no log"


def test_a_crash_is_in_the_log_and_bad_usage_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ZeroDivisionError), show_progress(tmp_path) as log:
        raise ZeroDivisionError("of a bug")
    assert "ZeroDivisionError: of a bug" in log.read_text()
    assert str(log) in capsys.readouterr().err
    with pytest.raises(UsageError), show_progress(tmp_path / "other") as log:
        raise UsageError("of a person")
    assert not log.exists()
