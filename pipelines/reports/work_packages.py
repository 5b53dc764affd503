"""The work that an approved brief leads to, as files that Asana and Jira import."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from pipelines.reports.records import Record, Report, records, released
from pipelines.settings import UsageError
from pipelines.strict import one_of

CARD = "sprint_card"
# What an earlier version has made, and this one leaves as it was, is there already.
ITEMS_SQL = """
    select * from operations.fct_work_packages
    where is_latest_version and (package_state = 'needs_input' or item_change <> 'same')
    order by brief_id, version, item_key <> 'sprint_card', due_date, seq, item_key
"""

Item = Record


def _title(item: Item) -> str:
    return f"{item['item_name']}: {item['campaign_name']}"


def _notes(item: Item) -> str:
    """Who answers for it, and which brief wants it so."""
    said = [f"Accountable: {item['accountable_name'] or 'nobody'} ({item['accountable_role']})"]
    if item["backup_name"]:
        said.append(f"backup: {item['backup_name']}")
    said.append(f"brief {item['brief_id']}, version {item['version']}")
    if item["due_before_date"]:
        said.append(f"was due {item['due_before_date']}")
    return ", ".join(said)


def _asana(items: list[Item]) -> Iterator[dict[str, Any]]:
    """By the headers of Asana's own CSV; the day is as it reads them anywhere."""
    card = next((item for item in items if item["item_key"] == CARD), None)
    for item in items:
        yield {
            "Name": _title(item),
            "Section/Column": item["workflow_step"],
            "Assignee": item["accountable_name"],
            "Due Date": item["due_date"],
            "Notes": _notes(item),
            "Projects": item["campaign_name"],
            "Parent task": _title(card) if card and item is not card else None,
        }


def _jira(items: list[Item]) -> Iterator[dict[str, Any]]:
    """Jira asks for the form of dates once: yyyy-MM-dd. A parent goes before its sub-tasks."""
    has_card = items[0]["item_key"] == CARD
    for number, item in enumerate(items, start=1):
        is_child = has_card and number > 1
        yield {
            "Issue ID": number,
            "Parent ID": 1 if is_child else None,
            "Issue Type": "Sub-task" if is_child else "Task",
            "Summary": _title(item),
            "Assignee": item["accountable_name"],
            "Due Date": item["due_date"],
            "Labels": item["workflow_step"],
            "Description": _notes(item),
        }


TOOLS: Mapping[str, Callable[[list[Item]], Iterator[dict[str, Any]]]] = {
    "asana": _asana,
    "jira": _jira,
}


def report_work_packages(home: Path, tool: str, out: Path) -> Report:
    """Write a file for each approved brief whose newest version adds or moves work.

    Args:
        home: the warehouse's.
        tool: which imports it, one of TOOLS.
        out: the folder that the files go into; what is there of the same version is replaced.

    Raises:
        UsageError: no such tool, or readers see no release yet.
    """
    if tool not in TOOLS:
        raise UsageError(f"there is no tool {tool}, expected {one_of(tool, TOOLS)}")
    with released(home) as (con, _):
        return write_packages(con, tool, out)


def packages_key(home: Path) -> str:
    """A text that changes whenever the files would; empty where there would be none.

    Raises:
        UsageError: readers see no release yet.
    """
    with released(home) as (con, _):
        planned = [
            item for item in records(con, ITEMS_SQL) if item["package_state"] != "needs_input"
        ]
    return hashlib.sha256(repr(planned).encode()).hexdigest() if planned else ""


def write_packages(con: duckdb.DuckDBPyConnection, tool: str, out: Path) -> Report:
    """The same, of an open release: the files written, and the briefs that need input first."""
    items = records(con, ITEMS_SQL)
    written: list[str] = []
    needing: list[str] = []
    for (brief, version), group in groupby(items, lambda item: (item["brief_id"], item["version"])):
        package = list(group)
        if package[0]["package_state"] == "needs_input":
            needing.append(f"{brief} version {version}: {package[0]['campaign_name']}")
            continue
        rows = list(TOOLS[tool](package))
        # A brief's number is somebody's text.
        name = re.sub(r"[^A-Za-z0-9]+", "-", str(brief)).strip("-")
        path = out / f"{name}-v{version}-{tool}.csv"
        out.mkdir(parents=True, exist_ok=True)
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        written.append(str(path))
    return {"tool": tool, "written": written, "needs_input": needing}
