"""Exports of e-mail and automation tools, from the file to the marts, each trap of their sheets."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import duckdb
import pytest

SOURCES = ("mailchimp", "sendgrid", "customerio", "marketo", "klaviyo", "iterable")


def rows(con: duckdb.DuckDBPyConnection, sql: str, *values: object) -> list[tuple[Any, ...]]:
    return con.execute(sql, list(values)).fetchall()


def campaign(
    con: duckdb.DuckDBPyConnection, source: str, campaign_id: str, *columns: str
) -> tuple[Any, ...]:
    (row,) = rows(
        con,
        f"select {', '.join(columns)} from attribution.fct_email_campaigns"
        " where email_source = ? and email_campaign_id = ?",
        source,
        campaign_id,
    )
    return row


FIGURES = (
    *("figures_source", "sent_count", "delivered_count", "bounced_count", "unique_open_count"),
    *("human_open_count", "click_count", "unique_click_count", "unsubscribed_count"),
    "is_reconciled",
)

# path → stream, rows loaded, lines that are no data.
LEDGER = {
    "mailchimp/campaigns.csv": ("mailchimp.campaign_reports", 3, 0),
    "mailchimp/Autumn webinar report.csv": ("mailchimp.campaign_summaries", 1, 22),
    "mailchimp/api/reports.json": ("mailchimp.reports", 1, 0),
    "mailchimp/audience_export_9f3c.zip/subscribed_email_audience_export_9f3c.csv": (
        *("mailchimp.audience_members", 2, 0),
    ),
    "mailchimp/audience_export_9f3c.zip/unsubscribed_email_audience_export_9f3c.csv": (
        *("mailchimp.audience_members", 1, 0),
    ),
    "mailchimp/audience_export_9f3c.zip/cleaned_email_audience_export_9f3c.csv": (
        *("mailchimp.audience_members", 1, 0),
    ),
    "mailchimp/connector/records.jsonl/campaigns": ("mailchimp.campaigns", 2, 0),
    "mailchimp/connector/records.jsonl/email_activity": ("mailchimp.email_activity", 4, 0),
    "mailchimp/connector/records.jsonl/list_members": ("mailchimp.list_members", 1, 0),
    "mailchimp/connector/records.jsonl/unsubscribes": ("mailchimp.unsubscribes", 1, 0),
    "mailchimp/fivetran/campaign.csv": ("mailchimp.campaigns", 1, 0),
    "mailchimp/fivetran/campaign_recipient.csv": ("mailchimp.recipients", 4, 0),
    "mailchimp/fivetran/campaign_recipient_activity.csv": ("mailchimp.email_activity", 4, 0),
    "mailchimp/fivetran/member.csv": ("mailchimp.list_members", 2, 0),
    "mailchimp/fivetran/unsubscribe.csv": ("mailchimp.unsubscribes", 1, 0),
    "sendgrid/webhook-2026-09-01.json": ("sendgrid.events", 14, 0),
    "sendgrid/webhook-2026-09-02.json.gz": ("sendgrid.events", 4, 0),
    "sendgrid/connector/records.jsonl/single_sends": ("sendgrid.send_stats", 3, 0),
    "sendgrid/connector/records.jsonl/stats_automations": ("sendgrid.send_stats", 1, 0),
    "sendgrid/connector/records.jsonl/campaigns": ("sendgrid.campaigns", 1, 0),
    "sendgrid/connector/records.jsonl/bounces": ("sendgrid.suppressions", 1, 0),
    "sendgrid/connector/records.jsonl/blocks": ("sendgrid.suppressions", 1, 0),
    "sendgrid/connector/records.jsonl/global_suppressions": ("sendgrid.suppressions", 1, 0),
    "sendgrid/connector/records.jsonl/suppression_group_members": (
        *("sendgrid.suppression_group_members", 1, 0),
    ),
    "customerio/webhook.jsonl": ("customerio.events", 10, 0),
    "customerio/deliveries.csv": ("customerio.deliveries", 4, 0),
    "marketo/leads.csv": ("marketo.leads", 3, 0),
    "marketo/activities-2026-07.csv": ("marketo.activities", 14, 0),
    "marketo/marketo_activity_click_email_data.csv": ("marketo.activities", 1, 0),
    "marketo/marketo_activity_send_email_data.csv": ("marketo.activities", 2, 0),
    "klaviyo/api/events.json": ("klaviyo.events", 6, 0),
    "klaviyo/connector/records.jsonl/metrics": ("klaviyo.records", 4, 0),
    "klaviyo/connector/records.jsonl/profiles": ("klaviyo.records", 3, 0),
    "klaviyo/connector/records.jsonl/campaigns": ("klaviyo.records", 1, 0),
    "klaviyo/connector/records.jsonl/flows": ("klaviyo.records", 1, 0),
    "klaviyo/fivetran/event.csv": ("klaviyo.events_csv", 2, 0),
    "klaviyo/fivetran/person.csv": ("klaviyo.persons", 1, 0),
    "klaviyo/fivetran/campaign.csv": ("klaviyo.campaigns_csv", 1, 0),
    "klaviyo/fivetran/flow.csv": ("klaviyo.flows_csv", 1, 0),
    "iterable/connector/records.jsonl/events": ("iterable.events", 8, 0),
    "iterable/connector/records.jsonl/campaigns": ("iterable.campaigns", 1, 0),
    "iterable/connector/records.jsonl/campaigns_metrics": ("iterable.campaign_metrics", 1, 0),
    "iterable/connector/records.jsonl/users": ("iterable.users", 2, 0),
    "iterable/fivetran/event_data.csv": ("iterable.events_csv", 3, 0),
    "iterable/fivetran/event_extension_data.csv": ("iterable.event_extensions", 1, 0),
    "iterable/fivetran/campaign_history_data.csv": ("iterable.campaigns", 2, 0),
    "iterable/fivetran/campaign_metrics_data.csv": ("iterable.campaign_metrics", 2, 0),
    "iterable/fivetran/user_unsubscribed_channel_history_data.csv": (
        *("iterable.unsubscribed_channels", 1, 0),
    ),
    "hubspot/email/email_event_data.csv": ("hubspot.email_events", 7, 0),
    "hubspot/email/email_event_click_data.csv": ("hubspot.email_clicks", 2, 0),
    "hubspot/email/email_event_status_change_data.csv": ("hubspot.email_status_changes", 1, 0),
    "hubspot/email/email_campaign_data.csv": ("hubspot.email_campaigns", 1, 0),
}


def test_every_file_is_recognised_and_every_line_accounted_for(
    vendors: duckdb.DuckDBPyConnection,
) -> None:
    ledger = {
        path: (status, f"{source}.{stream}", read, loaded, rejected, skipped)
        for path, status, source, stream, read, loaded, rejected, skipped in rows(
            vendors,
            "select path, status, source, stream, rows_read, rows_loaded, rows_rejected,"
            " rows_skipped from ops.files where status <> 'unpacked'",
        )
        if path.split("/")[0] in SOURCES or path.startswith("hubspot/email/")
    }
    assert ledger == {
        path: ("loaded", stream, loaded + skipped, loaded, 0, skipped)
        for path, (stream, loaded, skipped) in LEDGER.items()
    }


# --- Mailchimp


def test_mailchimp_list_report_keeps_its_totals(vendors: duckdb.DuckDBPyConnection) -> None:
    """Thousands with commas, rates with a per cent sign, local times, a newline in a cell."""
    staged = rows(
        vendors,
        "select campaign_name, subject, sent_count, delivered_count, bounced_count,"
        " unique_open_count, open_count, unique_click_count, click_count, unsubscribed_count,"
        " complaint_count, cast(open_rate_pct as varchar), cast(click_rate_pct as varchar),"
        " sent_at, source_timezone from staging.stg_mailchimp__campaign_reports order by sent_at",
    )
    assert {row[-1] for row in staged} == {"America/New_York"}
    assert [row[:-1] for row in staged] == [
        (
            *("Spring launch, part 1", "It is “here” — see it", 1204, 1180, 24, 512, 845, 96, 133),
            # In winter five hours from UTC …
            *(6, 1, "43.3900", "8.1356", datetime(2026, 3, 3, 15)),
        ),
        (
            *("Summer digest", "Nothing opened\nyet", 800, 800, 0, 0, 0, 0, 0),
            # … in summer four.
            *(0, 0, "0.0000", "0.0000", datetime(2026, 7, 7, 13, 30)),
        ),
        (
            *("Product news", "What is new", 4, 3, 1, 1, 2, 1, 1),
            *(1, 0, "33.3300", "33.3300", datetime(2026, 8, 11, 15)),
        ),
    ]
    assert campaign(vendors, "mailchimp", "0a1b2c3d4e", *FIGURES) == (
        *("report", 1204, 1180, 24, 512, None, 133, 96, 6, None),
    )
    rates = campaign(
        vendors, "mailchimp", "5f6a7b8c9d", "open_rate", "click_rate", "click_to_open_rate"
    )
    assert rates == (0.0, 0.0, None), "nobody opened: no denominator"


def test_mailchimp_vertical_report_is_the_same_campaign(
    vendors: duckdb.DuckDBPyConnection,
) -> None:
    """Counts as '1,029 (98.0%)'; without an id it is told by title and time, and the API speaks."""
    (staged,) = rows(
        vendors,
        "select campaign_id, sent_count, delivered_count, bounced_count, unique_open_count,"
        " open_count, unique_click_count, click_count, unsubscribed_count, sent_at,"
        " json_array_length(links), json_extract_string(links, '$[1].URL')"
        " from staging.stg_mailchimp__campaign_summaries",
    )
    assert staged == (
        *(None, 1050, 1029, 21, 420, 731, 77, 101, 5, datetime(2026, 9, 8, 18)),
        *(2, "https://www.harbor.example/pricing"),
    )
    reports = rows(
        vendors,
        "select report, unique_open_count from intermediate.int_email_campaign_reports_unioned"
        " where email_source = 'mailchimp' and campaign_id = '77aa88bb99' order by report",
    )
    assert reports == [("campaign_summaries", 420), ("reports", 424)]
    # The connector's feed has no sends: the report's figures, not a mixture.
    assert campaign(vendors, "mailchimp", "77aa88bb99", *FIGURES, "report") == (
        *("report", 1050, 1029, 21, 424, None, 103, 78, 5, None, "reports"),
    )


def test_mailchimp_events_and_report_of_a_campaign_agree(
    vendors: duckdb.DuckDBPyConnection,
) -> None:
    assert campaign(vendors, "mailchimp", "c0ffee0001", *FIGURES, "delivery_rate") == (
        *("events", 4, 3, 1, 1, None, 1, 1, 1, True, 0.75),
    )
    sends = rows(
        vendors,
        "select distinct event_at from intermediate.int_email_events_unioned"
        " where campaign_id = 'c0ffee0001' and event_type = 'sent'",
    )
    assert sends == [(datetime(2026, 8, 11, 15),)], "a recipient's row has its campaign's time"


def test_mailchimp_audience_files_say_their_status(vendors: duckdb.DuckDBPyConnection) -> None:
    """Three files of a zip, a merge field beyond the names, tags as a quoted list in a cell."""
    assert rows(
        vendors,
        "select email, subscription_status, status_at, tags, unsubscribe_reason"
        " from staging.stg_mailchimp__audience_members order by email",
    ) == [
        ("ada@north.example", "subscribed", datetime(2026, 1, 5, 9, 5), "VIP,Blog", None),
        (
            *("bea@south.example", "unsubscribed", datetime(2026, 8, 11, 18, 30), "Blog"),
            "Too many mails",
        ),
        ("cy@east.example", "cleaned", datetime(2026, 8, 11, 15, 0, 5), None, None),
        ("dee@west.example", "subscribed", datetime(2026, 2, 1, 12), None, None),
    ]
    extra = rows(
        vendors,
        "select json_extract_string(_extra, '$.Company') from raw_mailchimp.audience_members"
        " where euid = 'e0a1'",
    )
    assert extra == [("North, Inc.",)]


# --- SendGrid


def test_sendgrid_events_come_once(vendors: duckdb.DuckDBPyConnection) -> None:
    """18 events of two posts: one twice in a post, the same one again in the other."""
    assert rows(vendors, "select count(*) from raw_sendgrid.events") == [(18,)]
    assert rows(
        vendors,
        "select event_type, count(*) from intermediate.int_email_events_unioned"
        " where email_source = 'sendgrid' group by event_type order by event_type",
    ) == [
        *[("bounce", 1), ("click", 2), ("deferred", 1), ("delivered", 3), ("dropped", 1)],
        *[("open", 2), ("other", 1), ("sent", 4), ("unsubscribe", 1)],
    ]


def test_sendgrid_categories_and_arguments(vendors: duckdb.DuckDBPyConnection) -> None:
    """A category is a text or a list; a sender's own arguments stand among the keys."""
    assert rows(
        vendors,
        "select event_id, campaign_id, categories, custom_arguments, message_id, event_at"
        " from staging.stg_sendgrid__events where event_id in ('sg-1', 'sg-11', 'sg-13')"
        " order by event_id",
    ) == [
        (
            *("sg-1", "ss-1", "fall,offers", '{"order_id":"A-17"}', "msg-Ada"),
            datetime(2026, 9, 1, 12),
        ),
        (
            *("sg-11", "password reset", "password reset", '{"order_id":null}', "msg-dee"),
            datetime(2026, 9, 1, 13),
        ),
        ("sg-13", None, None, '{"order_id":null}', "msg-dee", datetime(2026, 9, 1, 13, 0, 3)),
    ]


