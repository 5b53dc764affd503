"""From journeys to shares, intervals and credits, for every conversion type.

Both models are solved once on all journeys and again for each of 200 bootstraps, which draw a
Poisson number of copies of each of 1,000 buckets of contacts. The draws are the same every time.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from pipelines.attribution import chain, hazard
from pipelines.attribution.journeys import (
    BUCKETS,
    DIRECT,
    INPUTS,
    Converted,
    Source,
    channel_names,
    converted,
    markov_chain,
    walked,
)

Array = NDArray[Any]

BASELINE = "Baseline"
MARKOV, DATA_DRIVEN = "markov", "data_driven"
FEWEST_CONVERSIONS = 200
DRAWS = 200
SEED = 1
INTERVAL = (2.5, 97.5)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Solved:
    """One model of one conversion type.

    Attributes:
        model, conversion_type: which.
        channels: names of what credit goes to; BASELINE among them for data_driven.
        share, low, high: of the conversions, per channel.
        value_share: of the amount, per channel; None where there is none.
        conversions: that the shares are of.
        touch_credit: of each touch of `journeys.converted`, in its order.
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
    conversions: int
    touch_credit: Array
    baseline_credit: Array
    is_fallback: bool = False


def relations_of_build() -> dict[str, str]:
    """The inputs as the build file names them."""
    return {model: f"{schema}.{model}" for model, schema in INPUTS.items()}


def solve(
    con: duckdb.DuckDBPyConnection,
    as_of_at: datetime,
    relations: Mapping[str, str] | None = None,
) -> int:
    """Fit both models and replace the tables of the schema `solved`.

    Args:
        con: the build file, open for writing.
        as_of_at: the clock of the journeys.
        relations: where the inputs are, if not in the build file.

    Returns:
        The number of rows of intervals.
    """
    source = Source(con, relations or relations_of_build())
    results = list(solutions(source))
    _write(con, source, as_of_at, results)
    for found in results:
        how = "position-based" if found.is_fallback else "solved"
        logger.info(
            "%s of %s: %s from %d conversions",
            *(found.model, found.conversion_type, how, found.conversions),
        )
    return sum(len(found.channels) for found in results)


def solutions(source: Source) -> Iterator[Solved]:
    """Both models of every conversion type that has a conversion with a touch."""
    names = channel_names(source)
    types = source.columns(
        "select conversion_type, any_value(conversion_order) as conversion_order from {model}"
        " group by conversion_type order by conversion_order",
        "int_journey_conversions",
    )
    orders = dict(
        zip(types["conversion_type"].tolist(), types["conversion_order"].tolist(), strict=True)
    )
    weights = np.random.default_rng(SEED).poisson(1, (DRAWS, BUCKETS)).astype(float)
    journeys = {name: converted(source, name) for name in orders}
    trials = _Trials(source, orders, journeys, names)
    for name, touches in journeys.items():
        yield markov(name, markov_chain(source, name), touches, names, weights)
        if touches.count < FEWEST_CONVERSIONS:
            yield position_based(name, touches, names, weights)
        else:
            yield data_driven(name, touches, trials, weights)


