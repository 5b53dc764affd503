"""A warehouse over its life: first run, nothing new, exports amended, a refusal, a look back.

The steps build on one another, so one fixture takes them all and each test looks at one of them.
"""

import csv
import gzip
import hashlib
import json
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import duckdb
import pytest

from pipelines.settings import PROJECT_DIR
from pipelines.simulate import CONFIG

pytestmark = pytest.mark.slow

FIRST, SECOND, THIRD = (f"2026-10-0{day}T06:00:00Z" for day in (1, 2, 3))
AMENDED_DAY = "20260929"
RESTATED_DAY = "2026-09-15"
REFUND = Decimal("100.00")
Command = Callable[..., CompletedProcess[str]]


@dataclass(frozen=True)
class Step:
    """One run: what it returned and said, and what readers saw afterwards."""

    code: int
    report: dict[str, Any]
    hash_of: dict[str, str]
    events_by_day: dict[str, int]
    late_events: int
    restated: list[dict[str, Any]]
    audit: list[tuple[Any, ...]]
    keys: dict[str, str]


@dataclass(frozen=True)
class Life:
    """The steps of one warehouse."""

    first: Step
    again: Step
    previewed: Step
    amended: Step
    refreshed: Step
    refused: Step
    back: Step
    removed_touch: dict[str, Any]
    restated_file_id: int


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory, run_throughline: Command) -> Life:
    folder = tmp_path_factory.mktemp("life")
    run_throughline("simulate", "--out", folder / "sample", "--contacts", 300)
    exports, home = folder / "sample" / "exports", folder / "home"

    def run(as_of: str | None, *options: str) -> Step:
        clock = ("--as-of", as_of) if as_of else ()
        result = run_throughline(
            "run", "--json", "--exports", exports, "--home", home, *clock, *options, check=False
        )
        assert result.stdout, result.stderr[-3000:]
        return Step(
            result.returncode,
            json.loads(result.stdout),
            hashes(home),
            events(home),
            late(home),
            published(home, "select * from meta.restatements"),
            *audited(home),
        )

    first = run(FIRST)
    again = run(None)
    previewed = run(None, "--preview", "--config", str(with_shorter_levels(folder / "config")))
    removed_touch = lose_a_touch(exports, home)
    amend_a_day(exports, home)
    restate_spend(exports, home)
    refund_a_deal(exports, home)
    amended = run(SECOND)
    refreshed = run(SECOND, "--full-refresh")
    sql = "select file_id from meta.files where path = 'google_ads/restated.csv'"
    file_id = published(home, sql)[0]["file_id"]
    report = exports / "broken.csv"
    report.write_text(
        "cost_id,channel,cost_type,period_start,amount,currency\n"
        "fair-1,Events,Event,2026-09-01,,EUR\nfair-2,Events,Event,2026-09-02,,EUR\n"
    )
    refused = run(THIRD)
    report.unlink()
    return Life(
        first, again, previewed, amended, refreshed, refused, run(FIRST), removed_touch, file_id
    )


def with_shorter_levels(folder: Path) -> Path:
    """The rules of the sample company, but one hour for whoever approves something creative."""
    shutil.copytree(CONFIG, folder)
    levels = PROJECT_DIR / "seeds" / "operations" / "sla_policy.csv"
    header, *rows = csv.reader(levels.read_text().splitlines())
    (creative,) = (row for row in rows if row[0] == "creative")
    creative[header.index("sla_hours")] = "1"
    with (folder / "seeds" / "sla_policy.csv").open("w", newline="") as file:
        csv.writer(file).writerows([header, creative])
    return folder


def amend_a_day(exports: Path, home: Path) -> None:
    """The same day delivered again: one event less, one new, and one visitor has said who he is."""
    (path,) = (exports / "ga4").rglob(f"*{AMENDED_DAY}*")
    days_events = read_events(path)
    days_events = [*days_events[1:], days_events[0] | {"event_name": "late_event"}]
    visitor = published(
        home,
        "select visitor_key, min(touched_at) as first_at from attribution.fct_touches"
        " where contact_key is null group by visitor_key having count(*) > 1"
        f" and bool_or(cast(touched_at as date) = strptime('{AMENDED_DAY}', '%Y%m%d'))"
        " order by count(*) desc, visitor_key limit 1",
    )[0]
    person = published(
        home,
        "select crm_contact_id from attribution.fct_conversions inner join core.dim_contacts"
        " using (contact_key) where conversion_type = 'lead'"
        f" and converted_at between '{visitor['first_at']}' and '2026-09-29'"
        " order by converted_at desc limit 1",
    )[0]
    theirs = [event for event in days_events if visitor_key(event) == visitor["visitor_key"]]
    theirs[-1]["user_id"] = person["crm_contact_id"]
    write_events(path.parent / "amended.json", days_events)


