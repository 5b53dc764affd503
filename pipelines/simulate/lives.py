"""Worlds in which people decide between touches, not at them, and deals follow the leads.

In worlds.py every touch is a chance to convert. Here every day is one: what was met adds to the
hazard of deciding and fades, whoever has decided comes back hours or days later, by typing the
address or searching for the name, and only that visit fills in the form. Touches answer behaviour:
mails are triggered by visits, ads follow who is about to buy, and searches for the brand are what
other channels caused. Some weeks after the lead a deal is won, at no touch at all.

The truth of a lead is the share of each channel in the hazard of the day it was decided. A deal
needs its lead and then its own decision, so its truth is the Shapley value of the product of both.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from pipelines.simulate.clock import Array
from pipelines.simulate.worlds import BASELINE, DAY, DIRECT, PERIOD_DAYS, Journeys

DAYS = int(PERIOD_DAYS)
LAST_BIRTH_DAY = 130
ATTENTION_HALF_LIFE_DAYS = 25.0
LEAD_HALF_LIFE_DAYS, DEAL_HALF_LIFE_DAYS = 7.0, 14.0
VISIT_HALF_LIFE_DAYS = 3.0
FORM_MINUTES = 6
CLOSING_DAYS = 8.0
SHAPLEY_ORDERS = 12
MULTIPLIED = 20.0


@dataclass(frozen=True)
class LifeChannel:
    """A channel: how often it is met, and what meeting it adds to the hazards of a day.

    Attributes:
        name: of the channel.
        rate: touches a day of somebody whose attention is new.
        lead, deal: added to the hazard of a day by a touch of that day, fading afterwards.
        pull: exponent of the intent that nobody observes, in the rate.
        answers: what a visit of the last days adds to the rate: mails it triggers, ads that follow.
        caused: what the touches of other channels in the last days add to the rate.
        returns: share of those who have decided who come back through it.
    """

    name: str
    rate: float
    lead: float
    deal: float
    pull: float = 0.0
    answers: float = 0.0
    caused: float = 0.0
    returns: float = 0.0


CHANNELS = (
    LifeChannel("Organic Search", 0.020, 0.0018, 0.0009, returns=0.22),
    LifeChannel(DIRECT, 0.018, 0.0, 0.0, pull=0.5, returns=0.65),
    LifeChannel("Paid Search", 0.016, 0.0036, 0.0012, returns=0.13),
    LifeChannel("Email", 0.014, 0.0024, 0.0036),
    LifeChannel("Paid Social", 0.014, 0.0014, 0.0006),
    LifeChannel("Display", 0.014, 0.0004, 0.0002),
    LifeChannel("Referral", 0.007, 0.0045, 0.0024),
    LifeChannel("Organic Social", 0.007, 0.0008, 0.0003),
    LifeChannel("Paid Video", 0.006, 0.0018, 0.0006),
    LifeChannel("Events", 0.003, 0.0036, 0.0072),
)
PUSHED = frozenset({"Paid Social", "Display", "Organic Social", "Paid Video", "Events"})


@dataclass(frozen=True)
class Life:
    """What is true in a world of decisions. The defaults are the first.

    Attributes:
        base_lead, base_deal: hazard of a day without any channel, for intent 1.
        intent_sigma: of the log-normal intent, which nobody observes.
        return_days: mean days from the decision to the visit that fills in the form.
        at_once: share of those decided on a day with a visit who fill in the form in it.
        is_multiplied: whether channels multiply the hazard instead of adding to it.
        season: amplitude of a yearly swing of the baseline and of what is met.
        second_device: share of the touches before the lead that belong to nobody known.
        fades: whether the wish to buy fades with the attention.
    """

    name: str
    what: str
    channels: tuple[LifeChannel, ...] = CHANNELS
    base_lead: float = 0.0007
    base_deal: float = 0.0011
    intent_sigma: float = 0.5
    return_days: float = 0.4
    at_once: float = 0.3
    is_multiplied: bool = False
    season: float = 0.0
    second_device: float = 0.0
    fades: bool = False


def _with(**changes: dict[str, float]) -> tuple[LifeChannel, ...]:
    """The channels with some of their figures changed; blanks of names as underscores."""
    found = []
    for channel in CHANNELS:
        table = changes.get(channel.name.replace(" ", "_"), {})
        found.append(replace(channel, **table))  # type: ignore[arg-type]
    return tuple(found)


def _times(factor: float) -> tuple[LifeChannel, ...]:
    return tuple(replace(c, lead=factor * c.lead, deal=factor * c.deal) for c in CHANNELS)


LIVES = (
    Life("forms_need_visits", "whoever has decided comes back within hours, mostly directly"),
    Life("slow_returns", "whoever has decided comes back after days", return_days=3.0, at_once=0.1),
    Life(
        "triggered_mails",
        "a visit triggers mails, which do little",
        channels=_with(Email={"answers": 0.16, "rate": 0.004, "lead": 0.001, "deal": 0.0012}),
    ),
    Life(
        "caused_searches",
        "searches and direct visits are caused by other channels",
        channels=_with(
            Organic_Search={"caused": 0.06, "lead": 0.001},
            Paid_Search={"caused": 0.03, "lead": 0.002},
            Direct={"caused": 0.06},
            Paid_Social={"lead": 0.004},
            Paid_Video={"lead": 0.007},
        ),
    ),
    Life(
        "retargeting",
        "ads follow who is about to buy",
        channels=_with(
            Display={"answers": 0.20, "pull": 1.0, "rate": 0.006},
            Paid_Search={"pull": 0.7},
            Organic_Search={"pull": 0.5},
            Direct={"pull": 1.0},
        ),
        intent_sigma=0.9,
    ),
    Life(
        "weak_season",
        "weak effects under a strong season",
        channels=_times(0.35),
        base_lead=0.0012,
        base_deal=0.0021,
        season=0.7,
    ),
    Life("second_devices", "a third of the touches belong to nobody known", second_device=0.35),
    Life("fading_wish", "the wish to buy fades with the attention", fades=True),
    Life("multiplied_days", "channels multiply the hazard", is_multiplied=True),
    Life(
        "no_effect_days", "no channel does anything",
        channels=_times(0.0), base_lead=0.0016, base_deal=0.003,
    ),
    Life("bought", "most would not have come", channels=_times(1.8), base_lead=0.0002),
)  # fmt: skip


def live(life: Life, persons: int, rng: np.random.Generator) -> Journeys:
    """Lets so many persons live in a world, day by day."""
    table = {
        name: np.array([getattr(channel, name) for channel in life.channels])
        for name in ("rate", "lead", "deal", "pull", "answers", "caused", "returns")
    }
    pushed = np.array([channel.name in PUSHED for channel in life.channels])
    intent = rng.lognormal(-(life.intent_sigma**2) / 2, life.intent_sigma, persons)
    rates = table["rate"] * intent[:, None] ** table["pull"]
    born = rng.integers(0, LAST_BIRTH_DAY, persons)
    lead_at, deal_at = np.full(persons, np.inf), np.full(persons, np.inf)
    decided, agreed = np.zeros(persons, dtype=bool), np.zeros(persons, dtype=bool)
    size = len(life.channels)
    stocks = [np.zeros((persons, size)), np.zeros((persons, size))]
    visited = np.zeros(persons)
    touches: list[tuple[Array, Array, Array]] = []
    of_lead, of_deal = np.zeros((persons, size + 1)), np.zeros((persons, size + 1))
    for day in range(DAYS):
        swing = 1 + life.season * np.sin(2 * np.pi * day / PERIOD_DAYS)
        here = born <= day
        attention = np.exp2(-(day - born) / ATTENTION_HALF_LIFE_DAYS) * here
        rate = rates * attention[:, None] * swing
        rate += table["answers"] * visited[:, None]
        rate += table["caused"] * (stocks[0] @ pushed)[:, None]
        rate[deal_at < day * DAY] = 0
        met = rng.random((persons, size)) < -np.expm1(-rate)
        moment = rng.random((persons, size))
        who, channel = np.nonzero(met)
        touches.append((who, (day + moment[who, channel]) * DAY, channel))
        last = np.where(met, moment, 0).max(axis=1)
        stocks[0] = stocks[0] * 2 ** (-1 / LEAD_HALF_LIFE_DAYS) + met
        stocks[1] = stocks[1] * 2 ** (-1 / DEAL_HALF_LIFE_DAYS) + met
        visited = np.maximum(visited * 2 ** (-1 / VISIT_HALF_LIFE_DAYS), met.any(axis=1))
        # Nobody is seen who was never met: no warehouse has a day of his.
        known = stocks[0].sum(axis=1) > 0
        base = intent * swing * (2 * attention if life.fades else 1)
        whole, shares = _parts(life, stocks[0], table["lead"], life.base_lead * base, rng)
        now = np.flatnonzero(known & ~decided & (rng.random(persons) < -np.expm1(-whole)))
        decided[now] = True
        of_lead[now] = shares(now)
        decision = day + last[now] + (1 - last[now]) * rng.random(len(now))
        stays = (rng.random(len(now)) < life.at_once) & (last[now] > 0)
        back = decision + rng.exponential(life.return_days, len(now))
        visit = np.where(stays, day + last[now], back) * DAY
        edges = np.cumsum(table["returns"])
        through = np.searchsorted(edges, rng.random(len(now)) * edges[-1], side="right")
        touches.append((now[~stays], visit[~stays], through[~stays]))
        lead_at[now] = visit + FORM_MINUTES * 60
        ready = lead_at < day * DAY
        base = intent * swing
        whole, shares = _parts(life, stocks[1], table["deal"], life.base_deal * base, rng)
        now = np.flatnonzero(ready & ~agreed & (rng.random(persons) < -np.expm1(-whole)))
        agreed[now] = True
        of_deal[now] = shares(now)
        deal_at[now] = (day + 1 + rng.gamma(2, CLOSING_DAYS / 2, len(now))) * DAY
    return _seen(life, rng, touches, (lead_at, of_lead), (deal_at, of_deal))


def _parts(
    life: Life, stock: Array, effects: Array, base: Array, rng: np.random.Generator
) -> tuple[Array, Callable[[Array], Array]]:
    """The hazard of everybody's day, and a function to the shares of some: channels, baseline."""
    if not life.is_multiplied:
        whole = base + stock @ effects

        def shares(who: Array) -> Array:
            parts = np.hstack([stock[who] * effects, base[who, None]])
            found: Array = parts / parts.sum(axis=1, keepdims=True)
            return found
    else:
        # A touch of the base world's effect multiplies about as much as it adds there.
        logs = np.log1p(MULTIPLIED * effects / max(effects.max(), 1e-9) / 10)
        whole = base * np.exp(np.minimum(stock @ logs, 4))

        def shares(who: Array) -> Array:
            found = np.zeros((len(who), stock.shape[1] + 1))
            exponent = stock[who] * logs
            scale = np.minimum(1, 4 / np.maximum(exponent.sum(axis=1), 1e-9))
            exponent *= scale[:, None]
            top = np.exp(exponent.sum(axis=1))
            found[:, -1] = 1 / top
            for _ in range(SHAPLEY_ORDERS):
                order = rng.permutation(stock.shape[1])
                for taken in (order, order[::-1]):
                    levels = np.exp(np.cumsum(exponent[:, taken], axis=1))
                    steps = np.diff(levels, axis=1, prepend=1.0)
                    found[:, taken] += steps / top[:, None] / (2 * SHAPLEY_ORDERS)
            return found

    return whole, shares


