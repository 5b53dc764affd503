"""The company's clocks: seconds since 1970 in UTC, and what local calendars make of them.

Arrays of times are int64 seconds, UTC. Knows the company's two zones until April 2027.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

Array = np.ndarray[Any, Any]

MINUTE = 60
HOUR = 3600
DAY = 86_400

NEW_YORK = ZoneInfo("America/New_York")
BERLIN = ZoneInfo("Europe/Berlin")

FIRST_DAY = date(2026, 1, 1)
LAST_DAY = date(2026, 9, 30)
DAY_COUNT = (LAST_DAY - FIRST_DAY).days + 2
"""Days of the tables that are looked up by UTC day; the period's last evening is UTC's next day."""


def seconds(moment: datetime) -> int:
    """An aware moment as seconds since 1970, UTC."""
    return int(moment.timestamp())


def local(zone: ZoneInfo, day: date, at: time = time(0, 0)) -> int:
    """A local date and time as seconds, UTC."""
    return seconds(datetime.combine(day, at, tzinfo=zone))


PERIOD_START = local(NEW_YORK, FIRST_DAY)
PERIOD_END = local(NEW_YORK, LAST_DAY + timedelta(days=1))
EXPORTED_AT = seconds(datetime(2026, 10, 1, 4, 50, tzinfo=UTC))
UTC_ORIGIN = seconds(datetime(2026, 1, 1, tzinfo=UTC))


def _transitions(zone: ZoneInfo) -> tuple[Array, Array]:
    """Where the zone's offset changes (seconds, UTC) and the offsets around (seconds)."""
    hours = range(seconds(datetime(2025, 12, 1, tzinfo=UTC)), EXPORTED_AT + 200 * DAY, HOUR)
    starts: list[int] = []
    offsets: list[int] = []
    for hour in hours:
        offset = datetime.fromtimestamp(hour, zone).utcoffset() or timedelta(0)
        shift = int(offset.total_seconds())
        if not offsets or offsets[-1] != shift:
            starts.append(hour)
            offsets.append(shift)
    return np.array(starts[1:]), np.array(offsets)


_ZONES = {zone: _transitions(zone) for zone in (NEW_YORK, BERLIN)}


def wall_seconds(zone: ZoneInfo, at: Array) -> Array:
    """Seconds that a local clock shows, as if it were UTC."""
    starts, offsets = _ZONES[zone]
    shown: Array = at + offsets[np.searchsorted(starts, at, side="right")]
    return shown


def wall_days(zone: ZoneInfo, at: Array) -> Array:
    """Local days since 2026-01-01."""
    days: Array = (wall_seconds(zone, at) - UTC_ORIGIN) // DAY
    return days


def wall_minutes(zone: ZoneInfo, at: Array) -> list[str]:
    """'YYYY-MM-DD HH:mm' local; empty where the time is negative (never)."""
    shown = wall_seconds(zone, np.maximum(at, 0)).astype("datetime64[s]").astype("datetime64[m]")
    texts = np.char.replace(np.datetime_as_string(shown), "T", " ")
    shown_texts: list[str] = np.where(at < 0, "", texts).tolist()
    return shown_texts


def utc_day(at: Array) -> Array:
    """Index into tables by UTC day, clipped to the period."""
    days: Array = np.clip((at - UTC_ORIGIN) // DAY, 0, DAY_COUNT - 1)
    return days


def day_index(day: date) -> int:
    """Days since 2026-01-01."""
    return (day - FIRST_DAY).days


def day_of(index: int) -> date:
    """The date of a day index."""
    return FIRST_DAY + timedelta(days=index)


def iso_utc(at: int) -> str:
    """ISO 8601 with milliseconds and Z, as web services write it."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
