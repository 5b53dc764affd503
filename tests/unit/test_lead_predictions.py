"""The learned lead score: it is judged in time, and shown only where it beats the rules."""

from dataclasses import replace
from datetime import datetime, timedelta

import duckdb
import numpy as np
import pytest

from pipelines.scoring.learned import Leads, auc, evaluate, fit, gain_error, learn

DAY_US = 86_400_000_000
AS_OF = datetime(2026, 10, 1)


def leads(count: int, *, seed: int = 1) -> Leads:
    """Leads of one a day, whose outcome the first of two signals tells and the score does not."""
    rng = np.random.default_rng(seed)
    features = rng.poisson(1.0, (count, 2)).astype(float)
    chance = 1 / (1 + np.exp(2.0 - 1.5 * features[:, 0]))
    scored_at = np.arange(count) * DAY_US
    return Leads(
        features=features,
        score=features[:, 1],
        is_converted=rng.random(count) < chance,
        scored_at=scored_at,
        judged_at=scored_at + 60 * DAY_US,
    )


@pytest.mark.parametrize(
    ("score", "converted", "expected"),
    [
        ([1, 2, 3, 4], [0, 0, 1, 1], 1.0),
        ([4, 3, 2, 1], [0, 0, 1, 1], 0.0),
        ([1, 1, 1, 1], [0, 1, 0, 1], 0.5),
        ([1, 2, 2, 3], [0, 0, 1, 1], 0.875),
    ],
)
def test_auc_counts_pairs_and_equals_half(
    score: list[int], converted: list[int], expected: float
) -> None:
    assert auc(np.array(score), np.array(converted, dtype=bool)) == expected


def test_the_error_of_a_gain_is_of_the_same_leads() -> None:
    """By hand: placements (1, 1) and (1/2, 1) of those that converted, (1, 1) and (1, 1/2)."""
    converted = np.array([False, False, True, True])
    ours, theirs = np.array([1, 2, 3, 4]), np.array([1, 3, 2, 4])
    assert auc(ours, converted) - auc(theirs, converted) == 0.25
    assert gain_error(ours, theirs, converted) == pytest.approx(np.sqrt(0.125 / 2 + 0.125 / 2))
    assert gain_error(ours, ours, converted) == 0


def test_a_gain_that_chance_explains_shows_the_rules() -> None:
    """Rules that stop counting at two are a little worse, on three hundred leads."""
    known = leads(1000)
    found = evaluate(replace(known, score=np.minimum(known.features[:, 0], 2)))
    assert 0 < found.learned_auc - found.rules_auc < found.gain_error
    assert not found.is_better


def test_without_both_outcomes_there_is_no_auc() -> None:
    assert np.isnan(auc(np.array([1, 2]), np.array([True, True])))


def test_the_weights_are_where_the_likelihood_is_highest() -> None:
    known = leads(4000)
    model = fit(known.features, known.is_converted)
    slopes = model.weights[1:] / model.spread
    assert slopes[0] == pytest.approx(1.5, abs=0.15)
    assert slopes[1] == pytest.approx(0.0, abs=0.1)
    # The intercept is not held back: the mean chance is the rate.
    assert model.probability(known.features).mean() == pytest.approx(known.is_converted.mean())


def test_training_knows_nothing_of_the_holdouts_time() -> None:
    found = evaluate(leads(1000))
    assert (found.training_leads, found.holdout_leads) == (641, 300)
    assert found.holdout_from_us == 700 * DAY_US
    assert found.is_better
    assert found.learned_auc > 0.7


def test_too_few_conversions_show_the_rules() -> None:
    found = evaluate(leads(40))
    assert np.isnan(found.learned_auc)
    assert not found.is_better


def written(known: Leads) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("create schema intermediate")
    con.execute(
        "create table intermediate.int_lead_score_moments (contact_key varchar, is_current boolean,"
        " rules_score bigint, is_converted boolean, scored_at timestamp, judged_at timestamp)"
    )
    con.execute(
        "create table intermediate.int_lead_score_features (contact_key varchar,"
        " is_current boolean, rule_id varchar, signal_count bigint)"
    )
    begin = datetime(2023, 1, 1)
    rows: list[tuple[object, ...]] = []
    features: list[tuple[object, ...]] = []
    for number, (counts, score, converted) in enumerate(
        zip(known.features, known.score, known.is_converted, strict=True)
    ):
        name, at = f"lead {number:04}", begin + timedelta(days=number)
        rows += [
            (name, False, int(score), bool(converted), at, at + timedelta(days=60)),
            (name, True, int(score), None, AS_OF, None),
        ]
        features += [
            (name, current, rule, int(count))
            for current in (False, True)
            for rule, count in zip(("first", "second"), counts, strict=True)
            if count
        ]
    for table, values in (("moments", rows), ("features", features)):
        if values:
            places = ", ".join("?" * len(values[0]))
            con.executemany(
                f"insert into intermediate.int_lead_score_{table} values ({places})", values
            )
    return con


def test_who_has_the_telling_signal_has_the_higher_chance() -> None:
    with written(leads(600)) as con:
        assert learn(con, AS_OF).is_better
        (row,) = con.execute("from solved.lead_score_evaluations").fetchall()
        assert row[1] > row[0]
        assert row[5:] == (True, AS_OF)
        chances = con.execute(
            "select signal_count, avg(conversion_probability) from solved.lead_chances"
            " inner join intermediate.int_lead_score_features using (contact_key)"
            " where is_current and rule_id = 'first' group by 1 order by 1 limit 3"
        ).fetchall()
        assert chances == sorted(chances, key=lambda row: row[1])
        again = con.execute("select sum(hash(lead_chances)) from solved.lead_chances").fetchall()
        learn(con, AS_OF)
        assert (
            again
            == con.execute("select sum(hash(lead_chances)) from solved.lead_chances").fetchall()
        )


def test_rules_that_sort_better_stay() -> None:
    known = leads(600)
    perfect = Leads(
        features=known.features[:, 1:].repeat(2, axis=1),
        score=known.is_converted.astype(int) * 100,
        is_converted=known.is_converted,
        scored_at=known.scored_at,
        judged_at=known.judged_at,
    )
    with written(perfect) as con:
        assert not learn(con, AS_OF).is_better
        assert con.execute("select count(*) from solved.lead_chances").fetchall() == [(0,)]
        assert con.execute(
            "select rules_auc, is_learned_shown from solved.lead_score_evaluations"
        ).fetchall() == [(1.0, False)]


def test_nobody_to_learn_from() -> None:
    with written(leads(0)) as con:
        assert not learn(con, AS_OF).is_better
        assert con.execute(
            "select rules_auc, learned_auc, holdout_leads from solved.lead_score_evaluations"
        ).fetchall() == [(None, None, 0)]
