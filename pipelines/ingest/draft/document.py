"""A draft, and the YAML that it is written as."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipelines.ingest.contract import Contract, read_contract


@dataclass(frozen=True)
class Column:
    """One column, and what its values say of it; `checks` are sentences for a person."""

    name: str
    label: str
    logical_type: str = "string"
    is_required: bool = False
    key_position: int = 0
    is_pii: bool = False
    repeats: bool = False
    pattern: str | None = None
    distinct: int = 0
    is_full: bool = False
    checks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Draft:
    """A contract in the making.

    Attributes:
        name: of the part of an archive or workbook that it is of; empty where it is the file.
        checks: sentences for a person, on the stream as a whole.
    """

    source: str
    stream: str
    name: str
    format: str
    columns: tuple[Column, ...]
    layout: str = "table"
    records: str | None = None
    preamble: dict[str, int | str] = field(default_factory=dict)
    total_labels: tuple[str, ...] = ()
    null_markers: tuple[str, ...] = ()
    is_localised: bool = False
    rows: int = 0
    facts: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The YAML document."""
        return "\n".join(_document(self)) + "\n"


def as_contract(draft: Draft, folder: Path) -> Contract:
    """The draft, read as any other contract."""
    path = folder / draft.source / f"{draft.stream}.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(draft.text, encoding="utf-8")
    return read_contract(path)


def also(draft: Draft, *checks: str) -> Draft:
    """The draft with more sentences for a person."""
    return replace(draft, checks=(*draft.checks, *checks))


def _document(draft: Draft) -> Iterator[str]:
    kind = f"{draft.source}.{draft.stream}"
    title = f"{draft.source} {draft.stream}".replace("_", " ").capitalize()
    yield f"# Drafted from {f'{draft.name}: ' if draft.name else ''}{', '.join(draft.facts)},"
    yield f"# {draft.rows} row(s). What the values leave open is marked: settle each `check` and"
    yield "# delete its mark. Say of a column what its label does not: unit, zone, what empty is;"
    yield "# and who owns the export (team), and when a missing one is late (latency)."
    yield from (f"# check: {check}." for check in draft.checks)
    yield from ("apiVersion: v3.2.0", "kind: DataContract", f"id: {kind}")
    yield from (f"name: {_yaml(title)}",)
    yield from ("version: 1.0.0", "status: active", "description:")
    yield '  purpose: ""  # check: what the export is, in a sentence.'
    yield '  usage: ""  # check: how somebody gets it, in the words of the vendor\'s screen.'
    yield from ("team:", "  name: Marketing operations")
    yield from ("slaProperties:", "  - property: latency")
    yield "    value: 48"
    yield from ("    unit: h", "customProperties:")
    yield from _custom("format", draft.format)
    if draft.layout != "table":
        yield from _custom("layout", draft.layout)
    if draft.records:
        yield from _custom("records", [draft.records])
    if draft.preamble:
        yield from _custom("preamble", draft.preamble)
    if draft.total_labels:
        yield from _custom("skipRows", {"cell_starts": list(draft.total_labels)})
    if draft.is_localised:
        yield from _custom("locale", "per_file")
    if draft.null_markers:
        yield from _custom("nullMarkers", list(draft.null_markers))
    yield "  # check: the subjects that it tells of, as [spend]; none if it only explains others."
    yield from _custom("feeds", [])
    if key := [c.name for c in _key(draft)]:
        yield "  # check: a newer row is taken to replace the older one of the same key."
        yield from _custom("replaces", {"by": key, "unit": "row"})
    else:
        yield "  # check: nothing tells its rows apart: all are kept, and what comes in two files"
        yield "  # counts twice; `replaces` says by what a newer file takes an older one's place."
    yield from ("schema:", f"  - name: {draft.stream}")
    yield f"    physicalName: raw_{kind}"
    grain = f"One row per {' and '.join(c.name for c in _key(draft)) or 'row of the export'}."
    yield f"    dataGranularityDescription: {grain}"
    yield "    properties:"
    for column in draft.columns:
        yield from _property(column)


def _key(draft: Draft) -> list[Column]:
    """The columns that were found to tell all rows of the file apart; none where none do."""
    return sorted((c for c in draft.columns if c.key_position), key=lambda c: c.key_position)


def _custom(name: str, value: object) -> Iterator[str]:
    yield f"  - property: {name}"
    if isinstance(value, dict):
        yield "    value:"
        for key, item in value.items():
            yield f"      {key}: {_yaml(item)}"
    else:
        yield f"    value: {_yaml(value)}"


def _property(column: Column) -> Iterator[str]:
    yield f"      - name: {column.name}"
    if column.label != column.name:
        yield f"        businessName: {_yaml(column.label)}"
    yield f"        description: {json.dumps(f'{column.label}.', ensure_ascii=False)}"
    yield from (f"        # check: {check}." for check in column.checks)
    yield f"        logicalType: {column.logical_type}"
    if column.key_position:
        yield "        primaryKey: true"
        yield f"        primaryKeyPosition: {column.key_position}"
    if column.is_required:
        yield "        required: true"
    if column.is_pii:
        yield "        classification: pii"
    if column.repeats:
        yield "        customProperties:"
        yield from ("          - property: repeats", "            value: true")


def _yaml(value: object) -> str:
    """A flow value: JSON is YAML, but yamllint wants no blanks it does not know."""
    if isinstance(value, str) and re.fullmatch("[A-Za-z][a-z_]{4,}( [A-Za-z_]+)*", value):
        return value if value.casefold() != "false" else json.dumps(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_yaml, value))}]"
    return json.dumps(value, ensure_ascii=False)