def markov(
    conversion_type: str,
    built: chain.Chain,
    touches: Converted,
    names: Mapping[int, str],
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
    interval = _interval(chain.shares(drawn), share)
    return Solved(
        model=MARKOV,
        conversion_type=conversion_type,
        channels=tuple(names[int(number)] for number in built.channels),
        share=share,
        value_share=chain.shares(by_value)[0] if np.isfinite(by_value).all() else None,
        conversions=touches.count,
        touch_credit=credit,
        baseline_credit=np.zeros(touches.count),
        is_fallback=False,
        low=interval["low"],
        high=interval["high"],
    )


def position_based(
    conversion_type: str, touches: Converted, names: Mapping[int, str], weights: Array
) -> Solved:
    """What stands in for data_driven below FEWEST_CONVERSIONS."""
    numbers, place = np.unique(touches.channel_no, return_inverse=True)
    credits = np.zeros((touches.count, len(numbers)))
    np.add.at(credits, (touches.journey, place), touches.position_credit)
    return _from_credits(
        conversion_type,
        tuple(names[int(number)] for number in numbers),
        touches,
        (credits, [credits] * len(weights), weights),
        touch_credit=touches.position_credit,
        is_fallback=True,
    )


class _Trials:
    """Sums of features over the trials that did not convert: type x bucket x feature, by half-life.

    Direct, and a channel that no journey has, is no channel.
    """

    def __init__(
        self,
        source: Source,
        orders: Mapping[str, int],
        journeys: Mapping[str, Converted],
        names: Mapping[int, str],
    ) -> None:
        # Of nobody's journeys there are no channels, and no whole number to tell their type by.
        numbers = sorted(n for n, name in names.items() if name != DIRECT)
        self.numbers = np.array(numbers, dtype=np.int64)
        self.names = tuple(names[int(number)] for number in self.numbers)
        self._index = np.full(chain.BASE, -1)
        self._index[self.numbers] = np.arange(len(self.numbers))
        self.solved = tuple(t for t in orders if journeys[t].count >= FEWEST_CONVERSIONS)
        size = hazard.feature_count(len(self.numbers))
        shape = (len(hazard.HALF_LIVES_DAYS), len(self.solved), BUCKETS, size)
        self._sums = np.zeros(shape)
        if self.solved:
            self._add_walked(source, [1 << orders[t] for t in self.solved])
        for number, name in enumerate(self.solved):
            self._add_converted(number, journeys[name])

    def index(self, channel_no: Array) -> Array:
        """The place of each channel among the features, -1 for Direct."""
        index: Array = self._index[channel_no]
        return index

    def stock(self, begins: Array, at_days: Array, channel_no: Array, half_life: float) -> Array:
        """The adstock at each trial, by channel."""
        return hazard.adstock(begins, at_days, self.index(channel_no), len(self.numbers), half_life)

    def others(self, conversion_type: str, half_life: float) -> Array:
        """Buckets x features."""
        life = hazard.HALF_LIVES_DAYS.index(half_life)
        sums: Array = self._sums[life, self.solved.index(conversion_type)]
        return sums

    def _add_walked(self, source: Source, bits: list[int]) -> None:
        for part in walked(source):
            masks, mask = np.unique(part.converted_types, return_inverse=True)
            first = int(part.bucket[0])
            group = (part.bucket - first) * len(masks) + mask
            groups = (int(part.bucket[-1]) - first + 1) * len(masks)
            for life, half_life in enumerate(hazard.HALF_LIVES_DAYS):
                stock = self.stock(part.begins, part.at_days, part.channel_no, half_life)
                columns = hazard.features(stock).T
                sums = np.stack([np.bincount(group, column, groups) for column in columns], axis=1)
                sums = sums.reshape(-1, len(masks), len(columns))
                for number, bit in enumerate(bits):
                    rest = sums[:, (masks & bit) == 0].sum(axis=1)
                    self._sums[life, number, first : first + len(rest)] += rest

    def _add_converted(self, number: int, touches: Converted) -> None:
        went_on = np.ones(len(touches.begins), dtype=bool)
        went_on[touches.last] = False
        for life, half_life in enumerate(hazard.HALF_LIVES_DAYS):
            stock = self.stock(touches.begins, touches.at_days, touches.channel_no, half_life)
            columns = hazard.features(stock)[went_on]
            np.add.at(self._sums[life, number], touches.bucket[went_on], columns)


def data_driven(
    conversion_type: str, touches: Converted, trials: _Trials, weights: Array
) -> Solved:
    """The hazard whose half-life fits best, and the Shapley value of each channel in it."""
    best: tuple[float, hazard.Fit, Array, Array] | None = None
    begin = None
    for half_life in hazard.HALF_LIVES_DAYS:
        stock = trials.stock(touches.begins, touches.at_days, touches.channel_no, half_life)
        converting = hazard.features(stock[touches.last])
        others = trials.others(conversion_type, half_life).sum(axis=0)
        fitted = hazard.fit(converting, others, begin)
        begin = fitted.coefficients
        if best is None or fitted.log_likelihood > best[1].log_likelihood:
            best = half_life, fitted, converting, stock[touches.last]
    assert best is not None  # noqa: S101 - there is always a half-life
    half_life, fitted, converting, stock = best
    others = trials.others(conversion_type, half_life)
    drawn = hazard.resampled(fitted, converting, touches.bucket[touches.last], others, weights)
    credits = hazard.credits(converting, fitted.coefficients)
    certain = hazard.effect_is_certain(fitted, converting, others.sum(axis=0))
    # A channel's credit goes to its touches by what is left of each.
    index = trials.index(touches.channel_no)
    left = np.exp2((touches.at_days - touches.at_days[touches.last][touches.journey]) / half_life)
    of_channel = np.where(index >= 0, credits[touches.journey, index], 0)
    part = left / np.maximum(stock[touches.journey, index], 1e-300)
    return _from_credits(
        conversion_type,
        (*trials.names, BASELINE),
        touches,
        (credits, (hazard.credits(converting, one) for one in drawn), weights),
        touch_credit=np.where(index >= 0, of_channel * part, 0),
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
    interval = _interval(shares, share)
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
        conversions=touches.count,
        touch_credit=touch_credit,
        baseline_credit=np.zeros(touches.count) if baseline_credit is None else baseline_credit,
        is_fallback=is_fallback,
        low=interval["low"],
        high=interval["high"],
    )


def _interval(draws: Array, share: Array) -> dict[str, Array]:
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
    con: duckdb.DuckDBPyConnection, source: Source, as_of_at: datetime, found: Solved
) -> None:
    """What each touch got, and the baseline: the arrays are in the order that `converted` read."""
    relation = source.relations["int_journey_conversions"]
    for credits, touch_id, channel, rows in (
        (found.touch_credit, "touch_id", "channel", ""),
        (found.baseline_credit, "null", f"'{BASELINE}'", "and touch_position = 1"),
    ):
        solved = {"place": np.arange(1, len(credits) + 1), "credit": credits}
        con.register("solved_arrays", solved)
        con.execute(
            f"""
            insert into solved.journey_credits
            select conversion_id, {touch_id}, ?, {channel}, credit, ?, ?
            from (
                select
                    conversion_id, touch_id, channel,
                    row_number() over (order by conversion_id, touch_position) as place
                from {relation} where conversion_type = ? {rows}
            )
            inner join solved_arrays using (place)
            where credit > 0
            order by place
            """,
            [found.model, found.is_fallback, as_of_at, found.conversion_type],
        )
        con.unregister("solved_arrays")
