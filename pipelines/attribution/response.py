"""What more or less spend on a channel would bring: a curve within what was spent, or a refusal.

A week's leads are those that data_driven credits to the touches of the week, whenever they came
later: a rule gives all of a lead to touches whatever they did, and total leads of some dozen weeks
do not tell a channel's part from chance. So a curve is conditional on data_driven, and the interval
of its share widens the curve's. A week counts once what its touches do has nearly ended. Leads, not
deals: a week has too few of these.

    E(leads of a week) = A * spend ^ b,   0 <= b <= 1

is monotone and concave whatever A and b are (the constant-elasticity response of Hanssens, Parsons
and Schultz, Market Response Models, 2001). Before the data b is uniform on -1..2, and its draws are
moved to the nearer end of 0..1 afterwards: so an interval can end at "nothing" and at "in
proportion", which a prior within the bounds would rule out. Leads are quasi-Poisson: their
likelihood is raised to the power 1 / dispersion, where the dispersion is Pearson's by the weeks
less two, times the ratio of the long-run variance of the residuals to their variance (Newey and
West, 1987, Bartlett weights over LAGS weeks, not below 1). Given b, A has a gamma distribution, so
b has

    log density = (b * sum(leads * log spend) - sum(leads) * log(sum(spend ^ b))) / dispersion

on a grid, and each draw takes its own dispersion, which widens what few weeks say as Student's t
does. The draws are the same every time.

No curve is read below or above RANGE of the weekly spends that it was learned from, and none is
shown at all where a diagnostic fails: see REFUSALS.
"""

import logging
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from math import ceil, isfinite
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from pipelines.ingest.environment import transaction
from pipelines.sql import relations as of_build
from pipelines.transform.project import project_vars

Array = NDArray[Any]

INPUTS = {"int_ad_spend_weekly": "intermediate", "int_lead_touch_weeks": "intermediate"}
"""What is read beside the solved tables, and the schema of each."""
MODEL = "data_driven"
CONVERSION_TYPE = "lead"

HELD_OUT_WEEKS = 13
"""A quarter: what is held out, what a scenario is about."""
FEWEST_WEEKS = 20
"""That a curve is learned from before the held-out quarter."""
FEWEST_LEADS = 20.0
RANGE = (5, 95)
"""Percentiles of weekly spend between which a curve is read."""
LEAST_RATIO = 1.5
"""Of the upper end of that range to the lower one."""
MOST_CORRELATION = 0.8
"""Of the logarithms of two channels' weekly spends."""
FEWEST_COMMON_WEEKS = 10
FEWEST_TESTED_WEEKS = 7
"""Of the held-out quarter within the range that came before it."""
SURE, VERY_SURE = 1.96, 2.58
"""Standard errors of 95 and 99 %."""
HALF_LIVES = 5
"""After which a week is ripe: a thirtieth of what its touches do is still to come."""
WEEK = timedelta(days=7)
LAGS = 4
LEAST_DISPERSION = 0.1
DRAWS = 1000
POINTS = 21
GRID = np.linspace(-1, 2, 301)
STEPS = 50
TINY = 1e-12

REFUSALS = (
    "few_weeks",
    "no_variation",
    "few_leads",
    "correlated",
    "others_move",
    "not_concave",
    "backtest_off",
)
"""Why there is no curve, in the order in which it is asked.

few_weeks: less than FEWEST_WEEKS with spend before the held-out quarter.
no_variation: spend hardly varied (LEAST_RATIO), so nothing shows what more would bring.
few_leads: less than FEWEST_LEADS are credited in all.
correlated: another channel's spend rose and fell with it (MOST_CORRELATION).
others_move: leads that no channel with spend is credited with rise or fall with it, surely: demand
    moved the budget, the channel works through others, or takes from them.
not_concave: leads surely fall with spend, or rise faster than it.
backtest_off: of the held-out quarter, learned without it, it foretold a wrong number of leads, or
    the quarter was spent outside of what came before it.
"""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Weeks:
    """Ripe weeks of a channel with spend, one element a week, in order.

    Attributes:
        start: first day, a Monday.
        spend: in the reporting currency, above 0.
        leads: credited to touches of the week.
        other_leads: of the week that no channel with spend is credited with.
    """

    start: Sequence[date]
    spend: Array
    leads: Array
    other_leads: Array

    @classmethod
    def of(cls, rows: Sequence["WeekRow"]) -> "Weeks":
        """Of rows in order of their week."""
        return cls(
            start=[row.start for row in rows],
            spend=np.array([row.spend for row in rows], dtype=float),
            leads=np.array([row.leads for row in rows], dtype=float),
            other_leads=np.array([row.other_leads for row in rows], dtype=float),
        )

    def where(self, kept: Array) -> "Weeks":
        """Some of them."""
        start = [day for day, keep in zip(self.start, kept, strict=True) if keep]
        return Weeks(start, self.spend[kept], self.leads[kept], self.other_leads[kept])


