"""data_driven by the clock of days: whoever decides between touches is at risk all the time.

Who has decided comes back to fill in a form, most often by himself. Then the visit at a conversion
is how somebody came who had decided, and says nothing of why. So here no touch is a trial: time is.
From the first touch on, until the conversion or SILENCE_DAYS after the last touch, somebody
converts with the hazard

    baseline of the month + sum over the AGES of  age * (younger than that)
             + direct * stock of Direct visits + sum over channels of  effect * stock of the channel

where a stock is the touches of more than LAG_DAYS ago, halved with every half-life, and no
coefficient is below zero. The likelihood needs the stocks at the conversions and the integrals of
the stocks over the time at risk, which each touch has in closed form: no day is sampled.

Effects are shrunk to their common mean by their own errors, so that thirty deals are not told apart
by chance. Each month has a baseline of its own: a season that lifts it and what is met alike would
be credited to what is met. What Direct visits of earlier days surely do is intent, since nobody did
anything: it is taken off the channels that people come through by themselves (SOUGHT), and is the
baseline's.

A channel is credited with its part of the hazard at the conversion, all touches counted: a share of
the hazard, not what would be lost without the channel. Only of the touches at the conversion itself
as many count as the channel had in the days before: the rest is how those came who had decided.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.attribution.hazard import (
    CONVERSIONS_AT_ONCE,
    bounded,
    ridged,
    shares_of_counts,
)
from pipelines.attribution.journeys import US_PER_DAY

Array = NDArray[Any]

HALF_LIVES_DAYS = (3.0, 7.0, 14.0, 30.0)
LAG_DAYS = 0.5
AGES = (1.0, 7.0, 30.0)
SILENCE_DAYS = 90.0
BEFORE_DAYS = 7.0
"""Before the touches at a conversion: how long is looked at for what a channel has anyway."""
MOMENT_DAYS = 1e-9
MONTH_DAYS, MONTHS = 30, 26
"""How long a month of the baseline is, and how many are told apart: what is older is the first."""
SOUGHT = frozenset({"Organic Search", "Paid Search", "Referral", "AI Assistants"})
"""Channels that people come through by themselves."""
LEAST_SPREAD = 0.25
"""Of the effects around their common mean, as a share of it."""
SPREAD_OF_MONTHS = 1.0
"""Of the baselines of months: as far apart as a strong season, or what is met takes its place."""
MOST_STEPS = 60
TOLERANCE = 1e-8
TINY = 1e-12


@dataclass(frozen=True)
class Visits:
    """Touches at some time before an end, a conversion or where somebody is given up.

    Attributes:
        owner: number of what ends, from 0.
        channel: from 0; -1 is Direct.
        days_left: until the end, not below zero.
    """

    owner: Array
    channel: Array
    days_left: Array


def by_chance(visits: Visits, days: Array, channels: int) -> Array:
    """Per channel and Direct: which share of the touches at a conversion only happened to be there.

    Whoever has decided comes back to say so. Of the touches no older than LAG_DAYS as many are no
    such return as the channel had in the BEFORE_DAYS before. What began the risk is none, either.

    Args:
        visits: of conversions.
        days: how long each of these was at risk.
        channels: how many there are.
    """
    size = channels + 1
    place = np.where(visits.channel < 0, channels, visits.channel)
    follows = ~_begins(visits, days)
    at_it = follows & (visits.days_left < LAG_DAYS)
    before = follows & ~at_it & (visits.days_left < LAG_DAYS + BEFORE_DAYS)
    time_at_it = np.minimum(days, LAG_DAYS).sum()
    time_before = np.clip(days - LAG_DAYS, 0, BEFORE_DAYS).sum()
    expected = np.bincount(place[before], minlength=size) * time_at_it / max(time_before, TINY)
    # One more of each: few touches say little of a channel.
    found: Array = (expected + 1) / (np.bincount(place[at_it], minlength=size) + 1)
    return np.minimum(found, 1)


def worth(visits: Visits, days: Array, chance: Array) -> Array:
    """Of each touch: how likely it is no return of somebody who had decided, see by_chance."""
    at_it = (visits.days_left < LAG_DAYS) & ~_begins(visits, days)
    return np.where(at_it, chance[visits.channel], 1)


def _begins(visits: Visits, days: Array) -> Array:
    """Whether the risk began with the touch."""
    found: Array = visits.days_left > days[visits.owner] - MOMENT_DAYS
    return found


def exposures(visits: Visits, bucket: Array, channels: int, buckets: int) -> Array:
    """Integrals of the stocks over the time at risk: half-lives x buckets x (channels, Direct).

    Args:
        visits: of everybody at risk.
        bucket: of each owner.
        channels: how many there are.
        buckets: how many there are.
    """
    size = channels + 1
    place = bucket[visits.owner] * size + np.where(visits.channel < 0, channels, visits.channel)
    left = np.maximum(visits.days_left - LAG_DAYS, 0)
    found = np.empty((len(HALF_LIVES_DAYS), buckets, size))
    for number, half_life in enumerate(HALF_LIVES_DAYS):
        integral = -np.expm1(-left * (np.log(2) / half_life)) * (half_life / np.log(2))
        found[number] = np.bincount(place, integral, buckets * size).reshape(buckets, size)
    return found


@dataclass(frozen=True)
class Risks:
    """Times at risk, one an owner.

    Attributes:
        began_us, ended_us: microseconds since 1970; it may end as it begins.
        until_us: how far the journeys tell, from which months are counted back.
    """

    began_us: Array
    ended_us: Array
    until_us: int

    @property
    def days(self) -> Array:
        """How long each is."""
        found: Array = (self.ended_us - self.began_us) / US_PER_DAY
        return found

    @property
    def month(self) -> Array:
        """In which each ends."""
        found: Array = np.searchsorted(self._edges[1:-1], self.ended_us, side="right")
        return found

    @property
    def _edges(self) -> Array:
        # Months begin on the same days whenever the run is.
        month = MONTH_DAYS * US_PER_DAY
        return (self.until_us // month + np.arange(-MONTHS + 1, 2)) * month

    def columns(self) -> Array:
        """What the baseline is linear in at the end of each: the ages, the months."""
        ages = [self.days < age for age in AGES]
        months = self.month[:, None] == np.arange(MONTHS)
        return np.column_stack([*ages, months]).astype(float)

    def sums(self, bucket: Array, buckets: int) -> Array:
        """Time at risk that is younger than each of the AGES, and in each month: buckets x these.

        Args:
            bucket: of each owner.
            buckets: how many there are.
        """
        days, edges = self.days, self._edges
        found = np.zeros((buckets, len(AGES) + MONTHS))
        for number, age in enumerate(AGES):
            found[:, number] = np.bincount(bucket, np.minimum(days, age), buckets)
        if not len(days):
            return found
        first, last = np.searchsorted(edges[1:-1], [self.began_us.min(), self.ended_us.max()])
        for month in range(first, last + 1):
            low = edges[month] if month else np.iinfo(np.int64).min
            high = edges[month + 1]
            within = np.clip(self.ended_us, low, high) - np.clip(self.began_us, low, high)
            found[:, len(AGES) + month] = np.bincount(bucket, within / US_PER_DAY, buckets)
        return found


def stocks(visits: Visits, count: int, channels: int, half_life: float, worth: Array) -> Array:
    """Owners x (channels, Direct): what is left of their touches at the end.

    Args:
        visits: of the owners.
        count: of the owners.
        channels: how many there are.
        half_life: in days.
        worth: of each touch at its own moment.
    """
    size = channels + 1
    place = visits.owner * size + np.where(visits.channel < 0, channels, visits.channel)
    left = np.exp2(-visits.days_left / half_life) * worth
    return np.bincount(place, left, count * size).reshape(count, size)


def lagged(visits: Visits, half_life: float) -> Array:
    """What each touch is worth where it begins to count after LAG_DAYS only."""
    later = visits.days_left >= LAG_DAYS
    return np.where(later, np.exp2(LAG_DAYS / half_life), 0)


@dataclass(frozen=True)
class Fit:
    """A fitted hazard of one half-life.

    Attributes:
        half_life: of it, in days.
        channels: how many there are.
        coefficients: of the channels, of Direct, of the ages and of the months.
        direct_error: standard error of Direct's.
        log_likelihood: to compare half-lives by.
        drawn: coefficients of each draw; of the best half-life alone they are wanted.
    """

    half_life: float
    channels: int
    coefficients: Array
    direct_error: float
    log_likelihood: float
    drawn: Array

    @property
    def direct(self) -> float:
        """What Direct visits seem to do."""
        return float(self.coefficients[self.channels])

    @property
    def intent(self) -> float:
        """What Direct visits surely do: less a standard error."""
        return max(self.direct - self.direct_error, 0)

    def effects(self, sought: Array) -> Array:
        """Coefficients of the channels without what is intent."""
        return without_intent(self.coefficients, self.intent, sought)

    def effects_of(self, drawn: Array, sought: Array) -> Array:
        """The same of each draw."""
        intent = np.maximum(drawn[:, [self.channels]] - self.direct_error, 0)
        return without_intent(drawn, intent, sought)


def without_intent(coefficients: Array, intent: float | Array, sought: Array) -> Array:
    """Coefficients of the channels, less what is intent where people come by themselves."""
    effects = coefficients[..., : len(sought)]
    found: Array = np.where(sought, np.maximum(effects - intent, 0), effects)
    return found


def fit(
    half_life: float,
    converting: Array,
    bucket: Array,
    others: Array,
    weights: Array,
    channels: int,
) -> Fit:
    """The effects shrunk to their common mean, and the same for each draw.

    Args:
        half_life: in days.
        converting: features of the conversions.
        bucket: of each.
        others: buckets x features, the integrals over the time at risk.
        weights: draws x buckets; none for a fit that is not drawn again.
        channels: how many there are; their features come first.
    """
    size = others.shape[1]
    # The common means: one feature in the place of all channels, and one in that of all months.
    shrunk = np.zeros(size, dtype=bool)
    shrunk[:channels] = shrunk[-MONTHS:] = True
    joined = np.zeros((size, size - channels - MONTHS + 2))
    joined[:channels, 0] = joined[-MONTHS:, -1] = 1
    joined[channels:-MONTHS, 1:-1] = np.eye(size - channels - MONTHS)
    total = np.maximum(others.sum(axis=0), TINY)
    free = np.zeros(joined.shape[1])
    common, _ = _climbed(converting @ joined, total @ joined, free, free)
    prior = np.where(shrunk, joined @ common, 0)
    hazard = np.maximum(converting @ joined @ common, TINY)
    told = converting / hazard[:, None]
    seen, known = told.sum(axis=0), (told**2).sum(axis=0)
    # What a conversion tells of an effect, the same for each channel: some have next to none.
    expected = total[:channels] * known[:channels].sum() / max(seen[:channels].sum(), TINY)
    spread = _spread(float(common[0]), (seen - total)[:channels], expected)
    precision = np.zeros(size)
    precision[:channels] = 1 / max(spread, TINY)
    precision[-MONTHS:] = 1 / max((SPREAD_OF_MONTHS * float(common[-1])) ** 2, TINY)
    found, likelihood = _climbed(converting, total, prior, precision)

    # A step of Newton's from the fit for each draw, of the common means and then of all.
    of_bucket = _sums(converting, found, bucket, len(others))
    of_common = _sums(converting @ joined, common, bucket, len(others))
    means = _steps(common, of_common, weights, others @ joined, free, free)
    towards = np.where(shrunk, means @ joined.T, 0)
    drawn = _steps(found, of_bucket, weights, others, towards, precision)
    curvature = ridged(of_bucket[1].sum(axis=0) + np.diag(precision))
    direct_error = float(np.sqrt(np.linalg.inv(curvature)[channels, channels]))
    return Fit(half_life, channels, found, direct_error, likelihood, drawn)


def _spread(mean: float, score: Array, known: Array) -> float:
    """Variance of the true effects around their mean, by moments, not below LEAST_SPREAD."""
    least = (LEAST_SPREAD * mean) ** 2
    told = known > 0
    if not told.any() or mean <= 0:
        return least
    error = 1 / known[told]
    weight = 1 / (error + mean**2)
    seen = (score[told] * error) ** 2
    return max(float(weight @ (seen - error)) / float(weight.sum()), least)


def _climbed(
    converting: Array, others: Array, prior: Array, precision: Array
) -> tuple[Array, float]:
    """The most likely coefficients, none below zero, and their penalised log-likelihood."""

    def worth(at: Array) -> float:
        hazard = converting @ at
        if len(hazard) and hazard.min() <= 0:
            return -np.inf
        return float(
            np.log(hazard).sum() - others @ at - 0.5 * (precision * (at - prior) ** 2).sum()
        )

    floor = np.zeros(len(others))
    at = np.full(len(others), max(len(converting), 1) / others.sum())
    now = worth(at)
    for _ in range(MOST_STEPS):
        hazard = converting @ at
        gradient = converting.T @ (1 / hazard) - others - precision * (at - prior)
        curvature = ridged((converting / hazard[:, None] ** 2).T @ converting + np.diag(precision))
        towards = bounded(curvature, curvature @ at + gradient, floor, at > 0) - at
        size = 1.0
        while (then := worth(at + size * towards)) < now and size > TINY:
            size /= 2
        if then - now <= TOLERANCE:
            break
        at, now = at + size * towards, then
    return at, now


def _sums(converting: Array, at: Array, bucket: Array, buckets: int) -> tuple[Array, Array]:
    """What the conversions of each bucket add to the gradient and to the curvature."""
    hazard = np.maximum(converting @ at, TINY)
    size = converting.shape[1]
    gradients, curvatures = np.zeros((buckets, size)), np.zeros((buckets, size, size))
    order = np.argsort(bucket, kind="stable")
    here, edges = np.unique(bucket[order], return_index=True)
    rows = converting[order] / hazard[order, None]
    if len(here):
        gradients[here] = np.add.reduceat(rows, edges, axis=0)
        for number, part in zip(here, np.split(rows, edges[1:]), strict=True):
            curvatures[number] = part.T @ part
    return gradients, curvatures


def _steps(
    at: Array,
    sums: tuple[Array, Array],
    weights: Array,
    others: Array,
    prior: Array,
    precision: Array,
) -> Array:
    """Draws x features: where one step of Newton's leads for each."""
    gradients, curvatures = sums
    size = len(at)
    gradient = weights @ (gradients - others) - precision * (at - prior)
    curvature = (weights @ curvatures.reshape(-1, size**2)).reshape(-1, size, size)
    curvature = ridged(curvature + np.diag(precision))
    floor, is_free = np.zeros(size), at > 0
    found = np.empty((len(weights), size))
    for number, (h, g) in enumerate(zip(curvature, gradient, strict=True)):
        found[number] = bounded(h, h @ at + g, floor, is_free)
    return found


