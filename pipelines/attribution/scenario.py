"""What-if of a budget: the last quarter, had some of its spend gone elsewhere (U11).

A scenario reads the curves of response.py at the spend of the quarter and at another one, the same
in each week, and nowhere but within what was spent. It is no forecast: the next quarter's leads
hang on more than spend.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipelines.attribution.response import HELD_OUT_WEEKS, Array, Curve, interval

ALL = "All"
BEYOND_RANGE = "beyond_range"
NO_CURVE = "no_curve"
QUARTER_WEEKS = HELD_OUT_WEEKS


@dataclass(frozen=True)
class Move:
    """Money of the quarter that goes from a channel to another; None is elsewhere."""

    amount: float
    source: str | None
    target: str | None


@dataclass(frozen=True)
class Effect:
    """What a scenario does to a channel, or to ALL.

    Attributes:
        channel: which.
        spend_before, spend_after: a week.
        spend_low, spend_high: a week, between which the curve may be read; None of ALL, or where
            nothing was ever spent.
        leads_before: of the quarter by the curve; None where it is refused.
        change: of them, its mean, low and high end; None where it is refused.
        gain_chance: that it is above 0.
        refusal: of the curve, BEYOND_RANGE or NO_CURVE; None where there is an answer.
    """

    channel: str
    spend_before: float
    spend_after: float
    spend_low: float | None = None
    spend_high: float | None = None
    leads_before: float | None = None
    change: tuple[float, float, float] | None = None
    gain_chance: float | None = None
    refusal: str | None = None


def effects(
    curves: Mapping[str, Curve], spends: Mapping[str, float], moves: Sequence[Move]
) -> list[Effect]:
    """What moves do to each channel that they touch, and to all of these together at the end.

    Args:
        curves: of each channel that has spend.
        spends: of each channel, mean of a week of the quarter.
        moves: of money of the quarter.
    """
    changes: dict[str, float] = {}
    for move in moves:
        for channel, amount in ((move.source, -move.amount), (move.target, move.amount)):
            if channel:
                changes[channel] = changes.get(channel, 0.0) + amount / QUARTER_WEEKS
    found: list[Effect] = []
    draws: list[Array] = []
    for channel in sorted(changes):
        before = spends.get(channel, 0.0)
        effect, drawn = _effect(channel, curves.get(channel), before, before + changes[channel])
        found.append(effect)
        if drawn is not None:
            draws.append(drawn)
    before, after = (
        sum(getattr(effect, name) for effect in found) for name in ("spend_before", "spend_after")
    )
    whole = Effect(ALL, before, after, refusal=next((e.refusal for e in found if e.refusal), None))
    if not whole.refusal:
        leads = sum(effect.leads_before or 0.0 for effect in found)
        whole = _answered(whole, leads, np.sum(draws, axis=0))
    return [*found, whole]


def _effect(
    channel: str, curve: Curve | None, before: float, after: float
) -> tuple[Effect, Array | None]:
    if curve is None or not len(curve.weeks.spend):
        return Effect(channel, before, after, refusal=NO_CURVE), None
    low, high = curve.spend_low, curve.spend_high
    is_within = curve.is_within(before) and curve.is_within(after)
    refusal = curve.refusal or (None if is_within else BEYOND_RANGE)
    effect = Effect(channel, before, after, low, high, refusal=refusal)
    if refusal:
        return effect, None
    leads = QUARTER_WEEKS * curve.at(before)
    drawn = QUARTER_WEEKS * curve.at(after) - leads
    return _answered(effect, float(leads.mean()), drawn), drawn


def _answered(effect: Effect, leads: float, drawn: Array) -> Effect:
    return Effect(
        channel=effect.channel,
        spend_before=effect.spend_before,
        spend_after=effect.spend_after,
        spend_low=effect.spend_low,
        spend_high=effect.spend_high,
        leads_before=leads,
        change=interval(drawn),
        gain_chance=float((drawn > 0).mean()),
    )
