"""data_driven: an additive discrete-time hazard of converting, and the Shapley value of its parts.

Every touch is a trial: does the conversion come before the next one? With `a` the adstock of a
channel (the sum of its touches so far, halved with every half-life) and `x = min(a, 1)`,

    hazard = baseline + sum over channels of  present * x  +  excess * (a - x)
                                            + beside * x * (sum of x of the other channels)
    P(conversion) = 1 - exp(-hazard)

with no coefficient below zero: a touch can fail to help, it is not blamed. `excess` lets a channel
saturate or work only by repetition, `beside` lets channels work together. Direct is no channel:
such a touch is a trial in which nobody did anything, which is what identifies the baseline.

The likelihood needs two things only: the sum of the features over the trials without conversion,
and the features of the trials with one. The first is summed in buckets, so that a bootstrap over
buckets costs no second look at the journeys.
"""

from dataclasses import dataclass
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


def feature_count(channels: int) -> int:
    """Present, excess and beside of each channel, and the baseline."""
    return 3 * channels + 1


def adstock(
    begins: Array, at_days: Array, channel: Array, channels: int, half_life: float
) -> Array:
    """Trials x channels: what is left of all touches of the journey so far, this one included.

    Args:
        begins: whether a trial is the first of its journey; trials are in order of time.
        at_days: when it took place.
        channel: 0 to channels - 1; anything else is no channel.
        channels: how many there are.
        half_life: days.
    """
    count = len(begins)
    stock = np.zeros((count, channels))
    counted = np.flatnonzero((channel >= 0) & (channel < channels))
    stock[counted, channel[counted]] = 1
    if not count:
        return stock
    place = np.arange(count)
    place -= np.maximum.accumulate(np.where(begins, place, 0))
    gap = np.diff(at_days, prepend=at_days[0])
    left = np.exp2(-np.where(begins, 0, gap) / half_life)
    by_place = np.argsort(place, kind="stable")
    edges = np.searchsorted(place[by_place], np.arange(1, place.max() + 2))
    for start, end in pairwise(edges):
        here = by_place[start:end]
        stock[here] += stock[here - 1] * left[here, None]
    return stock


def features(stock: Array) -> Array:
    """The columns that the hazard is linear in."""
    present = np.minimum(stock, 1)
    beside = present * (present.sum(axis=1, keepdims=True) - present)
    return np.hstack([present, stock - present, beside, np.ones((len(stock), 1))])


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
    blank = np.full(len(others), len(converting) / max(others.sum(), 1))
    now = np.maximum(floor, blank if begin is None else begin)
    reached = _log_likelihood(now, converting, others)
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


def effect_is_certain(fitted: Fit, converting: Array, others: Array) -> Array:
    """Per channel, whether the likelihood without it is lower by more than chance explains.

    Bootstraps don't know that a coefficient held at zero is zero: where none is below, their
    intervals never reach it. The likelihood ratio does.
    """
    size = (len(others) - 1) // 3
    certain = np.zeros(size, dtype=bool)
    for channel in np.flatnonzero(fitted.coefficients[:-1].reshape(3, size).any(axis=0)):
        kept = np.ones(len(others), dtype=bool)
        kept[channel : 3 * size : size] = False
        without = fit(converting[:, kept], others[kept], fitted.coefficients[kept])
        certain[channel] = 2 * (fitted.log_likelihood - without.log_likelihood) > CHI_SQUARE
    return certain


def _log_likelihood(coefficients: Array, converting: Array, others: Array) -> float:
    hazard = converting @ coefficients
    return float(np.log(-np.expm1(-hazard)).sum() - others @ coefficients)


def _derivatives(
    coefficients: Array, converting: Array, others: Array, weights: Array
) -> tuple[Array, Array]:
    """The gradient, and the negative Hessian with a ridge that keeps it invertible."""
    odds = 1 / np.expm1(converting @ coefficients)
    gradient = converting.T @ (weights * odds) - others
    curvature = (converting * (weights * odds * (1 + odds))[:, None]).T @ converting
    return gradient, _ridged(curvature)


def _ridged(curvature: Array) -> Array:
    diagonal = np.einsum("...ii->...i", curvature)
    ridge = 1e-8 * diagonal + 1e-10 * diagonal.max(axis=-1, keepdims=True)
    ridged: Array = curvature + ridge[..., None] * np.eye(curvature.shape[-1])
    return ridged


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
    odds = 1 / np.expm1(converting @ now)
    gradients, curvatures = _in_buckets(converting, odds, bucket, len(others))
    gradient = weights @ (gradients - others)
    curvature = _ridged(np.tensordot(weights, curvatures, axes=1))
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


def credits(converting: Array, coefficients: Array) -> Array:
    """Conversions x (channels, baseline): the Shapley value of each in the hazard, as a share.

    Adding up is its own Shapley value; of what two channels do beside each other each gets half.
    """
    size = (converting.shape[1] - 1) // 3
    present, excess = converting[:, :size], converting[:, size : 2 * size]
    beside = coefficients[2 * size : 3 * size]
    together = present @ beside
    met = present.sum(axis=1)
    parts = np.empty((len(converting), size + 1))
    parts[:, :size] = present * coefficients[:size] + excess * coefficients[size : 2 * size]
    parts[:, :size] += (
        present * (beside * (met[:, None] - present) + together[:, None] - beside * present) / 2
    )
    parts[:, size] = coefficients[-1]
    shares: Array = parts / parts.sum(axis=1, keepdims=True)
    return shares
