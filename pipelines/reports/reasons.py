"""Why each touch got what it got, in words: the credits of data_driven and the clock they go by."""

import duckdb

from pipelines.reports.records import Record, records

CREDITS_SQL = """
    select credits.channel, credits.touched_at, credits.conversion_type,
        sum(credits.credit) as credit,
        date_diff('hour', credits.touched_at, credits.converted_at) / 24 as days_before,
        any_value(intervals.days_weight) as days_weight,
        any_value(intervals.half_life_days) as half_life_days,
        any_value(intervals.is_told) as is_told,
        any_value(intervals.share_before_tests) as share_before_tests,
        any_value(intervals.lift_test_count) as lift_test_count,
        any_value(intervals.share) as share,
        any_value(intervals.share_low) as share_low, any_value(intervals.share_high) as share_high
    from attribution.fct_attribution_credits as credits
    inner join attribution.fct_attribution_intervals as intervals
        on credits.attribution_model = intervals.attribution_model
        and credits.conversion_type = intervals.conversion_type
        and credits.channel = intervals.channel
    where credits.conversion_id = $id and credits.attribution_model = 'data_driven'
        and not credits.is_fallback
    group by credits.channel, credits.touched_at, credits.conversion_type, credits.converted_at
    order by credits.touched_at nulls last, credits.channel
"""
FIRST_STAGE = "lead"
BETWEEN = 0.5
AT_ONCE_DAYS = 0.1
LEAST = 0.005
"""Touches that earned less are told of together."""
NAMES = {"closed_won": "won deal", "mql": "MQL", "sal": "SAL", "sql": "SQL"}


def reasons(con: duckdb.DuckDBPyConnection, conversion_id: str) -> list[Record]:
    """A line for the conversion, one for each channel that earned something, with its touches, the
    one that earned most first, and one for the baseline.

    Args:
        con: on the release.
        conversion_id: of a conversion; of one without a touch there are no lines.
    """
    credits = records(con, CREDITS_SQL, id=conversion_id)
    if not credits:
        return []
    lines = [{"about": "conversion", "credit": None, "said": _of_conversion(credits[0])}]
    channels: dict[str, list[Record]] = {}
    for row in credits:
        channels.setdefault(row["channel"], []).append(row)
    of_channels: list[Record] = [
        {"about": name, "credit": sum(row["credit"] for row in rows), "said": _of_channel(rows)}
        for name, rows in channels.items()
    ]
    return lines + sorted(of_channels, key=_place)


def _place(line: Record) -> tuple[bool, float]:
    """What earned most is told first, the baseline last."""
    return line["about"] == "Baseline", -line["credit"]


def _of_conversion(row: Record) -> str:
    what = NAMES.get(row["conversion_type"], row["conversion_type"])
    wears_off = (
        "what a touch does is gone with its moment"
        if row["half_life_days"] < AT_ONCE_DAYS
        else f"half of what a touch does is left after {row['half_life_days']:.2g} days"
    )
    if row["days_weight"] >= BETWEEN:
        said = (
            "people decide between touches here, so being the last one earns nothing by itself: a"
            f" touch earns by how much likelier its channel makes the {what} in the days after it"
            f" ({wears_off}). Who has decided comes back to say so: a visit on the day itself"
            " counts only as far as its channel is met on other days, too"
        )
    else:
        said = (
            "people decide at touches here, so each touch was a chance: it earns by how much"
            f" likelier its channel makes the {what} then and at the touches after it ({wears_off})"
        )
    if row["conversion_type"] != FIRST_STAGE:
        said += (
            f". Each {what} needs its {FIRST_STAGE} and a decision of its own: touches before the"
            f" {FIRST_STAGE} earn by the one, later touches by the other, and what came too early"
            " for the lookback is carried by later touches of its channel"
        )
    return f"{said}. Direct never earns: nobody did anything for it."


def _of_channel(rows: list[Record]) -> str:
    row, credit = rows[0], sum(row["credit"] for row in rows)
    if row["touched_at"] is None:
        said = "no touch explains it: so likely was it without any, or by a wish that was there"
    else:
        told = sorted(rows, key=lambda one: (-one["credit"], one["days_before"]))
        named = [one for one in told if one["credit"] >= LEAST]
        touches = [f"{one['credit']:.0%} the touch {_ago(one['days_before'])}" for one in named]
        if less := len(told) - len(named):
            touches.append(f"{less} touch{'' if less == 1 else 'es'} less than 1% each")
        said = ", ".join(touches)
    return f"{_percent(credit)}: {said}. {_of_all(row)}"


def _percent(credit: float) -> str:
    return f"{credit:.0%}" if credit >= LEAST else "less than 1%"


def _of_all(row: Record) -> str:
    """What the channel has of all conversions of the type, and how sure that is."""
    said = (
        f"Of all such conversions it has {row['share']:.0%}, very likely between"
        f" {row['share_low']:.0%} and {row['share_high']:.0%}"
    )
    if row["lift_test_count"]:
        tests = f"{row['lift_test_count']} lift test{'' if row['lift_test_count'] == 1 else 's'}"
        said += f"; {row['share_before_tests']:.0%} before {tests} of it"
    return said + ("" if row["is_told"] else ", too wide to tell it from others")


def _ago(days: float) -> str:
    if days < 1:
        return "of the same day"
    return f"{days:.0f} day{'' if round(days) == 1 else 's'} before"
