"""Web and product analytics: every trap of the vendors' sheets, from the file to the touch."""

import csv
import gzip
import json
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from tests.conftest import VENDOR_EXPORTS

Rows = list[tuple[Any, ...]]

# path below the exports, stream, rows loaded, rows skipped
LEDGER = [
    ("ga4/events/events_20260920.json", "ga4.events", 11, 0),
    ("ga4/events/events_intraday_20260920.json.gz", "ga4.events", 1, 0),
    ("ga4/connector/event_data.csv", "ga4.events_csv", 2, 0),
    # Nine lines above the header.
    ("ga4/reports/Events_Event_name.csv", "ga4.reports", 2, 9),
    ("ga4/reports/Landing_page_Landing_page.csv", "ga4.reports", 3, 9),
    # Six lines above the header and the grand total.
    ("ga4/reports/download.csv", "ga4.reports", 3, 7),
    ("ga4/reports/data-export.csv", "ga4.report_snapshots", 10, 15),
    ("mixpanel/events/export_2026-09-20.jsonl", "mixpanel.events", 6, 0),
    ("mixpanel/events/export_2026-09-21_ms.jsonl.gz", "mixpanel.events", 2, 0),
    ("mixpanel/airbyte/records.jsonl/export", "mixpanel.export", 2, 0),
    ("mixpanel/fivetran/event.csv", "mixpanel.export", 2, 0),
    (
        "amplitude/events/434735_20260920.json.gz/434735/434735_2026-09-20_10#0.json.gz",
        "amplitude.events",
        5,
        0,
    ),
    (
        "amplitude/events/434735_20260920.json.gz/434735/434735_2026-09-20_7#0.json.gz",
        "amplitude.events",
        1,
        0,
    ),
    ("amplitude/airbyte/records.jsonl/events", "amplitude.events", 1, 0),
    ("amplitude/fivetran/event.csv", "amplitude.events", 1, 0),
    ("amplitude/fivetran/event_type.csv", "amplitude.event_types", 2, 0),
    ("segment/pages/pages.csv", "segment.pages", 5, 0),
    ("segment/pages/pages_2026-09-21.json", "segment.pages", 1, 0),
    ("segment/tracks/tracks.csv", "segment.tracks", 2, 0),
    ("segment/identifies/identifies.csv", "segment.identifies", 1, 0),
    ("segment/users/users.csv", "segment.users", 1, 0),
    ("snowplow/events/enriched-2026-09-20-13.tsv", "snowplow.events", 5, 0),
    ("snowplow/atomic/events.csv", "snowplow.events_csv", 1, 0),
]


def rows(con: duckdb.DuckDBPyConnection, sql: str, values: Sequence[object] = ()) -> Rows:
    """What a query returns."""
    return con.execute(sql, list(values)).fetchall()


def sessions(con: duckdb.DuckDBPyConnection, device: str) -> Rows:
    """The sessions of a device in time: start, source, medium, campaign, why it is no touch."""
    return rows(
        con,
        "select session_started_at, source, medium, campaign, exclusion_reason"
        " from intermediate.int_sessions_built where device_id = ? order by session_started_at",
        [device],
    )


def at(hour: int, minute: int = 0, second: int = 0, micro: int = 0, day: int = 20) -> datetime:
    """A time of the fixtures, UTC."""
    return datetime(2026, 9, day, hour, minute, second, micro)


@pytest.mark.parametrize(("path", "stream", "loaded", "skipped"), LEDGER)
def test_ledger(
    vendors: duckdb.DuckDBPyConnection, path: str, stream: str, loaded: int, skipped: int
) -> None:
    found = rows(
        vendors,
        "select status, source || '.' || stream, rows_read, rows_loaded, rows_rejected,"
        " rows_skipped from ops.files where path = ?",
        [path],
    )
    assert found == [("loaded", stream, loaded + skipped, loaded, 0, skipped)]


def test_a_zip_that_is_named_gz_is_opened_by_its_bytes(vendors: duckdb.DuckDBPyConnection) -> None:
    path = VENDOR_EXPORTS / "amplitude/events/434735_20260920.json.gz"
    assert path.read_bytes()[:2] == b"PK"
    with zipfile.ZipFile(path) as archive:
        uuids = [
            json.loads(line)["uuid"]
            for name in archive.namelist()
            for line in gzip.decompress(archive.read(name)).splitlines()
        ]
    assert len(uuids) == 6
    staged = {
        uuid for (uuid,) in rows(vendors, "select event_key from staging.stg_amplitude__events")
    }
    assert set(uuids) <= staged