def test_sendgrid_report_that_disagrees_is_said(vendors: duckdb.DuckDBPyConnection) -> None:
    """Sides of a test are no sends of their own; one unsubscribe that no event tells is a gap."""
    assert campaign(
        vendors, "sendgrid", "ss-1", *FIGURES, "reported_sent_count", "reported_unsubscribed_count"
    ) == (*("events", 3, 2, 1, 2, 1, 2, 1, 0, False), 3, 1)
    assert campaign(vendors, "sendgrid", "auto-1", *FIGURES) == (
        *("report", 12, 6, 6, 3, None, 1, 1, 0, None),
    )


# --- Customer.io


def test_customerio_webhook_and_deliveries(vendors: duckdb.DuckDBPyConnection) -> None:
    """A repeated event, campaign 5 and newsletter 5, a push, an open that was only prefetched."""
    assert campaign(vendors, "customerio", "5", *FIGURES, "utm_campaign") == (
        *("events", 1, 1, 0, 1, 1, 1, 1, 0, True, "welcome-series"),
    )
    assert campaign(vendors, "customerio", "newsletter 5", *FIGURES) == (
        *("events", 1, 0, 1, 0, 0, 0, 0, 0, True),
    )
    # The export's push is no e-mail.
    assert campaign(vendors, "customerio", "6", *FIGURES) == (
        *("report", 1, 1, 0, 0, None, None, 0, 0, None),
    )
    assert rows(
        vendors,
        "select source_event, event_type from intermediate.int_email_events_unioned"
        " where email_source = 'customerio' and source_event like '% %' order by 1",
    ) == [("customer unsubscribed", "unsubscribe"), ("push sent", "other")]


