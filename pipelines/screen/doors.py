"""The doors that a company has beside the file: lines of `run` and `rollback`."""

from collections.abc import Sequence

from rich.console import Console

from pipelines.reports.records import Record
from pipelines.screen.console import say


def draw_doors(console: Console, doors: Sequence[Record]) -> None:
    """One line a door: which release it shows, or why it does not."""
    for door in doors:
        if door["status"] == "failed":
            said = f"not at release {door['release_id']}: {door['message']}; every run tries again"
            say(console, door["door"], said, "yellow")
        else:
            say(console, door["door"], f"shows release {door['release_id']}")
