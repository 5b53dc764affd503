"""Nothing that comes from outside, and no single odd record, freezes publishing.

Every stream of every vendor gets rows as a hostile visitor, a careless vendor or a slip of the hand
writes them, and files come from folders that are named like addresses: all of it in one run, which
publishes, tells what it left out, and shows nobody's address.
"""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.ingest import Contract, Field, load_contracts, load_exports
from pipelines.ingest.relations import landed_table
from pipelines.ingest.warehouse import connect
from pipelines.line import Run, take_steps
from pipelines.runs import start_run
from pipelines.settings import Settings
from tests.conftest import VENDOR_EXPORTS

pytestmark = pytest.mark.slow

Connection = duckdb.DuckDBPyConnection
AS_OF = datetime(2026, 10, 1, 6)
ADDRESS = "jane.doe@example.com"
LINK = (
    f"https://www.bergmann.example/u/{ADDRESS}/start?utm_source={ADDRESS}&utm_medium=cpc"
    "&utm_campaign=for%20jane.doe%40example.com"
)
TEXTS = ("string", "object", "array")
NUMBERS = ("number", "integer")
DATES = ("date", "timestamp")


def address(field: Field) -> str | None:
    """An address in every text that is no word of a list."""
    return ADDRESS if field.logical_type == "string" and not field.allowed else None


def link(field: Field) -> str | None:
    """A visitor's link wherever a link stands."""
    is_link = any(word in field.name for word in ("url", "page", "referrer", "link", "location"))
    return LINK if field.logical_type == "string" and is_link else None


def too_early(field: Field) -> str | None:
    """A slip in the year, and less than nothing."""
    kinds = {**dict.fromkeys(DATES, "0026-01-01"), **dict.fromkeys(NUMBERS, "-5")}
    return kinds.get(field.logical_type)


def too_late(field: Field) -> str | None:
    """A year that stands for never, and more money than there is."""
    kinds = {**dict.fromkeys(DATES, "9999-12-31"), **dict.fromkeys(NUMBERS, "99999999999999")}
    return kinds.get(field.logical_type)


def no_value(field: Field) -> str | None:
    """What each type cannot be, though a database may take it."""
    kinds = {
        **dict.fromkeys(DATES, "infinity"),
        **dict.fromkeys(NUMBERS, "9223372036854775807"),
        **dict.fromkeys(("object", "array"), '{"gid": {"gid": 1}}'),
    }
    return kinds.get(field.logical_type)


TYPED = (too_early, too_late, no_value)
WAYS = (address, link, *TYPED)
# Each has a cell that cannot be read: with another it is every tenth.
HAVE_ONE = ("templates.blocker_log", "templates.offline_costs")


def add_odd_rows(con: Connection) -> int:
    """Beside each stream's first row odd copies: of texts, of one slip of type, one without a key.

    Returns:
        How many streams have them.
    """
    streams = 0
    for contract in load_contracts():
        table = landed_table(contract)
        found = con.execute(f"from {table} where not _is_skipped order by rowid limit 1")
        names = [name for name, *_ in found.description]
        for row in (dict(zip(names, row, strict=True)) for row in found.fetchall()):
            slip = () if contract.name in HAVE_ONE else (TYPED[streams % len(TYPED)],)
            odd = [altered(contract, row, way) for way in (address, link, *slip)]
            odd.append({**row, **dict.fromkeys(set(contract.key) & set(names))})
            marks = ", ".join("?" for _ in names)
            con.executemany(
                f"insert into {table} values ({marks})", [list(cells.values()) for cells in odd]
            )
            streams += 1
    return streams


def altered(contract: Contract, row: dict[str, Any], way: Any) -> dict[str, Any]:
    """A copy with a key of its own, odd in one way."""
    odd = dict(row)
    number = str(WAYS.index(way) + 1)
    for field in contract.fields:
        value = row.get(field.name)
        if field.name not in row:
            continue
        if field.name in contract.key and value and field.logical_type in ("string", "integer"):
            # A number stays one, and a time in microseconds a time.
            odd[field.name] = f"{value[:-1]}{number}" if len(value) > 9 else f"{value}{number}"
        elif way(field) is not None:
            odd[field.name] = way(field)
    return odd


def write_outsiders(exports: Path) -> None:
    """What has a value to be checked, in a folder that is named like an address."""
    folder = exports / f"for {ADDRESS}"
    folder.mkdir(parents=True)
    (folder / "account_507000121_creative_performance_report.csv").write_text(CAROUSEL)
    (folder / "deals.csv").write_text(DEALS)
    events = [
        {
            "event_date": "20260930",
            "event_timestamp": str(1790760000000000 + 1000000 * number),
            "event_name": name,
            "event_params": [
                {"key": "ga_session_id", "value": {"int_value": "77"}},
                {"key": "page_location", "value": {"string_value": LINK}},
            ],
            "user_pseudo_id": "hostile.1",
        }
        for number, name in enumerate(("session_start", "page_view", ADDRESS))
    ]
    lines = "".join(f"{json.dumps(event)}\n" for event in events)
    (folder / "events_20260930.json").write_text(lines)


