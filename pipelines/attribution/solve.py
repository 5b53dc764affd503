"""From journeys to shares, intervals and credits, for every conversion type.

Both models are solved once on all journeys and again for each of 200 bootstraps, which draw a
Poisson number of copies of each of 1,000 buckets of contacts. The draws are the same every time.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from pipelines.attribution import chain, hazard
from pipelines.attribution.journeys import (
    BUCKETS,
    INPUTS,
    US_PER_DAY,
    Channels,
    Converted,
    Source,
    Walked,
    channels,
    conversion_orders,
    converted,
    fallback_credit,
    intents,
    walked,
)
from pipelines.sql import relations as of_build
from pipelines.transform.project import project_vars

Array = NDArray[Any]

BASELINE = "Baseline"
MARKOV, DATA_DRIVEN = "markov", "data_driven"
FEWEST_CONVERSIONS = 200
DRAWS = 200
SEED = 1
INTERVAL = (2.5, 97.5)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rules:
    """What the solve shares with the models.

    Attributes:
        opened_us: journeys without conversion begin here for the Markov chain: the run's clock less
            the lookback, in microseconds since 1970.
        markov_order: how many channels a state of the chain remembers.
    """

    opened_us: int
    markov_order: int

    @classmethod
    def as_of(cls, as_of_at: datetime) -> "Rules":
        """By the vars of the project."""
        rules = project_vars()
        clock_us = (as_of_at - datetime(1970, 1, 1)) // timedelta(microseconds=1)
        return cls(
            opened_us=clock_us - int(rules["attribution_lookback_days"]) * US_PER_DAY,
            markov_order=int(rules["markov_order"]),
        )


@dataclass(frozen=True)
class Solved:
    """One model of one conversion type.

    Attributes:
        model, conversion_type: which.
        channels: names of what credit goes to; BASELINE among them for data_driven.
        share, low, high: of the conversions, per channel.
        value_share: of the amount, per channel; None where there is none.
        touches: of the conversions that the shares are of.
        touch_credit: of each of them.
        baseline_credit: of each conversion.
        is_fallback: whether the shares are position-based.
    """

    model: str
    conversion_type: str
    channels: tuple[str, ...]
    share: Array
    low: Array
    high: Array
    value_share: Array | None
    touches: Converted
    touch_credit: Array
    baseline_credit: Array
    is_fallback: bool = False

    @property
    def conversions(self) -> int:
        """Number of the conversions."""
        return self.touches.count


def solve(
    con: duckdb.DuckDBPyConnection,
    as_of_at: datetime,
    relations: Mapping[str, str] | None = None,
    rules: Rules | None = None,
) -> int:
    """Fit both models and replace the tables of the schema `solved`.

    Args:
        con: the build file, open for writing.
        as_of_at: the clock of the journeys.
        relations: where the inputs are, if not in the build file.
        rules: other than the project's.

    Returns:
        The number of rows of intervals.
    """
    source = Source(con, relations or of_build(INPUTS))
    # In as many threads as there are processors, sums would differ in their last bits from machine
    # to machine; and threads that wait for each other cost more than such small matrices do.
    with threadpool_limits(1, "blas"):
        results = list(solutions(source, rules or Rules.as_of(as_of_at)))
    _write(con, source, as_of_at, results)
    for found in results:
        how = "position-based" if found.is_fallback else "solved"
        logger.info(
            "%s of %s: %s from %d conversions",
            *(found.model, found.conversion_type, how, found.conversions),
        )
    return sum(len(found.channels) for found in results)


def solutions(source: Source, rules: Rules) -> Iterator[Solved]:
    """Both models of every conversion type that has a conversion with a touch."""
    present, shown = channels(source), intents(source)
    orders = conversion_orders(source)
    weights = np.random.default_rng(SEED).poisson(1, (DRAWS, BUCKETS)).astype(float)
    journeys = {name: converted(source, name, present, shown) for name in orders}
    moves = MovesOfPersons(rules)
    trials = TrialSums(orders, journeys, len(present.effective))
    for part in walked(source, present, shown):
        moves.add(part)
        trials.add(part)
    for name, touches in journeys.items():
        built = markov_chain(moves.without(orders[name]), touches, rules)
        yield markov(name, built, touches, present, weights)
        if touches.count < FEWEST_CONVERSIONS:
            credit = fallback_credit(source, name)
            yield position_based(name, touches, credit, present, weights)
        else:
            yield data_driven(name, touches, trials, present, weights)


class MovesOfPersons:
    """Moves of all persons within the lookback, with what each had converted to."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._parts: list[tuple[int, chain.Moves]] = []

    def add(self, part: Walked) -> None:
        """Count the moves of some more persons."""
        journey, channel_no = part.trials.journey, part.channel_no
        within = part.at_us >= self._rules.opened_us
        if not within.all():
            journey, channel_no = journey[within], channel_no[within]
        begins = np.append(True, journey[1:] != journey[:-1])[: len(journey)]
        order = self._rules.markov_order
        kept, source, target = chain.steps(begins, channel_no, order)
        journey = journey[kept]
        ends = np.flatnonzero(np.append(journey[1:] != journey[:-1], True)[: len(journey)])
        group = part.converted_types * BUCKETS + part.bucket
        null = np.full(len(ends), chain.NULL)
        for moves in (
            chain.counted(group[journey], source, target, order),
            chain.counted(group[journey[ends]], target[ends], null, order),
        ):
            types, bucket = np.divmod(moves.bucket, BUCKETS)
            for mask in np.unique(types):
                those = types == mask
                columns = (moves.source, moves.target, moves.count, moves.value)
                kept_moves = chain.Moves(bucket[those], *(column[those] for column in columns))
                self._parts.append((int(mask), kept_moves))

    def without(self, conversion_order: int) -> list[chain.Moves]:
        """Those of the persons who did not convert to a type."""
        return [moves for mask, moves in self._parts if not mask >> conversion_order & 1]