@dataclass(frozen=True)
class Level:
    """The share of the leads that a channel is credited with, and its interval."""

    share: float
    low: float
    high: float

    def drawn(self, rng: np.random.Generator) -> Array:
        """How far off the credit may be, as a factor."""
        if self.share <= 0:
            return np.ones(DRAWS)
        normal = rng.standard_normal(DRAWS)
        ends = np.where(normal < 0, self.share - self.low, self.high - self.share)
        return np.maximum(1 + normal * ends / SURE / self.share, 0)


@dataclass(frozen=True)
class Backtest:
    """What a curve that had not seen the held-out quarter foretold of it."""

    weeks: int
    foretold: float
    low: float
    high: float
    came: float

    @property
    def is_off(self) -> bool:
        """Whether it foretold a wrong number, or could not be asked."""
        return self.weeks < FEWEST_TESTED_WEEKS or not self.low <= self.came <= self.high


@dataclass(frozen=True)
class Curve:
    """A channel's response, as far as it may be read.

    Attributes:
        channel: which.
        weeks: that it was learned from.
        spend_low, spend_high: a week, between which it may be read; NaN without a week.
        elasticity, scale: draws of b and A.
        others_elasticity, others_error: of the leads of others with this spend; NaN if not asked.
        correlation, correlated_channel: the largest with another channel's spend.
        backtest: None if not asked.
        refusal: of REFUSALS; None where the curve may be shown.
    """

    channel: str
    weeks: Weeks
    spend_low: float
    spend_high: float
    elasticity: Array
    scale: Array
    others_elasticity: float = float("nan")
    others_error: float = float("nan")
    correlation: float = float("nan")
    correlated_channel: str | None = None
    backtest: Backtest | None = None
    refusal: str | None = None

    def at(self, spend: float) -> Array:
        """Draws of the leads of a week with so much spend."""
        found: Array = self.scale * spend**self.elasticity
        return found

    def is_within(self, spend: float) -> bool:
        """Whether so much spend a week was observed."""
        return self.spend_low <= spend <= self.spend_high


def curves(weeks: Mapping[str, Weeks], levels: Mapping[str, Level]) -> list[Curve]:
    """The curve of each channel, or why there is none.

    Args:
        weeks: of each channel.
        levels: what each channel is credited with; one that is credited with nothing has none.
    """
    found = []
    for channel in sorted(weeks):
        correlation, other = _most_correlated(channel, weeks)
        level = levels.get(channel, Level(0, 0, 0))
        curve = _curve(channel, weeks[channel], level)
        curve = replace(curve, correlation=correlation, correlated_channel=other)
        found.append(replace(curve, refusal=_refusal(curve)))
    return found


def _curve(channel: str, weeks: Weeks, level: Level) -> Curve:
    count = len(weeks.spend)
    low, high = np.percentile(weeks.spend, RANGE) if count else (np.nan, np.nan)
    rng = np.random.default_rng(zlib.crc32(channel.encode()))
    if count < FEWEST_WEEKS + HELD_OUT_WEEKS or high <= low or weeks.leads.sum() <= 0:
        nothing = np.full(DRAWS, np.nan)
        return Curve(channel, weeks, float(low), float(high), nothing, nothing)
    elasticity, scale, _ = _drawn(weeks.spend, weeks.leads, rng)
    others, others_error = _free_elasticity(weeks.spend, weeks.other_leads)
    return Curve(
        channel=channel,
        weeks=weeks,
        spend_low=float(low),
        spend_high=float(high),
        elasticity=elasticity,
        scale=scale * level.drawn(rng),
        others_elasticity=others,
        others_error=others_error,
        backtest=_backtest(weeks, rng),
    )