def test_streams_of_a_connector_without_a_counterpart_are_named(
    vendors: duckdb.DuckDBPyConnection,
) -> None:
    found = dict(
        rows(
            vendors,
            "select path, status from ops.files"
            " where path in ('amplitude/airbyte/records.jsonl/active_users',"
            " 'mixpanel/airbyte/records.jsonl/funnels')",
        )
    )
    assert set(found.values()) == {"unrecognised"}
    assert len(found) == 2


# --- GA4


def test_ga4_events_are_counted_once(vendors: duckdb.DuckDBPyConnection) -> None:
    """Twice in the day's table and once in the intraday one; another place in the batch counts."""
    assert rows(
        vendors,
        "select count(*) from staging.stg_ga4__events"
        " where user_pseudo_id = '111.1' and event_name = 'page_view'",
    ) == [(4,)]
    assert rows(
        vendors,
        "select event_name, page_location from intermediate.int_events_sessionised"
        " where device_id = '111.1' order by event_at, event_no",
    ) == [
        ("page_view", "https://www.acme.example/?gclid=Cj0test"),
        ("page_view", "https://www.acme.example/pricing"),
        ("scroll", "https://www.acme.example/pricing"),
    ]


def test_ga4_numbers_come_as_text_and_flags_as_either(vendors: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        vendors,
        "select event_at, event_bundle_sequence_id, ga_session_id, is_session_engaged"
        " from staging.stg_ga4__events where user_pseudo_id = '111.1'"
        " order by file_id, event_at, batch_event_index",
    )
    assert set(found) == {
        (at(14), -8047272829, 1790000001, True),
        (at(14, 1), -8047272829, 1790000001, False),
    }


def test_ga4_sessions_name_their_own_source(vendors: duckdb.DuckDBPyConnection) -> None:
    """Never the user's first one; an ad's click id before organic, a platform's behind tags."""
    assert sessions(vendors, "111.1") == [(at(14), "google", "cpc", None, None)]
    assert sessions(vendors, "222.2") == [
        (at(15), "facebook", "referral", None, None),
        (at(17), "facebook", "paid_social", "autumn-launch", None),
    ]
    assert sessions(vendors, "555.5") == [(at(16), "bing", "cpc", None, None)]
    assert rows(
        vendors,
        "select count(*) from intermediate.int_sessions_built where source like 'first-user%'",
    ) == [(0,)]


def test_ga4_without_consent_builds_no_session(vendors: duckdb.DuckDBPyConnection) -> None:
    assert rows(
        vendors,
        "select count(*), count(device_id) from intermediate.int_web_events_unioned"
        " where analytics_source = 'ga4' and vendor_session_id is null",
    ) == [(2, 1)]
    assert sessions(vendors, "666.6") == []


def test_a_connectors_ga4_events_are_sessions_alike(vendors: duckdb.DuckDBPyConnection) -> None:
    assert sessions(vendors, "777.7") == [(at(18), "newsletter", "email", None, None)]
    # Its second param_session_engaged says the same in other words.
    assert rows(
        vendors,
        "select event_name, is_session_engaged from staging.stg_ga4__events_csv order by event_at",
    ) == [("page_view", True), ("scroll", False)]


def test_what_is_no_touch_stays_countable(vendors: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        vendors,
        "select exclusion_reason, list(device_id order by device_id)"
        " from intermediate.int_sessions_built where exclusion_reason is not null"
        " group by 1 order by 1",
    )
    assert found == [
        ("bot", ["segment:anon-2", "snowplow:duid-2"]),
        ("internal", ["333.3"]),
        ("no_visit", ["amplitude:google-ad-4651612872-643022056303"]),
        ("self_referral", ["444.4"]),
    ]
    assert rows(
        vendors,
        "select count(*) from intermediate.int_sessions_built as s"
        " inner join attribution.fct_touches as t on s.session_id = t.touch_id"
        " where s.exclusion_reason is not null",
    ) == [(0,)]


