"""The site over the release that readers see, built now."""

from dataclasses import asdict
from pathlib import Path

from pipelines.reports.records import Report
from pipelines.run import require_same_company
from pipelines.settings import Settings
from pipelines.site import build_site


def report_site(home: Path, out: Path | None) -> Report:
    """Build the site, and say where it is.

    Raises:
        UsageError: readers see no release yet, a page cannot be made, the folder is somebody
            else's, or the home was built by a company's rules and none are named.
    """
    settings = Settings(exports=home, home=home)
    require_same_company(settings)
    site = build_site(settings, out)
    return {**asdict(site), "index": site.index}
