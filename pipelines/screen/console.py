"""Stdout for people and for programs: lines, tables and values as text, or one JSON object."""

import contextlib
import json
import signal
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.reports.records import Report
from pipelines.settings import utc_text

LABEL_WIDTH = 14


def show(report: Report, draw: Callable[[Console, Report], None], *, as_json: bool) -> None:
    """A report on stdout: drawn for people, or as one JSON object."""
    if as_json:
        print_json(report)
    else:
        draw(_stdout(), report)


def show_beside(report: Report, draw: Callable[[Console, Report], None]) -> None:
    """A report drawn on stderr: stdout has the result, for a program to take."""
    draw(_wide(_Stdout(stderr=True, highlight=False, markup=False)), report)


def print_json(report: Report) -> None:
    """A report on stdout as one JSON object."""
    _stdout().out(as_text(report), highlight=False)


def as_text(report: Report) -> str:
    """A report as one JSON object."""
    return json.dumps(report, default=_plain, indent=2, ensure_ascii=False, allow_nan=False)


def _plain(value: object) -> str | float:
    """What JSON has no type for: times as ISO 8601 in UTC, decimals as numbers, paths as text."""
    if isinstance(value, datetime):
        return utc_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


class _Stdout(Console):
    """Ends as Unix tools do where nobody reads on, as in `throughline status | head -1`."""

    def on_broken_pipe(self) -> None:
        with contextlib.suppress(SystemExit):
            super().on_broken_pipe()
        raise SystemExit(128 + signal.SIGPIPE)


def _stdout() -> Console:
    """Stdout. What is piped is not wrapped to a terminal's width that nobody has."""
    return _wide(_Stdout(highlight=False, markup=False))


def _wide(console: Console) -> Console:
    if not console.is_terminal:
        console.width = 120
    return console


def say(console: Console, what: str, said: str, style: str = "") -> None:
    """One line, `what` first; the terminal folds it, so that it can be copied whole."""
    label = (f"{what:<{LABEL_WIDTH}}", f"bold {style}".strip())
    console.print(Text.assemble(label, " ", said), soft_wrap=True)


def new_table(first: str, *others: str) -> Table:
    """A table of text with these columns."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column(first, no_wrap=True)
    for name in others:
        table.add_column(name)
    return table


def new_counts(first: str, *others: str) -> Table:
    """A table whose columns but the first hold numbers."""
    table = new_table(first)
    for name in others:
        table.add_column(name, justify="right")
    return table


def number(value: Any) -> str:
    """A number with its thousands apart, or a dash."""
    return "-" if value is None else f"{value:,}"