# --- Marketo


def test_marketo_activities_of_both_doors(vendors: duckdb.DuckDBPyConnection) -> None:
    """JSON in a cell, numbers for kinds, 'null' for nothing; a connector's tables differ."""
    assert rows(
        vendors,
        "select event_type, count(*) from intermediate.int_email_events_unioned"
        " where email_source = 'marketo' group by event_type order by event_type",
    ) == [
        *[("bounce", 1), ("click", 2), ("data_change", 1), ("delivered", 1), ("form_fill", 1)],
        *[("lead_created", 1), ("open", 1), ("other", 1), ("score_change", 1), ("sent", 3)],
        *[("skipped", 1), ("status_change", 1), ("unsubscribe", 1), ("web_visit", 1)],
    ]
    assert rows(
        vendors,
        "select email, campaign_name, url, event_at from intermediate.int_email_events_unioned"
        " where email_source = 'marketo' and event_type = 'click' order by event_at",
    ) == [
        (
            *("ada@north.example", "Webinar, invite 1"),
            "https://www.harbor.example/webinar?utm_source=marketo&utm_medium=email&utm_campaign=Summer_Webinar",
            datetime(2026, 7, 1, 23, 59, 59),
        ),
        (
            *("ada@north.example", "Docs.01 - Invite", "https://www.harbor.example/docs"),
            datetime(2026, 7, 5, 8, 5, 11),
        ),
    ]
    assert campaign(vendors, "marketo", "9", *FIGURES) == (
        *("events", 2, 1, 1, 1, 0, 1, 1, 1, None),
    )
    assert campaign(vendors, "marketo", "10", *FIGURES)[:4] == ("events", 1, 1, 0), (
        "skipped is not sent"
    )
    assert rows(
        vendors,
        "select member_id, email, company, lead_score, subscription_status"
        " from staging.stg_marketo__leads order by member_id",
    ) == [
        ("501", "ada@north.example", "North, Inc.", 45, None),
        ("502", "gil@marsh.example", None, None, "unsubscribed"),
        ("503", None, None, None, None),
    ]


