"""Who visited when, through which channel, and at which visit somebody became a lead.

A visitor walks through up to eight sessions. At each session the hazard of becoming a lead is
    intent x BASE_HAZARD + sum over channels of effect x adstock,
so the hazards of the causes add up, and a lead's true cause is known: each channel's part of the
hazard at the session that converted. Everything is drawn for all visitors at once.
"""

from dataclasses import dataclass

import numpy as np

from pipelines.simulate.clock import (
    DAY,
    DAY_COUNT,
    MINUTE,
    NEW_YORK,
    PERIOD_END,
    PERIOD_START,
    Array,
    day_index,
    local,
    utc_day,
    wall_seconds,
)
from pipelines.simulate.company import (
    AD_CHANNELS,
    ADSTOCK_HALF_LIFE_DAYS,
    BASE_HAZARD,
    CAMPAIGNS,
    CHANNEL_NUMBER,
    CHANNELS,
    UNTAGGED_WEIGHT,
    WEBINAR_BOOST,
    WEBINAR_CAMPAIGNS,
    Campaign,
)

STEPS = 8
PAGE_SECONDS = 50
FOLLOW_UPS = 4
ANONYMOUS_PER_CONTACT = 3
NO_CAMPAIGN = -1
NO_CONSENT = -1
LONGEST_SESSION = 25 * MINUTE
LAUNCHES = sum(campaign.live is not None for campaign in CAMPAIGNS)


@dataclass(frozen=True)
class Walks:
    """Visitors x STEPS. `converted` is the step of the lead, STEPS if there is none.

    `causes` (visitors x channels + 1, the last is the baseline) are shares of the lead's hazard.
    """

    at: Array
    channel: Array
    campaign: Array
    valid: Array
    converted: Array
    causes: Array
    intent: Array


@dataclass(frozen=True)
class Sessions:
    """One element per session, in order of person and time. Persons below `contacts` are leads."""

    person: Array
    at: Array
    channel: Array
    campaign: Array
    is_lead: Array
    is_known: Array
    pages: Array
    cookie: Array
    number: Array
    cookie_first: Array
    cookie_linked: Array
    contacts: int
    persons: int
    intent: Array
    lead_at: Array
    causes: Array

    @property
    def is_linked(self) -> Array:
        """Whether a warehouse can know whose session it is (contacts only)."""
        linked: Array = (self.cookie >= 0) & self.cookie_linked[self.cookie]
        return linked


def active_days(campaign: Campaign) -> tuple[int, int]:
    """First day and the day after the last (indices by UTC day) on which it brings sessions."""
    if campaign.live is None:
        return DAY_COUNT, DAY_COUNT
    return day_index(campaign.live) + 1, day_index(campaign.ends) + 1


def campaign_weights() -> Array:
    """Channel x day x (untagged, campaigns...): how likely a session carries which campaign."""
    weights = np.zeros((len(CHANNELS), DAY_COUNT, len(CAMPAIGNS) + 1))
    for name, weight in UNTAGGED_WEIGHT.items():
        weights[CHANNEL_NUMBER[name], :, 0] = weight
    for number, campaign in enumerate(CAMPAIGNS):
        for name, weight in campaign.weights.items():
            first, end = active_days(campaign)
            weights[CHANNEL_NUMBER[name], first:end, number + 1] = weight
    return weights


def channel_weights(campaigns: Array) -> Array:
    """Day x channel: how likely a session comes through which channel."""
    weights = np.tile([channel.weight for channel in CHANNELS], (DAY_COUNT, 1))
    weights[campaigns.sum(axis=2).T == 0] = 0
    webinar = campaigns[:, :, [number + 1 for number in WEBINAR_CAMPAIGNS]].sum(axis=(0, 2)) > 0
    for name, boost in WEBINAR_BOOST.items():
        weights[webinar, CHANNEL_NUMBER[name]] *= boost
    return weights


class Market:
    """Draws the channel and the campaign of sessions on given days."""

    def __init__(self) -> None:
        campaigns = campaign_weights()
        channels = channel_weights(campaigns)
        self._channels = np.cumsum(channels, axis=1) / channels.sum(axis=1, keepdims=True)
        totals = np.maximum(campaigns.sum(axis=2, keepdims=True), 1e-12)
        self._campaigns = np.cumsum(campaigns, axis=2) / totals

    def draw(self, rng: np.random.Generator, at: Array) -> tuple[Array, Array]:
        """Channel numbers and campaign numbers (NO_CAMPAIGN) of sessions at these times."""
        day = utc_day(at)
        channel = (rng.random(len(at))[:, None] > self._channels[day][:, :-1]).sum(axis=1)
        cumulated = self._campaigns[channel, day][:, :-1]
        campaign = (rng.random(len(at))[:, None] > cumulated).sum(axis=1) - 1
        return channel.astype(np.int8), campaign.astype(np.int8)


