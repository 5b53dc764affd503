"""Worlds whose truth is known: journeys in which each channel does what the world says it does.

The sample company is one world, told with every quirk of its vendors. These are many and bare:
persons, touches, conversions, and the share of the conversions that each channel really caused.
They are what attribution models are scored against. Most of them break an assumption of the
data-driven model on purpose.

At every touch a person may convert. The hazard of it is a baseline plus what the channels add, and
a channel's true share of a conversion is the Shapley value of its touches in that hazard: the part
of it that is lost if they are removed, averaged over the orders of removal. What is left when all
are removed is the baseline: it would have come anyway.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from pipelines.simulate.clock import Array

DAY = 86400.0
PERIOD_DAYS = 180.0
STEPS = 12
BASELINE = "Baseline"
DIRECT = "Direct"
# Orders of removal that a Shapley value is averaged over; each is taken backwards too.
SHAPLEY_ORDERS = 24


@dataclass(frozen=True)
class WorldChannel:
    """A channel: how often a touch comes through it, and what the touch adds to the hazard.

    `intent_pull` above 0 means that people with more intent come through it more often.
    """

    name: str
    weight: float
    effect: float
    intent_pull: float = 0.0


CHANNELS = (
    WorldChannel("Organic Search", 0.22, 0.030),
    WorldChannel(DIRECT, 0.14, 0.0),
    WorldChannel("Paid Search", 0.14, 0.050),
    WorldChannel("Email", 0.11, 0.045),
    WorldChannel("Paid Social", 0.10, 0.020),
    WorldChannel("Display", 0.09, 0.004),
    WorldChannel("Referral", 0.06, 0.060),
    WorldChannel("Organic Social", 0.05, 0.012),
    WorldChannel("Paid Video", 0.04, 0.025),
    WorldChannel("Affiliates", 0.03, 0.000),
    WorldChannel("AI Assistants", 0.02, 0.070),
)


@dataclass(frozen=True)
class World:
    """What is true in a world. The defaults are the base world.

    Attributes:
        base_hazard: of converting at a touch, for intent 1, without any channel.
        half_life_days: of a touch's effect; None if a touch acts only at its own moment.
        intent_sigma: of the log-normal intent, which nobody observes.
        response: what the hazard makes of the adstock and the effects; see `RESPONSES`.
        season: amplitude of a yearly swing of the baseline and of the exposure to paid channels.
        lost_identity: share of touches whose person is not known.
        late: share of the conversions of the last weeks that have not arrived yet.
        refunded: share of conversions that were taken back, more of them by one channel's buyers.
        shows_intent: probability that a person of intent 1 shows it with a touch, for who looks.
        gap_days: mean days between touches.
        stop: probability that a touch is a person's last.
    """

    name: str
    what: str
    channels: tuple[WorldChannel, ...] = CHANNELS
    base_hazard: float = 0.015
    half_life_days: float | None = 7.0
    intent_sigma: float = 0.0
    response: str = "additive"
    season: float = 0.0
    lost_identity: float = 0.0
    late: float = 0.0
    refunded: float = 0.0
    shows_intent: float = 0.0
    gap_days: float = 6.0
    stop: float = 0.25


@dataclass(frozen=True)
class Journeys:
    """What a warehouse would see of a world, and the truth about it.

    Attributes:
        person, at, channel: one element per touch, ordered by person and time. A person is a
            number, `at` is in seconds, `channel` an index of the world's channels.
        converted_person, converted_at: one element per conversion.
        persons: how many numbers persons have.
        shown_person, shown_at: one element per sign of intent.
        truth: share of the conversions by channel, and by BASELINE; sums to 1.
        won_person, won_at: one element per won deal; in these worlds there are none.
        truth_of_won: as truth, of the deals.
    """

    person: Array
    at: Array
    channel: Array
    converted_person: Array
    converted_at: Array
    persons: int
    truth: dict[str, float]
    shown_person: Array
    shown_at: Array
    won_person: Array = field(default_factory=lambda: np.zeros(0, int))
    won_at: Array = field(default_factory=lambda: np.zeros(0))
    truth_of_won: dict[str, float] = field(default_factory=dict)


def _additive(adstock: Array, effects: Array, base: Array) -> Array:
    hazard: Array = base + adstock @ effects
    return hazard


def _threshold(adstock: Array, effects: Array, base: Array) -> Array:
    """A channel does nothing until it has been met nearly twice in short time."""
    hazard: Array = base + (adstock > 1.3) @ (3 * effects)
    return hazard


def _saturating(adstock: Array, effects: Array, base: Array) -> Array:
    """The second touch of a channel adds little to the first."""
    hazard: Array = base + (1 - np.exp(-1.5 * adstock)) @ (1.3 * effects)
    return hazard


def _multiplicative(adstock: Array, effects: Array, base: Array) -> Array:
    """Channels multiply the odds instead of adding to the hazard."""
    odds = np.exp(np.log(1.4 * base) + adstock @ (18 * effects))
    hazard: Array = odds / (1 + odds)
    return hazard


def _interacting(adstock: Array, effects: Array, base: Array) -> Array:
    """Each channel works twice as well beside another one, and display only beside another."""
    present = np.minimum(adstock, 1)
    alone = present @ effects
    others = present.sum(axis=1, keepdims=True) - present
    hazard: Array = base + alone + (present * np.minimum(others, 1)) @ (1.2 * effects + 0.01)
    return hazard


RESPONSES: dict[str, Callable[[Array, Array, Array], Array]] = {
    "additive": _additive,
    "threshold": _threshold,
    "saturating": _saturating,
    "multiplicative": _multiplicative,
    "interacting": _interacting,
}


def _pulled(**pulls: float) -> tuple[WorldChannel, ...]:
    return tuple(replace(c, intent_pull=pulls.get(c.name.replace(" ", "_"), 0.0)) for c in CHANNELS)


WORLDS = (
    World("base", "effects add up and fade with a half-life of a week"),
    World("no_adstock", "a touch acts at its own moment only", half_life_days=None),
    World("slow_decay", "effects fade with a half-life of a month", half_life_days=30.0),
    World("threshold", "a channel acts from the second touch on, if soon", response="threshold"),
    World("saturation", "each further touch of a channel adds less", response="saturating"),
    World("interactions", "channels work better beside others", response="interacting"),
    World("multiplicative", "channels multiply the odds of converting", response="multiplicative"),
    World("seasonality", "baseline and paid exposure swing together over the year", season=0.7),
    World("unobserved_intent", "people differ in an intent that nobody sees", intent_sigma=1.0),
    World(
        "intent_driven_exposure",
        "people with intent search for the brand and come back by themselves",
        channels=_pulled(Paid_Search=0.8, Organic_Search=0.5, Direct=0.8, Display=-0.4),
        intent_sigma=0.8,
    ),
    World("lost_identities", "three in ten touches belong to nobody known", lost_identity=0.3),
    World("late_data", "half of the last weeks' conversions are not here yet", late=0.5),
    World("refunds", "every seventh conversion is taken back", refunded=0.15),
    World(
        "no_effect",
        "no channel does anything",
        channels=tuple(replace(c, effect=0.0) for c in CHANNELS),
        base_hazard=0.04,
    ),
    World(
        "observed_intent",
        "people with intent search for the brand, and look at the prices now and then",
        channels=_pulled(Paid_Search=0.8, Organic_Search=0.5, Direct=0.8, Display=-0.4),
        intent_sigma=0.8,
        shows_intent=0.2,
    ),
)  # fmt: skip


def draw(world: World, persons: int, rng: np.random.Generator) -> Journeys:
    """Lets so many persons live in a world."""
    effects = np.array([c.effect for c in world.channels])
    names = [c.name for c in world.channels]
    intent = rng.lognormal(-(world.intent_sigma**2) / 2, world.intent_sigma, persons)
    start = rng.random(persons) * PERIOD_DAYS * DAY
    at = start.copy()
    alive = np.ones(persons, dtype=bool)
    adstock = np.zeros((persons, len(names)))
    kept: list[tuple[Array, Array, Array]] = []
    won: list[tuple[Array, Array, Array]] = []
    shown: list[tuple[Array, Array]] = []
    for _ in range(STEPS):
        who = np.flatnonzero(alive)
        channel = _channels(world, rng, intent[who], at[who])
        stock = adstock[who]
        stock[np.arange(len(who)), channel] += 1
        adstock[who] = stock
        base = world.base_hazard * intent[who] * _season(world, at[who])
        hazard = np.minimum(RESPONSES[world.response](stock, effects, base), 0.95)
        converts = rng.random(len(who)) < hazard
        kept.append((who, at[who], channel))
        if world.shows_intent:
            shows = who[rng.random(len(who)) < world.shows_intent * intent[who]]
            shown.append((shows, at[shows] + 60))
        shapley = _shapley(world, stock[converts], effects, base[converts], rng)
        won.append((who[converts], at[who[converts]], shapley))
        gap = rng.exponential(world.gap_days * DAY, persons) + 1800
        at += gap
        half_life = (world.half_life_days or 1e-6) * DAY
        adstock *= np.exp2(-gap / half_life)[:, None]
        alive[who[converts]] = False
        alive &= (rng.random(persons) > world.stop) & (at < PERIOD_DAYS * DAY)
    return _seen(world, rng, kept, won, shown, persons)


def _season(world: World, at: Array) -> Array:
    swing: Array = 1 + world.season * np.sin(2 * np.pi * at / (PERIOD_DAYS * DAY))
    return swing


def _channels(world: World, rng: np.random.Generator, intent: Array, at: Array) -> Array:
    pull = np.array([c.intent_pull for c in world.channels])
    weight = np.array([c.weight for c in world.channels]) * intent[:, None] ** pull
    paid = np.array([c.name.startswith(("Paid", "Display", "Affil")) for c in world.channels])
    weight = np.where(paid, weight * _season(world, at)[:, None], weight)
    edges = np.cumsum(weight, axis=1)
    drawn: Array = (rng.random(len(at))[:, None] * edges[:, -1:] > edges[:, :-1]).sum(axis=1)
    return drawn


def _shapley(
    world: World, stock: Array, effects: Array, base: Array, rng: np.random.Generator
) -> Array:
    """Conversions x (channels, baseline): shares of the hazard, each row sums to 1."""
    response = RESPONSES[world.response]
    whole = response(stock, effects, base)
    shares = np.zeros((len(base), stock.shape[1] + 1))
    shares[:, -1] = response(np.zeros_like(stock), effects, base) / whole
    orders = 1 if world.response in ("additive", "threshold", "saturating") else SHAPLEY_ORDERS
    for _ in range(orders):
        order = rng.permutation(stock.shape[1])
        for taken in (order, order[::-1]):
            present = np.zeros_like(stock)
            before = response(present, effects, base)
            for channel in taken:
                present[:, channel] = stock[:, channel]
                after = response(present, effects, base)
                shares[:, channel] += (after - before) / whole / (2 * orders)
                before = after
    return shares


def _seen(
    world: World,
    rng: np.random.Generator,
    kept: list[tuple[Array, Array, Array]],
    won: list[tuple[Array, Array, Array]],
    shown: list[tuple[Array, Array]],
    persons: int,
) -> Journeys:
    """What reaches the warehouse: identities lost, conversions late or taken back."""
    person, at, channel = (np.concatenate(column) for column in zip(*kept, strict=True))
    converted, converted_at, shares = (np.concatenate(column) for column in zip(*won, strict=True))
    mean = shares.mean(axis=0)
    if world.refunded:
        # Half of the refunds are of people whom paid social brought: the truth is of what stayed.
        social = [c.name for c in world.channels].index("Paid Social")
        risk = world.refunded / 2 * (1 + shares[:, social] / max(mean[social], 1e-9))
        stays = rng.random(len(risk)) > risk
        mean = shares[stays].mean(axis=0)
        converted, converted_at = converted[stays], converted_at[stays]
    if world.late:
        missing = (converted_at > (PERIOD_DAYS - 30) * DAY) & (
            rng.random(len(converted)) < world.late
        )
        converted, converted_at = converted[~missing], converted_at[~missing]
    total = persons
    if world.lost_identity:
        last = np.isin(
            person + at / (2 * PERIOD_DAYS * DAY),
            converted + converted_at / (2 * PERIOD_DAYS * DAY),
        )
        lost = (rng.random(len(person)) < world.lost_identity) & ~last
        person = person.copy()
        person[lost] = persons + np.arange(lost.sum())
        total = persons + int(lost.sum())
    order = np.lexsort((at, person))
    names = [*(c.name for c in world.channels), BASELINE]
    return Journeys(
        person=person[order],
        at=at[order],
        channel=channel[order],
        converted_person=converted,
        converted_at=converted_at,
        persons=total,
        truth={name: float(share) for name, share in zip(names, mean, strict=True)},
        shown_person=np.concatenate([person for person, _ in shown]) if shown else np.zeros(0, int),
        shown_at=np.concatenate([at for _, at in shown]) if shown else np.zeros(0),
    )
