"""The two clocks of data_driven: which of them the journeys keep, and what each makes of them.

A touch is the trial (hazard.py), or time is (days.py). Sums are taken as the journeys are walked,
once for all conversion types; what reached the first stage is small and kept whole.
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.attribution import days, hazard
from pipelines.attribution.journeys import (
    BUCKETS,
    US_PER_DAY,
    Channels,
    Converted,
    Funnel,
    Leads,
    Source,
    Walked,
    funnel,
)

Array = NDArray[Any]

INTERVAL = (2.5, 97.5)
FEWEST_WALKED, MOST_WALKED = 50_000, 100_000
"""Touches of a channel from which on some stand for all, and as many as always do: their sum is
then a third of a percent off, less than what so many conversions leave open."""
MOST_COMPARED = 50_000
"""Conversions from which on half-lives are compared by some buckets alone."""
VISIT_GAP_DAYS = 0.5
"""Touches that are nearer than this are one visit; a conversion that is, came at it."""
NORMAL = 1.96
"""Of the lower bound of a rate."""
WIDER_LATER = 2.0
"""How much wider than its draws the interval of a later stage is: it rests on two fits."""
LEAST_BASELINE, TINY = 1e-9, 1e-300
LEAST_CARRIED = 1e-6
MOST_ROUNDS = 100
"""In which journeys carry what their lookback does not see."""
FLOOR, FLOOR_OF_SPREAD = 0.02, 0.1
"""What no sample takes away of an interval: by itself, and by the standard deviation of a share."""
LIKELIHOOD_APART = 2.0
"""Half-lives whose log-likelihood is within this of the best one's have a say."""


@dataclass(frozen=True)
class Clock:
    """By which clock a conversion type was learned.

    Attributes:
        days_weight: of the clock of days against that of touches, 0 to 1.
        half_life_days: of what a touch leaves, by the clock that weighs more.
    """

    days_weight: float
    half_life_days: float


@dataclass(frozen=True)
class Judged:
    """What one clock makes of the conversions of a type.

    Attributes:
        half_life_days: on average of those that fit about as well as the best.
        credits: conversions x (channels, baseline).
        touch_credit: of each touch; what is left of a conversion is the baseline's.
        low, high: of the shares.
        drawn: draws x (channels, baseline): the shares of each bootstrap.
    """

    half_life_days: float
    credits: Array
    touch_credit: Array
    low: Array
    high: Array
    drawn: Array


def percentile_interval(draws: Array, share: Array) -> dict[str, Array]:
    """The percentiles of the draws, widened to the share itself where they would miss it."""
    if not np.isfinite(draws).all():
        draws = draws[np.isfinite(draws).all(axis=1)]
    low, high = np.percentile(draws, INTERVAL, axis=0) if len(draws) else (share, share)
    return {"low": np.minimum(low, share), "high": np.maximum(high, share)}