def test_every_other_session_is_a_touch(vendors: duckdb.DuckDBPyConnection) -> None:
    """From the whole: no tool's sessions are lost on the way to the mart."""
    lost = rows(
        vendors,
        "select s.device_id from intermediate.int_sessions_built as s"
        " left join attribution.fct_touches as t on s.session_id = t.touch_id"
        " where s.exclusion_reason is null and t.touch_id is null",
    )
    assert lost == []
    found = dict(
        rows(
            vendors,
            "select s.analytics_source, count(*) from intermediate.int_sessions_built as s"
            " inner join attribution.fct_touches as t on s.session_id = t.touch_id group by 1",
        )
    )
    assert found == {"ga4": 5, "mixpanel": 6, "amplitude": 5, "segment": 3, "snowplow": 2}


def test_channels_of_ours_and_of_ga4s(vendors: duckdb.DuckDBPyConnection) -> None:
    found = {
        device: channels
        for device, *channels in rows(
            vendors,
            "select s.device_id, t.channel, t.ga4_channel_group, t.click_id_type"
            " from attribution.fct_touches as t inner join intermediate.int_sessions_built as s"
            " on s.session_id = t.touch_id where t.click_id_type is not null"
            " order by s.session_started_at",
        )
    }
    assert found == {
        "snowplow:duid-1": ["Paid Search", "Paid Search", "gclid"],
        "111.1": ["Paid Search", "Paid Search", "gclid"],
        "222.2": ["Paid Social", "Paid Social", "fbclid"],
        "555.5": ["Paid Search", "Paid Search", "msclkid"],
        "segment:anon-3": ["Paid Social", "Paid Social", "ttclid"],
    }


# --- GA4's interface


def report_total(name: str, column: str) -> Decimal:
    """A column of a report file, summed from its text."""
    lines = (VENDOR_EXPORTS / "ga4/reports" / name).read_text(encoding="utf-8").splitlines()
    table = csv.DictReader(line for line in lines if line and not line.startswith("#"))
    return sum((Decimal(line[column]) for line in table if None not in line), Decimal(0))


@pytest.mark.parametrize(
    ("file", "column", "metric"),
    [
        (
            "User_acquisition_First_user_primary_channel_group_(Default_Channel_Group).csv",
            "Total revenue",
            "total_revenue",
        ),
        (
            "User_acquisition_First_user_primary_channel_group_(Default_Channel_Group).csv",
            "Key events",
            "key_events",
        ),
        ("Landing_page_Landing_page.csv", "Conversions", "key_events"),
        ("Landing_page_Landing_page.csv", "Users", "active_users"),
        ("Landing_page_Landing_page.csv", "Total revenue", "total_revenue"),
        ("download.csv", "Event count", "event_count"),
    ],
)
def test_report_totals_are_those_of_the_file(
    vendors: duckdb.DuckDBPyConnection, file: str, column: str, metric: str
) -> None:
    where = "from ops.files where path = ?"
    path = f"ga4/reports/{file}"
    ((staged,),) = rows(
        vendors,
        f"select sum({metric}) from staging.stg_ga4__reports"
        f" where file_id = (select file_id {where})",
        [path],
    )
    assert staged == report_total(file, column)
    ((measured,),) = rows(
        vendors,
        "select sum(value) from intermediate.int_web_reports_measured"
        f" where metric = ? and file_id = (select file_id {where})",
        [metric, path],
    )
    assert measured == float(staged)


def test_a_report_says_its_property_period_and_dimension(
    vendors: duckdb.DuckDBPyConnection,
) -> None:
    found = rows(
        vendors,
        "select distinct property_name, report_name, dimension_name, period_start_date,"
        " period_end_date from staging.stg_ga4__reports where report_name like 'Traffic%'",
    )
    group = "Session primary channel group (Default channel group)"
    assert found == [
        (
            "Acme web",
            f"Traffic acquisition: {group}",
            group.lower(),
            date(2026, 8, 1),
            date(2026, 8, 31),
        )
    ]


def test_not_set_and_other_are_values_and_ratios_are_unrounded(
    vendors: duckdb.DuckDBPyConnection,
) -> None:
    found = dict(
        rows(
            vendors,
            "select dimension_value, engaged_sessions_per_active_user"
            " from staging.stg_ga4__reports where report_name like 'User acquisition%'",
        )
    )
    assert found == {
        "Paid Search": 0.6812345678901234,
        "Organic Social": 0.5,
        "(not set)": 0.0,
        "(other)": 0.1,
    }


