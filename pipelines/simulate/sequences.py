"""Sequences: HubSpot's welcome to some leads of July, and how campaigns follow upon each other.

Two of the enrolments are not as they should be; `planted` names them, and which campaigns went
through their steps, or came into each other's way, as they should not.
"""

from datetime import UTC, date, datetime

import numpy as np

from pipelines.simulate.clock import DAY, HOUR, NEW_YORK, local
from pipelines.simulate.crm import Contacts
from pipelines.simulate.files import Folder, csv_text, moment

CAMPAIGNS = "hubspot/email_campaign.csv"
EVENTS = "hubspot/email_event.csv"
EXPORTED = moment(2026, 10, 1, 4, 55)
SYNCED = "2026-10-01 04:50:00.000"

CAMPAIGN_HEADER = (
    "id", "_fivetran_synced", "app_id", "content_id", "num_included", "num_queued", "sub_type",
    "type", "app_name", "name", "subject",
)  # fmt: skip
EVENT_HEADER = (
    "id", "_fivetran_synced", "app_id", "caused_by_created", "caused_by_id", "created",
    "email_campaign_id", "obsoleted_by_created", "obsoleted_by_id", "portal_id",
    "sent_by_created", "sent_by_id", "type", "filtered_event", "recipient",
)  # fmt: skip
APP, PORTAL = "2286", "4829153"
FIRST_CAMPAIGN = 7101
DAYS = (0, 2, 4, 6, 8, 10, 11, 13)
"""After how many days each mail goes out; of eight a welcome should have five to seven."""
MAILS = (4, 8, 5, 6, 7, 5, 6, 5)
"""How many of them each lead gets."""
TOO_FEW, TOO_MANY = 4, 8
CONTEXT_NOT_FIRST = {
    "product-launch-q1": "never written down",
    "lead-gen-blitz-may": "never written down",
    "product-launch-q3": "written down after the launch",
    "brand-awareness-2026": "written down after the ads were designed",
}
FROM, UNTIL = local(NEW_YORK, date(2026, 7, 1)), local(NEW_YORK, date(2026, 8, 1))


def planted() -> list[list[str]]:
    """Kind, campaign, entity and note of each fault that the marts should find, and no other."""
    return [
        *(["context_not_first", slug, "", note] for slug, note in CONTEXT_NOT_FIRST.items()),
        ["calendar_collision", "webinar-pipeline-q3", "same_channel newsletter", "five days"],
        ["sequence_out_of_spec", "", f"welcome {TOO_FEW}", "mails, at least five expected"],
        ["sequence_out_of_spec", "", f"welcome {TOO_MANY}", "mails, at most seven expected"],
    ]


def _recipients(contacts: Contacts, leads: int) -> list[int]:
    """Leads of July who went no further, in the order in which they came."""
    became, went_on = contacts.stage_at[:leads, 0], contacts.stage_at[:leads, 1:].max(axis=1)
    chosen = np.flatnonzero((became >= FROM) & (became < UNTIL) & (went_on < 0))
    in_order: list[int] = chosen[np.argsort(became[chosen], kind="stable")].tolist()
    return [row for row in in_order if row not in contacts.merged][: len(MAILS)]


def write_sequences(folder: Folder, contacts: Contacts, leads: int) -> None:
    """The campaigns, one a mail of the sequence, and the mails that went out."""
    recipients = _recipients(contacts, leads)
    campaigns = [
        [
            *(str(FIRST_CAMPAIGN + number), SYNCED, APP, str(9000 + number)),
            *(str(len(recipients)), "0", "", "AUTOMATED_EMAIL", "Workflows"),
            *(f"Welcome {number + 1}", f"Getting started, part {number + 1}"),
        ]
        for number in range(len(DAYS))
    ]
    folder.write(CAMPAIGNS, csv_text(CAMPAIGN_HEADER, campaigns).encode(), EXPORTED)
    events = []
    for row, count in zip(recipients, MAILS, strict=False):
        first = int(contacts.stage_at[row, 0]) + HOUR
        for number, day in enumerate(DAYS[:count]):
            sent = datetime.fromtimestamp(first + day * DAY, UTC)
            events.append(
                [
                    *(f"w{row}-{number + 1}", SYNCED, APP, "", "", f"{sent:%Y-%m-%d %H:%M:%S}.000"),
                    *(str(FIRST_CAMPAIGN + number), "", "", PORTAL, "", "", "SENT", "false"),
                    contacts.email[row],
                ]
            )
    folder.write(EVENTS, csv_text(EVENT_HEADER, events).encode(), EXPORTED)