def _start_times(rng: np.random.Generator, count: int) -> Array:
    """First sessions over the whole period, a few more in its earlier half."""
    share = rng.random(count)
    share = share * (0.75 + 0.25 * share)
    return (PERIOD_START + share * (PERIOD_END - PERIOD_START)).astype(np.int64)


def within_day(at: Array) -> Array:
    """Sessions moved forward out of the last minutes before midnight in New York."""
    late = wall_seconds(NEW_YORK, at) % DAY > DAY - LONGEST_SESSION
    moved: Array = at - late * LONGEST_SESSION
    return moved


def _step_times(rng: np.random.Generator, count: int) -> tuple[Array, Array]:
    """Times of the STEPS sessions, and which of them take place."""
    gaps = rng.exponential(6 * DAY, (count, STEPS)).astype(np.int64) + 2 * 3600
    gaps[:, 0] = 0
    at = within_day(_start_times(rng, count)[:, None] + np.cumsum(gaps, axis=1))
    planned = np.minimum(rng.geometric(0.34, count), STEPS)
    valid = (np.arange(STEPS) < planned[:, None]) & (at < PERIOD_END)
    return at, valid


def walk(rng: np.random.Generator, market: Market, count: int) -> Walks:
    """Lets `count` visitors walk."""
    at, valid = _step_times(rng, count)
    intent = rng.lognormal(-0.18, 0.6, count)
    effects = np.array([channel.effect for channel in CHANNELS])
    channel = np.zeros((count, STEPS), dtype=np.int8)
    campaign = np.full((count, STEPS), NO_CAMPAIGN, dtype=np.int8)
    converted = np.full(count, STEPS)
    causes = np.zeros((count, len(CHANNELS) + 1))
    adstock = np.zeros((count, len(CHANNELS)))
    everybody = np.arange(count)
    for step in range(STEPS):
        channel[:, step], campaign[:, step] = market.draw(rng, at[:, step])
        gap = at[:, step] - at[:, max(step - 1, 0)]
        adstock *= np.exp2(-gap / (ADSTOCK_HALF_LIFE_DAYS * DAY))[:, None]
        adstock[everybody, channel[:, step]] += 1
        parts = np.column_stack([adstock * effects, intent * BASE_HAZARD])
        hazard = parts.sum(axis=1)
        now = (rng.random(count) < -np.expm1(-hazard)) & valid[:, step] & (converted == STEPS)
        converted[now] = step
        causes[now] = parts[now] / hazard[now, None]
    return Walks(at, channel, campaign, valid, converted, causes, intent)


def _concatenated(parts: list[Walks], pick: Array) -> Walks:
    fields = Walks.__dataclass_fields__
    return Walks(
        **{name: np.concatenate([getattr(p, name) for p in parts])[pick] for name in fields}
    )


def gather(rng: np.random.Generator, market: Market, contacts: int) -> Walks:
    """Exactly `contacts` leads first, then three times as many visitors who never convert."""
    wanted = contacts * (1 + ANONYMOUS_PER_CONTACT)
    parts: list[Walks] = []
    while True:
        parts.append(walk(rng, market, wanted + 50))
        is_lead = np.concatenate([part.converted for part in parts]) < STEPS
        leads, others = np.flatnonzero(is_lead), np.flatnonzero(~is_lead)
        if len(leads) >= contacts and len(others) >= wanted - contacts:
            pick = np.concatenate([leads[:contacts], others[: wanted - contacts]])
            return _concatenated(parts, pick)


def _follow_ups(rng: np.random.Generator, market: Market, lead_at: Array) -> tuple[Array, ...]:
    """Person, time, channel, campaign of the visits that leads make afterwards."""
    count = np.minimum(rng.poisson(1.5, len(lead_at)), FOLLOW_UPS)
    person = np.repeat(np.arange(len(lead_at)), count)
    later = rng.exponential(12 * DAY, len(person)).astype(np.int64) + 3600
    at = within_day(lead_at[person] + later)
    keep = (at < PERIOD_END) & (at > lead_at[person] + LONGEST_SESSION)
    person, at = person[keep], at[keep]
    channel, campaign = market.draw(rng, at)
    return person, at, channel, campaign


def _launch_visits(person: int) -> tuple[Array, ...]:
    """The first visitor of every campaign that went live, at ten o'clock of that day."""
    live = [(number, c) for number, c in enumerate(CAMPAIGNS) if c.live is not None]
    at = [local(NEW_YORK, c.live) + 10 * 3600 for _, c in live if c.live is not None]
    by_medium = {channel.medium: number for number, channel in enumerate(CHANNELS)}
    return (
        person + np.arange(len(live)),
        np.array(at, dtype=np.int64),
        np.array([by_medium[c.medium] for _, c in live], dtype=np.int8),
        np.array([number for number, _ in live], dtype=np.int8),
    )


