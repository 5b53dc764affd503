"""What only the simulation knows: true effects, identities, launches, planted faults, the lift."""

from dataclasses import asdict
from typing import Any

import numpy as np

from pipelines.simulate.company import (
    ADSTOCK_HALF_LIFE_DAYS,
    BASE_HAZARD,
    CAMPAIGNS,
    CHANNELS,
    COMPANY,
    FREEMAIL_DOMAINS,
    USD_PER,
)
from pipelines.simulate.crm import Contacts, WebinarPipeline
from pipelines.simulate.files import Fault, Folder, csv_text, moment
from pipelines.simulate.ga4 import Visitors
from pipelines.simulate.journeys import Sessions
from pipelines.simulate.templates import APPROVED_AGAIN, NOT_APPROVED, WITH_TBD

WRITTEN = moment(2026, 10, 1)
BASELINE = "(baseline)"


def channel_effects(sessions: Sessions) -> list[list[Any]]:
    """Per channel and the baseline: effect, sessions before the lead, true share of the leads."""
    lead_at = np.append(sessions.lead_at, 0)
    is_contact = sessions.person < sessions.contacts
    person = np.where(is_contact, sessions.person, sessions.contacts)
    before = is_contact & (sessions.at <= lead_at[person])
    touches = np.bincount(sessions.channel[before], minlength=len(CHANNELS))
    shares = sessions.causes.mean(axis=0)
    rows: list[list[Any]] = [
        [channel.name, channel.effect, int(touches[number]), round(float(shares[number]), 6)]
        for number, channel in enumerate(CHANNELS)
    ]
    rows.append([BASELINE, BASE_HAZARD, "", round(float(shares[-1]), 6)])
    return rows


def identities(sessions: Sessions, contacts: Contacts, visitors: Visitors) -> list[list[Any]]:
    """Per contact and cookie: whether any event ties the two together."""
    mine = (sessions.person < sessions.contacts) & (sessions.cookie >= 0)
    pairs = np.unique(np.column_stack([sessions.person[mine], sessions.cookie[mine]]), axis=0)
    linked = sessions.cookie_linked[pairs[:, 1]]
    ids = contacts.record_id[pairs[:, 0]]
    return [
        [record, visitors.pseudo_id[cookie], "true" if is_linked else "false"]
        for record, cookie, is_linked in zip(
            ids.tolist(), pairs[:, 1].tolist(), linked.tolist(), strict=True
        )
    ]


def _launches() -> list[list[Any]]:
    rows = []
    for campaign in CAMPAIGNS:
        slip = (campaign.live - campaign.planned).days if campaign.live else ""
        live = campaign.live.isoformat() if campaign.live else ""
        rows.append(
            [
                campaign.slug,
                campaign.valid_from.isoformat(),
                campaign.family,
                campaign.planned.isoformat() if campaign.is_registered else "",
                live,
                slip if campaign.is_registered else "",
                campaign.cancelled_at,
                "true" if campaign.is_registered else "false",
            ]
        )
    return rows


LAUNCH_HEADER = (
    "utm_campaign", "valid_from", "campaign_family", "planned_launch_date", "live_date",
    "slip_days", "cancelled_at", "is_registered",
)  # fmt: skip


def company_facts() -> dict[str, Any]:
    """Constants of the simulation that a reader needs to check a figure."""
    return {
        "company": COMPANY,
        "reporting_currency": "USD",
        "usd_per": USD_PER,
        "time_zones": {
            "hubspot": "America/New_York",
            "ga4": "America/New_York",
            "google_ads": "Europe/Berlin",
        },
        "period": ["2026-01-01", "2026-09-30"],
        "freemail_domains": FREEMAIL_DOMAINS,
        "adstock_half_life_days": ADSTOCK_HALF_LIFE_DAYS,
        "brief_with_placeholder": WITH_TBD,
        "brief_approved_twice": APPROVED_AGAIN,
        "brief_not_approved": NOT_APPROVED,
    }


def webinar_facts(pipeline: WebinarPipeline, factor: float) -> dict[str, Any]:
    """The webinars' pipeline by reading of 'first touch', and what the amounts were scaled by."""
    readings = {
        name: {
            "second_quarter_usd": round(sooner, 2),
            "third_quarter_usd": round(later, 2),
            "lift": round(later / sooner, 4) if sooner else None,
        }
        for name, (sooner, later) in pipeline.readings.items()
    }
    return {"lift": round(pipeline.lift, 4), "scaled_by": round(factor, 6), "readings": readings}


def write_truth(folder: Folder, sessions: Sessions, contacts: Contacts, visitors: Visitors) -> None:
    """Effects, identities, launches and the constants."""
    header = ("channel", "effect", "sessions_before_lead", "true_share_of_leads")
    effects = csv_text(header, channel_effects(sessions))
    folder.write("channel_effects.csv", effects.encode(), WRITTEN)
    columns = ("record_id", "user_pseudo_id", "is_linkable")
    pairs = csv_text(columns, identities(sessions, contacts, visitors))
    folder.write("identities.csv", pairs.encode(), WRITTEN)
    launches = csv_text(LAUNCH_HEADER, _launches())
    folder.write("launches.csv", launches.encode(), WRITTEN)
    folder.write_json("company.json", company_facts(), WRITTEN)


def write_faults(folder: Folder, faults: list[Fault]) -> None:
    """What is wrong with the exports on purpose, and where."""
    folder.write_json("planted_faults.json", [asdict(fault) for fault in faults], WRITTEN)


def write_planted(folder: Folder, *parts: list[list[str]]) -> None:
    """What went wrong in the work on purpose, as the marts should name it: each part its own.

    Args:
        folder: of the truth.
        parts: rows of fault_kind, utm_campaign, entity, note.
    """
    header = ("fault_kind", "utm_campaign", "entity", "note")
    rows = [row for part in parts for row in part]
    folder.write("planted_operations.csv", csv_text(header, rows).encode(), WRITTEN)
