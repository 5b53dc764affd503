"""data_driven: by the clock of touches, an additive hazard of converting, and its Shapley values.

Every touch is a trial: does the conversion come before the next one? With `a` the adstock of a
channel (the sum of its touches so far, halved with every half-life), `x = min(a, 1)`, and `i`
whether a sign of intent was seen before,

    hazard = baseline + sum over channels of  present * x  +  excess * (a - x)
                                            + beside * x * (sum of x of the other channels)
                      + sum over signs of  intent * i
    P(conversion) = 1 - exp(-hazard)

with no coefficient below zero: a touch can fail to help, it is not blamed. `excess` lets a channel
saturate or work only by repetition, `beside` lets channels work together. Direct is no channel:
such a touch is a trial in which nobody did anything, which is what identifies the baseline. Who
shows intent converts sooner whatever he sees, and may be shown more: what intent explains is
credited to the baseline.

The likelihood needs two things only: the sum of the features over the trials without conversion,
and the features of the trials with one. The first is summed in buckets, so that a bootstrap over
buckets costs no second look at the journeys.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

HALF_LIVES_DAYS = (0.02, 1.0, 3.0, 7.0, 14.0, 30.0, 60.0)
"""What the half-life is chosen from; the first means that a touch acts at its own moment only."""
LEAST_BASELINE = 1e-6
MOST_STEPS = 100
TOLERANCE = 1e-10
CHI_SQUARE = 3.84
"""Of a twentieth at one degree of freedom."""
LEAST_RIDGE = 1e-300


JOURNEYS_AT_ONCE = 256
"""As many as leave the arrays of a walk in the processor's cache."""
CONVERSIONS_AT_ONCE = 2048
"""The same of those whose credits are drawn."""


@dataclass(frozen=True)
class Trials:
    """Touches of journeys, journey by journey in order of time.

    Attributes:
        begins: whether a trial is the first of its journey.
        at_days: when it took place.
        channel: from 0; -1 is no channel.
        intents: trials x signs, whether the sign had been seen.
    """

    begins: Array
    at_days: Array
    channel: Array
    intents: Array

    @cached_property
    def journey(self) -> Array:
        """Number of the journey of each trial, from 0."""
        number: Array = np.cumsum(self.begins) - 1
        return number


def last_stock(trials: Trials, channels: int, half_life: float) -> Array:
    """Journeys x channels: what is left of all touches of a journey at its last one."""
    ends = trials.at_days[np.append(trials.begins[1:], True)]
    counted = trials.channel >= 0
    left = np.exp2((trials.at_days - ends[trials.journey])[counted] / half_life)
    place = trials.journey[counted] * channels + trials.channel[counted]
    return np.bincount(place, left, len(ends) * channels).reshape(-1, channels)


def features(stock: Array, intents: Array) -> Array:
    """The columns that the hazard is linear in: of each channel, of each sign, and the baseline."""
    present = np.minimum(stock, 1)
    beside = present * (present.sum(axis=1, keepdims=True) - present)
    return np.hstack([present, stock - present, beside, intents, np.ones((len(stock), 1))])


def trial_sums(trials: Trials, group: Array, groups: int) -> Array:
    """The features that no half-life changes, summed by group of journeys: the signs, the trials.

    Args:
        trials: any number of journeys.
        group: of each journey, 0 to groups - 1.
        groups: how many.
    """
    of_trial = group[trials.journey]
    signs = [np.bincount(of_trial, sign, groups) for sign in trials.intents.T]
    return np.column_stack([*signs, np.bincount(of_trial, minlength=groups).astype(float)])


