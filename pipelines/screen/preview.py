"""What other rules would change: the screen of `run --preview`."""

from itertools import takewhile
from typing import Any

from rich.console import Console

from pipelines.reports.records import Record, Report
from pipelines.screen.console import new_counts, number, say

SHOWN_COLUMNS = 6
SHOWN_CHARACTERS = 60
SIGNS = {"added": "+", "removed": "-", "changed": "~"}


def draw_preview(console: Console, report: Report) -> None:
    """Each mart that would differ, in which columns, and some of its rows; or why it would not."""
    release_id = report["release"]["release_id"]
    if report["status"] != "published":
        say(console, report["status"].capitalize(), f"by these rules: {report['message']}", "red")
    elif not report["differences"]:
        say(console, "Preview", f"these rules change nothing in release {release_id}", "green")
    else:
        count = len(report["differences"])
        said = f"{number(count)} mart{'s' * (count > 1)} of release {release_id} would differ"
        say(console, "Preview", said)
        table = new_counts("mart", "added", "removed", "changed")
        for row in report["differences"]:
            table.add_row(row["mart"], *(number(row[name]) for name in SIGNS))
        console.print(table)
        for row in report["differences"]:
            _draw_difference(console, row)
    say(
        console, "readers", f"see release {release_id} as before; without --preview a run adopts it"
    )


def _draw_difference(console: Console, row: Record) -> None:
    console.print()
    columns = sorted(row["columns"].items(), key=lambda item: (-item[1], item[0]))
    said = ", ".join(f"{name} {number(count)}" for name, count in columns[:SHOWN_COLUMNS])
    more = f" and {len(columns) - SHOWN_COLUMNS} more" if len(columns) > SHOWN_COLUMNS else ""
    altered = ", ".join(_altered(name, *types) for name, types in row["altered"].items())
    told = [f"changed in {said}{more}"] * bool(said) + [f"column {altered}"] * bool(altered)
    say(console, row["mart"], "; ".join(told))
    for example in row["examples"]:
        said = ", ".join(map(_shown, (example["said"] or example["row"]).values()))
        changes = list(example["columns"].items())[:SHOWN_COLUMNS]
        pairs = ", ".join(f"{name} {_pair(*pair)}" for name, pair in changes)
        say(console, f"  {SIGNS[example['what']]}", f"{said}{': ' * bool(pairs)}{pairs}")


def _pair(old: Any, new: Any) -> str:
    """Old and new; of two long texts what they do not begin with alike."""
    if isinstance(old, str) and isinstance(new, str) and len(f"{old}{new}") > SHOWN_CHARACTERS:
        same = takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False))
        alike = "".join(sign for sign, _ in same).rfind(" ") + 1
        old, new = ("…" * bool(alike) + text[alike:] for text in (old, new))
    return f"{_shown(old)} -> {_shown(new)}"


def _altered(name: str, old: str | None, new: str | None) -> str:
    if old is None:
        return f"{name} comes ({new})"
    return f"{name} goes ({old})" if new is None else f"{name} changes from {old} to {new}"


def _shown(value: Any) -> str:
    text = "-" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"