# --- Klaviyo and Iterable


def test_klaviyo_metrics_and_profiles_are_named(vendors: duckdb.DuckDBPyConnection) -> None:
    columns = ("email_campaign_name", *FIGURES, "delivery_rate")
    assert campaign(vendors, "klaviyo", "01MSG", *columns) == (
        *('Étude "nuit"', "events", None, 2, 0, 1, 0, 1, 1, 0, None, None),
    )
    assert campaign(vendors, "klaviyo", "FLOW1", "email_campaign_name", "figures_source") == (
        *("Welcome flow", "partial_events"),
    )
    columns = ("email_campaign_name", "delivered_count", "sent_at")
    assert campaign(vendors, "klaviyo", "KC9", *columns) == (
        *("May letter", 1, datetime(2026, 5, 5, 20, 2)),
    )
    assert rows(
        vendors,
        "select source_event, event_type from intermediate.int_email_events_unioned"
        " where email_source = 'klaviyo' and event_type = 'other'",
    ) == [("Placed Order", "other")]


def test_iterable_events_campaigns_and_metrics(vendors: duckdb.DuckDBPyConnection) -> None:
    """A blank before the offset, milliseconds, versions of a campaign, readings of its metrics."""
    assert campaign(vendors, "iterable", "6684", "email_campaign_name", *FIGURES, "sent_at") == (
        *("Dale offer", "events", 2, 2, 0, 2, 1, 1, 1, 1, True, datetime(2026, 4, 24, 14)),
    )
    assert rows(
        vendors,
        "select event_at, is_by_machine from intermediate.int_email_events_unioned"
        " where email_source = 'iterable' and event_type = 'open' order by event_at",
    ) == [(datetime(2026, 4, 24, 14, 38, 38), True), (datetime(2026, 4, 24, 15), False)]
    assert campaign(vendors, "iterable", "7001", "email_campaign_name", *FIGURES) == (
        *("June letter", "events", 1, 0, 1, 0, 0, 1, 1, 0, None),
    )
    # Totals until the 14th, not the sum of two days, nor the row that comes last.
    assert campaign(vendors, "iterable", "7002", *FIGURES) == (
        *("report", 100, 99, 1, 35, None, 5, 4, 2, None),
    )


