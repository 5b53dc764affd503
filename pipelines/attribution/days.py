"""data_driven by the clock of days: whoever decides between touches is at risk all the time.

Who has decided comes back to fill in a form, most often by himself. Then the visit at a conversion
is how somebody came who had decided, and says nothing of why. So here no touch is a trial: time is.
From the first touch on, until the conversion or SILENCE_DAYS after the last touch, somebody
converts with the hazard

    baseline + sum over the AGES of  age * (younger than that)  + direct * stock of Direct visits
             + sum over channels of  effect * stock of the channel

where a stock is the touches of more than LAG_DAYS ago, halved with every half-life, and no
coefficient is below zero. The likelihood needs the stocks at the conversions and the integrals of
the stocks over the time at risk, which each touch has in closed form: no day is sampled.

Effects are shrunk to their common mean by their own errors, so that thirty deals are not told apart
by chance. What Direct visits of earlier days surely do is intent, since nobody did anything: it is
taken off the channels that people come through by themselves (SOUGHT), and is the baseline's.

A channel is credited with its part of the hazard at the conversion, all touches counted: a share of
the hazard, not what would be lost without the channel.
"""

from collections.abc import Sequence
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

Array = NDArray[Any]

HALF_LIVES_DAYS = (3.0, 7.0, 14.0, 30.0)
LAG_DAYS = 0.5
AGES = (1.0, 7.0, 30.0)
SILENCE_DAYS = 90.0
SOUGHT = frozenset({"Organic Search", "Paid Search", "Referral", "AI Assistants"})
"""Channels that people come through by themselves."""
LEAST_SPREAD = 0.25
"""Of the effects around their common mean, as a share of it."""
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


def ages(days: Array, bucket: Array, buckets: int) -> Array:
    """Time at risk that is younger than each of the AGES, and the whole: buckets x these."""
    columns = [np.minimum(days, age) for age in AGES] + [days]
    return np.column_stack([np.bincount(bucket, column, buckets) for column in columns])


def baseline_columns(days: Array) -> Array:
    """What the baseline is linear in, so many days after the risk began."""
    return np.column_stack([days < age for age in AGES] + [np.ones(len(days))]).astype(float)


def stocks(visits: Visits, count: int, channels: int, half_life: float, lag_days: float) -> Array:
    """Owners x (channels, Direct): what is left of their touches at the end."""
    size = channels + 1
    older = visits.days_left >= lag_days
    place = visits.owner * size + np.where(visits.channel < 0, channels, visits.channel)
    left = np.exp2(-(visits.days_left[older] - lag_days) / half_life)
    return np.bincount(place[older], left, count * size).reshape(count, size)


@dataclass(frozen=True)
class Fit:
    """A fitted hazard of one half-life.

    Attributes:
        half_life: of it, in days.
        channels: how many there are.
        coefficients: of the channels, of Direct, of the ages and of the baseline.
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
    # The common mean: one feature in the place of all channels.
    joined = np.zeros((size, size - channels + 1))
    joined[:channels, 0] = 1
    joined[channels:, 1:] = np.eye(size - channels)
    total = np.maximum(others.sum(axis=0), TINY)
    free = np.zeros(size - channels + 1)
    common, _ = _climbed(converting @ joined, total @ joined, free, free)
    prior = joined @ np.append(common[0], np.zeros(size - channels))
    hazard = np.maximum(converting @ joined @ common, TINY)
    known = (converting[:, :channels] ** 2 / hazard[:, None] ** 2).sum(axis=0)
    score = (converting[:, :channels] / hazard[:, None]).sum(axis=0) - total[:channels]
    spread = _spread(float(common[0]), score, known)
    precision = np.append(np.full(channels, 1 / max(spread, TINY)), np.zeros(size - channels))
    found, likelihood = _climbed(converting, total, prior, precision)

    # A step of Newton's from the fit for each draw, of the common mean and then of all.
    of_bucket = _sums(converting, found, bucket, len(others))
    of_common = _sums(converting @ joined, common, bucket, len(others))
    drawn = np.empty((len(weights), size))
    for number, weight in enumerate(weights):
        mean = _step(common, of_common, weight, others @ joined, free, free)[0]
        towards = np.where(precision > 0, mean, 0)
        drawn[number] = _step(found, of_bucket, weight, others, towards, precision)
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


def _step(
    at: Array,
    sums: tuple[Array, Array],
    weight: Array,
    others: Array,
    prior: Array,
    precision: Array,
) -> Array:
    gradients, curvatures = sums
    gradient = weight @ (gradients - others) - precision * (at - prior)
    curvature = ridged(np.tensordot(weight, curvatures, axes=1) + np.diag(precision))
    return bounded(curvature, curvature @ at + gradient, np.zeros(len(at)), at > 0)


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


def best(fits: Sequence[Fit]) -> Fit:
    """The half-life that fits best; the shorter one of two as good."""
    return max(fits, key=lambda one: (one.log_likelihood, -one.half_life))