class TrialSums:
    """Features summed over the trials that came to nothing, by type, half-life and bucket.

    Of the persons who converted to nothing some are walked, and stand for all: of each channel at
    least as many touches as there are conversions, but no fewer than FEWEST_WALKED and no more than
    MOST_WALKED need be. What they say of a channel is scaled to its touches, trials are counted.
    """

    def __init__(
        self, orders: Mapping[str, int], journeys: Mapping[str, Converted], present: Channels
    ) -> None:
        self._bits = {name: 1 << orders[name] for name in journeys}
        self._channels = size = len(present.effective)
        most = min(max(touches.count for touches in journeys.values()), MOST_WALKED)
        wanted = np.minimum(max(FEWEST_WALKED, most) / np.maximum(present.touches, 1), 1)
        # Whom nothing but Direct touched has no feature of a channel.
        self._rates = np.append(wanted, 0)
        self._sums = {name: self._of_converted(journeys[name]) for name in self._bits}
        # Of those who converted to nothing, as walked; their touches, and what stands for them.
        self._of_channels = np.zeros((len(hazard.HALF_LIVES_DAYS), BUCKETS, 3 * size))
        self._touches, self._walked = np.zeros(size), np.zeros(size)

    def add(self, part: Walked) -> None:
        """Add the trials of some more persons."""
        trials, size = part.trials, self._channels
        starts = np.flatnonzero(trials.begins)
        nothing = part.converted_types == 0
        rate = np.maximum.reduceat(self._rates[trials.channel], starts)
        kept = ~nothing | (part.chance < rate)
        walked = _of(trials, kept)
        weight = np.where(nothing, 1 / np.maximum(rate, TINY), 1)[kept]
        counts = nothing[trials.journey] & (trials.channel >= 0)
        stands = nothing[kept][walked.journey] & (walked.channel >= 0)
        self._touches += np.bincount(trials.channel[counts], minlength=size)
        self._walked += np.bincount(
            walked.channel[stands], weight[walked.journey[stands]], minlength=size
        )
        masks = np.flatnonzero(np.bincount(part.converted_types))
        here = slice(int(part.bucket[0]), int(part.bucket[-1]) + 1)
        buckets = here.stop - here.start
        group = np.searchsorted(masks, part.converted_types) * buckets + part.bucket - here.start
        groups = len(masks) * buckets
        of_trials = hazard.trial_sums(trials, group, groups).reshape(len(masks), buckets, -1)
        of_channels = self._walk(walked, group[kept], groups, weight)
        of_channels = of_channels.reshape(len(of_channels), len(masks), buckets, -1)
        if masks[0] == 0:
            self._of_channels[:, here] += of_channels[:, 0]
        for name, bit in self._bits.items():
            other = masks & bit == 0
            self._sums[name][0][:, here] += of_channels[:, other & (masks > 0)].sum(axis=1)
            self._sums[name][1][here] += of_trials[other].sum(axis=0)

    def empty(self) -> "TrialSums":
        """One for the same types and channels, of nobody so far."""
        other = copy(self)
        other._sums = {
            name: (np.zeros_like(of_channels), np.zeros_like(of_trials))
            for name, (of_channels, of_trials) in self._sums.items()
        }
        other._of_channels = np.zeros_like(self._of_channels)
        other._touches, other._walked = np.zeros_like(self._touches), np.zeros_like(self._walked)
        return other

    def join(self, other: "TrialSums") -> None:
        """Add what another counted of other persons."""
        for name, sums in self._sums.items():
            for own, joined in zip(sums, other._sums[name], strict=True):
                own[...] += joined
        self._of_channels += other._of_channels
        self._touches += other._touches
        self._walked += other._walked

    def others(self, conversion_type: str, half_life: float) -> Array:
        """Buckets x features."""
        number = hazard.HALF_LIVES_DAYS.index(half_life)
        scale = np.tile(self._touches / np.maximum(self._walked, TINY), 3)
        of_channels, of_trials = self._sums[conversion_type]
        found: Array = np.hstack(
            [of_channels[number] + self._of_channels[number] * scale, of_trials]
        )
        return found

    def _of_converted(self, touches: Converted) -> tuple[Array, Array]:
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
        group = touches.bucket[went_on][kept.begins]
        return self._walk(kept, group, BUCKETS), hazard.trial_sums(kept, group, BUCKETS)

    def _walk(
        self, trials: hazard.Trials, group: Array, groups: int, weight: Array | None = None
    ) -> Array:
        lives = hazard.HALF_LIVES_DAYS
        return hazard.channel_sums(trials, self._channels, lives, group, groups, weight)


def _of(trials: hazard.Trials, kept: Array) -> hazard.Trials:
    """The journeys that are kept."""
    those = kept[trials.journey]
    columns = (trials.begins, trials.at_days, trials.channel, trials.intents)
    return hazard.Trials(*(column[those] for column in columns))


def _last_signs(trials: hazard.Trials) -> Array:
    """Journeys x signs: what had been seen before the last touch."""
    signs: Array = trials.intents[np.append(trials.begins[1:], True)]
    return signs