def channel_sums(
    trials: Trials,
    channels: int,
    half_lives: Sequence[float],
    group: Array,
    groups: int,
    weight: Array | None = None,
) -> Array:
    """The features of channels, summed by group of journeys: half-lives x groups x features.

    The longest journeys go first and a few hundred walk together, all in step and with all
    half-lives: so the adstock is a small array that each step changes in place.

    Args:
        trials: any number of journeys.
        channels: how many there are.
        half_lives: in days.
        group: of each journey, 0 to groups - 1.
        groups: how many.
        weight: how many journeys each stands for; itself alone, if not said.
    """
    lives = np.asarray(half_lives)[:, None]
    sums = np.zeros((len(half_lives), groups, 3 * channels))
    starts = np.flatnonzero(trials.begins)
    lengths = np.diff(starts, append=len(trials.begins))
    longest_first = np.argsort(-lengths, kind="stable")
    for first in range(0, len(starts), JOURNEYS_AT_ONCE):
        block = longest_first[first : first + JOURNEYS_AT_ONCE]
        walked = _walk(trials, starts[block], lengths[block], channels, lives)
        if weight is not None:
            walked *= weight[block][:, None]
        by_group = np.argsort(group[block], kind="stable")
        here, edges = np.unique(group[block][by_group], return_index=True)
        sums[:, here] += np.add.reduceat(walked[:, by_group], edges, axis=1)
    return sums


def _walk(trials: Trials, starts: Array, lengths: Array, channels: int, lives: Array) -> Array:
    """Half-lives x journeys x (present, excess, beside of each channel), summed over the trials."""
    shape = (len(lives), len(starts), channels)
    stock, left_over, product = np.zeros(shape), np.empty(shape), np.empty(shape)
    present, excess, beside = sums = np.zeros((3, *shape))
    for place in range(lengths[0]):
        count = int(np.searchsorted(-lengths, -place, side="left"))
        trial = starts[:count] + place
        now, x, other = stock[:, :count], left_over[:, :count], product[:, :count]
        if place:
            gap = trials.at_days[trial] - trials.at_days[trial - 1]
            now *= np.exp2(-gap / lives)[..., None]
        channel = trials.channel[trial]
        touched = np.flatnonzero(channel >= 0)
        now[:, touched, channel[touched]] += 1
        np.minimum(now, 1, out=x)
        np.subtract(x.sum(axis=2, keepdims=True), x, out=other)
        other *= x
        beside[:, :count] += other
        present[:, :count] += x
        excess[:, :count] += now
    excess -= present
    return np.moveaxis(sums, 0, 2).reshape(*shape[:2], -1)


@dataclass(frozen=True)
class Fit:
    """A fitted hazard.

    Attributes:
        coefficients: one per feature, none below zero.
        log_likelihood: to compare half-lives by.
    """

    coefficients: Array
    log_likelihood: float


def fit(converting: Array, others: Array, begin: Array | None = None) -> Fit:
    """Maximum likelihood by Newton steps that keep every coefficient at or above its bound.

    Args:
        converting: features of the trials that converted.
        others: sum of the features of the trials that did not.
        begin: coefficients of a fit to something alike, which saves most of the steps.
    """
    floor = np.zeros(len(others))
    floor[-1] = LEAST_BASELINE
    begins = [np.full(len(others), len(converting) / max(others.sum(), 1))]
    begins += [] if begin is None else [begin]
    reached, _, now = max(
        (_log_likelihood(x, converting, others), number, x)
        for number, x in enumerate(np.maximum(floor, begins))
    )
    for _ in range(MOST_STEPS):
        gradient, curvature = _derivatives(now, converting, others, np.ones(len(converting)))
        wanted = bounded(curvature, curvature @ now + gradient, floor, now > floor)
        step, gain = 1.0, -np.inf
        while step > 1e-6 and not gain > 0:
            moved = now + step * (wanted - now)
            gain = _log_likelihood(moved, converting, others) - reached
            step /= 2
        if not gain > 0:
            break
        now, reached = moved, reached + gain
        if gain < TOLERANCE * (1 + abs(reached)):
            break
    return Fit(now, reached)


