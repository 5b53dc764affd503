"""The screens of `throughline forget` and `throughline reload`."""

from rich.console import Console

from pipelines.reports.records import Report
from pipelines.screen.console import number, say

SHOWN_FILES = 12


def draw_forgotten(console: Console, report: Report) -> None:
    """What was taken back."""
    rows = f"{number(report['rows'])} rows and {number(report['rejected'])} of the quarantine"
    say(console, "Forgotten", f"{rows}. {report['next']}", "green")
    _draw_paths(console, "file", report["files"])


def draw_reloaded(console: Console, report: Report) -> None:
    """What will be read again, and what cannot be."""
    again = len(report["again"]) + len(report["refused"])
    say(console, "Asked", f"{number(again)} files are read again by `{report['next']}`", "green")
    if report["gone"]:
        said = "are not among the exports any more: what was read of them stays"
        say(console, "gone", f"{number(len(report['gone']))} {said}", "yellow")
        _draw_paths(console, "", report["gone"])


def _draw_paths(console: Console, label: str, paths: list[str]) -> None:
    for path in paths[:SHOWN_FILES]:
        say(console, label, path)
    if len(paths) > SHOWN_FILES:
        say(console, "", f"… and {len(paths) - SHOWN_FILES} more: --json lists them all")