def test_hubspot_clicks_of_programs_are_told(vendors: duckdb.DuckDBPyConnection) -> None:
    assert campaign(vendors, "hubspot", "910", "email_campaign_name", *FIGURES) == (
        *("Cove week", "events", 1, 1, 0, 1, 1, 2, 1, 1, None),
    )
    assert rows(
        vendors,
        "select source, medium, campaign, clicked_at from intermediate.int_email_clicks_resolved"
        " where email_source = 'hubspot'",
    ) == [("hs_email", "email", "cove-week", datetime(2026, 5, 11, 10))]


# --- what all of them feed


SUBSCRIPTIONS = [
    ("ada@north.example", "unsubscribed", datetime(2026, 9, 9, 7), "mailchimp"),
    ("bea@south.example", "unsubscribed", datetime(2026, 9, 2, 9), "sendgrid"),
    ("cy@east.example", "cleaned", datetime(2026, 9, 1, 12, 0, 6), "sendgrid"),
    ("dee@west.example", "unsubscribed", datetime(2026, 8, 22, 9), "customerio"),
    ("eve@north.example", "unsubscribed", datetime(2026, 9, 3, 10), "sendgrid"),
    ("gil@marsh.example", "unsubscribed", None, "marketo"),
    ("gus@north.example", "unsubscribed", datetime(2026, 9, 3, 11), "sendgrid"),
    ("hal@mill.example", "subscribed", datetime(2026, 5, 1), "klaviyo"),
    ("ivy@mill.example", "cleaned", datetime(2026, 6, 1, 10, 0, 9), "klaviyo"),
    ("lea@dale.example", "subscribed", datetime(2026, 3, 1, 8), "iterable"),
    ("max@dale.example", "unsubscribed", datetime(2026, 4, 25, 8), "iterable"),
    ("ned@dale.example", "unsubscribed", datetime(2026, 5, 1, 8), "iterable"),
    ("pia@dale.example", "cleaned", datetime(2026, 6, 12, 14, 42, 42), "iterable"),
    ("quin@dale.example", "unsubscribed", datetime(2026, 6, 28, 6, 16, 7), "iterable"),
    ("rae@cove.example", "unsubscribed", datetime(2026, 5, 12, 8), "hubspot"),
]


