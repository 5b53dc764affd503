"""Markov attribution, exact: an absorbing chain over channels and its removal effects.

A state is the last channel of a journey, or the last two or three; repeats of one channel collapse.
Nothing is simulated: each removal effect is the solution of a linear system.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

# States are channel numbers from 1, the newest first, packed to the base 64; these are none:
START, CONVERSION, NULL = 0, -1, -2
BASE = 64


@dataclass(frozen=True)
class Moves:
    """How often journeys went from state to state; rows may repeat.

    Attributes:
        bucket: of the journeys.
        source, target: the two states, packed.
        count: how many journeys.
        value: what went with them; zero unless to CONVERSION.
    """

    bucket: Array
    source: Array
    target: Array
    count: Array
    value: Array


def steps(begins: Array, channel: Array, order: int) -> tuple[Array, Array, Array]:
    """From state to state, touch by touch.

    Args:
        begins: whether a touch is the first of its journey.
        channel: its number, from 1.
        order: how many channels a state remembers.

    Returns:
        Which touches are steps, since repeats of one channel are none; the state before each; and
        the state after it.
    """
    kept = np.flatnonzero(begins | np.append(True, channel[1:] != channel[:-1])[: len(channel)])
    begins, channel = begins[kept], channel[kept]
    place = np.arange(len(kept))
    place -= np.maximum.accumulate(np.where(begins, place, 0))
    source, target = np.zeros_like(channel), channel.copy()
    for back in range(1, order + 1):
        older = np.where(place >= back, np.roll(channel, back), 0)
        source += older * BASE ** (back - 1)
        if back < order:
            target += older * BASE**back
    return kept, source, target


def counted(
    bucket: Array, source: Array, target: Array, order: int, value: Array | None = None
) -> Moves:
    """Equal moves as one row, with the sum of their values if they have any."""
    states = BASE**order + 2
    packed = (bucket * states + source) * states + target + 2
    # The sums of values need to know which is which, and that takes three times as long.
    if value is None:
        cells, count = np.unique(packed, return_counts=True)
        worth: Array = np.zeros(len(cells))
    else:
        cells, cell, count = np.unique(packed, return_inverse=True, return_counts=True)
        worth = np.bincount(cell, value, len(cells))
    left, end = np.divmod(cells, states)
    begin, start = np.divmod(left, states)
    return Moves(begin, start, end - 2, count.astype(float), worth)


@dataclass(frozen=True)
class Chain:
    """Transitions counted in buckets of journeys, so that a bootstrap is a matrix product.

    Attributes:
        source, target: the two states of each transition, packed.
        counts: buckets x transitions, how many journeys took it (a journey may more than once).
        values: buckets x transitions, the value that went with it; zero unless to CONVERSION.
    """

    source: Array
    target: Array
    counts: Array
    values: Array

    @property
    def states(self) -> Array:
        """All packed states of the chain, in order."""
        both = np.unique(np.concatenate([self.source, self.target]))
        found: Array = both[both > START]
        return found

    @property
    def channels(self) -> Array:
        """All channel numbers of the chain, in order."""
        states, channels = self.states, []
        while states.size:
            channels.append(states % BASE)
            states = states[states >= BASE] // BASE
        found: Array = np.unique(np.concatenate(channels)) if channels else self.states
        return found


def built(moves: Sequence[Moves], buckets: int) -> Chain:
    """The chain of all moves together."""
    bucket, source, target, count, value = (
        np.concatenate([getattr(part, name) for part in moves])
        for name in ("bucket", "source", "target", "count", "value")
    )
    states = source.max() + 3
    cells, cell = np.unique(source * states + target + 2, return_inverse=True)
    place, size = bucket * len(cells) + cell, buckets * len(cells)
    return Chain(
        source=cells // states,
        target=cells % states - 2,
        counts=np.bincount(place, count, size).reshape(buckets, -1),
        values=np.bincount(place, value, size).reshape(buckets, -1),
    )


def removal_effects(chain: Chain, weights: Array) -> tuple[Array, Array]:
    """What share of conversions, and of value, is lost without each channel.

    Args:
        chain: at least one conversion.
        weights: draws x buckets, how often each bucket counts.

    Returns:
        Two arrays draws x channels, in the order of `chain.channels`; NaN where a draw has no
        conversion.
    """
    states = chain.states
    counts, values = weights @ chain.counts, weights @ chain.values
    start, moves, gains = _matrices(chain, states, counts, values)
    whole = _absorbed(start, moves, gains)
    effects = np.empty((len(chain.channels), *whole.shape))
    for number, channel in enumerate(chain.channels):
        kept = ~_holds(states, channel)
        without = moves * kept[:, None] * kept[None, :], gains * kept[:, None]
        with np.errstate(invalid="ignore", divide="ignore"):
            effects[number] = 1 - _absorbed(start, *without) / whole
    return effects[..., 0].T, effects[..., 1].T


def shares(effects: Array) -> Array:
    """Removal effects as shares of the conversions: they are made to sum to 1."""
    with np.errstate(invalid="ignore", divide="ignore"):
        normalised: Array = effects / effects.sum(axis=-1, keepdims=True)
    return normalised


def _holds(states: Array, channel: int) -> Array:
    """Whether a channel is among those that a state remembers."""
    found = np.zeros(len(states), dtype=bool)
    while states.any():
        found |= (states % BASE == channel) & (states > 0)
        states = states // BASE
    return found


def _matrices(
    chain: Chain, states: Array, counts: Array, values: Array
) -> tuple[Array, Array, Array]:
    """Per draw: the start distribution, moves between states, and what each state gains at once.

    The gains are two: the probability of converting next, and the value expected of it.
    """
    draws, size = len(counts), len(states)
    row = np.searchsorted(states, chain.source)
    column = np.searchsorted(states, chain.target)
    begins, ends = chain.source == START, chain.target == CONVERSION
    inside = ~begins & (chain.target > START)
    leaving = np.zeros((draws, size))
    for draw in range(draws):
        leaving[draw] = np.bincount(row[~begins], counts[draw, ~begins], size)
    start, moves = np.zeros((draws, size)), np.zeros((draws, size, size))
    gains = np.zeros((draws, size, 2))
    start[:, column[begins]] = counts[:, begins]
    moves[:, row[inside], column[inside]] = counts[:, inside]
    gains[:, row[ends], 0] = counts[:, ends]
    gains[:, row[ends], 1] = values[:, ends]
    leaving = np.maximum(leaving, 1e-300)[:, :, None]
    begun = np.maximum(start.sum(axis=1, keepdims=True), 1e-300)
    return start / begun, moves / leaving, gains / leaving


def _absorbed(start: Array, moves: Array, gains: Array) -> Array:
    """Draws x 2: the probability of converting, and the value expected, from the start."""
    gained = np.linalg.solve(np.eye(moves.shape[-1]) - moves, gains)
    absorbed: Array = np.einsum("ds,dsg->dg", start, gained)
    return absorbed
