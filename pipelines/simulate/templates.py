"""The templates that the team fills in: campaign briefs, the campaign registry, refunds."""

from datetime import timedelta

import numpy as np

from pipelines.simulate.clock import DAY, NEW_YORK, PERIOD_END, day_of, wall_days
from pipelines.simulate.company import CAMPAIGNS, SITE, Campaign
from pipelines.simulate.crm import WON, Deals
from pipelines.simulate.files import Folder, csv_text, moment

BRIEFS = "templates/campaign_briefs.csv"
REGISTRY = "templates/campaign_registry.csv"
REFUNDS = "templates/refunds.csv"
FILLED_IN = moment(2026, 9, 21, 15)
BOOKS_CLOSED = moment(2026, 10, 1, 5)

BRIEF_HEADER = (
    "brief_id", "version", "utm_campaign", "submitted_at", "approved_at", "submitted_by", "why",
    "for_whom", "what_offer", "what_systems", "what_deadline", "success_metric", "goal_id",
    "priority", "planned_launch_date", "budget", "budget_currency",
)  # fmt: skip
REGISTRY_HEADER = (
    "utm_campaign", "valid_from", "valid_to", "campaign_name", "campaign_family", "campaign_type",
    "utm_source", "utm_medium", "owner", "goal_id", "work_project", "ad_campaign_name",
    "landing_page_url", "planned_launch_date", "cancelled_at",
)  # fmt: skip
REFUND_HEADER = (
    "refund_id", "crm_deal_id", "crm_source", "refunded_on", "amount", "currency", "reason",
)  # fmt: skip
REFUND_REASONS = ("cancellation", "goodwill", "chargeback")
REFUNDED = 0.1
"""Share of the won deals of which something was given back."""
WITH_TBD = "retargeting-always-on"
APPROVED_AGAIN = "product-launch-q3"
NOT_APPROVED = "customer-stories-fall"
APPROVED_AFTERWARDS = "brand-search-2026"
"""Live a week before anybody had approved its brief."""
METRICS = {
    "webinar": "webinar_sourced_pipeline",
    "product_launch": "pipeline_amount",
    "content_sprint": "leads",
    "lead_gen_blitz": "cost_per_lead",
    "brand_awareness": "touches",
    "conversion_optimization": "mql_to_sql_rate",
}
PURPOSES = {
    "webinar": "Fill the pipeline with teams that saw the product solve their problem",
    "product_launch": "Make the new release known to the market it was built for",
    "content_sprint": "Answer the questions that buyers ask before they talk to sales",
    "lead_gen_blitz": "Bring new leads before the quarter ends",
    "brand_awareness": "Be on the list when a budget opens",
    "conversion_optimization": "Turn more of the visitors who know us into leads",
}


def registered() -> list[Campaign]:
    """The campaigns of the registry."""
    return [campaign for campaign in CAMPAIGNS if campaign.is_registered]


def _registry_row(campaign: Campaign) -> list[str]:
    return [
        campaign.slug,
        campaign.valid_from.isoformat(),
        campaign.valid_to.isoformat() if campaign.valid_to else "",
        campaign.name,
        campaign.family,
        campaign.kind,
        campaign.source,
        campaign.medium,
        campaign.owner,
        campaign.goal,
        "",
        campaign.ad_name,
        f"{SITE}/{campaign.slug}",
        campaign.planned.isoformat(),
        campaign.cancelled_at,
    ]


def _brief_row(number: int, campaign: Campaign, version: int) -> list[str]:
    submitted = campaign.planned - timedelta(days=28 - 7 * (version - 1))
    approved = submitted + timedelta(days=1)
    if campaign.slug == APPROVED_AFTERWARDS:
        approved = campaign.planned + timedelta(days=7)
    return [
        f"B-{number:03d}",
        str(version),
        campaign.slug,
        f"{submitted.isoformat()}T14:00:00Z",
        "" if campaign.slug == NOT_APPROVED else f"{approved.isoformat()}T16:30:00Z",
        campaign.owner or "Ines Okafor",
        PURPOSES[campaign.kind],
        "Revenue leaders of companies with 50 to 1,000 people",
        "TBD" if campaign.slug == WITH_TBD else "A working session with one of our analysts",
        "HubSpot, Google Ads, GA4, Asana",
        campaign.planned.isoformat(),
        METRICS[campaign.kind],
        campaign.goal,
        "P0" if campaign.kind == "webinar" else "P1",
        campaign.planned.isoformat(),
        str(8_000 + 500 * number),
        "USD",
    ]


def write_templates(folder: Folder) -> None:
    """Registry and briefs; one brief has a second version, one no answer, one no approval."""
    campaigns = registered()
    registry = csv_text(REGISTRY_HEADER, [_registry_row(campaign) for campaign in campaigns])
    folder.write(REGISTRY, registry.encode(), FILLED_IN)
    rows = []
    for number, campaign in enumerate(campaigns, start=1):
        rows.append(_brief_row(number, campaign, 1))
        if campaign.slug == APPROVED_AGAIN:
            rows.append(_brief_row(number, campaign, 2))
    folder.write(BRIEFS, csv_text(BRIEF_HEADER, rows).encode(), FILLED_IN)


def write_refunds(folder: Folder, rng: np.random.Generator, deals: Deals) -> None:
    """What finance gave back of won deals, the whole or a third, up to ten weeks after the win."""
    won = np.flatnonzero((deals.outcome == WON) & (deals.amount > 0))
    picked = won[rng.random(len(won)) < REFUNDED]
    booked_at = deals.closed_at[picked] + rng.integers(3, 70, len(picked)) * DAY
    shares = rng.choice(np.array([1.0, 1 / 3]), len(picked))
    known = booked_at < PERIOD_END
    picked, shares = picked[known], shares[known]
    days = wall_days(NEW_YORK, booked_at[known])
    amounts = np.round(deals.amount[picked] * shares, 2)
    order = np.lexsort((deals.record_id[picked], days))
    rows = [
        [
            f"CN-2026-{number:03d}",
            str(deals.record_id[picked[row]]),
            "hubspot",
            day_of(int(days[row])).isoformat(),
            f"{amounts[row]:.2f}",
            str(deals.currency[picked[row]]),
            REFUND_REASONS[number % len(REFUND_REASONS)],
        ]
        for number, row in enumerate(order.tolist(), start=1)
    ]
    folder.write(REFUNDS, csv_text(REFUND_HEADER, rows).encode(), BOOKS_CLOSED)
