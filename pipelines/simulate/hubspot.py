"""HubSpot's CRM exports: contacts (three deliveries), companies and deals, with labels as headers.

Dates are 'YYYY-MM-DD HH:mm' in New York. The first delivery has internal names instead of labels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipelines.simulate.clock import EXPORTED_AT, HOUR, NEW_YORK, Array, seconds, wall_minutes
from pipelines.simulate.company import (
    CAMPAIGNS,
    CHANNELS,
    COUNTRIES,
    FIRST_NAMES,
    FORMS,
    INDUSTRIES,
    JOB_TITLES,
    LAST_NAMES,
    SELLERS,
)
from pipelines.simulate.crm import LOST, NEVER, STAGES, WON, Companies, Contacts, Counts, Deals
from pipelines.simulate.files import Folder, csv_text, moment
from pipelines.simulate.journeys import Sessions, is_ad_click

APRIL = moment(2026, 4, 1)
JULY = moment(2026, 7, 1)
OCTOBER = moment(2026, 10, 1, 4, 50)
CONTACTS = "hubspot/hubspot-crm-exports-all-contacts-2026-10-01.csv"
CONTACTS_JULY = "hubspot/hubspot-crm-exports-all-contacts-2026-07-01.csv"
CONTACTS_APRIL = "hubspot/hubspot-crm-exports-first-quarter-leads-2026-04-01.csv"
COMPANIES = "hubspot/hubspot-crm-exports-all-companies-2026-10-01.csv"
DEALS = "hubspot/hubspot-crm-exports-all-deals-2026-10-01.csv"

STAGE_LABELS = (
    "Lead",
    "Marketing Qualified Lead",
    "Sales Accepted Lead",
    "Sales Qualified Lead",
    "Opportunity",
    "Customer",
)
STAGE_VALUES = (
    "lead",
    "marketingqualifiedlead",
    "salesacceptedlead",
    "salesqualifiedlead",
    "opportunity",
    "customer",
)
OPEN_STAGES = (
    "Appointment Scheduled",
    "Qualified To Buy",
    "Presentation Scheduled",
    "Decision Maker Bought-In",
    "Contract Sent",
)
CONTACT_LABELS = (
    "Record ID", "First Name", "Last Name", "Email", "Company Name", "Associated Company IDs",
    "Job Title", "Create Date", "Lifecycle Stage", "Lead Status", "Became a Subscriber Date",
    "Became a Lead Date", "Became a Marketing Qualified Lead Date",
    "Became a Sales Accepted Lead Date", "Became a Sales Qualified Lead Date",
    "Became an Opportunity Date", "Became a Customer Date", "Original Source",
    "Original Source Drill-Down 1", "Original Source Drill-Down 2", "Latest Source",
    "Google ad click id", "First Conversion", "Recent Conversion", "Contact owner",
    "Country/Region", "Merged Record IDs", "Unsubscribed from all email", "Last Modified Date",
)  # fmt: skip
UNKNOWN_LABEL = "Time between contact creation and deal close (HH:mm:ss)"
CONTACT_NAMES = (
    "hs_object_id", "firstname", "lastname", "email", "company", "Associated Company IDs",
    "jobtitle", "createdate", "lifecyclestage", "hs_lead_status",
    "hs_lifecyclestage_subscriber_date", "hs_lifecyclestage_lead_date",
    "hs_lifecyclestage_marketingqualifiedlead_date", "hs_lifecyclestage_salesacceptedlead_date",
    "hs_lifecyclestage_salesqualifiedlead_date", "hs_lifecyclestage_opportunity_date",
    "hs_lifecyclestage_customer_date", "hs_analytics_source", "hs_analytics_source_data_1",
    "hs_analytics_source_data_2", "hs_latest_source", "hs_google_click_id",
    "first_conversion_event_name", "recent_conversion_event_name", "hubspot_owner_id", "country",
    "hs_merged_object_ids", "hs_email_optout", "lastmodifieddate",
)  # fmt: skip
COMPANY_LABELS = (
    "Record ID", "Company name", "Company Domain Name", "Industry", "Number of Employees",
    "Annual Revenue", "Country/Region", "Create Date", "Lifecycle Stage", "Company owner",
    "Last Modified Date",
)  # fmt: skip
DEAL_LABELS = (
    "Record ID", "Deal Name", "Deal Stage", "Pipeline", "Close Date", "Create Date", "Amount",
    "Currency", "Deal owner", "Deal Type", "Associated Company IDs", "Associated Contact IDs",
    "Last Modified Date",
)  # fmt: skip

Rows = list[list[Any]]


@dataclass(frozen=True)
class Sources:
    """Per contact the CRM's own idea of where it came from, as text."""

    original: list[str]
    detail: list[str]
    more: list[str]
    latest: list[str]
    gclid: list[str]
    form: list[str]


