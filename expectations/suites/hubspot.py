"""What a CRM export must keep beyond its contract."""

from __future__ import annotations

from datetime import datetime

from expectations.checks import WARNING, Check, EachRow
from expectations.suites.reading import local_day, read
from pipelines.ingest import Contract
from pipelines.sql import moment, text_list

# By label or internal name, compared without blanks, underscores and case.
LIFECYCLE_STAGES = (
    "subscriber",
    "lead",
    "marketingqualifiedlead",
    "salesacceptedlead",
    "salesqualifiedlead",
    "opportunity",
    "customer",
    "evangelist",
    "other",
)
EMAIL = "[^@ ,;]+@[^@ ,;]+[.][^@ ,;.]+"
DOMAIN = "(https?://)?[^@ /]+[.][^@ /.]+/?"


def contacts(contract: Contract, as_of_at: datetime) -> tuple[Check, ...]:
    """People exist already, stand at a known stage, and can be reached at their address."""
    return (
        _exists_already(contract, as_of_at),
        EachRow(
            name="is_known_stage",
            column="lifecycle_stage",
            condition="replace(replace(lower(trim(lifecycle_stage)), ' ', ''), '_', '')"
            f" in {text_list(LIFECYCLE_STAGES)}",
            dimension="validity",
            severity=WARNING,
            owner=contract.owner,
            action="Add the stage to the seed lifecycle_stages, or correct it in HubSpot.",
        ),
        EachRow(
            name="is_email",
            column="email",
            condition=f"regexp_full_match(trim(email), '{EMAIL}')",
            dimension="validity",
            severity=WARNING,
            owner=contract.owner,
            action="Correct the address in HubSpot: the contact is not recognised by it.",
        ),
    )


def companies(contract: Contract, as_of_at: datetime) -> tuple[Check, ...]:
    """Companies have a domain that contacts can be matched with."""
    del as_of_at
    return (
        EachRow(
            name="is_domain",
            column="domain",
            condition=f"regexp_full_match(trim(domain), '{DOMAIN}')",
            dimension="validity",
            severity=WARNING,
            owner=contract.owner,
            action="Correct the domain in HubSpot: contacts are matched with the company by it.",
        ),
    )


def deals(contract: Contract, as_of_at: datetime) -> tuple[Check, ...]:
    """Deals exist already, are worth something once won, and close after they were created."""
    is_won = "regexp_matches(lower(trim(deal_stage)), '^closed ?won')"
    return (
        _exists_already(contract, as_of_at),
        EachRow(
            name="won_has_amount",
            column="deal_stage",
            condition=f"not {is_won} or amount is not null",
            dimension="completeness",
            severity=WARNING,
            owner=contract.owner,
            action="Enter the amount of the won deal in HubSpot: its revenue is missing.",
        ),
        EachRow(
            name="not_negative",
            column="amount",
            condition=f"coalesce({read('amount')} >= 0, true)",
            dimension="validity",
            severity=WARNING,
            owner=contract.owner,
            action="Check the amount in HubSpot: a deal is worth no less than nothing.",
        ),
        EachRow(
            name="not_before_created",
            column="close_date",
            condition=f"coalesce({local_day(contract, 'close_date')}"
            f" >= {local_day(contract, 'create_date')}, true)",
            dimension="consistency",
            severity=WARNING,
            owner=contract.owner,
            action="Correct the dates in HubSpot: the deal closed before it was created.",
        ),
    )


def _exists_already(contract: Contract, as_of_at: datetime) -> Check:
    return EachRow(
        name="not_in_future",
        column="create_date",
        condition=f"coalesce({read('create_date')} <= {moment(as_of_at)}, true)",
        dimension="timeliness",
        severity=WARNING,
        owner=contract.owner,
        action="Check the date in HubSpot and the run's clock: the record is of the future.",
    )