def _refusal(curve: Curve) -> str | None:
    weeks, test = curve.weeks, curve.backtest
    if len(weeks.spend) < FEWEST_WEEKS + HELD_OUT_WEEKS:
        return "few_weeks"
    free, error = _free_elasticity(weeks.spend, weeks.leads)
    fails = {
        "no_variation": curve.spend_high < LEAST_RATIO * curve.spend_low,
        "few_leads": weeks.leads.sum() < FEWEST_LEADS,
        "correlated": curve.correlation >= MOST_CORRELATION,
        "others_move": abs(curve.others_elasticity) > VERY_SURE * curve.others_error,
        "not_concave": free < -SURE * error or free > 1 + SURE * error,
        "backtest_off": test is None or test.is_off,
    }
    return next((reason for reason, is_so in fails.items() if is_so), None)


def _drawn(spend: Array, leads: Array, rng: np.random.Generator) -> tuple[Array, Array, Array]:
    """Draws of the elasticity, the scale and the dispersion."""
    logs = np.log(spend)
    powers = np.exp(np.outer(GRID, logs))
    total = leads.sum()
    worth = GRID * (leads @ logs) - total * np.log(powers.sum(axis=1))
    best = int(worth.argmax())
    expected = total * powers[best] / powers[best].sum()
    free = len(spend) - 2
    dispersion = _dispersion(leads, expected) * free / rng.chisquare(free, DRAWS)
    density = np.exp((worth - worth[best]) / dispersion[:, None])
    chance = np.cumsum(density, axis=1)
    chance /= chance[:, -1:]
    place = (chance < rng.random(DRAWS)[:, None]).sum(axis=1)
    elasticity = np.clip(GRID[place], 0, 1)
    whole = np.exp(np.outer(elasticity, logs)).sum(axis=1)
    return elasticity, rng.gamma(total / dispersion) * dispersion / whole, dispersion


def _dispersion(leads: Array, expected: Array) -> float:
    """Variance by mean in the long run: what one week has too much, the next ones may have too."""
    residuals = (leads - expected) / np.sqrt(np.maximum(expected, TINY))
    variance = float(residuals @ residuals)
    follows = 1 + 2 * sum(
        (1 - lag / (LAGS + 1)) * float(residuals[lag:] @ residuals[:-lag]) / max(variance, TINY)
        for lag in range(1, LAGS + 1)
    )
    return max(variance / (len(leads) - 2) * max(follows, 1.0), LEAST_DISPERSION)


def _free_elasticity(spend: Array, leads: Array) -> tuple[float, float]:
    """The most likely elasticity without bounds, and its standard error; no error, nothing said."""
    logs = np.log(spend) - np.log(spend).mean()
    if leads.sum() <= 0 or not logs.any():
        return 0.0, float("inf")
    elasticity = 0.0
    for _ in range(STEPS):
        weight = np.exp(elasticity * logs)
        weight /= weight.sum()
        mean = weight @ logs
        known = leads.sum() * float(weight @ (logs - mean) ** 2)
        step = float(leads @ (logs - mean)) / max(known, TINY)
        elasticity += float(np.clip(step, -1, 1))
        if abs(step) < TINY:
            break
    expected = leads.sum() * weight
    return elasticity, float(np.sqrt(_dispersion(leads, expected) / max(known, TINY)))


def _most_correlated(channel: str, weeks: Mapping[str, Weeks]) -> tuple[float, str | None]:
    own = dict(zip(weeks[channel].start, weeks[channel].spend, strict=True))
    found: list[tuple[float, str]] = []
    for name in sorted(set(weeks) - {channel}):
        pairs = [
            (own[day], spend)
            for day, spend in zip(weeks[name].start, weeks[name].spend, strict=True)
            if day in own
        ]
        if len(pairs) < FEWEST_COMMON_WEEKS:
            continue
        ours, theirs = np.log(np.array(pairs, dtype=float)).T
        if ours.std() > TINY and theirs.std() > TINY:
            found.append((abs(float(np.corrcoef(ours, theirs)[0, 1])), name))
    return max(found, default=(float("nan"), None), key=lambda pair: pair[0])