def lose_a_touch(exports: Path, home: Path) -> dict[str, Any]:
    """The day of a touch that a won deal is credited to, delivered without that session."""
    touch = published(
        home,
        "select touch_id, channel, touched_at, epoch_us(touched_at) as us, touches.visitor_key"
        " from attribution.fct_touches as touches inner join attribution.fct_attribution_credits"
        " as credits using (touch_id, channel, touched_at) where conversion_type = 'closed_won'"
        " and attribution_model = 'data_driven' and touch_type = 'session'"
        " and hour(touched_at) between 14 and 20"
        " and touched_at < '2026-08-25' order by touched_at desc limit 1",
    )[0]
    months = (exports / "ga4").rglob("*events_2*.json.gz")
    path = next(p for p in months if str(touch["us"]) in read_text(p))
    months_events = read_events(path)
    (start,) = [event for event in months_events if event["event_timestamp"] == str(touch["us"])]
    days_events = [event for event in months_events if event["event_date"] == start["event_date"]]
    whose = (start["user_pseudo_id"], session_id(start))
    for event in days_events:
        if (event.get("user_pseudo_id"), session_id(event)) == whose:
            del event["user_pseudo_id"]
    write_events(path.parent / "without_a_session.json", days_events)
    return touch


def restate_spend(exports: Path, home: Path) -> None:
    """A campaign's day in a new report, with another cost."""
    with closing(duckdb.connect(str(home / "build.duckdb"), read_only=True)) as con:
        name, number, kind, cost = con.execute(
            "select campaign, campaign_id, campaign_type, cost from raw_google_ads.campaign_report"
            f" where day = '{RESTATED_DAY}' order by campaign limit 1"
        ).fetchall()[0]
    (exports / "google_ads" / "restated.csv").write_text(
        "Campaign report\nAll time\n"
        "Campaign status,Campaign,Campaign ID,Currency code,Campaign type,Day,Cost\n"
        f'Enabled,"{name}",{number},EUR,{kind},{RESTATED_DAY},{Decimal(cost) + 10}\n'
    )


def refund_a_deal(exports: Path, home: Path) -> None:
    """The deals exported again: one that was won in May is worth less."""
    sql = (
        "select opportunity_id from attribution.fct_conversions where conversion_type ="
        " 'closed_won' and currency = 'USD' and month(converted_at) = 5"
    )
    won = {row["opportunity_id"] for row in published(home, sql)}
    (path,) = (exports / "hubspot").glob("*all-deals*")
    with path.open(encoding="utf-8-sig", newline="") as file:
        deals = list(csv.DictReader(file))
    deal = next(
        row
        for row in deals
        if hashed(f"hubspot|{row['Record ID']}") in won and row["Amount"].endswith(".00")
    )
    deal["Amount"] = str(Decimal(deal["Amount"].replace(",", "")) - REFUND)
    deal["Last Modified Date"] = "2026-10-01 12:00"
    with (path.parent / "deals after a refund.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(deals[0]))
        writer.writeheader()
        writer.writerows(deals)


def read_text(path: Path) -> str:
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return text.decode()


def read_events(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in read_text(path).splitlines()]


def write_events(path: Path, lines: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))


def visitor_key(event: dict[str, Any]) -> str:
    return hashed(event.get("user_pseudo_id", ""))


