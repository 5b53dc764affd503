"""When a meeting is due: its weekday or day of the month, or the next business day after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from pipelines.project import project
from pipelines.transform.project import project_vars

SATURDAY = 6
ONE_DAY = timedelta(days=1)
# Longer than any row of holidays.
LONGEST_BREAK = 31


@dataclass(frozen=True)
class Ceremony:
    """A meeting that has a pack, as the seed ceremonies has it."""

    name: str
    title: str
    weekday: int | None
    day_of_month: int | None
    local_time: time
    since: str
    template: str

    def is_planned_on(self, day: date) -> bool:
        """Whether it falls on that day, whatever day it is."""
        if self.weekday is not None:
            return day.isoweekday() == self.weekday
        return day.day == self.day_of_month


@cache
def ceremonies() -> Mapping[str, Ceremony]:
    """The meetings by name, in the order of the seed."""
    return {
        row["ceremony"]: Ceremony(
            row["ceremony"],
            row["title"],
            int(row["weekday"]) if row["weekday"] else None,
            int(row["day_of_month"]) if row["day_of_month"] else None,
            time.fromisoformat(row["local_time"]),
            row["since_ceremony"],
            row["template"],
        )
        for row in project().seed_rows("operations", "ceremonies")
    }


def due_on(ceremony: Ceremony, day: date) -> bool:
    """Whether it is held on a day: planned on it, or on the days off just before it."""
    if not is_business_day(day):
        return False
    planned = day
    while True:
        if ceremony.is_planned_on(planned):
            return True
        planned -= ONE_DAY
        if is_business_day(planned):
            return False


def due_since(ceremony: Ceremony, day: date) -> date:
    """The day since which its pack tells: when the one it names was held last before `day`."""
    other = ceremonies()[ceremony.since]
    before = day - ONE_DAY
    while not due_on(other, before):
        before -= ONE_DAY
        if (day - before).days > 2 * LONGEST_BREAK:
            break
    return before


def due_at(ceremony: Ceremony, day: date) -> datetime:
    """The moment on a day at which its pack is made, naive UTC."""
    local = datetime.combine(day, ceremony.local_time, reporting_zone())
    return local.astimezone(UTC).replace(tzinfo=None)


def reporting_zone() -> ZoneInfo:
    """The zone whose midnight ends a reporting day."""
    return ZoneInfo(project_vars()["reporting_time_zone"])


def is_business_day(day: date) -> bool:
    """Whether the company's region works on a day, as business_calendar has it."""
    listed = _listed_days().get(day)
    return day.isoweekday() < SATURDAY if listed is None else listed


@cache
def _listed_days() -> Mapping[date, bool]:
    region = project_vars()["business_region"]
    return {
        date.fromisoformat(row["calendar_date"]): row["is_business_day"].lower() == "true"
        for row in project().seed_rows("operations", "business_calendar")
        if row["region"] == region
    }
