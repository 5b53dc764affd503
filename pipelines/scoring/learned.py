"""A logistic model of who becomes an opportunity, beside the score of the rules (S4-36).

It sees what the rules see, the signals of each rule as of the moment a lead was scored, and learns
their weights. It is judged on the newest leads, by what was known before the first of them was
scored, and is shown only where it sorts them better than the rules do, by more than chance
explains.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from pipelines.sql import relations

Array = NDArray[Any]

INPUTS = {
    "int_lead_score_moments": "intermediate",
    "int_lead_score_features": "intermediate",
}
"""What is learned from, and the schema of each."""

HOLDOUT_SHARE = 0.3
# Fewer conversions than this on either side, and neither a model nor an AUC says anything.
FEWEST_CONVERSIONS = 10
# Of the squared weights of standardised features: rare signals learn slowly.
RIDGE = 1.0
STEPS = 50
# Standard errors at either end of a 95 % interval.
CERTAIN = 1.96

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Leads:
    """Leads whose outcome is known, in order of the moment they were scored.

    Attributes:
        features: signals of each rule, one row a lead.
        score: by the active rules, at that moment.
        is_converted: whether an opportunity followed in time.
        scored_at, judged_at: when the score was read, and when its outcome was known; microseconds.
    """

    features: Array
    score: Array
    is_converted: Array
    scored_at: Array
    judged_at: Array


@dataclass(frozen=True)
class Evaluation:
    """How both sort the holdout.

    Attributes:
        rules_auc, learned_auc: chance that of two leads the one that converted has the higher
            score; NaN where there is too little to judge by.
        gain_error: standard error of their difference, on the same leads.
        training_leads, holdout_leads: how many.
        holdout_from_us: when the first lead of the holdout was scored.
    """

    rules_auc: float
    learned_auc: float
    gain_error: float
    training_leads: int
    holdout_leads: int
    holdout_from_us: int | None

    @property
    def is_better(self) -> bool:
        """Whether the learned model is the one to show."""
        return self.learned_auc - self.rules_auc > CERTAIN * self.gain_error


@dataclass(frozen=True)
class Logistic:
    """A fitted model.

    Attributes:
        mean, spread: of each feature in training.
        weights: the intercept first, then one a standardised feature.
    """

    mean: Array
    spread: Array
    weights: Array

    def probability(self, features: Array) -> Array:
        """The chance of an opportunity, of each row."""
        standardised = (features - self.mean) / self.spread
        chance: Array = _sigmoid(self.weights[0] + standardised @ self.weights[1:])
        return chance


def fit(features: Array, is_converted: Array) -> Logistic:
    """Newton's method on the ridge likelihood: the same numbers for the same leads."""
    mean = features.mean(axis=0)
    spread = features.std(axis=0)
    spread[spread == 0] = 1.0
    design = np.column_stack([np.ones(len(features)), (features - mean) / spread])
    penalty = np.full(design.shape[1], RIDGE)
    penalty[0] = 0.0
    weights = np.zeros(design.shape[1])
    for _ in range(STEPS):
        chance = _sigmoid(design @ weights)
        gradient = design.T @ (is_converted - chance) - penalty * weights
        curvature = (design * (chance * (1 - chance))[:, None]).T @ design + np.diag(penalty)
        step = np.linalg.solve(curvature + np.eye(len(weights)) * 1e-9, gradient)
        weights = weights + step
        if np.abs(step).max() < 1e-10:
            break
    return Logistic(mean=mean, spread=spread, weights=weights)


def auc(score: Array, is_converted: Array) -> float:
    """The chance that a lead that converted has the higher score; of equals, a half."""
    of_converted, _ = _placements(score, is_converted)
    return float(of_converted.mean()) if of_converted.size else float("nan")


def gain_error(score: Array, other: Array, is_converted: Array) -> float:
    """The standard error of the difference of two AUCs on the same leads (DeLong, 1988)."""
    ours, theirs = _placements(score, is_converted), _placements(other, is_converted)
    variances = [np.var(a - b, ddof=1) / len(a) for a, b in zip(ours, theirs, strict=True)]
    return float(np.sqrt(sum(variances)))


def _placements(score: Array, is_converted: Array) -> tuple[Array, Array]:
    """Of each that converted the share of the others below it, of each other that of those above.

    Equals count half. Both are empty where one of the sides is.
    """
    converted, others = score[is_converted], score[~is_converted]
    if not len(converted) or not len(others):
        return np.zeros(0), np.zeros(0)

    def share_below(these: Array, those: Array) -> Array:
        ordered = np.sort(those)
        below = np.searchsorted(ordered, these, "left") + np.searchsorted(ordered, these, "right")
        share: Array = below / (2 * len(those))
        return share

    return share_below(converted, others), 1 - share_below(others, converted)


