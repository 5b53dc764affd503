"""The clock of days: closed forms against sums by hand, and which clock the journeys keep."""

import numpy as np
import pytest

from pipelines.attribution import days
from pipelines.attribution.journeys import US_PER_DAY
from pipelines.simulate.lives import product_shares

LAG = days.LAG_DAYS
MONTH_US = days.MONTH_DAYS * US_PER_DAY
AS_OF_US = 600 * MONTH_US - 1
"""The last month is whole."""


def risks_of(at_risk: np.ndarray, ended_us: np.ndarray | int) -> days.Risks:
    """So many days at risk until some time."""
    ended = np.broadcast_to(ended_us, at_risk.shape)
    return days.Risks(ended - (at_risk * US_PER_DAY).astype(np.int64), ended, AS_OF_US)


def test_what_a_touch_adds_to_the_time_at_risk_is_the_integral_of_its_stock() -> None:
    """Ten days are left of one touch, less than the lag of another."""
    visits = days.Visits(np.array([0, 0]), np.array([0, -1]), np.array([10.0, LAG / 2]))
    found = days.exposures(visits, np.array([2]), channels=1, buckets=3)
    moments = np.arange(0, 10 - LAG, 1e-4)
    for number, half_life in enumerate(days.HALF_LIVES_DAYS):
        by_hand = np.exp2(-moments / half_life).sum() * 1e-4
        assert found[number, 2] == pytest.approx([by_hand, 0], rel=1e-3)
        assert not found[number, :2].any()


def test_a_stock_halves_and_leaves_out_what_is_too_new() -> None:
    visits = days.Visits(np.array([0, 0, 1]), np.array([0, 0, -1]), np.array([7.0 + LAG, 0.1, 3.0]))
    lagged = days.stocks(visits, 2, 1, 7.0, days.lagged(visits, 7.0))
    assert lagged == pytest.approx(np.array([[0.5, 0], [0, 2 ** (-(3 - LAG) / 7)]]))
    assert days.stocks(visits, 2, 1, 7.0, np.ones(3))[0, 0] == pytest.approx(
        2 ** (-(7 + LAG) / 7) + 2 ** (-0.1 / 7)
    )


def test_time_at_risk_is_told_apart_by_age_and_month() -> None:
    """Forty days until five days before the last month, and ten around its beginning."""
    begins = AS_OF_US + 1 - MONTH_US
    risks = risks_of(
        np.array([40.0, 10.0]), np.array([begins - 5 * US_PER_DAY, begins + 6 * US_PER_DAY])
    )
    sums = risks.sums(np.array([1, 1]), 2)
    assert not sums[0].any()
    assert sums[1, :3].tolist() == [2, 14, 40], "younger than a day, a week, a month"
    assert sums[1, -4:] == pytest.approx([0, 15, 25 + 4, 6])
    assert risks.month.tolist() == [days.MONTHS - 2, days.MONTHS - 1]
    assert risks.columns()[:, -2:].tolist() == [[1, 0], [0, 1]]
    ancient = risks_of(np.array([9.0]), 500 * MONTH_US)
    assert ancient.sums(np.array([0]), 1)[0, 3] == pytest.approx(9), "what is older is the first"
    assert ancient.month.tolist() == [0]


def test_of_the_touches_at_conversions_as_many_count_as_there_are_on_other_days() -> None:
    """A hundred conversions after 7.5 days: channel 0 is how they come, channel 1 just is there."""
    every = np.arange(100)
    begins = days.Visits(every, every * 0, np.full(100, 7.5))
    returns = days.Visits(every, every * 0, np.full(100, 0.1))
    before = days.Visits(every[:28], every[:28] * 0, np.full(28, 3.0))
    beside = days.Visits(every[:56], every[:56] * 0 + 1, np.array([0.1] * 4 + [3.0] * 52))
    visits = days.Visits(
        *(
            np.concatenate([getattr(one, name) for one in (begins, returns, before, beside)])
            for name in ("owner", "channel", "days_left")
        )
    )
    at_risk = np.full(100, 7.5)
    chance = days.by_chance(visits, at_risk, 2)
    # An expected touch is one of 28 (or 52) in seven days for half a day, and one for good measure.
    assert chance == pytest.approx([(28 / 14 + 1) / 101, (52 / 14 + 1) / 5, 1])
    worth = days.worth(visits, at_risk, chance)
    assert (worth[:100] == 1).all(), "what began the risk"
    assert worth[100:200] == pytest.approx(chance[0])
    assert (worth[200:228] == 1).all()


