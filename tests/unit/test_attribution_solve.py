"""The solves, on chains and hazards whose answer is known."""

import json
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from pipelines.attribution import chain, clocks, days, hazard, solve
from pipelines.attribution.journeys import BUCKETS, US_PER_DAY, Channels, Converted, Walked
from pipelines.settings import PROJECT_DIR

VECTORS = PROJECT_DIR / "tests" / "fixtures" / "vectors"
SETS = sorted(path.stem.removeprefix("in_") for path in VECTORS.glob("in_*.json"))
CHANNELS = "ABCDEFGHIJ"


def chain_of(
    paths: list[tuple[str, float, float, float]], order: int
) -> tuple[chain.Chain, list[str]]:
    """The chain of written-out paths, in one bucket."""
    names = sorted({step for path, *_ in paths for step in path.split(" > ")})
    moves = []
    for path, conversions, nulls, value in paths:
        channel = np.array([names.index(step) + 1 for step in path.split(" > ")])
        _, source, target = chain.steps(np.arange(len(channel)) == 0, channel, order)
        for count, worth, end in (
            (conversions, value, chain.CONVERSION),
            (nulls, 0.0, chain.NULL),
        ):
            states = np.append(source, target[-1]), np.append(target, end)
            bucket = np.zeros(len(states[0]), dtype=np.int64)
            gained = np.append(np.zeros(len(source)), worth)
            moves.append(chain.Moves(bucket, *states, np.full(len(bucket), count), gained))
    return chain.built(moves, 1), names


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("name", SETS)
def test_markov_agrees_with_the_exact_vectors(name: str, order: int) -> None:
    paths = json.loads((VECTORS / f"in_{name}.json").read_text())["paths"]
    exact = json.loads((VECTORS / f"exact_{name}.json").read_text())[f"markov_order{order}"]
    built, names = chain_of(paths, order)
    by_count, by_value = chain.removal_effects(built, np.ones((1, 1)))
    conversions, value = (sum(path[n] for path in paths) for n in (1, 3))
    for what, effects, total in (
        ("removal_effect", by_count, None),
        ("removal_effect_value", by_value, None),
        ("conversions", chain.shares(by_count), conversions),
        ("value", chain.shares(by_value), value),
    ):
        found = dict(zip(names, effects[0] * (1 if total is None else total), strict=True))
        assert found == pytest.approx(exact[what], abs=1e-9), what


def test_a_channel_without_which_nobody_converts_has_the_whole_effect() -> None:
    built, names = chain_of([("A > B", 3, 1, 30), ("C", 0, 4, 0)], 1)
    effects, _ = chain.removal_effects(built, np.ones((1, 1)))
    assert dict(zip(names, effects[0], strict=True)) == pytest.approx({"A": 1, "B": 1, "C": 0})


def trials_of(
    journeys: list[list[tuple[float, int]]], intents: list[list[float]] | None = None
) -> hazard.Trials:
    """Journeys of (day, channel)."""
    touches = [touch for journey in journeys for touch in journey]
    begins = [number == 0 for journey in journeys for number, _ in enumerate(journey)]
    return hazard.Trials(
        np.array(begins),
        np.array([day for day, _ in touches]),
        np.array([channel for _, channel in touches]),
        np.array(intents) if intents else np.zeros((len(touches), 0)),
    )


def test_an_old_touch_has_faded_by_its_half_life() -> None:
    trials = trials_of([[(0, 0), (7, 1), (14, 0)], [(3, -1)]])
    stock = hazard.last_stock(trials, 2, 7.0)
    assert stock.tolist() == [[1.25, 0.5], [0, 0]]
    present_excess_beside = hazard.features(stock, np.zeros((2, 0)))[0]
    assert present_excess_beside.tolist() == [1, 0.5, 0.25, 0, 0.5, 0.5, 1]