# Below a carousel's own row stands a row per card: detail, without spend, impressions and clicks.
CAROUSEL = """Ad Performance Report (in UTC)
Report Start: 9/7/2026
Report End: 9/8/2026
Date Generated: 9/9/2026
Start Date (in UTC),Account Name,Currency,Campaign ID,Campaign Name,Creative Name,Ad ID,\
Carousel Card,Total Spent,Impressions,Clicks,Card Impressions,Card Clicks
9/7/2026,Carousel,USD,170000121,li-carousel,Carousel A,287000121,,40.00,"1,000",9,1800,8
9/7/2026,Carousel,USD,170000121,li-carousel,Carousel A,287000121,Card one,,,,900,5
9/7/2026,Carousel,USD,170000121,li-carousel,Carousel A,287000121,Card two,,,,900,3
9/8/2026,Carousel,USD,170000121,li-carousel,Carousel A,287000121,,60.00,"1,200",11,2100,10
9/8/2026,Carousel,USD,170000121,li-carousel,Carousel A,287000121,Card one,,,,1000,6
9/8/2026,Carousel,USD,170000121,li-carousel,Carousel A,287000121,Card two,,,,1100,4
"""
DEALS = """Record ID,Deal Name,Deal Stage,Amount,Currency,Create Date,Close Date,Pipeline
9014,Old,Closed Won,14000,USD,2014-02-03 10:00,2014-05-06 10:00,Sales Pipeline
9099,Far,Closed Won,99000,USD,2026-02-03 10:00,2099-05-06 10:00,Sales Pipeline
9026,Slip,Closed Won,26000,USD,0026-02-03 10:00,0026-05-06 10:00,Sales Pipeline
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company of every vendor's fixtures and what outsiders did to it, after one run."""
    folder = tmp_path_factory.mktemp("outsiders")
    exports, home = folder / "exports", folder / "home"
    write_outsiders(exports)
    (exports / "vendors").symlink_to(VENDOR_EXPORTS)
    settings = Settings(exports=exports, home=home)
    with closing(connect(settings.build_path)) as con:
        load_exports(con, exports, contracts=load_contracts(), loaded_at=AS_OF)
        assert add_odd_rows(con) > 100
        start_run(con, "attack", AS_OF)
    # The clock stands at the newest batch: nothing is loaded again.
    take_steps(Run("attack", settings, AS_OF))
    return home


@pytest.fixture(scope="module")
def build(home: Path) -> Iterator[Connection]:
    with closing(duckdb.connect(str(home / "build.duckdb"), read_only=True)) as con:
        yield con


@pytest.fixture(scope="module")
def release(home: Path) -> Iterator[Connection]:
    with closing(duckdb.connect(str(home / "published/marketing.duckdb"), read_only=True)) as con:
        yield con


def test_it_publishes(build: Connection) -> None:
    assert build.execute("select status, message from ops.runs").fetchall() == [("published", None)]


def test_no_address_is_published(release: Connection) -> None:
    columns = release.execute(
        "select concat_ws('.', schema_name, table_name), column_name from duckdb_columns()"
        " where data_type = 'VARCHAR' and not internal"
    ).fetchall()
    assert len(columns) > 100
    shown = [
        (table, column)
        for table, column in columns
        for ((found,),) in [
            release.execute(
                f"select count(*) from {table} where contains(\"{column}\", 'jane')"
            ).fetchall()
        ]
        if found
    ]
    assert shown == []


def test_what_a_visitor_wrote_is_masked_and_counted(release: Connection) -> None:
    assert release.execute(
        "select source, campaign, landing_page from attribution.fct_touches"
        " where visitor_key = md5('hostile.1')"
    ).fetchall() == [
        ("[email]", "[email]", "https://www.bergmann.example/u/[email]/start"),
    ]
    counted = release.execute(
        "select table_name, failed_count from quality.fct_quality_results"
        " where expectation = 'no_personal_data' and suite = 'delivery' and not is_success"
        " and severity = 'warning' and table_schema = 'raw_ga4' and table_name = 'events'"
    ).fetchall()
    assert counted
    assert counted[0][1] >= 3


def test_the_ledger_of_a_release_masks_paths(build: Connection, release: Connection) -> None:
    sql = "select count(*) from {} where path like '{}/%' and status = 'loaded'"
    assert build.execute(sql.format("ops.files", f"for {ADDRESS}")).fetchall() == [(3,)]
    assert release.execute(sql.format("meta.files", "for [email]")).fetchall() == [(3,)]


def test_calendars_span_the_facts_and_slips_are_told(release: Connection) -> None:
    won = release.execute(
        "select cast(amount as double), cast(converted_at as date) from attribution.fct_conversions"
        " where conversion_type = 'closed_won' and amount in (14000, 99000, 26000)"
    ).fetchall()
    assert won == [(14000.0, datetime(2014, 5, 6).date())]
    (span,) = release.execute(
        "select min(date_day), max(date_day), count(*) from core.dim_dates"
    ).fetchall()
    assert span[0] <= datetime(2014, 1, 1).date()
    assert span[1] == datetime(2027, 12, 31).date()
    assert span[2] == (span[1] - span[0]).days + 1
    (told,) = release.execute(
        "select failed_count from quality.fct_quality_results"
        " where expectation = 'no_record_set_aside' and not is_success"
    ).fetchall()
    assert told[0] >= 2


def test_a_carousel_is_spent_once_and_its_cards_stay_in_raw(
    build: Connection, release: Connection
) -> None:
    assert release.execute(
        "select cast(sum(spend) as double), sum(impressions), sum(clicks)"
        " from attribution.fct_ad_spend_daily where campaign_name = 'li-carousel'"
    ).fetchall() == [(100.0, 2200, 20)]
    assert build.execute(
        "select count(*), sum(cast(card_clicks as bigint))"
        " from raw_linkedin_ads.performance_report where carousel_card like 'Card %'"
    ).fetchall() == [(4, 18)]