def hashed(text: str) -> str:
    """As the marts hash keys."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def session_id(event: dict[str, Any]) -> object:
    return next((p["value"] for p in event["event_params"] if p["key"] == "ga_session_id"), None)


def published(home: Path, sql: str) -> list[dict[str, Any]]:
    """Rows of the release that readers see, by column."""
    path = home / "published" / "marketing.duckdb"
    with closing(duckdb.connect(str(path), read_only=True)) as con:
        result = con.execute(sql)
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def hashes(home: Path) -> dict[str, str]:
    """Content hash by release id, as the published file knows them."""
    path = home / "published" / "marketing.duckdb"
    with closing(duckdb.connect(str(path), read_only=True)) as con:
        return dict(con.execute("select release_id, content_hash from meta.releases").fetchall())


def events(home: Path) -> dict[str, int]:
    with closing(duckdb.connect(str(home / "build.duckdb"), read_only=True)) as con:
        return dict(
            con.execute(
                "select cast(event_date as varchar), count(*)"
                " from staging.stg_ga4__events group by 1"
            ).fetchall()
        )


def late(home: Path) -> int:
    """Events that only the amended day holds, and the amended file alone."""
    with closing(duckdb.connect(str(home / "build.duckdb"), read_only=True)) as con:
        rows = con.execute(
            "select count(*) from staging.stg_ga4__events"
            f" where event_date = strptime('{AMENDED_DAY}', '%Y%m%d') and file_id ="
            " (select max(file_id) from staging.stg_ga4__events where event_name = 'late_event')"
        ).fetchall()
    return int(rows[0][0])


def audited(home: Path) -> tuple[list[tuple[Any, ...]], dict[str, str]]:
    """What the newest audits found, and of each suite what it was judged from."""
    with closing(duckdb.connect(str(home / "build.duckdb"), read_only=True)) as con:
        newest = "as_of_at = (select arg_max(as_of_at, evaluated_at) from ops.quality_results)"
        found = [
            row
            for table in ("quality_results", "failed_rows")
            for row in con.execute(
                f"select columns(c -> c not in ('key', 'evaluated_at')) from ops.{table}"
                f" where {newest} order by all"
            ).fetchall()
        ]
        keys = con.execute(
            "select table_schema || '.' || table_name, any_value(key) from ops.quality_results"
            f" where {newest} group by all"
        ).fetchall()
    return found, dict(keys)


def test_the_first_run_publishes(life: Life) -> None:
    assert life.first.code == 0
    assert life.first.report["status"] == "published"
    assert life.first.report["release"]["as_of_at"] == "2026-10-01T06:00:00Z"


def test_a_second_run_changes_nothing_and_says_so(life: Life) -> None:
    assert life.again.code == 0
    assert life.again.report["status"] == "unchanged"
    assert "nothing new" in life.again.report["message"]
    assert life.again.hash_of == life.first.hash_of


def test_a_preview_says_what_other_rules_would_change_and_readers_notice_nothing(
    life: Life,
) -> None:
    assert (life.previewed.code, life.previewed.report["status"]) == (0, "published")
    differences = {row["mart"]: row for row in life.previewed.report["differences"]}
    rounds = differences.pop("operations.fct_approval_rounds")
    assert rounds["columns"]["sla_hours"] == rounds["changed"] > 0
    assert (rounds["added"], rounds["removed"]) == (0, 0)
    assert rounds["examples"][0]["columns"]["sla_hours"] == [24.0, 1.0]
    # No figure of money or people is made of a service level.
    assert not [mart for mart in differences if mart.startswith(("attribution", "core", "funnel"))]
    assert life.previewed.hash_of == life.first.hash_of


def test_a_day_delivered_again_replaces_that_day_and_no_other(life: Life) -> None:
    assert life.amended.report["status"] == "published"
    assert life.amended.events_by_day == life.first.events_by_day
    day = f"{AMENDED_DAY[:4]}-{AMENDED_DAY[4:6]}-{AMENDED_DAY[6:]}"
    assert life.first.late_events == 0
    assert life.amended.late_events == life.amended.events_by_day[day] > 0
    assert life.amended.hash_of != life.first.hash_of


def restated(life: Life, figure: str, month: date, part: str | None = None) -> dict[str, Any]:
    """The row of the ledger that the amended exports wrote for that figure."""
    (row,) = [
        row
        for row in life.amended.restated
        if (row["figure"], row["period_month"]) == (figure, month)
        and (row["channel"] or row["platform"]) == part
    ]
    return row


def test_what_was_left_standing_is_what_a_full_refresh_makes(life: Life) -> None:
    release = life.refreshed.report["release"]
    assert release["content_hash"] == life.amended.report["release"]["content_hash"]
    assert life.amended.audit == life.refreshed.audit
    # Some of both audits stood, and what came was judged.
    stood = {name for name, _ in life.first.keys.items() & life.amended.keys.items()}
    assert stood > {"raw_templates.campaign_registry", "core.dim_channels"}
    judged = {"raw_ga4.events", "raw_hubspot.deals", "raw_google_ads.campaign_report"}
    assert not stood & judged


def test_the_same_clock_and_exports_restate_nothing(life: Life) -> None:
    assert life.first.restated == life.again.restated == []


def test_a_restatement_never_stands_alone(life: Life) -> None:
    said = life.amended.report["restated"]
    assert said["figures"] == len(life.amended.restated) > 0
    assert life.amended.report["release"]["release_id"] == life.amended.restated[0]["release_id"]
    for row in life.amended.restated:
        assert row["new_value"] - row["old_value"] == row["delta"] != 0
        assert row["cause"] not in ("rule_change", "unexplained", "rollback"), row


def test_a_touch_that_is_gone_restates_its_channel_and_the_deal_s_credit(life: Life) -> None:
    touch = life.removed_touch
    month = touch["touched_at"].date().replace(day=1)
    touches = restated(life, "touches", month, touch["channel"])
    assert (touches["delta"], touches["cause"]) == (-1, "removed_record")
    causes = {
        row["cause"]
        for row in life.amended.restated
        if row["figure"] == "customers" and row["channel"] == touch["channel"]
    }
    assert "removed_record" in causes


def test_a_login_that_claims_earlier_sessions_identifies_them(life: Life) -> None:
    """Leads of September are as many; who gets the credit is restated, and why."""
    rows = [
        row
        for row in life.amended.restated
        if (row["figure"], row["period_month"]) == ("leads", date(2026, 9, 1))
    ]
    # The headline model is solved for leads: what it learned moves the others' credit.
    assert {row["cause"] for row in rows} == {"identified", "model_refit"}
    assert {row["channel"] for row in rows} >= {"Baseline", "Email"}
    assert sum(row["delta"] for row in rows) == pytest.approx(Decimal(0), abs=Decimal("0.00001"))


def test_a_restated_cost_is_provisional_while_the_platform_may_restate_it(life: Life) -> None:
    row = restated(life, "spend", date(2026, 9, 1), "google_ads")
    assert (row["cause"], row["is_provisional"]) == ("spend_restatement", True)
    assert row["delta"] > 0
    assert row["file_id"] == life.restated_file_id
    assert row["delta"] == row["delta"].quantize(Decimal("0.01"))


def test_a_refund_restates_the_month_of_the_deal_and_says_when_it_was_booked(life: Life) -> None:
    row = restated(life, "revenue_amount", date(2026, 5, 1))
    assert (row["delta"], row["cause"]) == (-REFUND, "amount_change")
    assert (row["is_provisional"], row["booking_month"]) == (False, date(2026, 10, 1))


def test_the_ledger_adds_up_to_what_readers_see(life: Life) -> None:
    """Looking back to the first clock undoes every figure, and nothing of the ledger is lost."""
    ids = {row["restatement_id"] for row in life.amended.restated}
    assert ids <= {row["restatement_id"] for row in life.back.restated}
    undone = [row for row in life.back.restated if row["restatement_id"] not in ids]
    assert {row["cause"] for row in undone} == {"earlier_as_of"}
    assert sum(row["delta"] for row in life.back.restated) == 0
    assert len(undone) == len(ids)


def test_a_critical_failure_publishes_nothing_and_names_check_rows_and_owner(life: Life) -> None:
    assert life.refused.code == 3
    assert life.refused.report["status"] == "refused"
    assert life.refused.report["release"] == life.amended.report["release"]
    assert life.refused.hash_of == life.amended.hash_of
    (failed,) = life.refused.report["checks"]["failed"]
    assert failed["table"] == "raw_templates.offline_costs"
    assert (failed["failed"], failed["owner"]) == (2, "Marketing operations")
    assert "broken.csv row 1 (fair-1)" in failed["sample_keys"]
    assert failed["action"] in life.refused.report["message"]


def test_an_earlier_clock_reproduces_the_earlier_release(life: Life) -> None:
    assert life.back.code == 0
    assert life.back.report["release"]["as_of_at"] == "2026-10-01T06:00:00Z"
    assert (
        life.back.report["release"]["content_hash"] == life.first.report["release"]["content_hash"]
    )


def test_nothing_usable_ends_with_2_and_one_line(tmp_path: Path, run_throughline: Command) -> None:
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "slides.pdf").write_bytes(b"%PDF-1.7")
    result = run_throughline(
        "run", "--exports", tmp_path / "exports", "--home", tmp_path / "home", check=False
    )
    assert result.returncode == 2
    assert "1 file" in result.stdout + result.stderr
    assert "slides.pdf is a PDF document" in result.stdout + result.stderr


def test_an_empty_folder_and_no_folder_end_with_2(tmp_path: Path, run_throughline: Command) -> None:
    (tmp_path / "exports").mkdir()
    empty = run_throughline(
        "run", "--exports", tmp_path / "exports", "--home", tmp_path / "home", check=False
    )
    assert empty.returncode == 2
    missing = run_throughline("run", "--exports", tmp_path / "nowhere", check=False)
    assert missing.returncode == 2
    assert missing.stderr.splitlines()[-1].startswith("throughline: there is no folder")


def test_a_clock_of_the_future_ends_with_2(tmp_path: Path, run_throughline: Command) -> None:
    result = run_throughline(
        "run",
        "--exports",
        tmp_path,
        "--home",
        tmp_path / "home",
        "--as-of",
        "2999-01-01",
        check=False,
    )
    assert result.returncode == 2
    assert "is in the future" in result.stderr