def test_features_are_summed_over_trials_by_group() -> None:
    """Stocks by hand: (1, 0), (.5, 1), (1.25, .5); (0, 0); (0, 1)."""
    trials = trials_of([[(0, 0), (7, 1), (14, 0)], [(3, -1)], [(5, 1)]], [[0], [0], [1], [1], [0]])
    group = np.array([1, 0, 1])
    sums = hazard.channel_sums(trials, 2, [7.0], group, 2)[0]
    assert sums[0].tolist() == [0, 0, 0, 0, 0, 0]
    present, excess, beside = [1 + 0.5 + 1, 1 + 0.5 + 1], [0.25, 0], [0.5 + 0.5, 0.5 + 0.5]
    assert sums[1].tolist() == [*present, *excess, *beside]
    assert hazard.trial_sums(trials, group, 2).tolist() == [[1, 1], [1, 4]]
    twice = hazard.channel_sums(trials, 2, [7.0], group, 2, np.array([2, 2, 1]))[0]
    assert twice[1].tolist() == [5, 4, 0.5, 0, 2, 2]


def test_features_are_summed_as_a_walk_of_one_journey_would() -> None:
    """Many journeys of all lengths, against each of them walked alone to each of its ends."""
    rng = np.random.default_rng(2)
    journeys = [
        sorted(zip(rng.random(n) * 60, rng.integers(-1, 3, n), strict=True))
        for n in rng.geometric(0.25, 700)
    ]
    group = rng.integers(0, 3, len(journeys))
    expected = np.zeros((2, 3, 9))
    for number, journey in enumerate(journeys):
        for end in range(1, len(journey) + 1):
            begun = trials_of([journey[:end]])
            for life, half_life in enumerate((0.5, 9.0)):
                stock = hazard.last_stock(begun, 3, half_life)
                expected[life, group[number]] += hazard.features(stock, np.zeros((1, 0)))[0, :-1]
    found = hazard.channel_sums(trials_of(journeys), 3, [0.5, 9.0], group, 3)
    assert found == pytest.approx(expected, rel=1e-9)


def test_intent_is_part_of_the_baseline() -> None:
    columns = hazard.features(np.array([[1.0], [1.0]]), np.array([[0.0], [1.0]]))
    shares = hazard.credits(columns, np.array([0.02, 0, 0, 0.04, 0.02]), 1)
    assert shares == pytest.approx(np.array([[0.5, 0.5], [0.25, 0.75]]))


def test_credits_are_the_shapley_values_of_the_hazard() -> None:
    """Against all orders of removal, worked out one by one."""
    stock = np.array([[1.6, 0.4, 0.9]])
    coefficients = np.array([0.02, 0.05, 0.01, 0.03, 0.0, 0.02, 0.04, 0.01, 0.06, 0.015])

    def worth(kept: set[int]) -> float:
        left = np.array([[a if c in kept else 0.0 for c, a in enumerate(stock[0])]])
        return float((hazard.features(left, np.zeros((1, 0))) @ coefficients)[0])

    expected = np.zeros(4)
    orders = list(permutations(range(3)))
    for order in orders:
        for place, channel in enumerate(order):
            gained = worth(set(order[: place + 1])) - worth(set(order[:place]))
            expected[channel] += gained / len(orders)
    expected[3] = worth(set())
    found = hazard.credits(hazard.features(stock, np.zeros((1, 0))), coefficients, 3)[0]
    assert found == pytest.approx(expected / expected.sum())
    assert found.sum() == pytest.approx(1)


def test_bounded_finds_the_least_that_is_allowed() -> None:
    rng = np.random.default_rng(1)
    for _ in range(50):
        root = rng.normal(size=(9, 6))
        curvature, target = root.T @ root + 1e-6 * np.eye(6), rng.normal(size=6)
        x = hazard.bounded(curvature, target, np.zeros(6), np.ones(6, dtype=bool))
        slope = curvature @ x - target
        assert (x >= 0).all()
        assert slope[x > 0] == pytest.approx(0, abs=1e-7)
        assert (slope[x == 0] >= -1e-7).all()


def test_the_fit_finds_the_hazard_that_drew_the_journeys() -> None:
    rng = np.random.default_rng(3)
    trials = 200_000
    stock = rng.random((trials, 2)) * 2 * (rng.random((trials, 2)) < 0.5)
    true = np.array([0.05, 0.0, 0.02, 0.0, 0.0, 0.0, 0.03])
    columns = hazard.features(stock, np.zeros((len(stock), 0)))
    converts = rng.random(trials) < -np.expm1(-(columns @ true))
    fitted = hazard.fit(columns[converts], columns[~converts].sum(axis=0))
    assert fitted.coefficients == pytest.approx(true, abs=0.008)


