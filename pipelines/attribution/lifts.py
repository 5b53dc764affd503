"""Lift tests as evidence: what data_driven credits a tested channel with meets what was measured.

With m and t the share of the conversions by the model and by a test, and s and e their errors,

    share = (m / s^2 + sum of t / e^2) / (1 / s^2 + sum of 1 / e^2)

is the mean by inverse variances, and the root of 1 / (1 / s^2 + sum of 1 / e^2) its error: as
PyMC-Marketing and Meridian let a test correct a channel's effect. The model's error is its
interval's. A test's share is the model's, moved by what the model credits too little or too much in
the days of the test, per conversion of these days; its error is that of its effect. Where a test
and the model exclude each other (they are further apart than SURE errors of their difference),
the interval covers both, so that a contradiction widens it.

Each conversion keeps its whole: credit that a channel has too much goes to the others and the
baseline, in proportion, and comes from them in proportion where it has too little. Channels that
were tested have their shares, the others give way, touch by touch (iterative proportional fitting,
Deming and Stephan, 1940). Without a test nothing is touched.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines.attribution.clocks import Judged
from pipelines.attribution.journeys import Converted, Source

Array = NDArray[Any]

SURE = 1.96
"""Standard errors at either end of a 95 % interval."""
MOST_ROUNDS = 1000
TOLERANCE, SEED, TINY = 1e-12, 1e-6, 1e-9
MOST_OF_REACHED = 0.99
"""Of the conversions that a channel touched at all: no test gives it more."""


@dataclass(frozen=True)
class LiftTest:
    """What a test of a whole channel measured.

    Attributes:
        experiment_id, channel, conversion_type: which, of what.
        conversions: that the channel brought, by the test.
        error: standard error of these.
        conversion_no: of the conversions of its days.
    """

    experiment_id: str
    channel: str
    conversion_type: str
    conversions: float
    error: float
    conversion_no: Array


def lift_tests(source: Source) -> list[LiftTest]:
    """The tests that can judge a channel, with the conversions of their days."""
    rows = source.columns(
        """
        select
            experiment_id, channel, conversion_type, conversion_no, confidence_level,
            incremental_conversions, incremental_conversions_low, incremental_conversions_high
        from {int_lift_test_conversions}
        order by experiment_id, conversion_no
        """
    )
    found = []
    for name in np.unique(rows["experiment_id"].astype(str)):
        own = {key: column[rows["experiment_id"] == name] for key, column in rows.items()}
        ends = own["incremental_conversions_high"][0] - own["incremental_conversions_low"][0]
        errors = 2 * NormalDist().inv_cdf((1 + float(own["confidence_level"][0])) / 2)
        found.append(
            LiftTest(
                experiment_id=str(name),
                channel=str(own["channel"][0]),
                conversion_type=str(own["conversion_type"][0]),
                conversions=float(own["incremental_conversions"][0]),
                error=float(ends) / errors,
                conversion_no=own["conversion_no"],
            )
        )
    return found


@dataclass(frozen=True)
class Heard:
    """What a model said before it heard tests.

    Attributes:
        share, low, high: of the channels and the baseline.
        counts: tests of each channel, and of the baseline none.
        credited: conversions of the days of each test that it credited to the channel, by its id.
    """

    share: Array
    low: Array
    high: Array
    counts: Array
    credited: dict[str, float]


def heard(
    judged: Judged, touches: Converted, channels: Sequence[str], tests: Sequence[LiftTest]
) -> tuple[Judged, Heard | None]:
    """What the model says once it has heard tests, and what it said before.

    Args:
        judged: what it says without them.
        touches: of the conversions.
        channels: that can have an effect, in their order.
        tests: of this conversion type, of any channel.

    Returns:
        The same and None where no test is of these channels and conversions.
    """
    share, conversion_no = judged.credits.mean(axis=0), touches.conversion_no[touches.last]
    evidence: dict[int, list[tuple[float, float]]] = {}
    credited: dict[str, float] = {}
    for test in tests:
        within = np.isin(conversion_no, test.conversion_no)
        if test.channel not in channels or not within.any():
            continue
        column, count = channels.index(test.channel), int(within.sum())
        credited[test.experiment_id] = float(judged.credits[within, column].sum())
        moved = (test.conversions - credited[test.experiment_id]) / count
        measured = (float(share[column]) + moved, test.error / count)
        evidence.setdefault(column, []).append(measured)
    if not evidence:
        return judged, None
    counts = np.array([len(evidence.get(column, ())) for column in range(len(share))])
    before = Heard(share, judged.low, judged.high, counts, credited)
    targets = {
        column: Evidence(share[column], judged.low[column], judged.high[column]).combined(measured)
        for column, measured in evidence.items()
    }
    return _calibrated(judged, touches, targets), before


@dataclass(frozen=True)
class Evidence:
    """A share with its interval, as the model has it."""

    share: float
    low: float
    high: float

    @property
    def error(self) -> float:
        """Standard error, by the interval."""
        return max((self.high - self.low) / (2 * SURE), TOLERANCE)

    def is_contradicted(self, measured: float, error: float) -> bool:
        """Whether a measured share and this one exclude each other."""
        return abs(measured - self.share) > SURE * float(np.hypot(error, self.error))

    def combined(self, measured: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
        """The share by inverse variances of this and of measured ones, and its interval."""
        shares = np.array([self.share, *(share for share, _ in measured)])
        weights = np.array([self.error, *(error for _, error in measured)]) ** -2.0
        share, error = float(weights @ shares / weights.sum()), float(weights.sum() ** -0.5)
        low, high = share - SURE * error, share + SURE * error
        for one, its_error in measured:
            if self.is_contradicted(one, its_error):
                low = min(low, self.low, one - SURE * its_error)
                high = max(high, self.high, one + SURE * its_error)
        return min(max(share, 0.0), 1.0), max(low, 0.0), min(high, 1.0)


def _calibrated(
    judged: Judged, touches: Converted, targets: dict[int, tuple[float, float, float]]
) -> Judged:
    size = judged.credits.shape[1]
    channel, journey = touches.trials.channel, touches.journey
    place = journey * size + channel
    has = np.zeros(judged.credits.shape, dtype=bool)
    has.ravel()[place[channel >= 0]] = True
    touch_credit = judged.touch_credit.copy()
    credits = judged.credits.copy()
    for column in targets:
        # What the model gave nothing at all has nothing that could be raised.
        if credits[:, column].sum() <= 0:
            credits[has[:, column], column] = SEED
        if touch_credit[channel == column].sum() <= 0:
            touch_credit[channel == column] = SEED
    own = np.bincount(place[channel >= 0], touch_credit[channel >= 0], credits.size)
    by_touches = own.reshape(credits.shape)
    by_touches[:, -1] = np.maximum(1 - by_touches.sum(axis=1), TINY)
    wanted = {
        column: min(target, MOST_OF_REACHED * float(has[:, column].mean()))
        for column, (target, _, _) in targets.items()
    }
    raised = _raked(by_touches, wanted) / np.maximum(by_touches, TINY)
    takes = channel >= 0
    touch_credit[takes] *= raised.ravel()[place[takes]]
    credits = _raked(credits, wanted)

    before, share = judged.credits.mean(axis=0), credits.mean(axis=0)
    low, high = judged.low + share - before, judged.high + share - before
    for column, (_, lowest, highest) in targets.items():
        low[column], high[column] = min(lowest, share[column]), max(highest, share[column])
    width = np.maximum(judged.high - judged.low, TOLERANCE)
    drawn = share + (judged.drawn - before) * ((high - low) / width)
    return replace(
        judged,
        credits=credits,
        touch_credit=touch_credit,
        low=np.clip(low, 0, 1),
        high=np.clip(high, 0, 1),
        drawn=np.clip(drawn, 0, 1),
    )


def _raked(credits: Array, wanted: dict[int, float]) -> Array:
    """Rows that sum to 1 and columns with the wanted means, in the proportions that there are."""
    columns = np.array(list(wanted))
    means = np.array(list(wanted.values()))
    now: Array = credits / np.maximum(credits.sum(axis=1, keepdims=True), TINY)
    for _ in range(MOST_ROUNDS):
        found = now[:, columns].mean(axis=0)
        if np.abs(found - means).max() <= TOLERANCE:
            break
        now[:, columns] *= means / np.maximum(found, TINY)
        now /= np.maximum(now.sum(axis=1, keepdims=True), TINY)
    return now
