"""What the CRM knows: companies, contacts with their lifecycle, deals and what they are worth.

Contacts 0..leads-1 are the leads of the journeys; offline contacts, second records of one person
and test records follow. Times are int64 seconds UTC; NEVER marks a date that does not exist.
"""

from dataclasses import dataclass, replace

import numpy as np

from pipelines.simulate.clock import (
    DAY,
    EXPORTED_AT,
    HOUR,
    MINUTE,
    NEW_YORK,
    PERIOD_END,
    PERIOD_START,
    Array,
    wall_days,
)
from pipelines.simulate.company import (
    COMPANY_FIRST,
    COMPANY_SECOND,
    COUNTRY_SHARES,
    DIRECT,
    FIRST_NAMES,
    FREEMAIL_DOMAINS,
    LAST_NAMES,
    OWN_DOMAIN,
    USD_PER,
    WEBINAR_CAMPAIGNS,
)
from pipelines.simulate.journeys import Sessions

NEVER = -1
STAGES = ("lead", "mql", "sal", "sql", "opportunity", "customer")
LOOKBACK = 90 * DAY
WEBINAR_LIFT = 1.38
"""What the smallest reading of the webinars' pipeline, third quarter by second, comes to."""
OPEN, WON, LOST = 0, 1, 2
QUARTER_2 = (90, 181)
QUARTER_3 = (181, 273)
"""First day and the day after the last, in days since 2026-01-01, New York."""


@dataclass(frozen=True)
class Counts:
    """How the asked number of contact records splits."""

    leads: int
    offline: int
    doubles: int
    tests: int

    @property
    def total(self) -> int:
        """Contact records of the newest export."""
        return self.leads + self.offline + self.doubles + self.tests