def test_a_draw_that_weighs_all_the_same_is_the_fit() -> None:
    rng = np.random.default_rng(4)
    stock = rng.random((5_000, 3)) * 2
    columns = hazard.features(stock, np.zeros((len(stock), 0)))
    converts = rng.random(5_000) < columns @ np.array([0.04, 0.02, 0, 0.01, 0, 0, 0, 0, 0, 0.02])
    bucket = rng.integers(0, 50, 5_000)
    others = np.zeros((50, columns.shape[1]))
    np.add.at(others, bucket[~converts], columns[~converts])
    fitted = hazard.fit(columns[converts], others.sum(axis=0))
    drawn = hazard.resampled(fitted, columns[converts], bucket[converts], others, np.ones((1, 50)))
    assert drawn[0] == pytest.approx(fitted.coefficients, abs=1e-5)


def test_an_interval_leaves_out_a_fortieth_of_the_draws_on_either_side() -> None:
    draws = np.column_stack([np.arange(201.0), np.arange(201.0)[::-1], np.ones(201)])
    found = clocks.percentile_interval(draws, np.array([100.0, 2.0, 3.0]))
    assert found["low"].tolist() == [5, 2, 1], "widened to the share itself"
    assert found["high"].tolist() == [195, 195, 3]


def test_draws_that_could_not_be_solved_are_no_part_of_the_interval() -> None:
    draws = np.array([[0.0], [np.nan], [40.0]])
    found = clocks.percentile_interval(draws, np.array([20.0]))
    assert found == {"low": np.array([1.0]), "high": np.array([39.0])}


def test_a_draw_that_has_none_of_few_conversions_says_nothing() -> None:
    """Its coefficients stay where they are, and it has no shares instead of shares of zero."""
    converting, others = np.array([[1.0, 0.0, 1.0]]), np.array([[2.0, 1.0, 3.0], [0.0, 0.0, 0.0]])
    fitted = hazard.fit(converting, others.sum(axis=0))
    weights = np.array([[1, 1], [0, 1]])
    drawn = hazard.resampled(fitted, converting, np.array([0]), others, weights)
    assert np.isfinite(drawn).all()
    assert drawn[1] == pytest.approx(fitted.coefficients)
    shares = hazard.shares_of_counts(np.array([[0.25, 0.75], [0, 0]]), np.array([0]), weights)
    assert shares[0].tolist() == [0.25, 0.75]
    assert np.isnan(shares[1]).all()
    interval = clocks.percentile_interval(shares, shares[0])
    assert interval["low"] == pytest.approx(shares[0])


def test_what_draws_come_to_is_the_mean_of_their_credits() -> None:
    rng = np.random.default_rng(6)
    stock, intents = rng.random((3000, 3)) * 2, rng.integers(0, 2, (3000, 1)).astype(float)
    converting, bucket = hazard.features(stock, intents), rng.integers(0, 20, 3000)
    weights, drawn = rng.poisson(1, (4, 20)).astype(float), rng.random((4, converting.shape[1]))
    found = hazard.drawn_shares(converting, bucket, drawn, weights, 3)
    for shares, coefficients, weight in zip(found, drawn, weights, strict=True):
        credits = hazard.credits(converting, coefficients, 3)
        assert shares == pytest.approx(np.average(credits, axis=0, weights=weight[bucket]))


def walked_of(persons: int, rng: np.random.Generator, numbered: int) -> Walked:
    """Persons of one bucket with four touches, some of whom converted."""
    at_us = np.sort(rng.integers(0, 60 * US_PER_DAY, (persons, 4)), axis=1).ravel()
    channel = rng.choice([-1, 0, 1], persons * 4, p=[0.1, 0.88, 0.02])
    return Walked(
        trials=hazard.Trials(
            np.arange(persons * 4) % 4 == 0, at_us / US_PER_DAY, channel, np.zeros((len(at_us), 0))
        ),
        person_no=np.arange(persons) + numbered,
        bucket=np.zeros(persons, np.int64),
        converted_types=(np.arange(persons) % 50 == 0).astype(np.int64),
        at_us=at_us,
        channel_no=channel + 2,
    )