def _cookies(rng: np.random.Generator, person: Array, at: Array, persons: int) -> Array:
    """A number per browser that a person seems to be: two devices, cleared cookies, no consent."""
    two_devices = rng.random(persons) < 0.35
    second = two_devices[person] & (rng.random(len(person)) < 0.35)
    clears = rng.random(persons) < 0.08
    first_at = np.full(persons, PERIOD_END)
    np.minimum.at(first_at, person, at)
    cut = first_at + rng.exponential(15 * DAY, persons)
    cleared = clears[person] & (at > cut[person])
    refuses = rng.random(persons) < 0.15
    refuses[persons - LAUNCHES :] = False
    browser = person * 4 + second * 2 + cleared
    named: Array = np.where(refuses[person], NO_CONSENT, browser)
    return named


def _numbered(cookie: Array, at: Array) -> tuple[Array, Array, Array]:
    """Dense cookie numbers, the session's number within its cookie, each cookie's first session."""
    known = np.flatnonzero(cookie >= 0)
    _, dense = np.unique(cookie[known], return_inverse=True)
    order = np.lexsort((at[known], dense))
    starts = np.flatnonzero(np.diff(dense[order], prepend=-1))
    sizes = np.diff(np.append(starts, len(order)))
    rank = np.arange(len(order)) - np.repeat(starts, sizes) + 1
    number = np.ones(len(cookie), dtype=np.int64)
    number[known[order]] = rank
    compact = np.full(len(cookie), NO_CONSENT, dtype=np.int64)
    compact[known] = dense
    return compact, number, known[order][starts]


@dataclass(frozen=True)
class _Flat:
    person: Array
    at: Array
    channel: Array
    campaign: Array
    is_lead: Array


def _flatten(rng: np.random.Generator, market: Market, walks: Walks, contacts: int) -> _Flat:
    person, step = np.nonzero(walks.valid)
    is_lead = step == walks.converted[person]
    lead_at = walks.at[np.arange(contacts), walks.converted[:contacts]]
    base = (person, walks.at[person, step], walks.channel[person, step])
    parts: list[tuple[Array, ...]] = [(*base, walks.campaign[person, step])]
    parts.append(_follow_ups(rng, market, lead_at))
    parts.append(_launch_visits(len(walks.at)))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    flags = np.concatenate([is_lead, np.zeros(len(columns[0]) - len(person), dtype=bool)])
    order = np.lexsort((columns[1], columns[0]))
    people, at, channel, campaign = (column[order] for column in columns)
    return _Flat(people, at, channel, campaign, flags[order])


def visit(rng: np.random.Generator, contacts: int) -> Sessions:
    """All sessions of `contacts` future leads, of anonymous visitors and of the launch days."""
    market = Market()
    walks = gather(rng, market, contacts)
    flat = _flatten(rng, market, walks, contacts)
    persons = int(flat.person.max()) + 1
    is_contact = flat.person < contacts
    pages = 1 + np.minimum(rng.poisson(np.where(is_contact, 1.6, 0.7)), 8) + flat.is_lead
    lead_at = np.zeros(contacts, dtype=np.int64)
    leads = np.flatnonzero(flat.is_lead)
    lead_at[flat.person[leads]] = flat.at[leads] + form_offset(pages[leads])
    after = is_contact & (flat.at > lead_at[np.where(is_contact, flat.person, 0)])
    is_known = after & (rng.random(len(after)) < 0.85)
    cookie, number, first = _numbered(_cookies(rng, flat.person, flat.at, persons), flat.at)
    linked = np.zeros(len(first) + 1, dtype=bool)
    linked[cookie[(flat.is_lead | is_known) & (cookie >= 0)]] = True
    return Sessions(
        person=flat.person,
        at=flat.at,
        channel=flat.channel,
        campaign=flat.campaign,
        is_lead=flat.is_lead,
        is_known=is_known,
        pages=pages,
        cookie=cookie,
        number=number,
        cookie_first=first,
        cookie_linked=linked,
        contacts=contacts,
        persons=persons,
        intent=np.append(walks.intent, np.ones(persons - len(walks.intent))),
        lead_at=lead_at,
        causes=walks.causes[:contacts],
    )


def form_offset(pages: Array) -> Array:
    """Seconds between the start of a session and its form."""
    return pages * PAGE_SECONDS


def is_ad_click(sessions: Sessions) -> Array:
    """Sessions that began with a click on a Google ad."""
    clicked: Array = np.isin(sessions.channel, AD_CHANNELS) & (sessions.campaign >= 0)
    return clicked