def _compared(bucket: Array) -> int:
    """How many buckets half-lives are compared by: all, or those that hold MOST_COMPARED or so.

    Args:
        bucket: of each conversion.
    """
    return min(-(-BUCKETS * MOST_COMPARED // max(len(bucket), 1)), BUCKETS)


def _by_likelihood(log_likelihoods: Sequence[float], buckets: int) -> Array:
    """What half-lives weigh: all that fit about as well as the best have a say, and sum to one.

    Had the best alone, a day more of thirty deals could turn 3 days into 30, and all shares.

    Args:
        log_likelihoods: of each, at its best.
        buckets: that they were compared by.
    """
    # What some of the conversions tell apart, all of them tell apart so much the better.
    apart = (max(log_likelihoods) - np.array(log_likelihoods)) * BUCKETS / buckets
    # None comes in with a weight at once.
    weights = np.maximum(np.exp(-apart) - np.exp(-LIKELIHOOD_APART), 0)
    found: Array = weights / weights.sum()
    return found


def mixed(of_days: Judged, of_touches: Judged, weight: float) -> Judged:
    """Linear in all: credits still sum to the conversion."""

    def both(of: str) -> Array:
        found: Array = weight * getattr(of_days, of) + (1 - weight) * getattr(of_touches, of)
        return found

    said = [one.credits.mean(axis=0) for one in (of_days, of_touches)]
    return Judged(
        half_life_days=(of_days if weight >= 0.5 else of_touches).half_life_days,
        credits=both("credits"),
        touch_credit=both("touch_credit"),
        low=np.minimum(both("low"), np.minimum(*said)),
        high=np.maximum(both("high"), np.maximum(*said)),
        drawn=both("drawn"),
    )


def by_touches(
    conversion_type: str,
    touches: Converted,
    sums: TrialSums,
    present: Channels,
    weights: Array,
) -> Judged:
    """The hazard of a touch, and the Shapley value of each channel, on average of half-lives."""
    trials, size, bucket = touches.trials, len(present.effective), touches.bucket[touches.last]
    buckets = _compared(bucket)
    some = trials if buckets == BUCKETS else _of(trials, bucket < buckets)
    tried: dict[float, hazard.Fit] = {}
    begin = None
    for half_life in hazard.HALF_LIVES_DAYS:
        converting = hazard.features(hazard.last_stock(some, size, half_life), _last_signs(some))
        others = sums.others(conversion_type, half_life)[:buckets].sum(axis=0)
        tried[half_life] = hazard.fit(converting, others, begin)
        begin = tried[half_life].coefficients
    weights_of_lives = _by_likelihood([one.log_likelihood for one in tried.values()], buckets)
    credits, touch_credit = np.zeros((touches.count, size + 1)), np.zeros(len(trials.channel))
    drawn, certain = np.zeros((len(weights), size + 1)), np.ones(size, dtype=bool)
    days_left = trials.at_days - trials.at_days[touches.last][touches.journey]
    for (half_life, fitted), of_life in zip(tried.items(), weights_of_lives, strict=True):
        if not of_life:
            continue
        stock = hazard.last_stock(trials, size, half_life)
        converting = hazard.features(stock, _last_signs(trials))
        others = sums.others(conversion_type, half_life)
        found = fitted
        if buckets < BUCKETS:
            found = hazard.fit(converting, others.sum(axis=0), fitted.coefficients)
        coefficients = hazard.resampled(found, converting, bucket, others, weights)
        of_channels = hazard.credits(converting, found.coefficients, size)
        certain &= hazard.effect_is_certain(found, converting, others.sum(axis=0), size)
        # A channel's credit goes to its touches by what is left of each.
        of_channel = of_channels[touches.journey, trials.channel]
        left = np.exp2(days_left / half_life) / np.maximum(
            stock[touches.journey, trials.channel], TINY
        )
        touch_credit += of_life * np.where(trials.channel >= 0, of_channel * left, 0)
        credits += of_life * of_channels
        drawn += of_life * hazard.drawn_shares(converting, bucket, coefficients, weights, size)
    share = credits.mean(axis=0)
    interval = percentile_interval(drawn, share)
    # A channel that may do nothing may have nothing; then the baseline has it.
    interval["low"][:-1][~certain] = 0
    interval["high"][-1] += share[:-1][~certain].sum()
    interval["high"][-1] = min(interval["high"][-1], 1)
    return Judged(
        half_life_days=float(weights_of_lives @ list(tried)),
        credits=credits,
        touch_credit=touch_credit,
        low=interval["low"],
        high=interval["high"],
        drawn=drawn,
    )


class Visitors:
    """What the clock of days needs of all persons, whole or in sums."""

    def __init__(self, first: int, known: Array, channels: int, until_us: int) -> None:
        """Of nobody so far.

        Args:
            first: the order of the first stage.
            known: numbers of the persons who reached it, ascending.
            channels: how many there are.
            until_us: how far the journeys tell, microseconds since 1970.
        """
        self._first, self._known, self._channels = first, known, channels
        self.until_us = until_us
        features = channels + 1 + len(days.AGES) + days.MONTHS
        self.others = np.zeros((len(days.HALF_LIVES_DAYS), BUCKETS, features))
        # By the types converted to: visits, those of Direct alone.
        self._visits: dict[int, Array] = {}
        self._of_leads: list[tuple[Array, Array, Array]] = []

    def add(self, part: Walked) -> None:
        """Some more persons."""
        trials = part.trials
        starts = np.flatnonzero(trials.begins)
        ends = np.append(starts[1:], len(part.at_us)) - 1
        self._count_visits(part)
        waits = (part.converted_types >> self._first & 1) == 0
        silent = part.at_us[ends] + int(days.SILENCE_DAYS * US_PER_DAY)
        end_us = np.minimum(silent, self.until_us)
        at_risk = waits[trials.journey] & (part.at_us <= self.until_us)
        visits = days.Visits(
            owner=trials.journey[at_risk],
            channel=trials.channel[at_risk],
            days_left=(end_us[trials.journey] - part.at_us)[at_risk] / US_PER_DAY,
        )
        began_us = part.at_us[starts][waits]
        risks = days.Risks(began_us, np.maximum(end_us[waits], began_us), self.until_us)
        self.others += _at_risk(visits, part.bucket, risks, part.bucket[waits], self._channels)
        known = self._known
        if known.size:
            person = np.minimum(np.searchsorted(known, part.person_no), len(known) - 1)
            led = (known[person] == part.person_no)[trials.journey]
            of = person[trials.journey[led]], part.at_us[led], trials.channel[led]
            self._of_leads.append(of)

    def empty(self) -> "Visitors":
        """One for the same stage and channels, of nobody so far."""
        return Visitors(self._first, self._known, self._channels, self.until_us)

    def join(self, other: "Visitors") -> None:
        """Add what another counted of other persons."""
        self.others += other.others
        for mask, counts in other._visits.items():
            self._visits[mask] = self._visits.get(mask, 0) + counts
        self._of_leads += other._of_leads

    def of_leads(self) -> tuple[Array, Array, Array]:
        """Touches of those who reached the first stage: which of the leads, when, through what."""
        if not self._of_leads:
            return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64)
        lead, at_us, channel = (np.concatenate(one) for one in zip(*self._of_leads, strict=True))
        return lead, at_us, channel

    def _count_visits(self, part: Walked) -> None:
        visit, brought = _visits(part.trials)
        types = part.converted_types[part.trials.journey[visit]]
        for mask in np.unique(types):
            those = types == mask
            counts = np.array([those.sum(), (those & ~brought).sum()])
            self._visits[int(mask)] = self._visits.get(int(mask), 0) + counts

    def days_weight(self, conversion_order: int, touches: Converted) -> float:
        """How far the clock of touches is refuted, from 0 to 1.

        Whoever came unbidden cannot convert better than whoever was brought, if a visit is the
        trial; nor does anything convert at no visit. Half of either refutes it wholly.
        """
        visit, brought = _visits(touches.trials)
        ends = np.append(touches.trials.begins[1:], True)
        near = touches.trials.at_days[ends] >= -VISIT_GAP_DAYS
        journey = touches.journey[visit]
        last = np.append(journey[1:] != journey[:-1], True)
        counts = sum(
            (n for mask, n in self._visits.items() if not mask >> conversion_order & 1),
            np.array([len(visit), (~brought).sum()]),
        )
        unbidden = int(counts[1]), int((~brought[last] & near).sum())
        carried = int(counts[0] - counts[1]), int((brought[last] & near).sum())
        refuted = 1 - float(near.mean())
        if unbidden[1] and carried[0]:
            excess = 1 - carried[1] / carried[0] / _lower_bound(*unbidden)
            refuted = max(refuted, excess)
        return float(min(2 * max(refuted, 0), 1))


def _at_risk(
    visits: days.Visits, bucket: Array, risks: days.Risks, of_risk: Array, channels: int
) -> Array:
    """Half-lives x buckets x features: integrals over the time at risk."""
    stocks = days.exposures(visits, bucket, channels, BUCKETS)
    times = risks.sums(of_risk, BUCKETS)
    return np.concatenate([stocks, np.broadcast_to(times, (len(stocks), *times.shape))], axis=2)


def _visits(trials: hazard.Trials) -> tuple[Array, Array]:
    """The first touch of each visit, and whether any touch of it came through a channel."""
    apart = np.append(True, np.diff(trials.at_days) > VISIT_GAP_DAYS)[: len(trials.begins)]
    visit = np.flatnonzero(trials.begins | apart)
    if not visit.size:
        return visit, np.zeros(0, dtype=bool)
    return visit, np.maximum.reduceat(trials.channel, visit) >= 0


def _lower_bound(count: int, converted: int) -> float:
    """Of a rate, by Wilson."""
    rate, square = converted / count, NORMAL**2
    middle = rate + square / (2 * count)
    spread = NORMAL * np.sqrt(rate * (1 - rate) / count + square / (4 * count**2))
    return float((middle - spread) / (1 + square / count))


@dataclass(frozen=True)
class Stage:
    """A stage that was learned by the clock of days.

    Attributes:
        fits: by each half-life that fits about as well as the best.
        weights: of each of them, by its likelihood; they sum to one.
        sought: whether people come through a channel by themselves.
        chance: see `days.by_chance`.
    """

    fits: tuple[days.Fit, ...]
    weights: Array
    sought: Array
    chance: Array

    @property
    def half_life_days(self) -> float:
        """On average of the fits."""
        return float(self.weights @ [fit.half_life for fit in self.fits])

    def credits(self, visits: days.Visits, risks: days.Risks) -> Array:
        """Owners x (channels, baseline)."""
        began = risks.columns()
        found = np.zeros((len(began), len(self.sought) + 1))
        for weight, fit, stock in self._weighed(visits, risks):
            effects = fit.effects(self.sought)
            found += weight * days.parts(stock, began, fit.coefficients, effects)
        return found

    def _weighed(
        self, visits: days.Visits, risks: days.Risks
    ) -> Iterator[tuple[float, days.Fit, Array]]:
        worth = days.worth(visits, risks.days, self.chance)
        size = len(risks.days), len(self.sought)
        for weight, fit in zip(self.weights, self.fits, strict=True):
            yield weight, fit, days.stocks(visits, *size, fit.half_life, worth)

    def shares(
        self, visits: days.Visits, risks: days.Risks, bucket: Array, draws: Array
    ) -> tuple[Array, Array]:
        """Shares of each draw, and what other links between effects and intent would say."""
        began = risks.columns()
        drawn, others = np.zeros((len(draws), len(self.sought) + 1)), []
        for weight, fit, stock in self._weighed(visits, risks):
            effects = fit.effects_of(fit.drawn, self.sought)
            drawn += weight * days.drawn_shares(stock, began, bucket, fit.drawn, effects, draws)
            for off in (0.0, fit.intent, fit.direct):
                effects = days.without_intent(fit.coefficients, off, self.sought)
                others.append(days.parts(stock, began, fit.coefficients, effects).mean(axis=0))
        return drawn, np.stack(others)


class ByDays:
    """The clock of days: the first stage, which is learned once, and each later one."""

    def __init__(
        self, source: Source, present: Channels, visits: Visitors, weights: Array, known: Leads
    ) -> None:
        self._source, self.present, self._visits = source, present, visits
        self.weights, self._known = weights, known
        self._sought = np.array([name in days.SOUGHT for name in present.effective], dtype=bool)
        self._first_touches: Converted | None = None
        self._settled: tuple[Array, Judged] | None = None

    def judged(self, conversion_type: str, touches: Converted) -> Judged:
        """Credits and shares of a type; the first that is asked for is the first stage."""
        if self._settled is None:
            self._first_touches = touches
        if self._settled is None or not self._known.person_no.size:
            return self._of_first(self._first, touches)
        return self._later(conversion_type, touches, *self._settled)

    def settle(self, touches: Converted, judged: Judged) -> None:
        """Keep what the first stage was credited by both clocks: later stages rest on it."""
        if self._settled is None:
            self._first_touches = touches
            self._settled = touches.conversion_no[touches.last], judged

    @cached_property
    def _first(self) -> Stage:
        """The first stage by days, learned when something rests on it."""
        touches = self._first_touches
        assert touches is not None  # noqa: S101 - asked for before any other
        visits = days.Visits(touches.journey, touches.trials.channel, -touches.trials.at_days)
        bucket, risks = touches.bucket[touches.last], self._risks(touches)
        others = self._visits.others + _at_risk(visits, bucket, risks, bucket, len(self._sought))
        return self._learned(visits, risks, bucket, others)

    def _risks(self, touches: Converted) -> days.Risks:
        """From the first touch of each conversion to it."""
        ended_us = touches.converted_us[touches.last]
        ages = -touches.trials.at_days[touches.trials.begins]
        began_us = ended_us - np.round(ages * US_PER_DAY).astype(np.int64)
        return days.Risks(began_us, ended_us, self._visits.until_us)

    def _learned(
        self, visits: days.Visits, risks: days.Risks, bucket: Array, others: Array
    ) -> Stage:
        began, size = risks.columns(), len(self._sought)

        def fitted(half_life: float, draws: Array, buckets: int = BUCKETS) -> days.Fit:
            counted = days.lagged(visits, half_life)
            stock = days.stocks(visits, len(began), size, half_life, counted)
            number = days.HALF_LIVES_DAYS.index(half_life)
            those = bucket < buckets
            features, at_risk = np.hstack([stock, began])[those], others[number][:buckets]
            return days.fit(half_life, features, bucket[those], at_risk, draws[:, :buckets], size)

        buckets, undrawn = _compared(bucket), self.weights[:0]
        tried = [fitted(half_life, undrawn, buckets) for half_life in days.HALF_LIVES_DAYS]
        weights = _by_likelihood([one.log_likelihood for one in tried], buckets)
        fits = tuple(
            fitted(one.half_life, self.weights)
            for one, weight in zip(tried, weights, strict=True)
            if weight > 0
        )
        return Stage(
            fits, weights[weights > 0], self._sought, days.by_chance(visits, risks.days, size)
        )

    def _of_first(self, stage: Stage, touches: Converted) -> Judged:
        visits = days.Visits(touches.journey, touches.trials.channel, -touches.trials.at_days)
        risks = self._risks(touches)
        credits = stage.credits(visits, risks)
        drawn, others = stage.shares(visits, risks, touches.bucket[touches.last], self.weights)
        left = np.exp2(touches.trials.at_days / stage.half_life_days)
        left *= days.worth(visits, risks.days, stage.chance)
        touch_credit = _spread(touches, credits[:, :-1], left)
        return _with_interval(stage.half_life_days, credits, touch_credit, drawn, others, wider=1)

    def _later(
        self, conversion_type: str, touches: Converted, lead_nos: Array, of_leads: Judged
    ) -> Judged:
        size = len(self._sought)
        units = funnel(self._source, conversion_type, self._known)
        stage = self._learned_later(units)
        # Of the conversions with a touch, which unit each is of and how long after its lead.
        case = np.searchsorted(units.case_no, touches.conversion_no[touches.last])
        unit = units.case_unit[case]
        follows = unit >= 0
        case_us = units.case_us[case]
        risks = days.Risks(
            np.where(follows, units.began_us[unit], case_us), case_us, self._visits.until_us
        )
        after = risks.days
        journey, at_days = touches.journey, touches.trials.at_days
        is_after = follows[journey] & (at_days > -after[journey])
        own = days.Visits(journey[is_after], touches.trials.channel[is_after], -at_days[is_after])
        later = stage.credits(own, risks)
        later[~follows] = np.append(np.zeros(size), 1)
        # What its lead was credited; one without a touch is all baseline.
        lead_no = units.lead_no[unit]
        place = np.minimum(np.searchsorted(lead_nos, lead_no), len(lead_nos) - 1)
        is_known = follows & (lead_nos[place] == lead_no)
        first = np.where(is_known[:, None], of_leads.credits[place], np.append(np.zeros(size), 1))
        if not follows.all():
            first = np.where(follows[:, None], first, self._as_lead(touches))
        credits = days.funnel(first, later)

        touch_credit = np.zeros(len(journey))
        until = np.where(follows, after, 0)[journey]
        for of_stage, there, age, half_life in (
            (first * (1 + later[:, -1:]) / 2, ~is_after, at_days + until, of_leads.half_life_days),
            (later * (1 + first[:, -1:]) / 2, is_after, at_days, stage.half_life_days),
        ):
            left = np.where(there, np.exp2(np.minimum(age, 0) / half_life), 0)
            touch_credit += _spread(touches, of_stage[:, :-1], left)
        # Where a channel does nothing after the lead, its touches still carry what it did before.
        touch_credit = np.where(touches.trials.channel >= 0, touch_credit + LEAST_CARRIED, 0)
        touch_credit *= _carried(touches, touch_credit, credits)

        drawn, others = stage.shares(own, risks, touches.bucket[touches.last], self.weights)
        share, of_first, of_later = credits.mean(axis=0), first.mean(axis=0), later.mean(axis=0)
        whole = days.funnel(of_first, of_later)
        lead_share = of_leads.credits.mean(axis=0)

        def moved(of_lead: Array, of_stage: Array) -> Array:
            """The share, had both stages been others on average."""
            found: Array = share - whole
            return found + days.funnel(of_lead - lead_share + of_first, of_stage)

        lead_ends = np.stack([of_leads.low, lead_share, of_leads.high])
        extremes = np.stack([moved(end, one) for end in _ends(lead_ends) for one in others])
        return _with_interval(
            stage.half_life_days,
            credits,
            touch_credit,
            moved(of_leads.drawn, drawn),
            extremes,
            wider=WIDER_LATER,
        )

    def _as_lead(self, touches: Converted) -> Array:
        """Credits of conversions without a lead before them, as if they were leads."""
        visits = days.Visits(touches.journey, touches.trials.channel, -touches.trials.at_days)
        return self._first.credits(visits, self._risks(touches))

    def _learned_later(self, units: Funnel) -> Stage:
        lead, at_us, channel = self._visits.of_leads()
        unit, count = units.unit[lead], len(units.began_us)
        follows = units.case_unit >= 0
        case_unit, case_us = units.case_unit[follows], units.case_us[follows]
        last = units.began_us.copy()
        np.maximum.at(last, unit, at_us)
        end_us = np.minimum(last + int(days.SILENCE_DAYS * US_PER_DAY), self._visits.until_us)
        won_us = np.zeros(count, np.int64)
        np.maximum.at(won_us, case_unit, case_us)
        end_us = np.maximum(np.where(won_us > 0, won_us, end_us), units.began_us)
        within = (at_us > units.began_us[unit]) & (at_us <= end_us[unit])
        visits = days.Visits(
            unit[within], channel[within], (end_us[unit] - at_us)[within] / US_PER_DAY
        )
        risks = days.Risks(units.began_us, end_us, self._visits.until_us)
        others = _at_risk(visits, units.bucket, risks, units.bucket, len(self._sought))
        # The first conversions of all units, then the second ones: each sees the unit's touches.
        order = np.lexsort((case_us, case_unit))
        case_unit, case_us = case_unit[order], case_us[order]
        begins = np.append(True, np.diff(case_unit) > 0)[: len(case_unit)]
        place = np.arange(len(case_unit))
        rank = place - np.maximum.accumulate(np.where(begins, place, 0))
        owner, of, left = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0)]
        for number in range(int(rank.max(initial=-1)) + 1):
            case_of_unit = np.full(count, -1)
            case_of_unit[case_unit[rank == number]] = place[rank == number]
            case = case_of_unit[unit]
            seen = within & (case >= 0) & (at_us <= case_us[case])
            owner.append(case[seen])
            of.append(channel[seen])
            left.append((case_us[case] - at_us)[seen] / US_PER_DAY)
        converting = days.Visits(np.concatenate(owner), np.concatenate(of), np.concatenate(left))
        led = days.Risks(units.began_us[case_unit], case_us, self._visits.until_us)
        return self._learned(converting, led, units.bucket[case_unit], others)