def _picked(values: Sequence[str], numbers: Array) -> list[str]:
    """The texts at these numbers, empty where NEVER."""
    table = np.array([*values, ""], dtype=object)
    picked: list[str] = table[numbers].tolist()
    return picked


def click_id(session: int) -> str:
    """The gclid of a session; the same in the CRM and in the web events."""
    return f"Cj0KCQjw{session * 2_654_435_761 % 2**40:010x}EAIaIQob{session:08d}_BwE"


def find_sources(sessions: Sessions, contacts: Contacts) -> Sources:
    """First and latest channel, campaign and click id of each contact, or 'Offline Sources'."""
    total = len(contacts.record_id)
    mine = np.flatnonzero(sessions.person < sessions.contacts)
    person = sessions.person[mine]
    starts = np.flatnonzero(np.diff(person, prepend=-1))
    first = np.full(total, NEVER)
    latest = np.full(total, NEVER)
    clicked = np.full(total, NEVER)
    first[person[starts]] = mine[starts]
    latest[person] = mine
    # The click that brought the contact: none that came after its form.
    brought = is_ad_click(sessions)[mine] & (sessions.at[mine] <= sessions.lead_at[person])
    clicks = mine[brought][::-1]
    clicked[sessions.person[clicks]] = clicks
    labels = [channel.crm_source for channel in CHANNELS] + ["Offline Sources"]
    details = [channel.source for channel in CHANNELS] + ["IMPORT"]
    slugs = [campaign.slug for campaign in CAMPAIGNS]
    offline = len(CHANNELS)
    channel = np.where(first >= 0, sessions.channel[first], offline)
    last_channel = np.where(latest >= 0, sessions.channel[latest], offline)
    campaign = np.where(first >= 0, sessions.campaign[first], NEVER)
    form = np.where(first >= 0, np.arange(total) % len(FORMS), NEVER)
    return Sources(
        original=_picked(labels, channel),
        detail=_picked(details, channel),
        more=_picked(slugs, campaign),
        latest=_picked(labels, last_channel),
        gclid=[click_id(session) if session >= 0 else "" for session in clicked.tolist()],
        form=_picked(FORMS, form),
    )


def _known_stages(contacts: Contacts, until: int) -> Array:
    """Stage times up to a moment, NEVER after it."""
    return np.where(contacts.stage_at < until, contacts.stage_at, NEVER)


def contact_rows(contacts: Contacts, companies: Companies, sources: Sources, until: int) -> Rows:
    """Every contact record as it stood at `until`, in the order of CONTACT_LABELS."""
    stages = _known_stages(contacts, until)
    reached = stages >= 0
    stage = len(STAGES) - 1 - np.argmax(reached[:, ::-1], axis=1)
    total = len(contacts.record_id)
    numbers = np.arange(total)
    subscribed = np.where(numbers % 7 == 0, contacts.created_at, NEVER)
    modified = np.minimum(stages.max(axis=1) + HOUR, until - HOUR)
    modified = np.maximum(modified, contacts.created_at)
    company = contacts.company
    ids = np.where(contacts.is_associated, companies.record_id[company], NEVER)
    columns: list[list[Any]] = [
        contacts.record_id.tolist(),
        _picked(FIRST_NAMES, contacts.first),
        _picked(LAST_NAMES, contacts.last),
        contacts.email,
        _picked(companies.name, company),
        np.where(ids < 0, "", ids.astype(str)).tolist(),
        _picked(JOB_TITLES, contacts.title),
        wall_minutes(NEW_YORK, contacts.created_at),
        _picked(STAGE_LABELS, stage),
        _picked(("New", "Open", "In Progress", "Connected"), stage % 4),
        wall_minutes(NEW_YORK, subscribed),
        *(wall_minutes(NEW_YORK, stages[:, number]) for number in range(len(STAGES))),
        sources.original,
        sources.detail,
        sources.more,
        sources.latest,
        sources.gclid,
        sources.form,
        sources.form,
        _picked(SELLERS, contacts.owner),
        _picked(COUNTRIES, contacts.country),
        [str(contacts.merged.get(number, "")) for number in range(total)],
        np.where(numbers % 17 == 5, "true", "false").tolist(),
        wall_minutes(NEW_YORK, modified),
    ]
    keep = np.flatnonzero(contacts.created_at < until)
    keep = keep[np.argsort(contacts.record_id[keep], kind="stable")].tolist()
    rows = list(zip(*columns, strict=True))
    return [list(rows[number]) for number in keep]