def test_newest_state_of_each_address(vendors: duckdb.DuckDBPyConnection) -> None:
    """A block (fay) and a profile that never subscribed (jo) are no state."""
    addresses = [row[0] for row in SUBSCRIPTIONS] + ["fay@north.example", "jo@mill.example"]
    marks = ", ".join("?" * len(addresses))
    assert (
        rows(
            vendors,
            "select email, subscription_status, status_since_at, email_source"
            f" from intermediate.int_email_subscriptions where email in ({marks}) order by email",
            *addresses,
        )
        == SUBSCRIPTIONS
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        # Three clicks at 18:21, 18:51 and 19:21:01: exactly half an hour is within.
        (
            "mailchimp",
            [
                ("product-news", "/news", False, datetime(2026, 8, 11, 16, 0, 30)),
                ("autumn-webinar", "/webinar", True, datetime(2026, 9, 8, 18, 21)),
                ("autumn-webinar", "/webinar", True, datetime(2026, 9, 8, 19, 21, 1)),
            ],
        ),
        ("sendgrid", [("fall-offer", "/offer", True, datetime(2026, 9, 1, 12, 31))]),
        ("iterable", [
            ("dale", "/dale", True, datetime(2026, 4, 24, 15, 0, 10)),
            ("june-letter", "/june", True, datetime(2026, 6, 12, 15)),
        ]),
    ],
)  # fmt: skip
def test_clicks_become_candidates_for_touches(
    vendors: duckdb.DuckDBPyConnection, source: str, expected: Sequence[tuple[object, ...]]
) -> None:
    clicks = rows(
        vendors,
        "select campaign, replace(landing_page, 'https://www.harbor.example', ''), is_tagged,"
        " clicked_at, source, medium from intermediate.int_email_clicks_resolved"
        " where email_source = ? order by clicked_at",
        source,
    )
    assert [row[:4] for row in clicks] == expected
    assert {row[4:] for row in clicks} == {(source, "email")}


def test_no_address_reaches_a_mart(vendors: duckdb.DuckDBPyConnection) -> None:
    columns = [
        row[0]
        for row in rows(
            vendors,
            "select column_name from duckdb_columns() where schema_name = 'attribution'"
            " and table_name = 'fct_email_campaigns' and data_type = 'VARCHAR'",
        )
    ]
    assert "email_campaign_name" in columns
    found = rows(
        vendors,
        "select count(*) from attribution.fct_email_campaigns where "
        + " or ".join(f"{column} like '%@%'" for column in columns),
    )
    assert found == [(0,)]
