"""The site that was built: the screen of `site`."""

from rich.console import Console

from pipelines.reports.records import Report
from pipelines.screen.console import say


def draw_site(console: Console, report: Report) -> None:
    """Where it is, and of which release."""
    said = f"{report['page_count']} pages of release {report['release_id']}"
    say(console, "Built", f"{said} in {report['seconds']:.1f} s", "green")
    say(console, "look at it", str(report["index"]))