def _backtest(weeks: Weeks, rng: np.random.Generator) -> Backtest:
    """The last quarter, foretold by the weeks before it from what was spent in it."""
    known = np.arange(len(weeks.spend)) < len(weeks.spend) - HELD_OUT_WEEKS
    before, after = weeks.where(known), weeks.where(~known)
    low, high = np.percentile(before.spend, RANGE)
    after = after.where((after.spend >= low) & (after.spend <= high))
    if not len(after.spend) or before.leads.sum() <= 0 or high <= low:
        return Backtest(len(after.spend), 0.0, 0.0, 0.0, float(after.leads.sum()))
    elasticity, scale, dispersion = _drawn(before.spend, before.leads, rng)
    expected = (scale[:, None] * after.spend ** elasticity[:, None]).sum(axis=1)
    # Weeks scatter around any curve.
    foretold = expected + np.sqrt(dispersion * expected) * rng.standard_normal(DRAWS)
    _, low, high = interval(foretold)
    return Backtest(
        weeks=len(after.spend),
        foretold=float(expected.mean()),
        low=max(low, 0.0),
        high=high,
        came=float(after.leads.sum()),
    )


def interval(draws: Array) -> tuple[float, float, float]:
    """The mean of draws, and the interval that 95 % of them lie in."""
    low, high = np.percentile(draws, (2.5, 97.5))
    return float(draws.mean()), float(low), float(high)


def respond(
    con: duckdb.DuckDBPyConnection,
    as_of_at: datetime,
    until: date,
    relations: Mapping[str, str] | None = None,
) -> list[Curve]:
    """Learn the curves from what was just solved, and replace their tables of the schema `solved`.

    Args:
        con: the build file, open for writing.
        as_of_at: the clock of the journeys.
        until: the day until which they tell of anybody.
        relations: where the inputs are, if not in the build file.
    """
    ripe_days, levels = _solved(con)
    rows = _weekly(con, relations or of_build(INPUTS))
    found = curves(_learned_from(rows, until - timedelta(days=ripe_days)), levels)
    with transaction(con):
        _write(con, as_of_at, rows, found)
    for curve in found:
        logger.info("response of %s: %s", curve.channel, curve.refusal or "a curve")
    return found


def _solved(con: duckdb.DuckDBPyConnection) -> tuple[int, dict[str, Level]]:
    """After how many days a week is ripe, and what each channel is credited with."""
    rows = con.execute(
        "select channel, share, share_low, share_high, half_life_days from solved.intervals"
        " where attribution_model = ? and conversion_type = ?",
        [MODEL, CONVERSION_TYPE],
    ).fetchall()
    levels = {channel: Level(share, low, high) for channel, share, low, high, _ in rows}
    half_life = max((row[4] for row in rows), default=0.0)
    lookback_days = int(project_vars()["attribution_lookback_days"])
    return min(ceil(HALF_LIVES * half_life), lookback_days), levels


@dataclass(frozen=True)
class WeekRow:
    """A week of a channel; `is_known` is false where some spend of it has no exchange rate."""

    channel: str
    start: date
    spend: float
    is_known: bool
    leads: float
    other_leads: float


def _weekly(con: duckdb.DuckDBPyConnection, sources: Mapping[str, str]) -> list[WeekRow]:
    """Every whole week of every channel with spend, and the leads of it."""
    found = con.execute(
        f"""
        with lead_touches as (
            select * from {sources["int_lead_touch_weeks"]}
        ),
        spent as (
            select * from {sources["int_ad_spend_weekly"]}
        ),
        credited as (
            select
                credits.channel, lead_touches.touched_week, lead_touches.converted_week,
                credits.credit::decimal(38, 18) as credit
            from lead_touches
            inner join solved.journey_credits as credits
                on lead_touches.conversion_id = credits.conversion_id
                    and lead_touches.touch_id = credits.touch_id
            where credits.attribution_model = $model
                and credits.channel in (select channel from spent)
        ),
        of_touches as (
            select channel, touched_week, sum(credit) as leads from credited group by all
        ),
        of_others as (
            select converted_week, sum(leads) as leads
            from (
                select converted_week, count(*)::decimal(38, 18) as leads
                from lead_touches where touch_id is null group by all
                union all
                select converted_week, -credit from credited
            )
            group by all
        )
        select
            spent.channel, spent.week_start_date, spent.spend_reporting::double,
            not spent.is_spend_partial, coalesce(of_touches.leads, 0)::double,
            coalesce(of_others.leads, 0)::double
        from spent
        left join of_touches
            on spent.channel = of_touches.channel
                and spent.week_start_date = of_touches.touched_week
        left join of_others on spent.week_start_date = of_others.converted_week
        order by spent.channel, spent.week_start_date
        """,
        {"model": MODEL},
    ).fetchall()
    return [WeekRow(*row) for row in found]


