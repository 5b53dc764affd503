"""Lift tests as evidence: cases by hand, whole credits, and nothing where no test was made."""

from dataclasses import replace

import numpy as np
import pytest

from pipelines.attribution.clocks import Judged
from pipelines.attribution.hazard import Trials
from pipelines.attribution.journeys import Converted
from pipelines.attribution.lifts import SURE, Evidence, LiftTest, heard

CHANNELS = ("Display", "Email")


def conversions(journeys: list[list[int]]) -> Converted:
    """One conversion a journey, numbered from 1, with the channels of its touches; -1 is Direct."""
    channel = np.array([touch for journey in journeys for touch in journey])
    number = np.repeat(np.arange(len(journeys)) + 1, [len(journey) for journey in journeys])
    begins = np.append(True, np.diff(number) > 0)
    return Converted(
        trials=Trials(
            begins, -np.arange(len(channel), 0.0, -1), channel, np.zeros((len(channel), 0))
        ),
        bucket=np.zeros(len(channel), np.int64),
        channel_no=channel,
        amount=np.full(len(channel), np.nan),
        converted_us=np.zeros(len(channel), np.int64),
        conversion_no=number,
        touch_no=np.arange(len(channel)) + 1,
    )


def judged(touches: Converted, touch_credit: list[float], error: float) -> Judged:
    """What a model gives to touches, its shares sure to within an error."""
    given = np.array(touch_credit)
    credits = np.zeros((touches.count, len(CHANNELS) + 1))
    is_touch = touches.trials.channel >= 0
    np.add.at(
        credits, (touches.journey[is_touch], touches.trials.channel[is_touch]), given[is_touch]
    )
    credits[:, -1] = 1 - credits.sum(axis=1)
    share = credits.mean(axis=0)
    return Judged(
        half_life_days=7.0,
        credits=credits,
        touch_credit=given,
        low=share - SURE * error,
        high=share + SURE * error,
        drawn=np.stack([share - error, share + error]),
    )


# Display, Display twice, Email, Display and Email, Direct alone.
TOUCHES = conversions([[0], [0, 0], [1], [0, 1], [-1]])
CREDIT = [0.5, 0.25, 0.25, 0.5, 0.25, 0.5, 0.0]
MODEL = judged(TOUCHES, CREDIT, 0.05)


EVERY = [1, 2, 3, 4, 5]


def lift(channel: str, found: float, error: float, numbers: list[int] = EVERY) -> LiftTest:
    """What a test of a channel found on the days of these conversions."""
    return LiftTest(f"of {channel}", channel, "lead", found, error, np.array(numbers))


def test_a_test_and_the_model_meet_by_their_variances() -> None:
    """Display has 1.25 of 5, a share of .25. On the days of all five the test found 1.5 with an
    error of .25: a share of .3 with an error of .05, as sure as the model. So .275, error .0354."""
    found, before = heard(MODEL, TOUCHES, CHANNELS, [lift("Display", 1.5, 0.25)])
    assert before is not None
    assert before.share.tolist() == [0.25, 0.2, 0.55]
    assert before.counts.tolist() == [1, 0, 0]
    assert before.credited == {"of Display": 1.25}
    assert found.credits.mean(axis=0)[0] == pytest.approx(0.275)
    half = SURE * 0.05 / np.sqrt(2)
    assert (found.low[0], found.high[0]) == pytest.approx((0.275 - half, 0.275 + half))
    # The test is of two of its days alone: what lacks there is .5 of 2, a fourth of a share.
    found, _ = heard(MODEL, TOUCHES, CHANNELS, [lift("Display", 1.5, 0.1, [1, 2])])
    assert found.credits.mean(axis=0)[0] == pytest.approx(0.25 + 0.25 / 2)


def test_a_test_that_is_surer_has_more_weight_and_several_add_up() -> None:
    """Of variances .0025, .000625 twice: weights 400, 1,600, 1,600."""
    model = Evidence(0.25, 0.25 - SURE * 0.05, 0.25 + SURE * 0.05)
    share, low, high = model.combined([(0.3, 0.025)])
    assert share == pytest.approx((400 * 0.25 + 1600 * 0.3) / 2000)
    assert high - low == pytest.approx(2 * SURE / np.sqrt(2000))
    share, low, high = model.combined([(0.3, 0.025), (0.2, 0.025)])
    assert share == pytest.approx((400 * 0.25 + 1600 * 0.3 + 1600 * 0.2) / 3600)
    assert high - low == pytest.approx(2 * SURE / np.sqrt(3600))


