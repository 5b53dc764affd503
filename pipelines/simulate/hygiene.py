"""Which tasks of data hygiene the team did, and the periods that it let pass on purpose."""

from datetime import date, timedelta

from pipelines.simulate.files import Folder, csv_text, moment
from pipelines.simulate.templates import APPROVED_AFTERWARDS, registered

WRITTEN_DOWN = moment(2026, 10, 1, 5, 30)
RUNS = "templates/hygiene_runs.csv"
RUN_HEADER = ("hygiene_task", "done_at", "utm_campaign", "done_by", "records_changed", "notes")

FIRST_DAY = date(2026, 1, 1)
"""Before it nobody wrote down what was done, and nothing was due."""
MONTHS = range(1, 10)
QUARTER_ENDS = (date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30))
NOT_DEDUPLICATED = 6
"""The month in which nobody did; what was done on 2 July is July's."""
NOT_UPDATED = QUARTER_ENDS[1]
VERIFIED_LATE = "product-launch-q3"
NOT_VERIFIED = "lead-gen-blitz-may"
DAYS_BEFORE, DAYS_AFTER = 20, 30
"""Before and after the day for which a campaign was planned: after is after its launch."""


def planted() -> list[list[str]]:
    """Kind, campaign, entity and note of each period that was missed, and no other."""
    kind = "hygiene_missed"
    return [
        [kind, "", "deduplicate_crm 2026-06-01", "done two days into July"],
        [kind, "", "update_firmographics 2026-04-01", "nobody did"],
        [kind, VERIFIED_LATE, "verify_emails", "after its launch"],
        [kind, NOT_VERIFIED, "verify_emails", "nobody did"],
        [kind, APPROVED_AFTERWARDS, "verify_emails", "nobody did: out before it was approved"],
    ]


def _runs() -> list[list[str]]:
    rows = []

    def add(task: str, at: str, slug: str = "", changed: str = "") -> None:
        rows.append([task, at, slug, "Marketing Ops", changed, ""])

    for month in MONTHS:
        if month != NOT_DEDUPLICATED:
            day = date(2026, month, 2)
            add("deduplicate_crm", f"{day.isoformat()}T15:00:00Z", changed=str(3 + month))
        add("audit_utm", f"{date(2026, month, 20).isoformat()}T15:00:00Z")
    for end in QUARTER_ENDS:
        # The last second of the quarter where the company is.
        at = f"{end.isoformat()}T23:59:59-04:00"
        add("clean_inactive_contacts", at)
        add("review_lead_scores", at)
        if end != NOT_UPDATED:
            add("update_firmographics", at)
    for campaign in registered():
        if campaign.slug == NOT_VERIFIED:
            continue
        late = campaign.slug == VERIFIED_LATE
        day = campaign.planned + timedelta(days=DAYS_AFTER if late else -DAYS_BEFORE)
        if not FIRST_DAY <= day <= QUARTER_ENDS[-1]:
            continue
        add("verify_emails", f"{day.isoformat()}T15:00:00Z", slug=campaign.slug)
    return rows


def write_hygiene(folder: Folder) -> None:
    """The template, as it lies there when the exports are taken."""
    folder.write(RUNS, csv_text(RUN_HEADER, _runs()).encode(), WRITTEN_DOWN)