def test_an_explorations_grand_total_is_no_row(vendors: duckdb.DuckDBPyConnection) -> None:
    """One field more than the header has; its second dimension is kept beside."""
    found = rows(
        vendors,
        "select dimension_value, further_columns, event_count, period_end_date"
        " from staging.stg_ga4__reports where report_name = 'Leads by event-Free form 1'"
        " order by event_count",
    )
    assert [(value, json.loads(extra), int(count)) for value, extra, count, _ in found] == [
        ("generate_lead", {"Device category": "desktop"}, 66),
        ("page_view", {"Device category": "mobile"}, 3000),
        ("page_view", {"Device category": "desktop"}, 6000),
    ]
    assert {end for *_, end in found} == {date(2026, 8, 31)}


def test_stacked_cards_are_rows_of_their_own(vendors: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        vendors,
        "select dimension_name, dimension_value, metric, value, period_start_date"
        " from intermediate.int_web_reports_measured"
        " where file_id = (select file_id from ops.files where path like '%data-export.csv')"
        " order by row_number",
    )
    first = date(2026, 8, 1)
    assert found == [
        ("nth day", "0000", "active_users", 40.0, first),
        ("nth day", "0001", "active_users", 42.0, first),
        ("nth day", "0002", "active_users", 39.0, first),
        ("session campaign", "spring-sale", "sessions", 120.0, first),
        ("session campaign", "(not set)", "sessions", 15.0, first),
    ]


# --- Mixpanel


def test_mixpanel_is_read_in_seconds_and_in_milliseconds(
    vendors: duckdb.DuckDBPyConnection,
) -> None:
    found = rows(
        vendors,
        "select event_name, event_at, source_timezone from staging.stg_mixpanel__events"
        " where device_id = 'dev-2' order by event_at",
    )
    assert found == [
        ("$mp_web_page_view", at(9, day=21), "UTC"),
        ("Played", at(9, 5, day=21), "UTC"),
    ]


def test_mixpanel_sessions_are_cut_and_repeated_tags_say_nothing(
    vendors: duckdb.DuckDBPyConnection,
) -> None:
    """Exactly half an hour is one session; the tags of 10:00 are on the visit at 12:00 too."""
    assert sessions(vendors, "mixpanel:dev-1") == [
        (at(10), "google", "cpc", "autumn-launch", None),
        (at(12), "(direct)", "(none)", None, None),
        (at(12, 5), "linkedin", "paid_social", "abm", None),
    ]
    assert rows(
        vendors,
        "select count(*) from intermediate.int_events_sessionised"
        " where device_id = 'mixpanel:dev-1'",
    ) == [(5,)]


def test_mixpanel_by_its_other_doors(vendors: duckdb.DuckDBPyConnection) -> None:
    assert sessions(vendors, "mixpanel:dev-3") == [(at(8), "newsletter", "email", None, None)]
    # Delivered twice; the tags are in the JSON of properties.
    assert sessions(vendors, "mixpanel:dev-4") == [(at(7), "bing", "cpc", None, None)]


def test_who_logged_in_is_known_to_each_tool(vendors: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        vendors,
        "select distinct device_id, coalesce(email, user_id)"
        " from intermediate.int_events_sessionised"
        " where coalesce(email, user_id) like '%@%' order by 1",
    )
    assert found == [
        ("amplitude:amp-1", "rui@globex.example"),
        ("amplitude:amp-3", "dev@globex.example"),
        ("mixpanel:dev-1", "ines@globex.example"),
        ("segment:anon-1", "marta@globex.example"),
        ("snowplow:duid-1", "tom@globex.example"),
    ]


# --- Amplitude


def test_amplitude_outside_of_a_session(vendors: duckdb.DuckDBPyConnection) -> None:
    """-1 is cut like any other; EMPTY and initial_utm_* are no campaign."""
    assert sessions(vendors, "amplitude:amp-1") == [
        (at(10), "newsletter", "email", None, None),
        (at(15), "(direct)", "(none)", None, None),
        (at(16), "(direct)", "(none)", None, None),
    ]
    assert rows(
        vendors,
        "select session_ended_at, page_view_count from intermediate.int_sessions_built"
        " where device_id = 'amplitude:amp-1' order by 1 limit 1",
    ) == [(at(11, 30), 1)]


def test_amplitude_by_its_other_doors(vendors: duckdb.DuckDBPyConnection) -> None:
    assert sessions(vendors, "amplitude:amp-2") == [(at(10), "(direct)", "(none)", None, None)]
    assert sessions(vendors, "amplitude:amp-3") == [
        (at(10, 0, 0, 123000), "linkedin", "social", None, None)
    ]
    assert rows(
        vendors,
        "select event_name, display_name, last_week_event_count, is_deleted"
        " from staging.stg_amplitude__event_types order by event_name desc",
    ) == [("page_view", "Page viewed", 12, False), ("old_event", None, 0, True)]