def _ends(ends: Array) -> Iterator[Array]:
    """Shares between which a stage may be: as they are, and with the baseline at either end."""
    low, share, high = ends
    yield share
    for baseline in (low[-1], high[-1]):
        rest = share[:-1].sum()
        scale = (1 - baseline) / rest if rest > 0 else 0
        yield np.append(share[:-1] * scale, baseline if rest > 0 else 1)


def _spread(touches: Converted, credits: Array, left: Array) -> Array:
    """What each touch gets of its channel's credit; none where a conversion has no such touch.

    Args:
        touches: of the conversions.
        credits: conversions x channels.
        left: what is left of each touch; 0 if it takes no part.
    """
    channel, size = touches.trials.channel, credits.shape[1]
    takes = (channel >= 0) & (left > 0)
    place = touches.journey[takes] * size + channel[takes]
    whole = np.bincount(place, left[takes], credits.size)
    given = np.zeros(len(channel))
    given[takes] = credits.ravel()[place] * left[takes] / whole[place]
    return given


def _carried(touches: Converted, touch_credit: Array, credits: Array) -> Array:
    """By how much the credit of each touch is raised to carry what the lookback no longer sees.

    A lead's touches may lie before the lookback of its deal. What they earned is carried by later
    touches of the same channel before the same conversion. Where it has none, by those of other
    conversions: row by row and channel by channel in turn, until each conversion is whole and each
    channel has what it earned in all.

    Args:
        touches: of the conversions.
        touch_credit: what each touch earned itself.
        credits: conversions x (channels, baseline).
    """
    size, takes = credits.shape[1], touch_credit > 0
    place = touches.journey[takes] * size + touches.trials.channel[takes]
    own = np.bincount(place, touch_credit[takes], credits.size).reshape(credits.shape)
    own[:, -1] = np.maximum(credits[:, -1], LEAST_BASELINE)
    now, earned = np.where(own > 0, np.maximum(credits, own), 0), credits.sum(axis=0)
    for _ in range(MOST_ROUNDS):
        now = now * (earned / np.maximum(now.sum(axis=0), TINY))
        now = now / np.maximum(now.sum(axis=1, keepdims=True), TINY)
    raised = np.ones(len(touch_credit))
    raised[takes] = (now / np.maximum(own, TINY)).ravel()[place]
    return raised


def _with_interval(
    half_life: float,
    credits: Array,
    touch_credit: Array,
    drawn: Array,
    others: Array,
    *,
    wider: float,
) -> Judged:
    """The percentiles of the draws, what other links say, and a floor that no sample takes away."""
    share = credits.mean(axis=0)
    interval = percentile_interval(drawn, share)
    low = np.minimum(share - wider * (share - interval["low"]), others.min(axis=0))
    high = np.maximum(share + wider * (interval["high"] - share), others.max(axis=0))
    floor = FLOOR + FLOOR_OF_SPREAD * np.sqrt(np.clip(share * (1 - share), 0, None))
    return Judged(
        half_life_days=half_life,
        credits=credits,
        touch_credit=touch_credit,
        low=np.clip(low - floor, 0, 1),
        high=np.clip(high + floor, 0, 1),
        drawn=drawn,
    )