MERGED = CONTACT_LABELS.index("Merged Record IDs")
EMAIL = CONTACT_LABELS.index("Email")
STAGE = CONTACT_LABELS.index("Lifecycle Stage")


def _earlier_rows(rows: Rows, chain: tuple[int, int, int], *, before_merge: bool) -> Rows:
    """An earlier delivery: nothing merged yet, each merged record still a row of its own.

    In the chain the oldest record is gone after April: it was merged into the middle one.
    """
    oldest, middle, _ = chain
    earlier: Rows = []
    for row in rows:
        merged = str(row[MERGED])
        if merged:
            twin = [merged, *row[1:]]
            twin[MERGED] = "" if before_merge or merged != str(middle) else str(oldest)
            twin[EMAIL] = f"old.{row[EMAIL]}"
            earlier.append(twin)
            if before_merge and merged == str(middle):
                first = [str(oldest), *twin[1:]]
                first[EMAIL] = f"older.{row[EMAIL]}"
                earlier.append(first)
        plain = list(row)
        plain[MERGED] = ""
        earlier.append(plain)
    return earlier


def _spoil_contacts(folder: Folder, rows: Rows, counts: Counts, contacts: Contacts) -> Rows:
    """Adds the unknown column, one unparsable date and one line that was cut off."""
    spoiled = [[*row, ""] for row in rows]
    fair = str(contacts.record_id[counts.leads])
    line = next(n for n, row in enumerate(spoiled) if str(row[0]) == fair)
    date = CONTACT_LABELS.index("Became a Marketing Qualified Lead Date")
    spoiled[line][date] = "13/45/2026"
    folder.plant(CONTACTS, "unparsable_date", CONTACT_LABELS[date], line + 2)
    cut = len(spoiled) * 3 // 5
    spoiled.insert(cut, ["77000123", "Cut", "Off", "cut.off@freemail.example"])
    if cut <= line:
        folder.faults[-1] = type(folder.faults[-1])(
            CONTACTS, "unparsable_date", line + 3, CONTACT_LABELS[date]
        )
    folder.plant(CONTACTS, "too_few_fields", "4 of 30 fields", cut + 2)
    folder.plant(CONTACTS, "unknown_column", UNKNOWN_LABEL, 1)
    return spoiled


def chain_of(contacts: Contacts) -> tuple[int, int, int]:
    """Record ids of A, B and C, where A was merged into B and later B into C."""
    survivor = min(contacts.merged)
    middle = contacts.merged[survivor]
    return middle - 1, middle, int(contacts.record_id[survivor])


def _internal_values(rows: Rows) -> Rows:
    """The rows with internal values instead of labels, as the April export was made."""
    values = dict(zip(STAGE_LABELS, STAGE_VALUES, strict=True))
    return [[*row[:STAGE], values[row[STAGE]], *row[STAGE + 1 :]] for row in rows]