# --- Segment


def test_segment_messages_count_once_on_the_corrected_clock(
    vendors: duckdb.DuckDBPyConnection,
) -> None:
    found = rows(
        vendors,
        "select event_key, event_at, utm_campaign from staging.stg_segment__pages"
        " order by event_key",
    )
    assert found == [
        ("seg-1", at(9), "spring_sale"),
        ("seg-2", at(9, 20), None),
        ("seg-3", at(10), None),
        ("seg-4", at(8, day=21), None),
        ("seg-8", at(11), None),
    ]


def test_segment_sessions(vendors: duckdb.DuckDBPyConnection) -> None:
    assert sessions(vendors, "segment:anon-1") == [
        (at(9), "newsletter", "email", "spring-sale", None),
        (at(10), "bing", "organic", None, None),
    ]


def test_what_a_server_sends_is_no_visit(vendors: duckdb.DuckDBPyConnection) -> None:
    """Segment without anonymous_id, Snowplow without domain_userid: events of no device."""
    assert rows(
        vendors,
        "select analytics_source, event_name, device_id"
        " from intermediate.int_web_events_unioned"
        " where analytics_source <> 'ga4' and device_id is null order by 1",
    ) == [("segment", "Invoice Paid", None), ("snowplow", "order_paid", None)]


# --- Snowplow


def enriched_lines() -> Iterator[list[str]]:
    path = VENDOR_EXPORTS / "snowplow/events/enriched-2026-09-20-13.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        yield from (line.rstrip("\n").split("\t") for line in file)


def test_snowplow_lines_have_131_fields_in_their_places(
    vendors: duckdb.DuckDBPyConnection,
) -> None:
    lines = list(enriched_lines())
    assert {len(line) for line in lines} == {131}
    found = rows(
        vendors,
        "select event_id, collector_tstamp, contexts, mkt_campaign, domain_sessionid, event_version"
        " from raw_snowplow.events order by _row_number",
    )
    places = (6, 3, 52, 51, 123, 128)
    assert found == [tuple(line[place] or None for place in places) for line in lines]


def test_snowplows_repetitions_are_one_event_by_its_first_receipt(
    vendors: duckdb.DuckDBPyConnection,
) -> None:
    assert rows(
        vendors,
        "select count(*), count(distinct event_key) from staging.stg_snowplow__events",
    ) == [(5, 4)]
    assert rows(
        vendors,
        "select event_name, event_at, click_id_type, click_id"
        " from intermediate.int_events_sessionised where device_id = 'snowplow:duid-1'"
        " order by event_no",
    ) == [
        ("page_view", at(13, 0, 0, 123000), "gclid", "sp-gclid"),
        ("event", at(13, 5, 0, 123000), None, None),
    ]
    assert sessions(vendors, "snowplow:duid-1") == [
        (at(13, 0, 0, 123000), "google", "cpc", "brand", None)
    ]


def test_snowplows_table_calls_direct_what_the_referrer_knows_better(
    vendors: duckdb.DuckDBPyConnection,
) -> None:
    assert sessions(vendors, "snowplow:duid-9") == [
        (at(18), "partner.example", "referral", None, None)
    ]


# --- tables of connectors


CONNECTORS_FILES = [
    ("amplitude/airbyte/records.jsonl/events", "amplitude.events", 1),
    ("amplitude/fivetran/event.csv", "amplitude.events", 1),
    ("amplitude/fivetran/event_type.csv", "amplitude.event_types", 2),
    ("ga4/connector/event_data.csv", "ga4.events_csv", 2),
    ("mixpanel/airbyte/records.jsonl/export", "mixpanel.export", 2),
    ("mixpanel/fivetran/event.csv", "mixpanel.export", 2),
]


def test_tables_of_connectors_are_loaded_whole(vendors: duckdb.DuckDBPyConnection) -> None:
    assert (
        rows(
            vendors,
            "select path, source || '.' || stream, rows_loaded from ops.files"
            " where status = 'loaded' and rows_read = rows_loaded"
            " and split_part(path, '/', 1) in ('amplitude', 'ga4', 'mixpanel')"
            " and split_part(path, '/', 2) in ('airbyte', 'connector', 'fivetran') order by path",
        )
        == CONNECTORS_FILES
    )