def parts(stock: Array, began: Array, coefficients: Array, effects: Array) -> Array:
    """Conversions x (channels, baseline): shares of the hazard at each conversion.

    Args:
        stock: conversions x (channels, Direct), of all touches.
        began: conversions x what the baseline is linear in.
        coefficients: of a fit.
        effects: of its channels, without what is intent.
    """
    channels = len(effects)
    of_channels = stock[:, :channels] * effects
    intent = stock[:, :channels] @ (coefficients[:channels] - effects)
    intent += stock[:, channels] * coefficients[channels]
    rest = np.maximum(began @ coefficients[channels + 1 :] + intent, TINY)
    found = np.column_stack([of_channels, rest])
    shares: Array = found / found.sum(axis=1, keepdims=True)
    return shares


def drawn_shares(
    stock: Array, began: Array, bucket: Array, coefficients: Array, effects: Array, weights: Array
) -> Array:
    """Draws x (channels, baseline): what the `parts` of each draw come to, by sums alone.

    Args:
        stock, began: of the conversions.
        bucket: of each of them.
        coefficients, effects: of each draw.
        weights: draws x buckets.
    """
    channels = effects.shape[1]
    found = np.zeros((len(weights), channels + 1))
    for first in range(0, len(stock), CONVERSIONS_AT_ONCE):
        rows = slice(first, first + CONVERSIONS_AT_ONCE)
        own, others = stock[rows, :channels], np.hstack([stock[rows, channels:], began[rows]])
        rest = others @ coefficients[:, channels:].T
        rest += own @ (coefficients[:, :channels] - effects).T
        rest = np.maximum(rest, TINY)
        counts = weights.T[bucket[rows]] / (own @ effects.T + rest)
        found[:, :-1] += effects * (own.T @ counts).T
        found[:, -1] += (rest * counts).sum(axis=0)
    return shares_of_counts(found, bucket, weights)


def funnel(first: Array, later: Array) -> Array:
    """Both needed: the Shapley value of the product of two stages' shares, the baseline last.

    With the baselines f and s, a channel of the shares x and y has x (1 + s) / 2 + y (1 + f) / 2.
    """
    found: Array = (first * (1 + later[..., -1:]) + later * (1 + first[..., -1:])) / 2
    found[..., -1] = first[..., -1] * later[..., -1]
    return found
