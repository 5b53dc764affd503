"""What was simulated, and how to go on."""

from rich.console import Console

from pipelines.reports.records import Report
from pipelines.screen.console import say


def draw_simulated(console: Console, report: Report) -> None:
    """How large the company is, and the command that loads it."""
    for name, value in report.items():
        if name not in ("status", "next"):
            text = f"{value:,}" if isinstance(value, int | float) else str(value)
            say(console, name.replace("_", " "), text)
    say(console, "next", report["next"], "green")