def effect_is_certain(fitted: Fit, converting: Array, others: Array, channels: int) -> Array:
    """Per channel, whether the likelihood without it is lower by more than chance explains.

    Bootstraps don't know that a coefficient held at zero is zero: where none is below, their
    intervals never reach it. The likelihood ratio does.
    """
    certain = np.zeros(channels, dtype=bool)
    effects = fitted.coefficients[: 3 * channels].reshape(3, channels)
    for channel in np.flatnonzero(effects.any(axis=0)):
        kept = np.ones(len(others), dtype=bool)
        kept[channel : 3 * channels : channels] = False
        without = fit(converting[:, kept], others[kept], fitted.coefficients[kept])
        certain[channel] = 2 * (fitted.log_likelihood - without.log_likelihood) > CHI_SQUARE
    return certain


def _log_likelihood(coefficients: Array, converting: Array, others: Array) -> float:
    hazard = converting @ coefficients
    return float(np.log(-np.expm1(-hazard)).sum() - others @ coefficients)


def _odds(hazard: Array) -> Array:
    """1 / (exp(hazard) - 1), without an overflow."""
    odds: Array = np.exp(-hazard) / -np.expm1(-hazard)
    return odds


def _derivatives(
    coefficients: Array, converting: Array, others: Array, weights: Array
) -> tuple[Array, Array]:
    """The gradient, and the negative Hessian with a ridge that keeps it invertible."""
    odds = _odds(converting @ coefficients)
    gradient = converting.T @ (weights * odds) - others
    curvature = (converting * (weights * odds * (1 + odds))[:, None]).T @ converting
    return gradient, ridged(curvature)


def ridged(curvature: Array) -> Array:
    """A curvature, or a stack of them, that can be inverted.

    A draw of few conversions may have none of them, and then no curvature at all.
    """
    diagonal = np.einsum("...ii->...i", curvature)
    ridge = 1e-8 * diagonal + 1e-10 * diagonal.max(axis=-1, keepdims=True) + LEAST_RIDGE
    found: Array = curvature + ridge[..., None] * np.eye(curvature.shape[-1])
    return found


def bounded(curvature: Array, target: Array, floor: Array, free: Array) -> Array:
    """The least of 1/2 x'Hx - t'x with x at or above the floor, by pivoting of the active set.

    Args:
        curvature: H, positive definite.
        target: t.
        floor: least value of each coefficient.
        free: which coefficients to begin with off their floor.
    """
    free, best = free.copy(), len(floor) + 1
    patience = 10
    for _ in range(10 * len(floor)):
        x = floor.copy()
        held = ~free
        if free.any():
            right = target[free] - curvature[np.ix_(free, held)] @ floor[held]
            x[free] = np.linalg.solve(curvature[np.ix_(free, free)], right)
        slope = curvature @ x - target
        scale = np.sqrt(np.diag(curvature))
        wrong = (free & (x < floor)) | (held & (slope < -1e-9 * scale))
        if not wrong.any():
            break
        # All at once while that helps, else one at a time, which always ends (Kostreva; Portugal).
        if wrong.sum() < best:
            best, patience = int(wrong.sum()), 10
        else:
            patience -= 1
        flip = wrong if patience > 0 else np.arange(len(free)) == np.flatnonzero(wrong)[-1]
        free = free ^ flip
    bound: Array = np.maximum(x, floor)
    return bound


def resampled(
    fitted: Fit, converting: Array, bucket: Array, others: Array, weights: Array
) -> Array:
    """Coefficients of each draw: one Newton step from the fit, on the buckets' own derivatives.

    Args:
        fitted: of all buckets.
        converting, bucket: features of the converting trials and the bucket of each.
        others: buckets x features, sums over the other trials.
        weights: draws x buckets.
    """
    floor = np.zeros(others.shape[1])
    floor[-1] = LEAST_BASELINE
    now = fitted.coefficients
    odds = _odds(converting @ now)
    gradients, curvatures = _in_buckets(converting, odds, bucket, len(others))
    gradient = weights @ (gradients - others)
    curvature = ridged(np.tensordot(weights, curvatures, axes=1))
    return np.array(
        [
            bounded(h, h @ now + g, floor, now > floor)
            for h, g in zip(curvature, gradient, strict=True)
        ]
    )