def evaluate(leads: Leads) -> Evaluation:
    """Train on what was known before the holdout began, and sort the holdout by both."""
    begins = len(leads.score) - int(len(leads.score) * HOLDOUT_SHARE)
    if begins >= len(leads.score):
        return Evaluation(float("nan"), float("nan"), float("nan"), 0, 0, None)
    holdout_from = int(leads.scored_at[begins])
    # Leads of one moment are on one side.
    held = leads.scored_at >= holdout_from
    known = leads.judged_at <= holdout_from
    sides = {"training_leads": int(known.sum()), "holdout_leads": int(held.sum())}
    rules_auc = learned_auc = error = float("nan")
    fewest = min(int(leads.is_converted[side].sum()) for side in (known, held))
    if fewest >= FEWEST_CONVERSIONS:
        model = fit(leads.features[known], leads.is_converted[known])
        converted = leads.is_converted[held]
        rules_auc = auc(leads.score[held], converted)
        # To the ninth digit, as it is kept: equal chances are equal on every machine.
        chance = np.round(model.probability(leads.features[held]), 9)
        learned_auc = auc(chance, converted)
        error = gain_error(chance, leads.score[held], converted)
    return Evaluation(rules_auc, learned_auc, error, holdout_from_us=holdout_from, **sides)


def learn(con: duckdb.DuckDBPyConnection, as_of_at: datetime) -> Evaluation:
    """Evaluate the model, and replace its tables of the schema `solved`.

    Args:
        con: the build file, open for writing.
        as_of_at: the clock of the leads.
    """
    sources = relations(INPUTS)
    moments = con.execute(
        "select contact_key, is_current, rules_score,"
        " coalesce(is_converted, false) as is_converted, epoch_us(scored_at) as scored_at,"
        " coalesce(epoch_us(judged_at), 0) as judged_at"
        f" from {sources['int_lead_score_moments']} order by is_current, scored_at, contact_key"
    ).fetchnumpy()
    features = _features(con, sources, len(moments["contact_key"]))
    past = ~moments["is_current"].astype(bool)
    leads = Leads(
        features=features[past],
        score=moments["rules_score"][past],
        is_converted=moments["is_converted"][past].astype(bool),
        scored_at=moments["scored_at"][past],
        judged_at=moments["judged_at"][past],
    )
    chances = None
    # The same numbers on any number of processors: see attribution/solve.py.
    with threadpool_limits(1, "blas"):
        found = evaluate(leads)
        if found.is_better:
            # What is shown has learned from everybody whose outcome is known by now.
            model = fit(leads.features, leads.is_converted)
            chances = np.round(model.probability(features[~past]), 9)
    _write(con, as_of_at, found, moments["contact_key"][~past], chances)
    if np.isnan(found.rules_auc):
        logger.info("lead scores: %d later leads tell nothing of either", found.holdout_leads)
    else:
        logger.info(
            "lead scores: rules %.3f, learned %.3f on %d leads",
            *(found.rules_auc, found.learned_auc, found.holdout_leads),
        )
    return found


def _features(con: duckdb.DuckDBPyConnection, sources: Mapping[str, str], moments: int) -> Array:
    """Logarithms of counts: a row a lead and moment in their order, a column a rule."""
    ordered = f"""(
        select contact_key, is_current,
            row_number() over (order by is_current, scored_at, contact_key) - 1 as place
        from {sources["int_lead_score_moments"]}
    )"""
    counts = con.execute(
        f"""
        select moments.place, features.signal_count,
            dense_rank() over (order by features.rule_id) - 1 as rule_no
        from {sources["int_lead_score_features"]} as features
        inner join {ordered} as moments using (contact_key, is_current)
        """
    ).fetchnumpy()
    columns = int(counts["rule_no"].max()) + 1 if len(counts["rule_no"]) else 0
    features = np.zeros((moments, columns))
    features[counts["place"], counts["rule_no"]] = np.log1p(counts["signal_count"])
    return features


def _write(
    con: duckdb.DuckDBPyConnection,
    as_of_at: datetime,
    found: Evaluation,
    contacts: Array,
    chances: Array | None,
) -> None:
    """Both tables, from scratch, in one transaction."""
    con.execute("begin")
    con.execute("create schema if not exists solved")
    con.execute(
        "create or replace table solved.lead_score_evaluations (rules_auc double,"
        " learned_auc double, training_leads bigint, holdout_leads bigint,"
        " holdout_from_at timestamp, is_learned_shown boolean, as_of_at timestamp)"
    )
    con.execute(
        "create or replace table solved.lead_chances (contact_key varchar,"
        " conversion_probability double, as_of_at timestamp)"
    )
    con.execute(
        "insert into solved.lead_score_evaluations"
        " select nullif(?, 'nan'::double), nullif(?, 'nan'::double), ?, ?, make_timestamp(?), ?, ?",
        [
            *(round(found.rules_auc, 9), round(found.learned_auc, 9), found.training_leads),
            *(found.holdout_leads, found.holdout_from_us, found.is_better, as_of_at),
        ],
    )
    if chances is not None:
        con.register("learned_chances", {"contact_key": contacts, "chance": chances})
        con.execute(
            "insert into solved.lead_chances select contact_key, chance, ? from learned_chances",
            [as_of_at],
        )
        con.unregister("learned_chances")
    con.execute("commit")


def _sigmoid(value: Array) -> Array:
    chance: Array = 1 / (1 + np.exp(-np.clip(value, -50, 50)))
    return chance