def markov_chain(nulls: list[chain.Moves], touches: Converted, rules: Rules) -> chain.Chain:
    """The chain of journeys to a conversion, and of those that came to nothing."""
    order = rules.markov_order
    kept, source, target = chain.steps(touches.trials.begins, touches.channel_no, order)
    begins = touches.trials.begins[kept]
    ends = np.append(begins[1:], True)
    bucket = touches.bucket[kept]
    conversion = np.full(int(ends.sum()), chain.CONVERSION)
    amount = np.nan_to_num(touches.amount[touches.last])
    return chain.built(
        [
            *nulls,
            chain.counted(bucket, source, target, order),
            chain.counted(bucket[ends], target[ends], conversion, order, amount),
        ],
        BUCKETS,
    )


def markov(
    conversion_type: str,
    built: chain.Chain,
    touches: Converted,
    present: Channels,
    weights: Array,
) -> Solved:
    """Removal effects; a journey's credit is theirs among its channels, shared within a channel."""
    by_count, by_value = chain.removal_effects(built, np.ones((1, weights.shape[1])))
    drawn, _ = chain.removal_effects(built, weights)
    share = chain.shares(by_count)[0]
    place = np.searchsorted(built.channels, touches.channel_no)
    channel_of_journey = touches.journey * chain.BASE + touches.channel_no
    _, which, size = np.unique(channel_of_journey, return_inverse=True, return_counts=True)
    # The floor shares a journey equally whose channels all have no effect.
    weight = np.maximum(by_count[0][place], 1e-12) / size[which]
    credit = weight / np.bincount(touches.journey, weight, touches.count)[touches.journey]
    interval = percentile_interval(chain.shares(drawn), share)
    return Solved(
        model=MARKOV,
        conversion_type=conversion_type,
        channels=tuple(present.names[int(number)] for number in built.channels),
        share=share,
        value_share=chain.shares(by_value)[0] if np.isfinite(by_value).all() else None,
        touches=touches,
        touch_credit=credit,
        baseline_credit=np.zeros(touches.count),
        is_fallback=False,
        low=interval["low"],
        high=interval["high"],
    )


def position_based(
    conversion_type: str, touches: Converted, credit: Array, present: Channels, weights: Array
) -> Solved:
    """What stands in for data_driven below FEWEST_CONVERSIONS: the credit of the fallback."""
    numbers, place = np.unique(touches.channel_no, return_inverse=True)
    credits = np.zeros((touches.count, len(numbers)))
    np.add.at(credits, (touches.journey, place), credit)
    return _from_credits(
        conversion_type,
        tuple(present.names[int(number)] for number in numbers),
        touches,
        (credits, [credits] * len(weights), weights),
        touch_credit=credit,
        is_fallback=True,
    )


