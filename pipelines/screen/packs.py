"""The packs that were made: the screen of `pack`."""

from rich.console import Console

from pipelines.reports.records import Report
from pipelines.screen.console import say


def draw_packs(console: Console, report: Report) -> None:
    """Where each lies, and to whom it could not be sent."""
    for pack in report["packs"]:
        say(console, pack["title"], str(pack["path"]))
    if not report["packs"]:
        say(console, "packs", f"no meeting is due on {report['day']}; name one to make its pack")
    elif report["told"] is None:
        say(console, "", "a run is under way: it sends them when it ends", "yellow")
    else:
        for reason in report["told"]["reasons"]:
            say(console, "  not sent", reason, "yellow")