def _in_buckets(converting: Array, odds: Array, bucket: Array, buckets: int) -> tuple[Array, Array]:
    """What the converting trials of each bucket add to the gradient and to the curvature."""
    size = converting.shape[1]
    gradients, curvatures = np.zeros((buckets, size)), np.zeros((buckets, size, size))
    order = np.argsort(bucket, kind="stable")
    edges = np.searchsorted(bucket[order], np.arange(buckets + 1))
    weight = odds * (1 + odds)
    for number, (start, end) in enumerate(pairwise(edges)):
        if start < end:
            rows = converting[order[start:end]]
            gradients[number] = odds[order[start:end]] @ rows
            curvatures[number] = (rows * weight[order[start:end], None]).T @ rows
    return gradients, curvatures


def credits(converting: Array, coefficients: Array, channels: int) -> Array:
    """Conversions x (channels, baseline): the Shapley value of each in the hazard, as a share.

    Adding up is its own Shapley value; of what two channels do beside each other each gets half.
    Signs of intent are part of the baseline.
    """
    present, excess = converting[:, :channels], converting[:, channels : 2 * channels]
    beside = coefficients[2 * channels : 3 * channels]
    together = present @ beside
    met = present.sum(axis=1)
    parts = np.empty((len(converting), channels + 1))
    parts[:, :channels] = (
        present * coefficients[:channels] + excess * coefficients[channels : 2 * channels]
    )
    parts[:, :channels] += (
        present * (beside * (met[:, None] - present) + together[:, None] - beside * present) / 2
    )
    parts[:, channels] = converting[:, 3 * channels :] @ coefficients[3 * channels :]
    shares: Array = parts / parts.sum(axis=1, keepdims=True)
    return shares


def drawn_shares(
    converting: Array, bucket: Array, coefficients: Array, weights: Array, channels: int
) -> Array:
    """Draws x (channels, baseline): what the credits of each draw come to, as `credits` has them.

    What a channel adds is linear in its coefficients, so that a draw needs sums over the
    conversions alone, each divided by its hazard: products of matrices, and no credit is made. NaN
    for a draw that has none of few conversions, as nothing has a share of nothing.

    Args:
        converting, bucket: features of the conversions and the bucket of each.
        coefficients: of each draw.
        weights: draws x buckets.
        channels: how many there are.
    """
    present_effect, excess_effect, beside_effect, rest_effect = np.split(
        coefficients, [channels, 2 * channels, 3 * channels], axis=1
    )
    found = np.zeros((len(weights), channels + 1))
    for first in range(0, len(converting), CONVERSIONS_AT_ONCE):
        rows = slice(first, first + CONVERSIONS_AT_ONCE)
        columns, present = converting[rows], converting[rows, :channels]
        counts = weights.T[bucket[rows]] / (columns @ coefficients.T)
        of_present, excess, beside, rest = np.split(
            (columns.T @ counts).T, [channels, 2 * channels, 3 * channels], axis=1
        )
        met = (present.T @ (counts * (present @ beside_effect.T))).T
        met -= beside_effect * ((present**2).T @ counts).T
        found[:, :-1] += present_effect * of_present + excess_effect * excess
        found[:, :-1] += (beside_effect * beside + met) / 2
        found[:, -1] += (rest_effect * rest).sum(axis=1)
    return shares_of_counts(found, bucket, weights)


def shares_of_counts(found: Array, bucket: Array, weights: Array) -> Array:
    """Of what each draw has of conversions; NaN for one that has none."""
    whole = weights @ np.bincount(bucket, minlength=weights.shape[1])
    with np.errstate(invalid="ignore"):
        shares: Array = found / whole[:, None]
    return shares