def product_shares(first: Array, second: Array) -> Array:
    """Shapley value of the product of two sums that are 1: shares by channel, the baseline last.

    With the baselines f and s, a channel of the shares x and y has x (1 + s) / 2 + y (1 + f) / 2.
    """
    found: Array = (first * (1 + second[:, -1:]) + second * (1 + first[:, -1:])) / 2
    found[:, -1] = first[:, -1] * second[:, -1]
    return found


def _seen(
    life: Life,
    rng: np.random.Generator,
    touches: list[tuple[Array, Array, Array]],
    leads: tuple[Array, Array],
    deals: tuple[Array, Array],
) -> Journeys:
    """What reaches the warehouse by the end of the period."""
    person, at, channel = (np.concatenate(column) for column in zip(*touches, strict=True))
    end = PERIOD_DAYS * DAY
    kept = at < end
    person, at, channel = person[kept], at[kept], channel[kept]
    (lead_at, of_lead), (deal_at, of_deal) = leads, deals
    persons = len(lead_at)
    if life.second_device:
        is_form = at + FORM_MINUTES * 60 == lead_at[person]
        lost = (rng.random(len(person)) < life.second_device) & (at < lead_at[person]) & ~is_form
        # Whoever comes by a second device does so each time: it is one stranger to each.
        person = np.where(lost, persons + person, person)
        persons *= 2
    order = np.lexsort((at, person))
    led, won = np.flatnonzero(lead_at < end), np.flatnonzero(deal_at < end)
    names = [*(c.name for c in life.channels), BASELINE]

    def told(shares: Array) -> dict[str, float]:
        mean = shares.mean(axis=0) if len(shares) else np.zeros(len(names))
        return {name: float(share) for name, share in zip(names, mean, strict=True)}

    return Journeys(
        person=person[order],
        at=at[order],
        channel=channel[order],
        converted_person=led,
        converted_at=lead_at[led],
        persons=persons,
        truth=told(of_lead[led]),
        shown_person=np.zeros(0, int),
        shown_at=np.zeros(0),
        won_person=won,
        won_at=deal_at[won],
        truth_of_won=told(product_shares(of_lead[won], of_deal[won])),
    )