class TrialSums:
    """Features summed over the trials that came to nothing, by type, half-life and bucket."""

    def __init__(
        self, orders: Mapping[str, int], journeys: Mapping[str, Converted], channels: int
    ) -> None:
        self._bits = {
            name: 1 << orders[name]
            for name, touches in journeys.items()
            if touches.count >= FEWEST_CONVERSIONS
        }
        self._channels = channels
        self._sums = {name: self._of_converted(journeys[name]) for name in self._bits}

    def add(self, part: Walked) -> None:
        """Add the trials of some more persons."""
        if not self._bits:
            return
        masks = np.flatnonzero(np.bincount(part.converted_types))
        mask = np.searchsorted(masks, part.converted_types)
        first = int(part.bucket[0])
        buckets = int(part.bucket[-1]) - first + 1
        group = mask * buckets + part.bucket - first
        sums = self._summed(part.trials, group, len(masks) * buckets)
        sums = sums.reshape(len(sums), len(masks), buckets, -1)
        for name, bit in self._bits.items():
            rest = sums[:, (masks & bit) == 0].sum(axis=1)
            self._sums[name][:, first : first + buckets] += rest

    def others(self, conversion_type: str, half_life: float) -> Array:
        """Buckets x features."""
        sums: Array = self._sums[conversion_type][hazard.HALF_LIVES_DAYS.index(half_life)]
        return sums

    def _of_converted(self, touches: Converted) -> Array:
        """Of the trials that came to nothing before the one that converted."""
        went_on = np.ones(len(touches.bucket), dtype=bool)
        went_on[touches.last] = False
        trials = touches.trials
        kept = hazard.Trials(
            trials.begins[went_on],
            trials.at_days[went_on],
            trials.channel[went_on],
            trials.intents[went_on],
        )
        return self._summed(kept, touches.bucket[went_on][kept.begins], BUCKETS)

    def _summed(self, trials: hazard.Trials, group: Array, groups: int) -> Array:
        lives = hazard.HALF_LIVES_DAYS
        return hazard.feature_sums(trials, self._channels, lives, group, groups)


def data_driven(
    conversion_type: str,
    touches: Converted,
    sums: TrialSums,
    present: Channels,
    weights: Array,
) -> Solved:
    """The hazard whose half-life fits best, and the Shapley value of each channel in it."""
    best: tuple[float, hazard.Fit, Array, Array] | None = None
    begin = None
    trials, size = touches.trials, len(present.effective)
    for half_life in hazard.HALF_LIVES_DAYS:
        stock = hazard.last_stock(trials, size, half_life)
        converting = hazard.features(stock, trials.intents[touches.last])
        others = sums.others(conversion_type, half_life).sum(axis=0)
        fitted = hazard.fit(converting, others, begin)
        begin = fitted.coefficients
        if best is None or fitted.log_likelihood > best[1].log_likelihood:
            best = half_life, fitted, converting, stock
    assert best is not None  # noqa: S101 - there is always a half-life
    half_life, fitted, converting, stock = best
    others = sums.others(conversion_type, half_life)
    drawn = hazard.resampled(fitted, converting, touches.bucket[touches.last], others, weights)
    credits = hazard.credits(converting, fitted.coefficients, size)
    certain = hazard.effect_is_certain(fitted, converting, others.sum(axis=0), size)
    # A channel's credit goes to its touches by what is left of each.
    days_left = trials.at_days - trials.at_days[touches.last][touches.journey]
    of_channel = np.where(trials.channel >= 0, credits[touches.journey, trials.channel], 0)
    part = np.exp2(days_left / half_life) / np.maximum(
        stock[touches.journey, trials.channel], 1e-300
    )
    return _from_credits(
        conversion_type,
        (*present.effective, BASELINE),
        touches,
        (credits, (hazard.credits(converting, one, size) for one in drawn), weights),
        touch_credit=np.where(trials.channel >= 0, of_channel * part, 0),
        baseline_credit=credits[:, -1],
        certain=certain,
    )


