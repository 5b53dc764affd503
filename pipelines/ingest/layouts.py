"""Reports that are no plain table, rewritten into one: grouped boards, vertical lists, stacks.

They are what a person downloads from a page, thousands of lines at most, so they are read line by
line; whatever can be large is a plain table and read by DuckDB.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.ingest.contract import Contract, normalise
from pipelines.ingest.recognise import Match

STACKED_COLUMNS = (
    *("table_number", "table_title", "period_start", "period_end"),
    *("record_number", "label", "value"),
)
SUBITEMS = "subitems"


@dataclass(frozen=True)
class Flattened:
    """A report as a table: its header, its rows, and how many lines were neither."""

    header: tuple[str, ...]
    rows: tuple[list[str], ...]
    skipped: int


def flatten(path: Path, match: Match) -> Flattened:
    """Rewrite a report whose contract has a layout of its own.

    Args:
        path: the file, UTF-8.
        match: its contract and the line that is the header.
    """
    assert match.header is not None  # noqa: S101 - recognised by a header or a signature
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as text:
        lines = list(csv.reader(text, delimiter=match.header.delimiter))
    layouts = {"grouped": _grouped, "vertical": _vertical, "stacked": _stacked}
    return layouts[match.contract.layout](lines, match)


def _filled(line: Sequence[str]) -> list[str]:
    return [cell.strip() for cell in line if cell.strip()]


# --- grouped: the header comes again for every group


def _grouped(lines: Sequence[list[str]], match: Match) -> Flattened:
    header = [cell.strip() for cell in match.columns]
    labels = [label for label in header if label]
    board = next((_filled(line)[0] for line in lines if _filled(line)), "")
    group = item = ""
    columns: list[str] = []
    sub_columns: list[str] = []
    records: list[dict[str, str]] = []
    skipped = 0
    for number, line in enumerate(lines):
        cells = _filled(line)
        if not cells:
            continue
        place = {"board_name": board, "group_name": group}
        if _is_header(line, labels):
            columns, sub_columns = [cell.strip() for cell in line], []
        elif normalise(line[0]) == SUBITEMS:
            sub_columns = [cell.strip() for cell in line]
        elif len(cells) == 1 and line[0].strip() and _announces(lines, number, labels):
            group, columns, sub_columns = cells[0], [], []
        elif not columns:
            pass  # the board's name and description
        elif line[0].strip():
            item, sub_columns = line[0].strip(), []
            records.append({**dict(zip(columns, line, strict=False)), **place})
            continue
        elif sub_columns and len(line) > 1 and line[1].strip():
            # An indented line: its name stands where the header of its block says "Name".
            cells_by_label = dict(zip(sub_columns[1:], line[1:], strict=False))
            named = {columns[0]: cells_by_label.pop(sub_columns[1], "")}
            records.append({**cells_by_label, **named, **place, "parent_name": item})
            continue
        skipped += 1
    known = dict.fromkeys([*labels, *(key for record in records for key in record if key)])
    return Flattened(
        tuple(known), tuple([record.get(key, "") for key in known] for record in records), skipped
    )


def _is_header(line: Sequence[str], labels: Sequence[str]) -> bool:
    cells = {normalise(cell) for cell in line}
    return sum(normalise(label) in cells for label in labels) > len(labels) / 2


def _announces(lines: Sequence[list[str]], number: int, labels: Sequence[str]) -> bool:
    """Whether the next line with anything in it is the header: then this one names a group."""
    following = next((line for line in lines[number + 1 :] if _filled(line)), [])
    return _is_header(following, labels)


# --- vertical: a label and a value a line


def _vertical(lines: Sequence[list[str]], match: Match) -> Flattened:
    contract = match.contract
    record: dict[str, str] = {}
    links: list[dict[str, str]] = []
    columns: list[str] = []
    skipped = 0
    for line in lines:
        cells = _filled(line)
        if not cells:
            columns = []
        elif _column(contract, line[0]) == "links":
            columns, skipped = [cell.strip() for cell in line], skipped + 1
        elif columns:
            links.append(dict(zip(columns, (cell.strip() for cell in line), strict=False)))
            skipped += 1
        elif len(cells) > 1:
            record.setdefault(line[0].strip().rstrip(":"), cells[1])
            # Of one record in many lines, the first line is the row.
            skipped += len(record) > 1
        else:
            skipped += 1
    if links:
        record["links"] = json.dumps(links, ensure_ascii=False)
    rows = ([*record.values()],) if record else ()
    return Flattened(tuple(record), rows, skipped)


def _column(contract: Contract, label: str) -> str | None:
    return contract.column_of(label.strip().rstrip(":"))[0]


# --- stacked: several tables, each behind comment lines of its own


def _stacked(lines: Sequence[list[str]], match: Match) -> Flattened:
    del match
    rows: list[list[str]] = []
    header: list[str] = []
    said = {"title": "", "start": "", "end": ""}
    number = record = skipped = 0
    after_comment = True
    for line in lines:
        text = ",".join(line).strip()
        if text.startswith("#") or not _filled(line):
            skipped += text.startswith("#")
            if not after_comment:
                said["title"] = ""
            after_comment = True
            _note(said, text.lstrip("# ").strip())
            continue
        if after_comment:
            header, after_comment = [cell.strip() for cell in line], False
            number, record, skipped = number + 1, 0, skipped + 1
            continue
        record += 1
        place = [str(number), said["title"], said["start"], said["end"], str(record)]
        rows += [[*place, label, cell] for label, cell in zip(header, line, strict=False)]
    return Flattened(STACKED_COLUMNS, tuple(rows), skipped)


def _note(said: dict[str, str], comment: str) -> None:
    """Keep what a comment line says of the table below it."""
    for key, label in (("start", "Start date:"), ("end", "End date:")):
        if comment.startswith(label):
            said[key] = comment.removeprefix(label).strip()
            return
    if comment and not re.match(r"-+$|Account: |Property: ", comment):
        said["title"] = comment
