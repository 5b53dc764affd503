"""From journeys to shares, intervals and credits, for every conversion type.

Both models are solved once on all journeys and again for each of 200 bootstraps, which draw a
Poisson number of copies of each of 1,000 buckets of contacts. The draws are the same every time.

data_driven has two clocks, and the journeys say which holds. Where conversions come at touches
whatever they are, a touch is the trial (hazard.py). Where visits that nobody brought convert better
than those that a channel did, or conversions come at no touch, people decide between touches, and
time is (days.py). What follows the first stage needs that stage and a decision of its own: its
credits are the Shapley value of the product of both.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from pipelines.attribution import chain
from pipelines.attribution.clocks import (
    ByDays,
    Clock,
    TrialSums,
    Visitors,
    by_touches,
    mixed,
    percentile_interval,
)
from pipelines.attribution.counting import Counting, count_here
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
    intents,
    leads,
    told_until,
)
from pipelines.attribution.lifts import Heard, LiftTest, heard, lift_tests
from pipelines.ingest.environment import transaction
from pipelines.sql import relations as of_build
from pipelines.transform.project import project_vars

Array = NDArray[Any]

BASELINE = "Baseline"
MARKOV, DATA_DRIVEN = "markov", "data_driven"
DRAWS = 200
SEED = 1
TOLD_WIDTH = 0.05
"""A channel is told apart where its interval is no wider than this or than its share."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rules:
    """What the solve shares with the models.

    Attributes:
        lookback_days: journeys without conversion begin so long before the end of what is told, for
            the Markov chain.
        markov_order: how many channels a state of the chain remembers.
        until_us: how far the journeys tell, in microseconds since 1970: nobody is known to be at
            risk after it.
    """

    lookback_days: int
    markov_order: int
    until_us: int

    @classmethod
    def of(cls, source: Source, as_of_at: datetime) -> "Rules":
        """By the vars of the project, and what the journeys tell by a clock."""
        rules = project_vars()
        clock_us = (as_of_at - datetime(1970, 1, 1)) // timedelta(microseconds=1)
        return cls(
            lookback_days=int(rules["attribution_lookback_days"]),
            markov_order=int(rules["markov_order"]),
            until_us=told_until(source, clock_us),
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
        clock: by which it was learned; None for markov.
        before: what it said before it heard lift tests; None where it has heard none.
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
    clock: Clock | None = None
    before: Heard | None = None

    @property
    def conversions(self) -> int:
        """Number of the conversions."""
        return self.touches.count


def solve(
    con: duckdb.DuckDBPyConnection,
    as_of_at: datetime,
    relations: Mapping[str, str] | None = None,
    rules: Rules | None = None,
    counting: Counting = count_here,
) -> int:
    """Fit both models and replace the tables of the schema `solved`.

    Args:
        con: the build file, open for writing.
        as_of_at: the clock of the journeys.
        relations: where the inputs are, if not in the build file.
        rules: other than the project's.
        counting: who walks all journeys.

    Returns:
        The number of rows of intervals.
    """
    source = Source(con, relations or of_build(INPUTS))
    # In as many threads as there are processors, sums would differ in their last bits from machine
    # to machine; and threads that wait for each other cost more than such small matrices do.
    with threadpool_limits(1, "blas"):
        results = list(solutions(source, rules or Rules.of(source, as_of_at), counting))
    with transaction(con):
        _write(con, source, as_of_at, results)
    for found in results:
        how = f"days {found.clock.days_weight:.2f}" if found.clock else "chain"
        logger.info(
            "%s of %s: %s from %d conversions",
            *(found.model, found.conversion_type, how, found.conversions),
        )
    return sum(len(found.channels) for found in results)


def solutions(source: Source, rules: Rules, counting: Counting = count_here) -> Iterator[Solved]:
    """Both models of every conversion type that has a conversion with a touch."""
    present, shown = channels(source), intents(source)
    orders = conversion_orders(source)
    weights = np.random.default_rng(SEED).poisson(1, (DRAWS, BUCKETS)).astype(float)
    journeys = {name: converted(source, name, present, shown) for name in orders}
    tests = lift_tests(source)
    if not orders:
        return
    first = next(iter(orders))
    known = leads(source, first)
    moves = MovesOfPersons(rules)
    trials = TrialSums(orders, journeys, present)
    visits = Visitors(orders[first], known.person_no, len(present.effective), rules.until_us)
    counting(source, present, shown, (trials, visits, moves))
    by_days = ByDays(source, present, visits, weights, known)
    for name, touches in journeys.items():
        built = markov_chain(moves.without(orders[name]), touches, rules)
        yield markov(name, built, touches, present, weights)
        weight = visits.days_weight(orders[name], touches)
        own_tests = [test for test in tests if test.conversion_type == name]
        yield data_driven(name, touches, by_days, trials, weight, own_tests)


class MovesOfPersons:
    """Moves of all persons within the lookback, with what each had converted to."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._parts: list[tuple[int, chain.Moves]] = []

    def add(self, part: Walked) -> None:
        """Count the moves of some more persons."""
        journey, channel_no = part.trials.journey, part.channel_no
        opened_us = self._rules.until_us - self._rules.lookback_days * US_PER_DAY
        within = part.at_us >= opened_us
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

    def empty(self) -> "MovesOfPersons":
        """One by the same rules, of nobody so far."""
        return MovesOfPersons(self._rules)

    def join(self, other: "MovesOfPersons") -> None:
        """Add what another counted of other persons."""
        self._parts += other._parts

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
        low=interval["low"],
        high=interval["high"],
    )


def data_driven(
    conversion_type: str,
    touches: Converted,
    by_days: ByDays,
    sums: TrialSums,
    weight: float,
    tests: Sequence[LiftTest] = (),
) -> Solved:
    """Both clocks by their weights; what only one of them says widens the interval.

    Lift tests are heard before later stages rest on what they are of.
    """
    of_touches = (conversion_type, touches, sums, by_days.present, by_days.weights)
    if weight == 0:
        judged = by_touches(*of_touches)
    elif weight == 1:
        judged = by_days.judged(conversion_type, touches)
    else:
        with ThreadPoolExecutor() as pool:
            other = pool.submit(by_touches, *of_touches)
            judged = mixed(by_days.judged(conversion_type, touches), other.result(), weight)
    judged, before = heard(judged, touches, by_days.present.effective, tests)
    by_days.settle(touches, judged)
    amount = np.nan_to_num(touches.amount[touches.last])
    return Solved(
        model=DATA_DRIVEN,
        conversion_type=conversion_type,
        channels=(*by_days.present.effective, BASELINE),
        share=judged.credits.mean(axis=0),
        low=judged.low,
        high=judged.high,
        value_share=amount @ judged.credits / amount.sum() if amount.sum() > 0 else None,
        touches=touches,
        touch_credit=judged.touch_credit,
        baseline_credit=np.maximum(
            1 - np.bincount(touches.journey, judged.touch_credit, touches.count), 0
        ),
        clock=Clock(weight, judged.half_life_days),
        before=before,
    )


def _write(
    con: duckdb.DuckDBPyConnection, source: Source, as_of_at: datetime, results: list[Solved]
) -> None:
    """The three tables, from scratch."""
    con.execute("create schema if not exists solved")
    con.execute(
        "create or replace table solved.intervals (attribution_model varchar,"
        " conversion_type varchar, channel varchar, share double, share_low double,"
        " share_high double, is_told boolean, value_share double, conversions bigint,"
        " days_weight double, half_life_days double, lift_test_count bigint,"
        " share_before_tests double, share_before_tests_low double,"
        " share_before_tests_high double, is_fallback boolean, as_of_at timestamp)"
    )
    con.execute(
        "create or replace table solved.lift_tests (experiment_id varchar,"
        " attribution_model varchar, credited_before_tests double, as_of_at timestamp)"
    )
    con.execute(
        "create or replace table solved.journey_credits (conversion_id varchar, touch_id varchar,"
        " attribution_model varchar, channel varchar, credit double, is_fallback boolean,"
        " as_of_at timestamp)"
    )
    for found in results:
        values = found.value_share if found.value_share is not None else [None] * len(found.share)
        told = found.high - found.low <= np.maximum(TOLD_WIDTH, found.share)
        clock = (found.clock.days_weight, found.clock.half_life_days) if found.clock else [None] * 2
        columns = (found.channels, found.share, found.low, found.high, told, values)
        before = _before(found)
        con.executemany(
            f"insert into solved.intervals values ({', '.join('?' * 17)})",
            [
                [
                    *(found.model, found.conversion_type, channel, float(share), float(low)),
                    *(float(high), bool(is_told) if found.clock else None),
                    *(None if value is None else float(value), found.conversions),
                    *(*clock, *tested, False, as_of_at),
                ]
                for (channel, share, low, high, is_told, value), tested in zip(
                    zip(*columns, strict=True), before, strict=True
                )
            ],
        )
        for experiment_id, credited in found.before.credited.items() if found.before else ():
            con.execute(
                "insert into solved.lift_tests values (?, ?, ?, ?)",
                [experiment_id, found.model, credited, as_of_at],
            )
        _write_credits(con, source, as_of_at, found)


def _before(found: Solved) -> list[list[float | None]]:
    """Per channel: tests that were heard of it, and its share with its interval before them."""
    if found.before:
        told = found.before
        columns = (told.counts, told.share, told.low, told.high)
        return [[int(n), *map(float, rest)] for n, *rest in zip(*columns, strict=True)]
    return [[0 if found.clock else None, None, None, None] for _ in found.channels]


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
        con.execute(text.format_map(source.relations), [False, as_of_at])
        con.unregister("solved_arrays")
