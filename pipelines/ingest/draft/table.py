"""Where the table of a file is: header, preamble, records, and the names of its columns."""

from __future__ import annotations

import itertools
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pipelines.ingest.contract import Contract, Preamble, normalise
from pipelines.ingest.draft.document import Column, Draft, also
from pipelines.ingest.draft.shapes import EMAIL, SHAPES
from pipelines.ingest.recognise import declared_rows, period_of
from pipelines.ingest.sniff import Head, HeaderCandidate
from pipelines.settings import UsageError

DAY_IN_LINE = r"[0-9]{4}[-/]?[0-9]{2}[-/]?[0-9]{2}|[0-9]{1,2}[/.][0-9]{1,2}[/.][0-9]{4}"


def layout(head: Head, source: str, stream: str, name: str) -> tuple[Draft, HeaderCandidate | None]:
    """A draft that knows where the table is and what its columns are called, and its header."""
    if head.kind != "csv":
        records = _records(head)
        keys = head.page_keys(records) if records else head.keys
        if not keys:
            raise UsageError(f"{name or 'the file'} is JSON without records")
        kind = "any" if head.kind == "parquet" else "json"
        facts = (f"{head.kind}{f', {head.shape}' if head.shape else ''}", *_packed(head))
        draft = Draft(source, stream, name, kind, _columns(keys), records=records, facts=facts)
        return draft, (HeaderCandidate("", keys, 0, ()) if records else None)
    header, is_labelled = _header(head)
    facts = (
        *(head.encoding, *_packed(head), f"delimiter {json.dumps(header.delimiter)}"),
        f"{len(header.preamble)} line(s) above the header",
    )
    if is_labelled:
        draft = Draft(source, stream, name, "csv", _columns(header.cells), facts=facts)
        return draft, header
    labels = tuple(f"column_{place}" for place, _ in enumerate(header.cells, start=1))
    columns = tuple(Column(label, label) for label in labels)
    draft = Draft(source, stream, name, "csv", columns, layout="headerless", facts=facts)
    draft = also(draft, "the first line looks like data, not like a header: name the columns")
    return draft, replace(header, cells=labels, lines=0, preamble=())


def _packed(head: Head) -> tuple[str, ...]:
    return (head.compression,) if head.compression else ()


def _records(head: Head) -> str | None:
    """The key under which the one object of a file lists its records; None where it is none."""
    if head.shape == "array" or (head.shape == "lines" and "\n" in head.text.strip()):
        return None
    names = dict.fromkeys(re.findall(r'"(\w+)"\s*:\s*\[\s*\{', head.text))
    return max(names, key=lambda name: len(head.page_keys(name)), default=None)


def _header(head: Head) -> tuple[HeaderCandidate, bool]:
    """The first line that reads like labels and is as wide as most of the lines below it; where
    none does, the first of those, and False.
    """
    widths = Counter((c.delimiter, len(c.cells)) for c in head.candidates)
    if not widths:
        raise UsageError("the file is text without a table")
    (delimiter, width), _ = max(
        widths.items(), key=lambda item: ((item[0][1] - 1) * item[1], item[1])
    )
    table = [c for c in head.candidates if (c.delimiter, len(c.cells)) == (delimiter, width)]
    labelled = next((c for c in table if _is_label_line(c, table)), None)
    return (labelled, True) if labelled else (table[0], False)


def _is_label_line(line: HeaderCandidate, table: Sequence[HeaderCandidate]) -> bool:
    """Whether a line has words for most of the columns that are filled in any other line."""
    named = _filled(line)
    used = {place for other in table if other is not line for place in _filled(other)} or named
    values = (SHAPES["number"], SHAPES["date"], SHAPES["timestamp"], EMAIL)
    return len(named & used) > len(used) / 2 and not any(
        re.search(shape, line.cells[place].strip().casefold())
        for place in named
        for shape in values
    )


def _filled(line: HeaderCandidate) -> set[int]:
    return {place for place, cell in enumerate(line.cells) if cell.strip()}


def _columns(labels: Sequence[str]) -> tuple[Column, ...]:
    times = Counter(map(normalise, labels))
    columns: dict[str, Column] = {}
    for label in labels:
        if not normalise(label) or any(
            normalise(c.label) == normalise(label) for c in columns.values()
        ):
            continue
        name = base = slug(label)
        for number in itertools.count(2):
            if name not in columns:
                break
            name = f"{base}_{number}"
        count = times[normalise(label)]
        checks = (
            (
                f"the header comes {count} times: with `repeats` all values are kept as a list;"
                " without it, the first is the column",
            )
            if count > 1
            else ()
        )
        columns[name] = Column(name, label.strip(), repeats=count > 1, checks=checks)
    # A required column is asked for even of the first, provisional contract.
    first = next(iter(columns.values()))
    return (replace(first, is_required=True), *list(columns.values())[1:])


def slug(label: str) -> str:
    """A label as the name of a column, a stream or a source."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode()
    plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", plain.replace("%", " percent "))
    name = re.sub(r"[^a-z0-9]+", "_", plain.casefold()).strip("_") or "column"
    return name if name[0].isalpha() else f"n_{name}"


def with_preamble(draft: Draft, blank: Contract, lines: Sequence[str]) -> Draft:
    """What the lines above the header say: the period, the number of rows."""
    if not lines:
        return draft
    said: dict[str, int | str] = {}
    for number, _ in enumerate(lines, start=1):
        if period_of(replace(blank, preamble=Preamble(period_line=number)), lines):
            said["period_line"] = number
            break
    else:
        dated = [
            m for line in lines if (m := re.match(rf"(\D*?)({DAY_IN_LINE})\W*$", line.strip()))
        ]
        if len(dated) == 2:
            for key, found in zip(("period_start", "period_end"), dated, strict=True):
                said[key] = f"^{re.escape(found[1])}([0-9/.-]+)"
    for line in lines:
        if counted := re.match(
            r"(?i)(\W*(?:total )?rows?\W*[:=]\s*)[0-9][0-9,]*\W*$", line.strip()
        ):
            pattern = f"^{re.escape(counted[1])}([0-9,]+)"
            if declared_rows(replace(blank, preamble=Preamble(row_count=pattern)), lines):
                said["row_count"] = pattern
    check = "what the lines above the header say" if said else "whether a line above the header"
    check += " is found by these rules" if said else " says the period, the account or the currency"
    return also(replace(draft, preamble=said), check)
