"""The simulated company: the same seed gives the same files, and they hold what the truth says."""

import csv
import gzip
import hashlib
import io
import json
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pytest

from pipelines.settings import UsageError
from pipelines.simulate import Simulated, crm, ga4, google_ads, hubspot, simulate, strays
from pipelines.simulate.journeys import Market, gather

SMALL = 300
AS_OF = datetime(2026, 10, 1, 6, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")
Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    return simulate(tmp_path_factory.mktemp("small"), contacts=SMALL, seed=7)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    return simulate(tmp_path_factory.mktemp("sample"))


def listing(root: Path) -> dict[str, tuple[str, float]]:
    """sha256 and modification time of every file below."""
    return {
        path.relative_to(root).as_posix(): (
            hashlib.sha256(path.read_bytes()).hexdigest(),
            path.stat().st_mtime,
        )
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def lines_of(small: Simulated, path: str) -> list[str]:
    return (small.exports / path).read_text(encoding="utf-8").splitlines()


def table(text: str, delimiter: str = ",") -> Rows:
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def read_csv(simulated: Simulated, path: str) -> Rows:
    return table((simulated.exports / path).read_text(encoding="utf-8"))


def report(simulated: Simulated, path: str) -> tuple[Rows, Rows]:
    """The data rows and the total rows of a Google Ads download."""
    content = (simulated.exports / path).read_bytes()
    is_wide = content.startswith(b"\xff\xfe")
    text = content.decode("utf-16" if is_wide else "utf-8")
    rows = table(text.split("\n", 2)[2], "\t" if is_wide else ",")
    totals = [row for row in rows if any(cell.startswith("Total: ") for cell in row.values())]
    return [row for row in rows if row not in totals], totals


def cost(rows: Rows) -> Decimal:
    return sum((Decimal(row["Cost"]) for row in rows), Decimal(0))


@cache
def events(simulated: Simulated) -> list[dict[str, Any]]:
    """All events that are written as JSON."""
    found: list[dict[str, Any]] = []
    for path in sorted((simulated.exports / "ga4" / "events").glob("*.json*")):
        content = path.read_bytes()
        text = gzip.decompress(content) if path.suffix == ".gz" else content
        found.extend(json.loads(line) for line in text.splitlines())
    return found


def parameter(event: dict[str, Any], key: str) -> Any:
    for item in event["event_params"]:
        if item["key"] == key:
            return next(iter(item["value"].values()))
    return None


def test_same_seed_gives_same_bytes_and_times(small: Simulated, tmp_path: Path) -> None:
    again = simulate(tmp_path, contacts=SMALL, seed=7)
    assert listing(again.exports) == listing(small.exports)
    assert listing(again.truth) == listing(small.truth)


def test_writing_again_rewrites_nothing(tmp_path: Path) -> None:
    first = simulate(tmp_path, contacts=60)
    before = {path: path.stat().st_ctime_ns for path in first.exports.rglob("*")}
    simulate(tmp_path, contacts=60)
    assert {path: path.stat().st_ctime_ns for path in first.exports.rglob("*")} == before


def test_another_seed_gives_another_company(small: Simulated, tmp_path: Path) -> None:
    other = simulate(tmp_path, contacts=SMALL, seed=8)
    path = hubspot.CONTACTS
    assert listing(other.exports)[path] != listing(small.exports)[path]


def test_no_file_is_newer_than_the_as_of(small: Simulated) -> None:
    assert all(stamp < AS_OF.timestamp() for _, stamp in listing(small.exports).values())


def test_contacts_scale(small: Simulated, tmp_path: Path) -> None:
    double = simulate(tmp_path, contacts=2 * SMALL)
    assert (small.contacts, double.contacts) == (SMALL, 2 * SMALL)
    assert 1.6 < double.events / small.events < 2.4
    whole = [line for line in read_csv(double, hubspot.CONTACTS) if line["Create Date"]]
    assert len(whole) == 2 * SMALL


def test_too_few_contacts_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--contacts 10"):
        simulate(tmp_path, contacts=10)


def test_sample_has_the_size_of_a_company(sample: Simulated) -> None:
    deals = read_csv(sample, hubspot.DEALS)
    won = [deal for deal in deals if deal["Deal Stage"].startswith("Closed Won")]
    assert sample.contacts == 2000
    assert sample.companies == 250
    assert 250 <= len(deals) <= 380
    assert 70 <= len(won) <= 130


def test_daily_rows_add_up_to_the_first_total(small: Simulated) -> None:
    for path in (google_ads.DAILY, google_ads.RESTATED, google_ads.QUARTER):
        rows, totals = report(small, path)
        assert cost(rows) == Decimal(totals[0]["Cost"]) > 0
        clicks = sum(int(row["Clicks"].replace(",", "")) for row in rows)
        assert clicks == int(totals[0]["Clicks"].replace(",", ""))


def test_total_label_moves_to_the_second_column(small: Simulated) -> None:
    _, daily = report(small, google_ads.DAILY)
    _, quarter = report(small, google_ads.QUARTER)
    assert list(daily[0].values())[:2] == ["", "Total: Campaigns"]
    assert next(iter(quarter[0].values())) == "Total: Campaigns"


def test_quarter_equals_its_days(small: Simulated) -> None:
    days, _ = report(small, google_ads.DAILY)
    quarter, _ = report(small, google_ads.QUARTER)
    for row in quarter:
        same = [
            day
            for day in days
            if day["Campaign"] == row["Campaign"] and "2026-04-01" <= day["Day"] <= "2026-06-30"
        ]
        assert cost(same) == Decimal(row["Cost"])


def test_second_download_restates_the_same_campaign_days(small: Simulated) -> None:
    early, _ = report(small, google_ads.DAILY)
    late, _ = report(small, google_ads.RESTATED)
    first = {(row["Campaign"], row["Day"]): row["Cost"] for row in early}
    again = {(row["Campaign"], row["Day"]): row["Cost"] for row in late}
    start = min(day for _, day in again)
    assert {key for key in first if key[1] >= start} <= set(again)
    assert any(first[key] != again[key] for key in first.keys() & again.keys())


def test_spend_runs_only_while_the_campaign_does_and_one_day_longer(small: Simulated) -> None:
    rows, _ = report(small, google_ads.DAILY)
    ghost = [row for row in rows if row["Campaign"] == google_ads.GHOST]
    assert [row["Day"] for row in (ghost[0], ghost[-1])] == ["2026-05-06", "2026-06-13"]
    assert ghost[-1]["Clicks"] == "0"
    assert Decimal(ghost[-1]["Cost"]) > 0


def test_empty_account_has_a_header_only(small: Simulated) -> None:
    assert len(lines_of(small, google_ads.EMPTY)) == 3


def test_planted_faults_are_where_the_truth_says(small: Simulated) -> None:
    faults = json.loads((small.truth / "planted_faults.json").read_text())
    by_kind = {fault["kind"]: fault for fault in faults}
    assert len([fault for fault in faults if fault["kind"] == "not_an_export"]) == 3

    def line(kind: str) -> list[str]:
        fault = by_kind[kind]
        return next(csv.reader([lines_of(small, fault["path"])[fault["line"] - 1]]))

    assert len(line("too_few_fields")) == 4
    assert "13/45/2026" in line("unparsable_date")
    assert "approx. 12k" in line("unparsable_amount")
    assert line("unknown_column")[-1] == by_kind["unknown_column"]["note"]
    assert (small.exports / by_kind["zero_bytes"]["path"]).stat().st_size == 0


def test_duplicate_file_has_the_same_bytes(small: Simulated) -> None:
    one, two = small.exports / hubspot.COMPANIES, small.exports / strays.COPY
    assert one.read_bytes() == two.read_bytes()


def test_only_the_planted_line_is_short(small: Simulated) -> None:
    for path in (hubspot.CONTACTS, hubspot.CONTACTS_JULY, hubspot.CONTACTS_APRIL, hubspot.DEALS):
        widths = [len(row) for row in csv.reader(lines_of(small, path))]
        assert sum(width != widths[0] for width in widths) == (path == hubspot.CONTACTS)


def test_merge_chain_runs_through_the_exports(small: Simulated) -> None:
    april = {row["hs_object_id"] for row in read_csv(small, hubspot.CONTACTS_APRIL)}
    july = {r["Record ID"]: r["Merged Record IDs"] for r in read_csv(small, hubspot.CONTACTS_JULY)}
    october = {r["Record ID"]: r["Merged Record IDs"] for r in read_csv(small, hubspot.CONTACTS)}
    chains = [
        (july[middle], middle, survivor)
        for survivor, middle in october.items()
        if middle and july.get(middle)
    ]
    assert len(chains) == 1
    oldest, middle, survivor = chains[0]
    assert {oldest, middle, survivor} <= april
    assert oldest not in july
    assert middle not in october


def test_addresses_belong_to_nobody(small: Simulated) -> None:
    for path in (hubspot.CONTACTS, hubspot.CONTACTS_JULY):
        for row in read_csv(small, path):
            assert row["Email"].lower().endswith(".example")


def test_addresses_are_shared_only_by_second_records(small: Simulated) -> None:
    emails = [row["Email"] for row in read_csv(small, hubspot.CONTACTS)]
    assert len(emails) == len(set(emails))
    assert len(emails) - len({email.lower() for email in emails}) == crm.split(SMALL).doubles


def test_lifecycle_dates_never_go_back(small: Simulated) -> None:
    stages = [label for label in hubspot.CONTACT_LABELS if label.startswith("Became a")][1:]
    for row in read_csv(small, hubspot.CONTACTS):
        dates = [row[label] for label in stages if row[label] and "/" not in row[label]]
        assert dates == sorted(dates)


def test_deals_close_after_their_creation_and_open_ones_in_the_future(small: Simulated) -> None:
    for deal in read_csv(small, hubspot.DEALS):
        assert deal["Close Date"] > deal["Create Date"]
        is_closed = deal["Deal Stage"].startswith("Closed")
        assert is_closed == (deal["Close Date"] < "2026-10-01")


def test_events_carry_the_day_of_new_york_and_a_key_of_their_own(small: Simulated) -> None:
    keys = set()
    found = events(small)
    for event in found:
        seconds = int(event["event_timestamp"]) / 1e6
        day = datetime.fromtimestamp(seconds, NEW_YORK).strftime("%Y%m%d")
        assert event["event_date"] == day
        keys.add((event.get("user_pseudo_id"), event["event_timestamp"], event["event_name"]))
    assert len(keys) == len(found)


def test_event_count_is_what_was_written(small: Simulated) -> None:
    parquet = small.exports / "ga4" / "events" / "events_202605.parquet"
    with duckdb.connect() as con:
        row = con.execute(f"select count(*) from '{parquet}'").fetchone()
    assert row is not None
    assert len(events(small)) + row[0] == small.events


def test_integers_are_text_in_some_files_and_numbers_in_others(small: Simulated) -> None:
    kinds = {type(event["event_timestamp"]) for event in events(small)}
    assert kinds == {int, str}


def test_collected_traffic_source_starts_in_march(small: Simulated) -> None:
    dates = [e["event_date"] for e in events(small) if "collected_traffic_source" in e]
    assert min(dates) >= "20260301"


def test_some_visitors_gave_no_consent(small: Simulated) -> None:
    found = events(small)
    silent = [event for event in found if "user_pseudo_id" not in event]
    assert 0.10 < len(silent) / len(found) < 0.20
    assert not any("user_id" in event for event in silent)


def test_some_ad_clicks_look_organic(sample: Simulated) -> None:
    first = [event for event in events(sample) if event["event_name"] == "session_start"]
    clicked = [event for event in first if "gclid=" in parameter(event, "page_location")]
    assert {parameter(event, "medium") for event in clicked} >= {"cpc", "organic", "display"}


def test_campaigns_are_seen_first_when_they_went_live(small: Simulated) -> None:
    launches = table((small.truth / "launches.csv").read_text())
    first: dict[str, str] = {}
    for event in events(small):
        found = re.search(r"utm_campaign=([^&]+)", parameter(event, "page_location"))
        if found:
            slug = found[1].lower()
            first[slug] = min(first.get(slug, "99999999"), event["event_date"])
    for launch in launches:
        slug, live = launch["utm_campaign"], launch["live_date"].replace("-", "")
        if not live:
            assert slug not in first
        elif slug != "newsletter" and not live.startswith("202605"):
            assert first[slug] == live


def test_launch_slips_cover_the_threshold(small: Simulated) -> None:
    launches = table((small.truth / "launches.csv").read_text())
    slips = {row["utm_campaign"]: row["slip_days"] for row in launches}
    assert slips["product-launch-q1"] == "3"
    assert slips["product-launch-q3"] == "8"
    assert slips["summer-flash-promo"] == ""


def tracker(small: Simulated, pattern: str) -> list[dict[str, Any]]:
    pages = sorted((small.exports / "asana").glob(pattern))
    return [record for page in pages for record in json.loads(page.read_text())["data"]]


def test_one_campaign_is_blocked_twice(small: Simulated) -> None:
    pending = [
        task["projects"][0]["name"]
        for task in tracker(small, "tasks-*.json")
        if task["resource_subtype"] == "approval" and task["approval_status"] == "pending"
    ]
    assert pending.count("Customer Stories Fall") == 2


def test_stories_tell_how_approvals_came_to_their_status(small: Simulated) -> None:
    tasks = {task["gid"]: task for task in tracker(small, "tasks-*.json")}
    last: dict[str, str] = {}
    for story in sorted(tracker(small, "stories.json"), key=lambda one: one["created_at"]):
        assert story["target"]["gid"] in tasks
        if "new_approval_status" in story:
            gid = story["target"]["gid"]
            assert story["old_approval_status"] == last.get(gid, "pending")
            last[gid] = story["new_approval_status"]
    for gid, status in last.items():
        assert tasks[gid]["approval_status"] == status


def test_revoked_approval_was_reset_after_the_launch(small: Simulated) -> None:
    resets = [
        story["created_at"][:10]
        for story in tracker(small, "stories.json")
        if story.get("old_approval_status") == "approved"
    ]
    assert resets == ["2026-08-20"]


def test_causes_of_leads_add_up(small: Simulated) -> None:
    effects = table((small.truth / "channel_effects.csv").read_text())
    assert sum(float(row["true_share_of_leads"]) for row in effects) == pytest.approx(1, abs=1e-5)
    assert effects[1]["channel"] == "Direct"
    assert float(effects[1]["true_share_of_leads"]) == 0


def test_effects_raise_the_chance_of_a_lead() -> None:
    walks = gather(np.random.default_rng(1), Market(), 4000)
    steps = np.arange(walks.at.shape[1])
    is_tried = walks.valid & (steps <= walks.converted[:, None])
    is_lead = steps == walks.converted[:, None]
    rates = [is_lead[is_tried & (walks.channel == channel)].mean() for channel in (1, 3, 2)]
    assert rates == sorted(rates)


def webinar_pipeline(simulated: Simulated) -> dict[int, float]:
    """Pipeline by quarter, as a warehouse would find it: from files and linkable cookies."""
    owner = {
        row["user_pseudo_id"]: row["record_id"]
        for row in table((simulated.truth / "identities.csv").read_text())
        if row["is_linkable"] == "true"
    }
    touches: dict[str, list[tuple[datetime, bool]]] = {}
    for visitor, seconds, address in landings(simulated):
        if visitor in owner:
            at = datetime.fromtimestamp(seconds, UTC)
            touches.setdefault(owner[visitor], []).append((at, "/webinar-" in address))
    rates = {"USD": 1.0, "": 1.0, "EUR": 1.12, "GBP": 1.31}
    pipeline: dict[int, float] = {2: 0.0, 3: 0.0}
    for deal in read_csv(simulated, hubspot.DEALS):
        local = datetime.strptime(deal["Create Date"], "%Y-%m-%d %H:%M").replace(tzinfo=NEW_YORK)
        start = local - timedelta(days=90)
        mine = touches.get(deal["Associated Contact IDs"].split(";")[0], [])
        recent = sorted(
            touch for touch in mine if start <= touch[0] <= local + timedelta(minutes=1)
        )
        quarter = (local.month + 2) // 3
        if recent and recent[0][1] and quarter in pipeline and deal["Amount"][:1].isdigit():
            pipeline[quarter] += float(deal["Amount"]) * rates[deal["Currency"]]
    return pipeline


def landings(simulated: Simulated) -> list[tuple[str, float, str]]:
    """Visitor, second and address of every session's start."""
    found = [
        (
            event.get("user_pseudo_id", ""),
            int(event["event_timestamp"]) / 1e6,
            parameter(event, "page_location"),
        )
        for event in events(simulated)
        if event["event_name"] == "session_start"
    ]
    parquet = simulated.exports / "ga4" / "events" / f"events_2026{ga4.PARQUET_MONTH:02d}.parquet"
    query = f"""
        select user_pseudo_id, event_timestamp / 1e6,
            list_filter(event_params, lambda p: p.key = 'page_location')[1].value.string_value
        from '{parquet}' where event_name = 'session_start'
    """
    with duckdb.connect() as con:
        return found + con.execute(query).fetchall()


def test_webinars_bring_a_fifth_more_pipeline(sample: Simulated) -> None:
    pipeline = webinar_pipeline(sample)
    assert pipeline[3] >= 1.2 * pipeline[2] > 0
    facts = json.loads((sample.truth / "webinar_lift.json").read_text())
    reading = facts["readings"]["contact, with direct"]
    assert pipeline[2] == pytest.approx(reading["second_quarter_usd"], rel=0.02)
    assert pipeline[3] == pytest.approx(reading["third_quarter_usd"], rel=0.02)


@pytest.mark.parametrize("seed", [8, 9, 10])
def test_webinar_lift_holds_for_other_seeds(tmp_path: Path, seed: int) -> None:
    assert simulate(tmp_path, contacts=1000, seed=seed).webinar_lift >= 1.3


def test_registry_and_briefs_hold_the_planned_gaps(small: Simulated) -> None:
    registry = read_csv(small, "templates/campaign_registry.csv")
    newsletters = [row["valid_from"] for row in registry if row["utm_campaign"] == "newsletter"]
    assert newsletters == ["2026-01-01", "2026-07-01"]
    assert "summer-flash-promo" not in {row["utm_campaign"] for row in registry}
    briefs = read_csv(small, "templates/campaign_briefs.csv")
    assert [brief["utm_campaign"] for brief in briefs if brief["version"] == "2"] == [
        "product-launch-q3"
    ]
    assert len([brief for brief in briefs if brief["what_offer"] == "TBD"]) == 1
    assert len([brief for brief in briefs if not brief["approved_at"]]) == 1
    assert all(date.fromisoformat(row["planned_launch_date"]) for row in registry)
