"""Which skill a phrase asks for: the screen of `route`."""

from rich.console import Console

from pipelines.reports.records import Report
from pipelines.screen.console import say


def draw_route(console: Console, report: Report) -> None:
    """The skill, why, and what it is not."""
    say(console, report["skill"], report["description"])
    say(console, "because of", f'"{report["phrase"]}"')
    if report["not_skill"]:
        say(console, "not", f"{report['not_skill']}: {report['reason']}")
