"""What is wrong with briefs: the screen of `brief`."""

from rich.console import Console

from pipelines.reports.records import Report
from pipelines.screen.console import say


def draw_briefs(console: Console, report: Report) -> None:
    """A line a finding, with what to do, and how many briefs have none."""
    findings = report["findings"]
    for finding in findings:
        where = f"{finding['utm_campaign'] or 'no campaign'}, {finding['brief_id']}"
        found = f" ({finding['found']})" if finding["found"] else ""
        say(
            console,
            finding["severity"],
            f"{where}, {finding['field_name']}: {finding['finding']}{found}. {finding['action']}",
            "red" if finding["severity"] == "error" else "yellow",
        )
    faulty = len({finding["brief_id"] for finding in findings})
    say(
        console,
        "briefs",
        f"{report['brief_count']}, {report['brief_count'] - faulty} without fault",
    )
