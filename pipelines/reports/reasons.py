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


def reasons(con: duckdb.DuckDBPyConnection, conversion_id: str) -> list[Record]:
    """A line for the conversion, one for each touch that earned something, one for the baseline.

    Args:
        con: on the release.
        conversion_id: of a conversion; of one without a touch there are no lines.
    """
    credits = records(con, CREDITS_SQL, id=conversion_id)
    if not credits:
        return []
    lines = [{"about": "conversion", "credit": None, "said": _of_conversion(credits[0])}]
    lines += [
        {"about": row["channel"], "credit": row["credit"], "said": _of_credit(row)}
        for row in credits
    ]
    return lines


def _of_conversion(row: Record) -> str:
    what = row["conversion_type"].replace("_", " ")
    said = (
        "people decide between touches here, so being the last touch before it earns nothing: a"
        " touch earns by how much likelier its channel makes the days after it, and one at the"
        " conversion itself only as far as its channel is met on other days, too: the rest is how"
        " those came who had decided"
        if row["days_weight"] >= BETWEEN
        else "people decide at touches here, so each touch was a chance: it earns by how much"
        " likelier its channel makes the conversion then and at the touches after it"
    )
    if row["half_life_days"] < AT_ONCE_DAYS:
        said += "; that is gone with the moment"
    else:
        said += f"; half of that is left after {row['half_life_days']:.0f} days"
    if row["conversion_type"] != FIRST_STAGE:
        said += (
            f". Every {what} needs its {FIRST_STAGE} and a decision of its own: touches before the"
            " first earn by the first, later ones by the second, and what came too early for the"
            " lookback is carried by other touches of its channel"
        )
    return f"{said}. A touch that is not listed earned nothing, and Direct never does."


def _of_credit(row: Record) -> str:
    share = f"{row['share']:.0%} of all, between {row['share_low']:.0%} and {row['share_high']:.0%}"
    if row["touched_at"] is None:
        return (
            f"{row['credit']:.0%}: as likely to convert by then without any of the touches, or by"
            f" an intent that Direct visits showed ({share})"
        )
    said = f"{row['credit']:.0%} for the touch {_ago(row['days_before'])} ({share}"
    if row["lift_test_count"]:
        tests = f"{row['lift_test_count']} lift test{'' if row['lift_test_count'] == 1 else 's'}"
        said += f"; {row['share_before_tests']:.0%} before {tests} of it"
    return said + ("" if row["is_told"] else "; cannot be told apart well here") + ")"


def _ago(days: float) -> str:
    if days < 1:
        return "of the same day"
    return f"{days:.0f} day{'' if round(days) == 1 else 's'} before"
