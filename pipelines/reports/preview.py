"""What other rules would change in the release that readers see."""

from dataclasses import asdict

from pipelines.preview import preview
from pipelines.project import project
from pipelines.reports.records import Report
from pipelines.settings import Settings


def report_preview(settings: Settings) -> Report:
    """How the rules as they are now would differ from those that readers see the work of.

    Raises:
        UsageError: there is no release to compare with; a rule cannot be used.
    """
    found = preview(settings)
    company = project().company
    return {
        "status": found.outcome.status,
        "exit_code": found.outcome.exit_code,
        "message": found.outcome.message,
        "home": settings.home,
        "config": company.folder if company else None,
        "release": asdict(found.release),
        "differences": [asdict(difference) for difference in found.differences],
    }