def _learned_from(rows: Sequence[WeekRow], until: date) -> dict[str, Weeks]:
    """The weeks with spend of each channel that ended by a day, as far as their spend is known."""
    return {
        channel: Weeks.of(
            [
                row
                for row in rows
                if row.channel == channel
                and row.is_known
                and row.spend > 0
                and row.start + WEEK <= until
            ]
        )
        for channel in {row.channel for row in rows}
    }


def _write(
    con: duckdb.DuckDBPyConnection,
    as_of_at: datetime,
    rows: Sequence[WeekRow],
    found: Sequence[Curve],
) -> None:
    """The three tables, from scratch."""
    con.execute(
        "create or replace table solved.response_weeks (channel varchar, week_start_date date,"
        " spend_reporting double, leads double, other_leads double, is_learned_from boolean,"
        " is_held_out boolean, as_of_at timestamp)"
    )
    con.execute(
        "create or replace table solved.response_curves (channel varchar, weeks bigint,"
        " spend_low double, spend_high double, elasticity double, elasticity_low double,"
        " elasticity_high double, others_elasticity double, others_elasticity_low double,"
        " others_elasticity_high double, correlation double, correlated_channel varchar,"
        " backtest_weeks bigint, backtest_leads double, backtest_leads_low double,"
        " backtest_leads_high double, backtest_leads_came double, refusal varchar,"
        " as_of_at timestamp)"
    )
    con.execute(
        "create or replace table solved.response_points (channel varchar, point_no bigint,"
        " spend_reporting double, leads double, leads_low double, leads_high double,"
        " as_of_at timestamp)"
    )
    by_channel = {curve.channel: curve.weeks.start for curve in found}
    for row in rows:
        learned = by_channel[row.channel]
        figures = _rounded(row.spend, row.leads, row.other_leads)
        is_learned, is_held_out = row.start in learned, row.start in learned[-HELD_OUT_WEEKS:]
        con.execute(
            f"insert into solved.response_weeks values ({_marks(8)})",
            [row.channel, row.start, *figures, is_learned, is_held_out, as_of_at],
        )
    for curve in found:
        test = curve.backtest
        others = (curve.others_elasticity, VERY_SURE * curve.others_error)
        con.execute(
            f"insert into solved.response_curves values ({_marks(19)})",
            [
                *(curve.channel, len(curve.weeks.spend)),
                *_rounded(curve.spend_low, curve.spend_high, *interval(curve.elasticity)),
                *_rounded(others[0], others[0] - others[1], others[0] + others[1]),
                *(*_rounded(curve.correlation), curve.correlated_channel),
                *(
                    (test.weeks, *_rounded(test.foretold, test.low, test.high, test.came))
                    if test
                    else [None] * 5
                ),
                *(curve.refusal, as_of_at),
            ],
        )
        if curve.refusal:
            continue
        for number, spend in enumerate(np.linspace(curve.spend_low, curve.spend_high, POINTS)):
            con.execute(
                f"insert into solved.response_points values ({_marks(7)})",
                [curve.channel, number, *_rounded(spend, *interval(curve.at(spend))), as_of_at],
            )


def _marks(count: int) -> str:
    return ", ".join("?" * count)


def _rounded(*figures: float) -> list[float | None]:
    """To the ninth digit, as on every machine; None for what is no number."""
    return [round(float(figure), 9) if isfinite(figure) else None for figure in figures]