def write_contacts(
    folder: Folder, contacts: Contacts, companies: Companies, sources: Sources, counts: Counts
) -> None:
    """April (internal names), July and October."""
    chain = chain_of(contacts)
    april = contact_rows(contacts, companies, sources, seconds(APRIL))
    april = _internal_values(_earlier_rows(april, chain, before_merge=True))
    folder.write(CONTACTS_APRIL, csv_text(CONTACT_NAMES, april).encode(), APRIL)
    july = contact_rows(contacts, companies, sources, seconds(JULY))
    july = _earlier_rows(july, chain, before_merge=False)
    folder.write(CONTACTS_JULY, csv_text(CONTACT_LABELS, july).encode(), JULY)
    october = contact_rows(contacts, companies, sources, EXPORTED_AT)
    october = _spoil_contacts(folder, october, counts, contacts)
    header = (*CONTACT_LABELS, UNKNOWN_LABEL)
    folder.write(CONTACTS, csv_text(header, october).encode(), OCTOBER)


def write_companies(folder: Folder, companies: Companies) -> bytes:
    """All companies; returns the file's bytes."""
    created = wall_minutes(NEW_YORK, companies.created_at)
    rows = zip(
        companies.record_id.tolist(),
        companies.name,
        companies.domain,
        _picked(INDUSTRIES, companies.industry),
        companies.employees.tolist(),
        (companies.employees * 180_000).tolist(),
        _picked(COUNTRIES, companies.country),
        created,
        ["Lead" if number % 3 else "Customer" for number in range(len(created))],
        _picked(SELLERS, companies.employees % len(SELLERS)),
        created,
        strict=True,
    )
    content = csv_text(COMPANY_LABELS, rows).encode()
    folder.write(COMPANIES, content, OCTOBER)
    return content


def _deal_stages(deals: Deals) -> list[str]:
    """Labels; every fourth deal's export adds the pipeline in brackets."""
    stages = _picked(OPEN_STAGES, deals.open_stage)
    for number, outcome in enumerate(deals.outcome.tolist()):
        if outcome in (WON, LOST):
            stages[number] = "Closed Won" if outcome == WON else "Closed Lost"
        if number % 4 == 1:
            stages[number] += " (Sales Pipeline)"
    return stages


def _deal_contacts(deals: Deals, contacts: Contacts) -> list[str]:
    first = contacts.record_id[deals.contact].tolist()
    second = np.where(deals.second_contact >= 0, contacts.record_id[deals.second_contact], NEVER)
    return [
        str(one) if two < 0 else f"{one};{two}"
        for one, two in zip(first, second.tolist(), strict=True)
    ]


def write_deals(folder: Folder, deals: Deals, contacts: Contacts, companies: Companies) -> None:
    """All deals, with one amount that is no number."""
    ids = np.where(deals.company >= 0, companies.record_id[deals.company], NEVER)
    amounts = [f"{amount:.2f}" if amount else "" for amount in deals.amount.tolist()]
    unknown = next((number for number, amount in enumerate(amounts) if not amount), 0)
    amounts[unknown] = "approx. 12k"
    modified = np.minimum(deals.closed_at, EXPORTED_AT - HOUR)
    kinds = ("newbusiness", "existingbusiness")
    names = _picked(companies.name, contacts.company[deals.contact])
    columns: list[list[Any]] = [
        deals.record_id.tolist(),
        [f"{name} - {'Renewal' if old else 'New Deal'}" for name, old in
         zip(names, deals.is_existing.tolist(), strict=True)],
        _deal_stages(deals),
        ["Sales Pipeline"] * len(amounts),
        wall_minutes(NEW_YORK, deals.closed_at),
        wall_minutes(NEW_YORK, deals.created_at),
        amounts,
        ["" if code == "USD" and number % 5 == 0 else code
         for number, code in enumerate(deals.currency.tolist())],
        _picked(SELLERS, deals.owner),
        _picked(kinds, deals.is_existing.astype(int)),
        np.where(ids < 0, "", ids.astype(str)).tolist(),
        _deal_contacts(deals, contacts),
        wall_minutes(NEW_YORK, modified),
    ]  # fmt: skip
    order = np.argsort(deals.record_id, kind="stable").tolist()
    rows = list(zip(*columns, strict=True))
    folder.write(DEALS, csv_text(DEAL_LABELS, [rows[number] for number in order]).encode(), OCTOBER)
    folder.plant(DEALS, "unparsable_amount", "Amount: approx. 12k", order.index(unknown) + 2)
