"""The day that a delivery says it is of: it tells an old export from a new one whatever the files'
times are, which copying changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# 2026-09-30, 2026.09.30, 2026_09_30, 20260930; never a part of a longer number.
NUMBERED = re.compile(r"(?<![0-9])(20[0-9]{2})([-._]?)([0-9]{2})\2([0-9]{2})(?![0-9])")
# Sep-30-2026, as Ads Manager names its files, and 30-Sep-2026.
MONTH_FIRST = re.compile(
    r"(?<![a-z])([a-z]{3})[a-z]*[-_. ]([0-9]{1,2})[-_., ]+(20[0-9]{2})(?![0-9])"
)
DAY_FIRST = re.compile(r"(?<![0-9])([0-9]{1,2})[-_. ]([a-z]{3})[a-z]*[-_. ](20[0-9]{2})(?![0-9])")


def stated_day(period: tuple[date, date] | None, path: str) -> tuple[date | None, str | None]:
    """The last day that a file speaks of, and what says so: `period`, the lines above its header,
    or `name`, its own. Both None where neither does.

    Args:
        period: first and last day of the report, where its lines say them.
        path: below the exports; only the last part of it is looked at.
    """
    if period:
        return period[1], "period"
    named = max(_days(path.rsplit("/", 1)[-1].casefold()), default=None)
    return named, "name" if named else None


def _days(name: str) -> Iterator[date]:
    found = [(year, month, day) for year, _, month, day in NUMBERED.findall(name)]
    found += [(year, _month(month), day) for month, day, year in MONTH_FIRST.findall(name)]
    found += [(year, _month(month), day) for day, month, year in DAY_FIRST.findall(name)]
    for parts in found:
        try:
            yield date(*map(int, parts))
        except ValueError:
            continue


def _month(letters: str) -> str:
    """Its number; 0, which is no month, for other words."""
    return str(MONTHS.index(letters) + 1 if letters in MONTHS else 0)
