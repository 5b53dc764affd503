"""Worlds in which people decide between touches: their truth, and what a warehouse sees of them."""

import numpy as np
import pytest

from pipelines.simulate.lives import LIVES, live, product_shares
from pipelines.simulate.worlds import DAY, DIRECT, PERIOD_DAYS

WORLDS = {life.name: life for life in LIVES}


def test_a_product_is_shared_by_its_shapley_value() -> None:
    """Of (.5 + .5 a)(.25 + .25 a + .5 b): a has .125 + .125 + .125 + .125, b the rest with a."""
    lead, deal = np.array([[0.5, 0.0, 0.5]]), np.array([[0.25, 0.5, 0.25]])
    assert product_shares(lead, deal) == pytest.approx(np.array([[0.5, 0.375, 0.125]]))


@pytest.mark.parametrize("name", ["forms_need_visits", "multiplied_days", "second_devices"])
def test_a_life_is_the_same_by_its_seed_and_its_truth_is_whole(name: str) -> None:
    first, again = (live(WORLDS[name], 1500, np.random.default_rng(3)) for _ in range(2))
    for column in ("person", "at", "channel", "converted_at", "won_at"):
        assert np.array_equal(getattr(first, column), getattr(again, column))
    for truth in (first.truth, first.truth_of_won):
        assert sum(truth.values()) == pytest.approx(1)
        assert truth[DIRECT] == 0
    assert len(first.won_at) > 0
    assert first.at.max() < PERIOD_DAYS * DAY
    # In order, as the solve walks them.
    assert (np.lexsort((first.at, first.person)) == np.arange(len(first.at))).all()


def test_forms_need_a_visit_and_deals_need_none() -> None:
    journeys = live(WORLDS["forms_need_visits"], 1500, np.random.default_rng(3))

    def near(persons: np.ndarray, ends: np.ndarray) -> float:
        last = np.full(journeys.persons, -np.inf)
        end = np.full(journeys.persons, -np.inf)
        end[persons] = ends
        before = journeys.at <= end[journeys.person]
        np.maximum.at(last, journeys.person[before], journeys.at[before])
        return float((end[persons] - last[persons] < DAY / 2).mean())

    assert near(journeys.converted_person, journeys.converted_at) == 1
    assert near(journeys.won_person, journeys.won_at) < 0.2
