"""What the team's own templates must keep beyond their contracts."""

from __future__ import annotations

from datetime import datetime

from expectations.checks import WARNING, Check, EachRow
from expectations.suites import reporting_day
from expectations.suites.reading import read
from pipelines.ingest import Contract
from pipelines.sql import text_list

CAMPAIGN_TYPES = (
    "webinar",
    "product_launch",
    "content_sprint",
    "lead_gen_blitz",
    "brand_awareness",
    "conversion_optimization",
)


def campaign_registry(contract: Contract, as_of_at: datetime) -> tuple[Check, ...]:
    """Slugs are slugs, types are known, a campaign ends after it begins."""
    del as_of_at
    return (
        _is_slug(contract),
        EachRow(
            name="is_known_type",
            column="campaign_type",
            condition=f"trim(campaign_type) in {text_list(CAMPAIGN_TYPES)}",
            dimension="validity",
            severity=WARNING,
            owner=contract.owner,
            action="Use one of the campaign types that the template's description lists.",
        ),
        EachRow(
            name="not_before_valid_from",
            column="valid_to",
            condition=f"coalesce({read('valid_to')} >= {read('valid_from')}, true)",
            dimension="consistency",
            severity=WARNING,
            owner=contract.owner,
            action="Correct the days in the registry: the campaign ends before it begins.",
        ),
    )


def campaign_briefs(contract: Contract, as_of_at: datetime) -> tuple[Check, ...]:
    """Slugs are slugs, and a brief is approved after it was handed in."""
    del as_of_at
    return (
        _is_slug(contract),
        EachRow(
            name="not_before_submitted",
            column="approved_at",
            condition=f"coalesce({read('approved_at')} >= {read('submitted_at')}, true)",
            dimension="consistency",
            severity=WARNING,
            owner=contract.owner,
            action="Correct the times in the brief: it was approved before it was submitted.",
        ),
    )


def accuracy_audit(contract: Contract, as_of_at: datetime) -> tuple[Check, ...]:
    """What somebody looked up counts from the day on which that was."""
    return (
        EachRow(
            name="looked_up_on_a_day",
            column="truth_value",
            condition=f"{read('audited_on')} <= {reporting_day(as_of_at)}",
            dimension="completeness",
            severity=WARNING,
            owner=contract.owner,
            action="Write into audited_on on which day the value was looked up, which has come:"
            " until then it counts in no audit.",
        ),
    )


def work_items(contract: Contract, as_of_at: datetime) -> tuple[Check, ...]:
    """Nothing ends before it begins, and the duration that is stated is that of the two days."""
    del as_of_at
    began, ended = read("created_date"), read("finished_date")
    stated = read("duration_days")
    return (
        EachRow(
            name="not_before_created",
            column="finished_date",
            condition=f"coalesce({ended} >= {began}, true)",
            dimension="validity",
            severity=WARNING,
            owner=contract.owner,
            action="Correct one of the days in the tracker: the work ends before it begins. It is"
            " set aside until then, and in no figure.",
        ),
        EachRow(
            name="duration_is_that_of_its_days",
            column="duration_days",
            # A day more or less: some count the first day, too.
            condition=f"coalesce(abs({stated} - date_diff('day', {began}, {ended})) <= 1, true)",
            dimension="consistency",
            severity=WARNING,
            owner=contract.owner,
            action="Find out what the tracker counts, such as business days. Figures follow the"
            " two days, whatever it states.",
        ),
    )


def _is_slug(contract: Contract) -> Check:
    return EachRow(
        name="is_slug",
        column="utm_campaign",
        condition="regexp_full_match(trim(utm_campaign), '[a-z0-9]+(-[a-z0-9]+)*')",
        dimension="validity",
        severity=WARNING,
        owner=contract.owner,
        action="Write the slug in lower case with hyphens, as links are tagged.",
    )