def split(contacts: int) -> Counts:
    """Four per cent came from a trade fair, a few are second records or tests."""
    tests = 3 + contacts // 2000
    doubles = max(1, contacts // 200)
    offline = contacts // 25
    return Counts(contacts - tests - doubles - offline, offline, doubles, tests)


@dataclass(frozen=True)
class Companies:
    """One element per company; `record_id` is HubSpot's number."""

    record_id: Array
    name: list[str]
    domain: list[str]
    industry: Array
    employees: Array
    country: Array
    created_at: Array


@dataclass(frozen=True)
class Contacts:
    """One element per contact record. `stage_at` has one column per stage of STAGES."""

    record_id: Array
    email: list[str]
    first: Array
    last: Array
    company: Array
    is_associated: Array
    country: Array
    title: Array
    created_at: Array
    stage_at: Array
    opportunity_at: Array
    owner: Array
    merged: dict[int, int]
    uses_email: Array


@dataclass(frozen=True)
class Deals:
    """One element per deal. `amount` is in the deal's currency; 0 means not known."""

    record_id: Array
    contact: Array
    second_contact: Array
    company: Array
    created_at: Array
    closed_at: Array
    outcome: Array
    open_stage: Array
    amount: Array
    currency: Array
    owner: Array
    is_existing: Array


def make_companies(rng: np.random.Generator, count: int) -> Companies:
    """`count` companies with domains of their own."""
    number = np.arange(count)
    pairs = rng.permutation(len(COMPANY_FIRST) * len(COMPANY_SECOND))
    names: list[str] = []
    for index in number.tolist():
        turn, pair = divmod(index, len(pairs))
        first, second = divmod(int(pairs[pair]), len(COMPANY_SECOND))
        suffix = f" {turn + 1}" if turn else ""
        names.append(f"{COMPANY_FIRST[first]} {COMPANY_SECOND[second]}{suffix}")
    return Companies(
        record_id=9_000_210 + number * 41,
        name=names,
        domain=[name.lower().replace(" ", "-") + ".example" for name in names],
        industry=rng.integers(0, 8, count),
        employees=np.round(10 ** rng.uniform(1, 4, count)).astype(int),
        country=rng.choice(len(COUNTRY_SHARES), count, p=COUNTRY_SHARES),
        created_at=PERIOD_START - rng.integers(0, 300 * DAY, count),
    )


def _lifecycle(rng: np.random.Generator, lead_at: Array) -> tuple[Array, Array]:
    """Stage times (contacts x STAGES but customer, which follows the deal), and the true times."""
    chances = (0.52, 0.76, 0.72, 0.62)
    median_days = (4.0, 2.5, 4.0, 6.0)
    at = np.full((len(lead_at), len(STAGES)), NEVER, dtype=np.int64)
    at[:, 0] = lead_at
    for stage, (chance, days) in enumerate(zip(chances, median_days, strict=True), start=1):
        lag = (rng.lognormal(np.log(days), 0.7, len(lead_at)) * DAY).astype(np.int64) + HOUR
        later = at[:, stage - 1] + lag
        reached = (at[:, stage - 1] >= 0) & (rng.random(len(lead_at)) < chance)
        at[:, stage] = np.where(reached & (later < PERIOD_END), later, NEVER)
    shown = at.copy()
    # Sales took some leads without marketing's nod, and some without saying that they accepted.
    for stage, share in ((1, 0.06), (2, 0.10)):
        skipped = (at[:, 3] >= 0) & (rng.random(len(lead_at)) < share)
        shown[skipped, stage] = NEVER
    return shown, at[:, 4]


def _emails(contacts: "Contacts", companies: Companies, freemail: Array) -> list[str]:
    """first.last@domain, numbered where two people would share one."""
    seen: dict[str, int] = {}
    emails = []
    rows = zip(
        contacts.first.tolist(), contacts.last.tolist(), contacts.company.tolist(), strict=True
    )
    for row, (first, last, company) in enumerate(rows):
        domain = companies.domain[company]
        if freemail[row]:
            domain = FREEMAIL_DOMAINS[row % len(FREEMAIL_DOMAINS)]
        local = f"{FIRST_NAMES[first]}.{LAST_NAMES[last]}".lower()
        again = seen.get(f"{local}@{domain}", 0)
        seen[f"{local}@{domain}"] = again + 1
        emails.append(f"{local}{again + 1 if again else ''}@{domain}")
    return emails


def _minute_after(at: Array) -> Array:
    """A full minute after the form: the CRM learns of it a little later, and shows no seconds."""
    later: Array = -(-at // MINUTE) * MINUTE + MINUTE
    return later


def _created(rng: np.random.Generator, counts: Counts, sessions: Sessions) -> Array:
    """When each record was created: leads by their form, the trade fair in one import."""
    leads = _minute_after(sessions.lead_at)
    fair = PERIOD_START + 75 * DAY + 15 * HOUR + np.arange(counts.offline) // 40 * MINUTE
    doubled = leads[_doubled(counts)] + rng.integers(2 * DAY, 30 * DAY, counts.doubles)
    tests = PERIOD_START + (np.arange(counts.tests) + 1) * 20 * DAY + 14 * HOUR
    return np.concatenate([leads, fair, np.minimum(doubled, PERIOD_END - HOUR), tests])


def _doubled(counts: Counts) -> Array:
    """The leads that have a second record under the same address."""
    return np.arange(counts.doubles) * (counts.leads // (counts.doubles + 1)) + 3


def _record_ids(rng: np.random.Generator, created_at: Array) -> Array:
    """Numbers that grow with the creation date, four digits and more, with gaps."""
    order = np.argsort(created_at, kind="stable")
    ids = np.empty(len(created_at), dtype=np.int64)
    ids[order] = 1500 + np.cumsum(rng.integers(4, 70, len(created_at)))
    return ids


def _merged(contacts: "Contacts", leads: int) -> dict[int, int]:
    """Contact number -> the record id that was merged into it (always one below its own)."""
    early = np.flatnonzero(contacts.created_at[:leads] < PERIOD_START + 60 * DAY)
    picked = early[:: max(1, len(early) // max(2, leads // 300))][: max(2, leads // 300)]
    return {int(row): int(contacts.record_id[row]) - 1 for row in picked}


def make_contacts(
    rng: np.random.Generator, counts: Counts, sessions: Sessions, companies: Companies
) -> Contacts:
    """All contact records."""
    total = counts.total
    created_at = _created(rng, counts, sessions)
    stage_at, opportunity_at = _lifecycle(rng, created_at)
    inert = np.arange(total) >= counts.leads
    stage_at[inert, 1:] = NEVER
    opportunity_at = np.where(inert, NEVER, opportunity_at)
    size = rng.pareto(2.5, len(companies.name)) + 0.3
    company = rng.choice(len(companies.name), total, p=size / size.sum())
    freemail = rng.random(total) < 0.10
    contacts = Contacts(
        record_id=_record_ids(rng, created_at),
        email=[],
        first=rng.integers(0, len(FIRST_NAMES), total),
        last=rng.integers(0, len(LAST_NAMES), total),
        company=company,
        is_associated=rng.random(total) < np.where(freemail, 0.3, 0.92),
        country=companies.country[company],
        title=rng.integers(0, 10, total),
        created_at=created_at,
        stage_at=stage_at,
        opportunity_at=opportunity_at,
        owner=np.where(rng.random(total) < 0.12, NEVER, rng.integers(0, 5, total)),
        merged={},
        uses_email=rng.random(total) < 0.10,
    )
    contacts = replace(contacts, email=_emails(contacts, companies, freemail))
    contacts = replace(contacts, merged=_merged(contacts, counts.leads))
    _double_and_test(contacts, counts)
    return contacts


def _double_and_test(contacts: Contacts, counts: Counts) -> None:
    """Second records with the address in capitals, and the records that testers left."""
    start = counts.leads + counts.offline
    for offset, original in enumerate(_doubled(counts).tolist()):
        contacts.email[start + offset] = contacts.email[original].upper()
        for values in (contacts.first, contacts.last, contacts.company):
            values[start + offset] = values[original]
    for offset in range(counts.tests):
        name = f"qa+{offset}" if offset else "test"
        contacts.email[start + counts.doubles + offset] = f"{name}@{OWN_DOMAIN}"
        contacts.is_associated[start + counts.doubles + offset] = False


def _outcomes(rng: np.random.Generator, created_at: Array) -> tuple[Array, Array]:
    """Open, won or lost, and the (expected) close."""
    lag = (rng.lognormal(np.log(32), 0.55, len(created_at)) * DAY).astype(np.int64) + DAY
    closed_at = created_at + lag
    outcome = np.where(rng.random(len(created_at)) < 0.38, WON, LOST)
    outcome = np.where(closed_at < PERIOD_END, outcome, OPEN)
    return outcome, np.where(
        outcome == OPEN, np.maximum(closed_at, EXPORTED_AT + 3 * DAY), closed_at
    )


def make_deals(rng: np.random.Generator, contacts: Contacts) -> Deals:
    """One deal per opportunity, and a few renewals of customers."""
    first = np.flatnonzero(contacts.opportunity_at >= 0)
    created_at = contacts.opportunity_at[first]
    outcome, closed_at = _outcomes(rng, created_at)
    winners = np.flatnonzero((outcome == WON) & (closed_at < PERIOD_END - 40 * DAY))
    again = winners[rng.random(len(winners)) < 0.15]
    contact = np.concatenate([first, first[again]])
    created_at = np.concatenate([created_at, closed_at[again] + 30 * DAY])
    more_outcome, more_closed = _outcomes(rng, created_at[len(first) :])
    outcome = np.concatenate([outcome, more_outcome])
    closed_at = np.concatenate([closed_at, more_closed])
    count = len(contact)
    order = np.argsort(created_at, kind="stable")
    ids = np.empty(count, dtype=np.int64)
    ids[order] = 30_000_417 + np.cumsum(rng.integers(3, 50, count))
    known = rng.random(count) >= 0.03
    amount = np.round(rng.lognormal(np.log(18_000), 0.6, count) / 50) * 50
    return Deals(
        record_id=ids,
        contact=contact,
        second_contact=_colleagues(rng, contacts, contact, created_at),
        company=np.where(contacts.is_associated[contact], contacts.company[contact], NEVER),
        created_at=created_at,
        closed_at=closed_at,
        outcome=outcome,
        open_stage=rng.integers(0, 5, count),
        amount=np.where(known, amount, 0.0),
        currency=rng.choice(np.array(["USD", "EUR", "GBP"]), count, p=[0.86, 0.09, 0.05]),
        owner=np.where(rng.random(count) < 0.05, NEVER, rng.integers(0, 5, count)),
        is_existing=np.arange(count) >= len(first),
    )


def _colleagues(
    rng: np.random.Generator, contacts: Contacts, contact: Array, created_at: Array
) -> Array:
    """For one deal in ten somebody else of the same company, else NEVER."""
    order = np.argsort(contacts.company, kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    neighbour = order[np.minimum(place[contact] + 1, len(order) - 1)]
    fits = (contacts.company[neighbour] == contacts.company[contact]) & (neighbour != contact)
    fits &= (contacts.created_at[neighbour] < created_at) & contacts.is_associated[neighbour]
    return np.where(fits & (rng.random(len(contact)) < 0.25), neighbour, NEVER)


def became_customers(contacts: Contacts, deals: Deals) -> Contacts:
    """The contacts with the date of their first won deal."""
    stage_at = contacts.stage_at.copy()
    won = np.flatnonzero((deals.outcome == WON) & ~deals.is_existing)
    stage_at[deals.contact[won], 5] = deals.closed_at[won]
    return replace(contacts, stage_at=stage_at)


def first_touches(sessions: Sessions, group: Array, deal_group: Array, deal_at: Array) -> Array:
    """Per deal the session that came first of its group within the lookback, NEVER if none.

    `group` is a number per session (negative: nobody's), `deal_group` one per deal.
    """
    order = np.lexsort((sessions.at, group))
    order = order[group[order] >= 0]
    width = np.int64(2**32)
    keys = group[order].astype(np.int64) * width + sessions.at[order]
    found = np.searchsorted(keys, deal_group.astype(np.int64) * width + deal_at - LOOKBACK)
    session = order[np.minimum(found, len(order) - 1)]
    fits = (found < len(order)) & (group[session] == deal_group) & (sessions.at[session] <= deal_at)
    return np.where(fits, session, NEVER)


@dataclass(frozen=True)
class WebinarPipeline:
    """Pipeline of deals that a webinar touched first, US dollars, by reading and quarter."""

    readings: dict[str, tuple[float, float]]

    @property
    def lift(self) -> float:
        """The smallest third quarter by second quarter over all readings."""
        ratios = [later / sooner for sooner, later in self.readings.values() if sooner]
        return min(ratios, default=0.0)


def webinar_first(sessions: Sessions, contacts: Contacts, deals: Deals) -> dict[str, Array]:
    """Per reading, which deals a webinar touched first.

    Readings: touches of the contact or of everybody at the company; with or without Direct.
    """
    is_contact = sessions.is_linked & (sessions.person < sessions.contacts)
    person = np.where(is_contact, sessions.person, 0)
    account = len(contacts.company) + contacts.company
    shares = contacts.is_associated | np.array(
        [not email.endswith(FREEMAIL_DOMAINS) for email in contacts.email]
    )
    alone = np.arange(len(account))
    groups = {"contact": alone, "account": np.where(shares, account, alone)}
    found = {}
    for scope, of_contact in groups.items():
        for direct in (True, False):
            counted = is_contact & (direct | (sessions.channel != DIRECT))
            group = np.where(counted, of_contact[person], NEVER)
            touch = first_touches(sessions, group, of_contact[deals.contact], deals.created_at)
            campaign = np.where(touch >= 0, sessions.campaign[touch], NEVER)
            reading = f"{scope}, {'with' if direct else 'without'} direct"
            found[reading] = np.isin(campaign, WEBINAR_CAMPAIGNS)
    return found


def _in_quarter(deals: Deals, quarter: tuple[int, int]) -> Array:
    days = wall_days(NEW_YORK, deals.created_at)
    inside: Array = (days >= quarter[0]) & (days < quarter[1])
    return inside


def _usd(deals: Deals) -> Array:
    rates = np.array([USD_PER[code] for code in deals.currency.tolist()])
    value: Array = deals.amount * rates
    return value


def webinar_pipeline(deals: Deals, first: dict[str, Array]) -> WebinarPipeline:
    """What the webinars' deals of the two quarters are worth, by reading."""
    usd = _usd(deals)
    quarters = [_in_quarter(deals, quarter) for quarter in (QUARTER_2, QUARTER_3)]
    return WebinarPipeline(
        {
            reading: (
                float(usd[is_first & quarters[0]].sum()),
                float(usd[is_first & quarters[1]].sum()),
            )
            for reading, is_first in first.items()
        }
    )


def with_webinar_lift(deals: Deals, first: dict[str, Array]) -> tuple[Deals, float]:
    """The deals with the webinars' third-quarter amounts scaled to WEBINAR_LIFT, and the factor."""
    lift = webinar_pipeline(deals, first).lift
    if lift <= 0:
        return deals, 1.0
    factor = WEBINAR_LIFT / lift
    touched = np.any(list(first.values()), axis=0) & _in_quarter(deals, QUARTER_3)
    amount = np.where(touched, np.ceil(deals.amount * factor / 50) * 50, deals.amount)
    return replace(deals, amount=amount), factor