def test_some_of_many_who_did_not_convert_stand_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a seldom channel did is counted whole, and the others' come to as many touches."""

    def others(fewest: int, numbered: int = 0) -> np.ndarray:
        monkeypatch.setattr(clocks, "FEWEST_WALKED", fewest)
        part = walked_of(20_000, np.random.default_rng(8), numbered)
        touches = np.bincount(part.trials.channel[part.trials.channel >= 0])
        present = Channels({1: "Direct", 2: "Email", 3: "Events"}, touches, ("a", "b"), touches)
        sums = clocks.TrialSums({"lead": 0}, {"lead": converted_of(1)}, present)
        sums.add(part)
        found: np.ndarray = sums.others("lead", 7.0).sum(axis=0)
        return found

    whole, some = others(10**9), others(5_000)
    assert some == pytest.approx(whole, rel=0.02)
    assert some[[1, 3]] == pytest.approx(whole[[1, 3]], rel=1e-9), "all who met the seldom one"
    assert some[-1] == whole[-1], "trials are counted"
    assert some[0] != whole[0]
    assert others(5_000, numbered=10**9).tolist() == some.tolist(), "whatever number they have"


def test_sums_of_some_persons_and_of_the_others_are_sums_of_all() -> None:
    """As a cluster counts them: each counter by itself, by empty ones that are joined."""
    rng = np.random.default_rng(11)
    parts = [walked_of(3_000, rng, 0), walked_of(2_000, rng, 10_000)]
    touches = np.array([15_000, 4_000])
    present = Channels({1: "Direct", 2: "Email", 3: "Events"}, touches, ("a", "b"), touches)
    rules = solve.Rules(lookback_days=30, markov_order=2, until_us=60 * US_PER_DAY)
    # Those who converted to the first type of two, of either part.
    known = np.array([0, 50, 2_950, 10_050, 11_900])

    def counters() -> tuple[clocks.TrialSums, clocks.Visitors, solve.MovesOfPersons]:
        return (
            clocks.TrialSums({"lead": 0}, {"lead": converted_of(40)}, present),
            clocks.Visitors(1, known, 2, rules.until_us),
            solve.MovesOfPersons(rules),
        )

    whole, joined = counters(), counters()
    for part in parts:
        for counter in whole:
            counter.add(part)
        for counter in joined:
            other = counter.empty()
            other.add(part)
            counter.join(other)
    (trials, visits, moves), (of_trials, of_visits, of_moves) = whole, joined
    for half_life in hazard.HALF_LIVES_DAYS:
        expected = trials.others("lead", half_life)
        assert expected.any()
        assert of_trials.others("lead", half_life) == pytest.approx(expected, rel=1e-12)
    assert visits.others.any()
    assert of_visits.others == pytest.approx(visits.others, rel=1e-12)
    assert len(visits.of_leads()[0]) == 4 * len(known)
    for own, of_joined in zip(visits.of_leads(), of_visits.of_leads(), strict=True):
        assert of_joined.tolist() == own.tolist()
    assert of_visits.days_weight(0, converted_of(40)) == visits.days_weight(0, converted_of(40))
    for order in (0, 1):
        counts = [sum(part.count.sum() for part in one.without(order)) for one in (moves, of_moves)]
        assert counts[0] == counts[1] > 0


