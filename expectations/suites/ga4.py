"""What an export of web events must keep beyond its contract."""

from __future__ import annotations

from datetime import datetime

from expectations.checks import REQUIRED_SHARE, WARNING, Check, EachRow, with_tolerance
from expectations.suites.reading import local_day, read
from pipelines.ingest import Contract
from pipelines.sql import moment

# With fewer, a page is tagged twice or consent is not passed on.
SESSION_SHARE = 0.5
# Of the events whose day is that of their timestamp in the property's zone.
SAME_DAY_SHARE = 0.99


def events(contract: Contract, as_of_at: datetime) -> tuple[Check, ...]:
    """Days and times agree, nothing is of the future, sessions can be built."""
    event_at, event_day = read("event_timestamp"), read("event_date")
    return (
        *with_tolerance(
            EachRow(
                name="is_day_of_timestamp",
                column="event_date",
                # The date is in the property's time zone, the timestamp in UTC.
                condition=f"abs(date_diff('day', {event_day}, cast({event_at} as date))) <= 1",
                dimension="consistency",
                severity=WARNING,
                owner=contract.owner,
                action="Extract the day from BigQuery again: date and timestamp do not agree.",
            ),
            REQUIRED_SHARE,
        ),
        EachRow(
            name="zone_fits_day",
            column="event_date",
            condition=f"{event_day} = {local_day(contract, 'event_timestamp')}",
            mostly=SAME_DAY_SHARE,
            records=False,
            dimension="accuracy",
            severity=WARNING,
            owner=contract.owner,
            action="Say the property's zone in company.yml (sources: {ga4: {time_zone: …}}, see"
            " `throughline init`): days and timestamps of its events do not meet in the zone that"
            " is assumed, and days of its reports are read in it.",
        ),
        EachRow(
            name="not_in_future",
            column="event_timestamp",
            condition=f"coalesce({event_at} <= {moment(as_of_at)}, true)",
            dimension="timeliness",
            severity=WARNING,
            owner=contract.owner,
            action="Check the run's clock (--as-of): later events are left out of the figures.",
        ),
        EachRow(
            name="has_session",
            column="event_params",
            condition="contains(event_params, 'ga_session_id')",
            mostly=SESSION_SHARE,
            records=False,
            dimension="completeness",
            severity=WARNING,
            owner=contract.owner,
            action="Check consent mode and the tag: events without ga_session_id build no session.",
        ),
    )
