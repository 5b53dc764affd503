"""The screen of `export`."""

from rich.console import Console

from pipelines.reports.records import Report
from pipelines.screen.console import number, say


def draw_export(console: Console, report: Report) -> None:
    """Where it lies, and how much it is."""
    size = f"{number(report['rows'])} rows, {number(report['columns'])} columns of {report['mart']}"
    say(console, "wrote", f"{report['path']}: {size}, release {report['release']['release_id']}")