def test_of_many_conversions_some_choose_the_half_life_and_all_tell_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By touches: the same fit, as far as both have climbed."""
    rng = np.random.default_rng(9)
    part = walked_of(20_000, rng, 0)
    part = replace(part, bucket=np.sort(rng.integers(0, BUCKETS, 20_000)))
    touches = converted_of(2_000)
    channel = rng.integers(0, 2, 2_000)
    touches = replace(
        touches,
        trials=replace(touches.trials, channel=channel),
        bucket=rng.integers(0, BUCKETS, 2_000),
    )
    met = np.bincount(part.trials.channel[part.trials.channel >= 0])
    present = Channels({1: "Direct", 2: "Email", 3: "Events"}, met, ("a", "b"), met)
    sums = clocks.TrialSums({"lead": 0}, {"lead": touches}, present)
    sums.add(part)
    weights = rng.poisson(1, (4, BUCKETS)).astype(float)

    def judged(most: int) -> clocks.Judged:
        monkeypatch.setattr(clocks, "MOST_COMPARED", most)
        return clocks.by_touches("lead", touches, sums, present, weights)

    whole, some = judged(10**9), judged(500)
    assert some.half_life_days == whole.half_life_days
    assert some.credits == pytest.approx(whole.credits, abs=1e-4)
    assert some.drawn == pytest.approx(whole.drawn, abs=1e-3)


def test_by_days_some_of_many_choose_the_half_life_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is learned then is learned of all, draws as well; who fits far worse is left out."""
    rng = np.random.default_rng(10)
    count = 3_000
    bucket, until_us = rng.integers(0, BUCKETS, count), 400 * US_PER_DAY
    began_us = rng.integers(0, 300 * US_PER_DAY, count)
    risks = days.Risks(began_us, began_us + 20 * US_PER_DAY, until_us)
    visits = days.Visits(np.arange(count), rng.integers(0, 2, count), rng.exponential(3, count))
    others = rng.random((len(days.HALF_LIVES_DAYS), BUCKETS, 2 + 1 + len(days.AGES) + days.MONTHS))
    present = Channels({2: "Email", 3: "Events"}, bucket, ("Email", "Events"), bucket)
    weights = rng.poisson(1, (4, BUCKETS)).astype(float)
    by_days = clocks.ByDays(None, present, None, weights, None)  # type: ignore[arg-type]

    def learned(most: int) -> clocks.Stage:
        monkeypatch.setattr(clocks, "MOST_COMPARED", most)
        return by_days._learned(visits, risks, bucket, others)

    whole, some = learned(10**9), learned(1_000)
    assert len(whole.fits) < len(days.HALF_LIVES_DAYS)
    least = max(fit.log_likelihood for fit in whole.fits) - clocks.LIKELIHOOD_APART
    assert all(fit.log_likelihood >= least for fit in whole.fits)
    for one, other in zip(some.fits, whole.fits, strict=True):
        assert one.half_life == other.half_life
        assert one.coefficients.tolist() == other.coefficients.tolist()
        assert one.drawn.tolist() == other.drawn.tolist()
        assert one.drawn.shape == (4, others.shape[2])


def test_half_lives_that_fit_about_as_well_are_averaged() -> None:
    """Of a likelihood one apart e^-1 is left, and of both what two apart have is taken off."""
    weights = clocks._by_likelihood([-7.0, -8.0, -9.0, -30.0], BUCKETS)
    assert weights == pytest.approx([0.7881, 0.2119, 0, 0], abs=1e-4)
    assert weights.sum() == 1
    # Half of the conversions tell them half as far apart.
    assert clocks._by_likelihood([-7.0, -7.5], BUCKETS // 2) == pytest.approx(weights[:2])
    # Whichever of two is the better by a hair, nothing turns.
    before, after = (
        clocks._by_likelihood(likelihoods, BUCKETS) for likelihoods in ([0, -0.001], [-0.001, 0])
    )
    assert before == pytest.approx(after, abs=2e-3)


def converted_of(count: int) -> Converted:
    """So many conversions of one touch."""
    every = np.arange(count)
    trials = hazard.Trials(every >= 0, every * 0.0, every * 0, np.zeros((count, 0)))
    return Converted(trials, every * 0, every * 0 + 2, every * 1.0, every, every, every * 0 + 1)


def test_what_the_lookback_no_longer_sees_stays_with_its_conversion() -> None:
    """A touch of each is left, which earned nothing in the first, as in most deals."""
    credits = np.array([[0.5, 0.5], [0.2, 0.8]])
    own = np.array([clocks.LEAST_CARRIED, 0.2])
    assert own * clocks._carried(converted_of(2), own, credits) == pytest.approx([0.5, 0.2])


def test_touches_that_earned_nothing_carry_what_the_lookback_no_longer_sees() -> None:
    """Of two conversions of a touch each one's channel earned half, before the lookback."""
    credits = np.array([[0.5, 0.5], [0.0, 1.0]])
    least = np.full(2, clocks.LEAST_CARRIED)
    carried = least * clocks._carried(converted_of(2), least, credits)
    assert carried.sum() == pytest.approx(0.5, abs=0.01)
    assert (carried <= 1).all()
