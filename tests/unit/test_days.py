"""The clock of days: closed forms against sums by hand, and which clock the journeys keep."""

import numpy as np
import pytest

from pipelines.attribution import days
from pipelines.simulate.lives import product_shares

LAG = days.LAG_DAYS


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
    lagged = days.stocks(visits, 2, 1, half_life=7.0, lag_days=LAG)
    assert lagged == pytest.approx(np.array([[0.5, 0], [0, 2 ** (-(3 - LAG) / 7)]]))
    assert days.stocks(visits, 2, 1, 7.0, 0)[0, 0] == pytest.approx(
        2 ** (-(7 + LAG) / 7) + 2 ** (-0.1 / 7)
    )


def test_a_funnel_is_shared_as_the_worlds_share_theirs() -> None:
    first, later = np.random.default_rng(2).dirichlet(np.ones(4), (2, 5))
    found = days.funnel(first, later)
    assert found.sum(axis=1) == pytest.approx(1)
    assert found == pytest.approx(product_shares(first, later))


def test_effects_are_found_and_shrunk_to_their_mean() -> None:
    """Of two channels one brings four times as much; a fifth of the conversions is nobody's."""
    rng = np.random.default_rng(5)
    size = 2 + 1 + len(days.AGES) + 1
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
    began = days.baseline_columns(rng.random(3000) * 60)
    drawn, weights = rng.random((4, 3 + began.shape[1])), rng.poisson(1, (4, 20)).astype(float)
    effects = days.without_intent(drawn, 0.1, np.array([True, False]))
    found = days.drawn_shares(stock, began, bucket, drawn, effects, weights)
    for number, weight in enumerate(weights):
        parts = days.parts(stock, began, drawn[number], effects[number])
        expected = np.average(parts, axis=0, weights=weight[bucket])
        assert found[number] == pytest.approx(expected)


def test_nothing_to_learn_from_is_all_baseline() -> None:
    """A conversion that nobody had touched before."""
    size = 2 + 1 + len(days.AGES) + 1
    others = np.zeros((10, size))
    others[:, -1] = 10.0
    converting = np.zeros((1, size))
    converting[:, -1] = 1
    fit = days.fit(7.0, converting, np.zeros(1, np.int64), others, np.ones((3, 10)), 2)
    shares = days.parts(
        np.zeros((1, 3)), days.baseline_columns(np.array([40.0])), fit.coefficients,
        fit.effects(np.array([False, True])),
    )  # fmt: skip
    assert shares == pytest.approx(np.array([[0, 0, 1]]))
