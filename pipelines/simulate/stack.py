"""The stack of tools and the marketing audit, as marketing operations would write them down.

Some of it is wrong on purpose; `planted` names each such fault for the truth.
"""

from pipelines.simulate.files import Folder, csv_text, moment

INVENTORY = "templates/tool_inventory.csv"
EVALUATIONS = "templates/tool_evaluations.csv"
AUDIT = "templates/marketing_audit.csv"
FILLED_IN = moment(2026, 9, 29, 15)

INVENTORY_HEADER = (
    "tool", "category", "owner", "connects_to_crm", "connects_to_warehouse", "contract_renewal",
    "contract_reviewed_on", "cost", "cost_currency", "licensed", "active_users",
)  # fmt: skip
EVALUATION_HEADER = (
    "tool", "evaluated_on", "problem_score", "integration_score", "cost_score",
    "time_to_value_score", "support_score", "has_crm_integration", "evidence",
)  # fmt: skip
AUDIT_HEADER = ("area", "audited_on", "score", "status", "action", "evidence")

_OPS, _PAID = "Rowan Castellano", "Mateo Lindqvist"
_INVENTORY = (
    ("HubSpot", "crm", _OPS, "yes", "yes", "2026-12-31", "2026-01-15", 18000, "USD", 20, 17),
    ("GA4", "analytics", _OPS, "no", "yes", "", "", 0, "USD", 6, 6),
    ("Google Ads", "ads", _PAID, "yes", "yes", "", "", 0, "USD", 3, 3),
    # Reviewed ten months ago, which is within the year.
    ("Asana", "work", "Ines Okafor", "no", "yes", "2026-11-30", "2025-11-20", 1500, "USD", 10, 9),
    ("Postbox", "email", "", "yes", "no", "2027-02-01", "2026-02-01", 2400, "USD", 5, 4),
    ("Slidewright", "content", "Jonas Feld", "no", "yes", "2027-01-31", "2025-08-01", 900, "USD",
     8, ""),
    ("Chirp", "social", "Jonas Feld", "no", "no", "", "", 300, "USD", 2, 2),
    ("Rankwise", "seo", _PAID, "yes", "no", "", "", 1200, "USD", 2, 2),
    ("Crawlbird", "seo", _PAID, "yes", "no", "", "", 1100, "USD", 2, 1),
    ("Pagewright", "cms", "Jonas Feld", "yes", "no", "", "", 600, "USD", 4, 4),
)  # fmt: skip
FAILED_CHECKS = {
    "Postbox owner": "nobody answers for it",
    "Slidewright contract": "reviewed fourteen months ago",
    "Slidewright adoption": "nobody counts who uses it",
    "Slidewright data_flow": "no contract for what it sends",
    "Chirp connection": "neither to the CRM nor to the warehouse",
    "Rankwise overlap": "does what Crawlbird does",
    "Crawlbird overlap": "does what Rankwise does",
}
_EVALUATIONS = (
    ("Threadline", "2026-09-15", 3, 3, 3, 3, 3, "no", "the best of all, by itself"),
    ("Northmail", "2026-09-15", 3, 2, 3, 2, 1, "yes", "just good enough"),
    ("Oldmail", "2026-06-15", 2, 2, 2, 2, 2, "yes", "fair"),
)
_AUDIT = (
    ("strategy", 4, "Register kept", "Review H-05", "strategy register"),
    ("content", 3, "Steady", "More customer stories", "calendar"),
    ("seo", 3, "Pages found", "Choose one of two tools", "search console"),
    ("paid", 4, "Search pays", "Less for display", "channel performance"),
    ("email", 4, "Welcome runs", "Mend its length", "enrolments"),
    ("social", 6, "Lively", "", "a feeling"),
    ("martech", 3, "Ten tools", "Connect them", "inventory"),
    ("data", 4, "Clean", "Tag every launch", "checks"),
)
AUDITED_ON = "2026-09-25"


def planted() -> list[list[str]]:
    """Kind, campaign, entity and note of each fault that the marts should find, and no other."""
    return [
        *(["tool_check_failed", "", entity, note] for entity, note in FAILED_CHECKS.items()),
        ["stack_gap", "", "marketing_automation", "critical, and there is no such tool"],
        ["tool_rejected", "", "Threadline", "best score, no integration with the CRM"],
        ["audit_score_invalid", "", "social", "six of five"],
    ]


def write_stack(folder: Folder) -> None:
    """Inventory, evaluations and audit."""
    audit = [(area, AUDITED_ON, *rest) for area, *rest in _AUDIT]
    for path, header, rows in (
        (INVENTORY, INVENTORY_HEADER, _INVENTORY),
        (EVALUATIONS, EVALUATION_HEADER, _EVALUATIONS),
        (AUDIT, AUDIT_HEADER, audit),
    ):
        folder.write(path, csv_text(header, rows).encode(), FILLED_IN)