def test_a_season_is_no_effect_of_what_is_met_more_in_it() -> None:
    """Two months: in the second everything is four times as much, and the channel does nothing."""
    size = 1 + 1 + len(days.AGES) + days.MONTHS
    others, converting = np.zeros((10, size)), np.zeros((1000, size))
    others[:, [0, -2, -1]] = 500.0, 1000.0, 1000.0
    converting[:200, -2] = converting[200:, -1] = 1
    # Met by a fifth of the time of the second month, and a twentieth of that of the first.
    converting[:20, 0] = converting[200:520, 0] = 1
    others[:, 0] = 100.0 + 400.0
    fit = days.fit(7.0, converting, np.arange(1000) % 10, others, np.ones((1, 10)), 1)
    assert fit.coefficients[0] < 0.1 * fit.coefficients[-1]
    assert fit.coefficients[-2:] == pytest.approx([0.02, 0.08], rel=0.1)


def test_a_funnel_is_shared_as_the_worlds_share_theirs() -> None:
    first, later = np.random.default_rng(2).dirichlet(np.ones(4), (2, 5))
    found = days.funnel(first, later)
    assert found.sum(axis=1) == pytest.approx(1)
    assert found == pytest.approx(product_shares(first, later))


def test_effects_are_found_and_shrunk_to_their_mean() -> None:
    """Of two channels one brings four times as much; a fifth of the conversions is nobody's."""
    rng = np.random.default_rng(5)
    size = 2 + 1 + len(days.AGES) + days.MONTHS
    others = np.zeros((10, size))
    others[:, [0, 1, 2, -1]] = 1000.0, 1000.0, 500.0, 10_000.0
    converting = np.zeros((1000, size))
    converting[:, -1] = 1
    converting[:640, 0] = converting[640:800, 1] = 1
    bucket = rng.integers(0, 10, 1000)
    weights = rng.poisson(1, (30, 10)).astype(float)
    fit = days.fit(7.0, converting, bucket, others, weights, 2)
    # Without the shrinkage the two would be .0615 and .0135 beside a baseline of .0025.
    assert fit.coefficients[0] > 3 * fit.coefficients[1] > 0
    assert fit.coefficients[:2] == pytest.approx([0.0615, 0.0135], abs=0.004)
    assert fit.coefficients[-1] == pytest.approx(0.0025, abs=0.0002)
    assert (fit.drawn >= 0).all()
    assert fit.drawn.mean(axis=0)[:2] == pytest.approx(fit.coefficients[:2], rel=0.2)
    sought = np.array([True, False])
    without = days.without_intent(fit.coefficients, 0.01, sought)
    assert without == pytest.approx(fit.coefficients[:2] - [0.01, 0])


def test_what_draws_come_to_is_the_mean_of_their_parts() -> None:
    rng = np.random.default_rng(6)
    stock, bucket = rng.random((3000, 3)), rng.integers(0, 20, 3000)
    began = risks_of(rng.random(3000) * 60, AS_OF_US).columns()
    drawn, weights = rng.random((4, 3 + began.shape[1])), rng.poisson(1, (4, 20)).astype(float)
    effects = days.without_intent(drawn, 0.1, np.array([True, False]))
    found = days.drawn_shares(stock, began, bucket, drawn, effects, weights)
    for number, weight in enumerate(weights):
        parts = days.parts(stock, began, drawn[number], effects[number])
        expected = np.average(parts, axis=0, weights=weight[bucket])
        assert found[number] == pytest.approx(expected)


def test_nothing_to_learn_from_is_all_baseline() -> None:
    """A conversion that nobody had touched before."""
    size = 2 + 1 + len(days.AGES) + days.MONTHS
    others = np.zeros((10, size))
    others[:, -1] = 10.0
    converting = np.zeros((1, size))
    converting[:, -1] = 1
    fit = days.fit(7.0, converting, np.zeros(1, np.int64), others, np.ones((3, 10)), 2)
    shares = days.parts(
        np.zeros((1, 3)), risks_of(np.array([40.0]), AS_OF_US).columns(), fit.coefficients,
        fit.effects(np.array([False, True])),
    )  # fmt: skip
    assert shares == pytest.approx(np.array([[0, 0, 1]]))