def test_a_test_that_contradicts_widens_the_interval() -> None:
    """.25 and .5 with errors of .05 are more than 1.96 * .0707 apart: .152 to .598 covers both."""
    model = Evidence(0.25, 0.25 - SURE * 0.05, 0.25 + SURE * 0.05)
    assert not model.is_contradicted(0.38, 0.05)
    assert model.is_contradicted(0.5, 0.05)
    share, low, high = model.combined([(0.5, 0.05)])
    assert share == pytest.approx(0.375)
    assert (low, high) == pytest.approx((0.25 - SURE * 0.05, 0.5 + SURE * 0.05))
    # However sure the test is of itself.
    _, low, high = model.combined([(0.5, 0.001)])
    assert low == model.low
    assert high > 0.5
    agreed = model.combined([(0.26, 0.05)])
    assert agreed[2] - agreed[1] < model.high - model.low < high - low


@pytest.mark.parametrize("found", [0.0, 0.4, 1.0, 2.5, 4.0, 50.0])
@pytest.mark.parametrize("channel", CHANNELS)
def test_credits_stay_whole(channel: str, found: float) -> None:
    """What a channel has too much goes to others, what it lacks comes from them; touch by touch."""
    test = lift(channel, found, 0.1)
    after, before = heard(MODEL, TOUCHES, CHANNELS, [test])
    assert before is not None
    column = CHANNELS.index(channel)
    assert after.credits.sum(axis=1) == pytest.approx(1)
    assert (after.credits >= 0).all()
    by_touches = np.bincount(TOUCHES.journey, after.touch_credit, TOUCHES.count)
    assert (by_touches <= 1 + 1e-9).all()
    for number in (0, 1):
        is_own = TOUCHES.trials.channel == number
        assert after.touch_credit[is_own].sum() / 5 == pytest.approx(
            after.credits[:, number].mean()
        )
    share = after.credits.mean(axis=0)
    assert (after.low <= share + 1e-12).all()
    assert (share <= after.high + 1e-12).all()
    assert np.sign(share[column] - before.share[column]) == np.sign(
        found - before.share[column] * 5
    )
    # Touches of one channel keep their proportions, and Direct earns nothing.
    assert after.touch_credit[1] == pytest.approx(after.touch_credit[2])
    assert after.touch_credit[-1] == 0
    # Nobody whom it did not touch is credited to it.
    assert after.credits[TOUCHES.journey[TOUCHES.trials.channel == -1], column] == pytest.approx(0)
    assert (after.drawn[1] >= after.drawn[0]).all()


def test_a_channel_to_which_the_model_gives_nothing_can_be_raised() -> None:
    nothing = judged(TOUCHES, [0, 0, 0, 0.5, 0, 0.5, 0], 0.05)
    test = lift("Display", 1.0, 0.25)
    after, _ = heard(nothing, TOUCHES, CHANNELS, [test])
    assert after.credits[:, 0].mean() == pytest.approx(0.1)
    assert after.touch_credit[TOUCHES.trials.channel == 0].sum() == pytest.approx(0.5)
    assert after.touch_credit[1] == pytest.approx(after.touch_credit[2])


def test_two_channels_are_tested_at_once() -> None:
    tests = [lift("Display", 1.5, 0.25), lift("Email", 0.75, 0.25)]
    after, before = heard(MODEL, TOUCHES, CHANNELS, tests)
    assert before is not None
    assert before.counts.tolist() == [1, 1, 0]
    assert after.credits.mean(axis=0) == pytest.approx([0.275, 0.175, 0.55])


@pytest.mark.parametrize(
    "tests",
    [
        [],
        [lift("Affiliates", 1.0, 0.1, [1, 2])],
        [lift("Display", 1.0, 0.1, [77])],
    ],
)
def test_without_a_test_that_is_of_it_nothing_changes(tests: list[LiftTest]) -> None:
    after, before = heard(MODEL, TOUCHES, CHANNELS, tests)
    assert after is MODEL
    assert before is None


def test_a_wider_model_gives_way_further() -> None:
    test = lift("Display", 2.5, 0.25)
    sure, unsure = (
        heard(
            replace(MODEL, low=MODEL.low - more, high=MODEL.high + more), TOUCHES, CHANNELS, [test]
        )[0]
        for more in (0.0, 0.2)
    )
    assert sure.credits[:, 0].mean() < unsure.credits[:, 0].mean() < 0.5