def _from_credits(  # noqa: PLR0913 - what both ways to credit have in common
    conversion_type: str,
    channels: tuple[str, ...],
    touches: Converted,
    drawn: tuple[Array, Any, Array],
    *,
    touch_credit: Array,
    baseline_credit: Array | None = None,
    certain: Array | None = None,
    is_fallback: bool = False,
) -> Solved:
    """Shares of a model that credits each conversion; `drawn` has the credits of every draw."""
    credits, credits_of_draws, weights = drawn
    count_of_draws = weights[:, touches.bucket[touches.last]]
    shares = np.stack(
        [
            count @ one / max(count.sum(), 1)
            for count, one in zip(count_of_draws, credits_of_draws, strict=True)
        ]
    )
    amount = np.nan_to_num(touches.amount[touches.last])
    share = credits.mean(axis=0)
    interval = percentile_interval(shares, share)
    if certain is not None:
        # A channel that may do nothing may have nothing; then the baseline has it.
        interval["low"][:-1][~certain] = 0
        interval["high"][-1] += share[:-1][~certain].sum()
        interval["high"][-1] = min(interval["high"][-1], 1)
    return Solved(
        model=DATA_DRIVEN,
        conversion_type=conversion_type,
        channels=channels,
        share=share,
        value_share=amount @ credits / amount.sum() if amount.sum() > 0 else None,
        touches=touches,
        touch_credit=touch_credit,
        baseline_credit=np.zeros(touches.count) if baseline_credit is None else baseline_credit,
        is_fallback=is_fallback,
        low=interval["low"],
        high=interval["high"],
    )


def percentile_interval(draws: Array, share: Array) -> dict[str, Array]:
    """The percentiles of the draws, widened to the share itself where they would miss it."""
    if not np.isfinite(draws).all():
        draws = draws[np.isfinite(draws).all(axis=1)]
    low, high = np.percentile(draws, INTERVAL, axis=0) if len(draws) else (share, share)
    return {"low": np.minimum(low, share), "high": np.maximum(high, share)}


def _write(
    con: duckdb.DuckDBPyConnection, source: Source, as_of_at: datetime, results: list[Solved]
) -> None:
    """Both tables, from scratch, in one transaction."""
    con.execute("begin")
    con.execute("create schema if not exists solved")
    con.execute(
        "create or replace table solved.intervals (attribution_model varchar,"
        " conversion_type varchar, channel varchar, share double, share_low double,"
        " share_high double, value_share double, conversions bigint, is_fallback boolean,"
        " as_of_at timestamp)"
    )
    con.execute(
        "create or replace table solved.journey_credits (conversion_id varchar, touch_id varchar,"
        " attribution_model varchar, channel varchar, credit double, is_fallback boolean,"
        " as_of_at timestamp)"
    )
    for found in results:
        values = found.value_share if found.value_share is not None else [None] * len(found.share)
        columns = (found.channels, found.share, found.low, found.high, values)
        con.executemany(
            "insert into solved.intervals values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                [
                    *(found.model, found.conversion_type, channel, float(share), float(low)),
                    *(float(high), None if value is None else float(value)),
                    *(found.conversions, found.is_fallback, as_of_at),
                ]
                for channel, share, low, high, value in zip(*columns, strict=True)
            ],
        )
        _write_credits(con, source, as_of_at, found)
    con.execute("commit")


def _write_credits(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    as_of_at: datetime,
    found: Solved,
) -> None:
    """What each touch got, and the baseline."""
    touches = found.touches
    of_touches = {
        "conversion_no": touches.conversion_no,
        "touch_no": touches.touch_no,
        "credit": found.touch_credit,
    }
    of_baseline = {
        "conversion_no": touches.conversion_no[touches.last],
        "credit": found.baseline_credit,
    }
    for columns, touch in (
        (of_touches, f"touches.touch_id, '{found.model}', touches.channel"),
        (of_baseline, f"null, '{found.model}', '{BASELINE}'"),
    ):
        con.register("solved_arrays", columns)
        joined = "inner join {int_touches_eligible} as touches using (conversion_no, touch_no)"
        text = f"""
            insert into solved.journey_credits
            select conversions.conversion_id, {touch}, found.credit, ?, ?
            from solved_arrays as found
            inner join {{int_conversions_unioned}} as conversions using (conversion_no)
            {joined if "touch_no" in columns else ""}
            where found.credit > 0
        """
        con.execute(text.format_map(source.relations), [found.is_fallback, as_of_at])
        con.unregister("solved_arrays")
