"""A contract drafted from one file, for a person to finish: `throughline contract new`.

The file is read by the reader itself, every column as text, and its values say the rest. Whatever
they cannot say is marked `# check:`; `throughline contract check` refuses a contract with such a
mark in it. No value of a file is written into a contract, but for markers of nothing and totals.
"""

from __future__ import annotations

import itertools
import json
import re
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from pipelines.ingest.contract import Contract, Preamble, normalise, read_contract
from pipelines.ingest.locale import AMBIGUOUS_DATE, LocaleError, decide
from pipelines.ingest.parts import KINDS, PartsError, as_utf8, parts_of
from pipelines.ingest.places import find_files
from pipelines.ingest.read import (
    SHEET_DATE,
    FileToRead,
    UnreadableError,
    parquet_columns,
    read_file,
)
from pipelines.ingest.recognise import declared_rows, match_columns, period_of
from pipelines.ingest.sniff import Head, HeaderCandidate, look
from pipelines.ingest.warehouse import OPS_TABLES, ensure_raw_tables, landed_table
from pipelines.settings import UsageError, utc_now

NULL_MARKERS = (
    *("--", "-", "\u2014", "null", "none", "n/a", "na", "#n/a", "\\n", "undefined", "unknown"),
    *("(not set)", "(none)", "[not provided]", "(blank)", "tbd", "?"),
)
TOTAL = (
    "^(grand total|sub-?total|totals?|sum|overall|summe|gesamt\\w*|insgesamt|total général"
    "|totale|suma|razem|totaal)([ :\u2013-].*)?$"
)
ISO_DAY = "^(19|20)[0-9]{2}[-/]?(0[1-9]|1[0-2])[-/]?[0-3][0-9]"
DAY_IN_LINE = r"[0-9]{4}[-/]?[0-9]{2}[-/]?[0-9]{2}|[0-9]{1,2}[/.][0-9]{1,2}[/.][0-9]{4}"
# In this order: the first that nearly all values are like is the type.
SHAPES = {
    "boolean": "^(true|false|yes|no)$",
    "integer": r"^-?[0-9]{1,18}$",
    "number": "^[-+]?[$€£¥₹]? ?[0-9][0-9.,'\u00a0\u202f ]*(e[-+]?[0-9]+)? ?[%€$£]?$",
    "date": f"({ISO_DAY}$|{AMBIGUOUS_DATE.replace('(?:[^0-9].*)?', '')})",
    "timestamp": f"({ISO_DAY}[t ][0-9]{{1,2}}:"
    f"|{AMBIGUOUS_DATE.replace('(?:[^0-9].*)?', '[t ,].*:.*')})",
    "object": r"^\{.*\}$",
    "array": r"^\[.*\]$",
}
NEARLY_ALL = 0.9
# Read as text, whatever its digits look like: nobody adds these up.
IDENTIFIER = re.compile(r"(^|_)(id|ids|key|code|zip|postcode|postal|phone|mobile|number|gid|uuid)$")
PERSONAL = re.compile(
    r"(^|_)(e_?mail|phone|mobile|(first|last|full|contact|given|family|user)_?name|address|ip"
    r"|ip_address|birth\w*|street|owner|assignee|author)(_|$)"
)
EMAIL = r"^[^@ ]+@[^@ ]+[.][a-z]{2,}$"
PHONE = r"^[+][0-9][0-9 ()./-]{7,}$"
MEASURES = ("number", "boolean", "object", "array")
MOST_KEY_COLUMNS = 3
TRIED_FOR_KEY = 10
ENOUGH_ROWS = 20
MOST_REQUIRED = 5
ERRORS = (duckdb.Error, OSError, EOFError, UnicodeError, LookupError, UnreadableError)


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


def draft_contracts(path: Path, source: str | None, stream: str | None) -> list[Draft]:
    """Draft the contract of a file, or of every table of an archive or workbook.

    Args:
        path: any file that the loader reads.
        source, stream: names; without them they come from the file's name.

    Raises:
        UsageError: the file holds no table, or several while one name is given for them.
    """
    if not path.is_file():
        raise UsageError(f"{path} is no file; give an export as the vendor wrote it")
    names = _slug(source or re.sub(r"[0-9]{4,}", " ", path.name.split(".")[0])), stream
    (found,) = (f for f in find_files(path.parent) if f.path == path)
    try:
        head = look(path)
        if head.kind not in KINDS:
            return [_draft(path, head, names[0], _slug(stream or names[0]), "", is_sheet=False)]
        drafts = []
        for part in parts_of(found, path, head):
            inner = part.found
            assert inner.path is not None  # noqa: S101 - a part lies in a temporary folder
            name = inner.relative.removeprefix(f"{found.relative}/")
            of_part = _slug(stream or Path(name).stem)
            drafts.append(
                _draft(
                    *(inner.path, look(inner.path), names[0], of_part, name),
                    is_sheet=part.is_sheet,
                )
            )
    except (*ERRORS, PartsError) as error:
        raise UsageError(f"{path} cannot be read: {error}") from error
    if stream and len(drafts) > 1:
        raise UsageError(f"{path} holds {len(drafts)} tables; leave out --stream, each gets one")
    return drafts


def _draft(path: Path, head: Head, source: str, stream: str, name: str, *, is_sheet: bool) -> Draft:
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as con:
        if head.kind == "parquet":
            head = replace(head, keys=parquet_columns(con, path))
        if head.kind not in ("csv", "json", "parquet"):
            raise UsageError(f"{name or path} is {head.detail or 'empty'}; expected a table")
        draft, header = _layout(head, source, stream, name)
        contract = _as_contract(draft, Path(folder))
        draft = _with_preamble(draft, contract, header.preamble if header else ())
        con.execute(OPS_TABLES)
        ensure_raw_tables(con, [contract])
        match = match_columns(contract, header.cells if header else head.keys)
        match = replace(match, header=header, records=draft.records)
        with as_utf8(path, head.encoding) as readable:
            file = FileToRead(readable, head, match, 1, utc_now(), is_sheet=is_sheet)
            con.begin()
            reading = read_file(con, file, line_by_line=head.shape == "lines")
            con.commit()
        draft = replace(draft, rows=reading.loaded)
        if reading.rejected:
            reasons = con.execute(
                "select string_agg(distinct reason, ', ') from ops.rejected_rows"
            ).fetchall()[0][0]
            draft = _also(
                draft,
                f"{reading.rejected} of {reading.read} lines could not be read ({reasons}). If they"
                " are totals or footers, skipRows.line_matches skips them; if they are most of the"
                " file, another `layout` may fit",
            )
        draft = _profiled(con, contract, draft, is_sheet=is_sheet)
        _as_contract(draft, Path(folder))
    return draft


def _as_contract(draft: Draft, folder: Path) -> Contract:
    path = folder / draft.source / f"{draft.stream}.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(draft.text, encoding="utf-8")
    return read_contract(path)


def _also(draft: Draft, *checks: str) -> Draft:
    return replace(draft, checks=(*draft.checks, *checks))


# --- where the table is


def _layout(
    head: Head, source: str, stream: str, name: str
) -> tuple[Draft, HeaderCandidate | None]:
    if head.kind != "csv":
        records = _records(head)
        keys = head.page_keys(records) if records else head.keys
        if not keys:
            raise UsageError(f"{name or 'the file'} is JSON without records")
        kind = "any" if head.kind == "parquet" else "json"
        facts = (f"{head.kind}{f', {head.shape}' if head.shape else ''}", *_packed(head))
        draft = Draft(source, stream, name, kind, _columns(keys), records=records, facts=facts)
        return draft, (HeaderCandidate("", keys, 0, ()) if records else None)
    header = _header(head)
    facts = (
        *(head.encoding, *_packed(head), f"delimiter {json.dumps(header.delimiter)}"),
        f"{len(header.preamble)} line(s) above the header",
    )
    if _is_label_line(header.cells):
        draft = Draft(source, stream, name, "csv", _columns(header.cells), facts=facts)
        return draft, header
    labels = tuple(f"column_{place}" for place, _ in enumerate(header.cells, start=1))
    columns = tuple(Column(label, label) for label in labels)
    draft = Draft(source, stream, name, "csv", columns, layout="headerless", facts=facts)
    draft = _also(draft, "the first line looks like data, not like a header: name the columns")
    return draft, replace(header, cells=labels, lines=0, preamble=())


def _packed(head: Head) -> tuple[str, ...]:
    return (head.compression,) if head.compression else ()


def _records(head: Head) -> str | None:
    """The key under which the one object of a file lists its records; None where it is none."""
    if head.shape == "array" or (head.shape == "lines" and "\n" in head.text.strip()):
        return None
    names = dict.fromkeys(re.findall(r'"(\w+)"\s*:\s*\[\s*\{', head.text))
    return max(names, key=lambda name: len(head.page_keys(name)), default=None)


def _header(head: Head) -> HeaderCandidate:
    """The first line that reads like labels and is as wide as most of the lines below it."""
    widths = Counter((c.delimiter, len(c.cells)) for c in head.candidates)
    if not widths:
        raise UsageError("the file is text without a table")
    (delimiter, width), _ = max(
        widths.items(), key=lambda item: ((item[0][1] - 1) * item[1], item[1])
    )
    table = [c for c in head.candidates if (c.delimiter, len(c.cells)) == (delimiter, width)]
    return next((c for c in table if _is_label_line(c.cells)), table[0])


def _is_label_line(cells: Sequence[str]) -> bool:
    filled = [cell.strip() for cell in cells if cell.strip()]
    values = (SHAPES["number"], SHAPES["date"], SHAPES["timestamp"], EMAIL)
    return len(filled) > len(cells) / 2 and not any(
        re.search(shape, cell) for cell in filled for shape in values
    )


def _columns(labels: Sequence[str]) -> tuple[Column, ...]:
    times = Counter(map(normalise, labels))
    columns: dict[str, Column] = {}
    for label in labels:
        if not normalise(label) or any(
            normalise(c.label) == normalise(label) for c in columns.values()
        ):
            continue
        name = base = _slug(label)
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


def _slug(label: str) -> str:
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode()
    plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", plain.replace("%", " percent "))
    name = re.sub(r"[^a-z0-9]+", "_", plain.casefold()).strip("_") or "column"
    return name if name[0].isalpha() else f"n_{name}"


def _with_preamble(draft: Draft, blank: Contract, lines: Sequence[str]) -> Draft:
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
    return _also(replace(draft, preamble=said), check)


# --- what the values say


def _profiled(
    con: duckdb.DuckDBPyConnection, contract: Contract, draft: Draft, *, is_sheet: bool
) -> Draft:
    table = landed_table(contract)
    landed = {row[0] for row in con.execute(f"describe {table}").fetchall()}
    columns = [c for c in draft.columns if c.name in landed]
    cells = [f'trim("{c.name}")' for c in columns]
    totals = con.execute(
        "select distinct trim(regexp_extract(cell, '^[^:\u2013-]*')) from ("
        + " union all ".join(f"select {cell} as cell from {table}" for cell in cells)
        + f") where regexp_matches(lower(cell), '{TOTAL}') order by all"
    ).fetchall()
    labels = tuple(label for (label,) in totals)
    is_total = " or ".join(
        f"coalesce(starts_with({cell}, {_sql(label)}), false)" for cell in cells for label in labels
    )
    con.execute(
        f"create temp view data as from {table}"
        f" where not _is_skipped and not ({is_total or 'false'})"
    )
    markers = tuple(
        value
        for (value,) in con.execute(
            "select distinct cell from ("
            + " union all ".join(f"select {cell} as cell from data" for cell in cells)
            + f") where lower(cell) in ({', '.join(map(_sql, NULL_MARKERS))}) order by all"
        ).fetchall()
    )
    draft = replace(draft, total_labels=labels, null_markers=markers)
    if labels:
        draft = _also(draft, "whether rows that begin so are sums of others, and never data")
    if markers:
        draft = _also(draft, "whether each of the null markers means nothing, in every column")
    nothing = f"({', '.join(map(_sql, ('', *markers)))})"
    found = tuple(
        _typed(con, column, nothing, is_sheet=is_sheet) if column.name in landed else column
        for column in draft.columns
    )
    if "_extra" in landed:
        draft = _also(draft, "keys that only some records have are in _extra; name those you need")
    draft = _keyed(con, replace(draft, columns=found))
    return _localised(con, draft)


def _typed(
    con: duckdb.DuckDBPyConnection, column: Column, nothing: str, *, is_sheet: bool
) -> Column:
    shapes = ", ".join(
        f"count(*) filter (regexp_matches(lower(v), {_sql(shape)}))"
        for shape in (*SHAPES.values(), EMAIL, PHONE, SHEET_DATE, "^0[0-9]+$")
    )
    (row,) = con.execute(
        f"select count(*), count(v), count(distinct v), {shapes} from"
        f' (select case when trim("{column.name}") not in {nothing} then trim("{column.name}") end'
        " as v from data)"
    ).fetchall()
    rows, filled, distinct, *counts = row
    shares = dict(zip((*SHAPES, "email", "phone", "sheet", "padded"), counts, strict=True))
    column = replace(column, distinct=distinct, is_full=bool(rows) and filled == rows)
    if not filled:
        return replace(column, checks=(*column.checks, "no value in this file: which type is it"))
    is_personal = bool(PERSONAL.search(column.name))
    is_personal |= max(shares["email"], shares["phone"]) > filled / 2
    checks = column.checks
    if is_personal:
        checks = (*checks, "whether it is about a person: pii never leaves the build")
    kind = _type(column.name, shares, filled, is_sheet=is_sheet)
    fitting = shares["sheet"] if kind == "date" and not shares["date"] else shares.get(kind, filled)
    if kind == "number":
        fitting = max(fitting, shares["number"])
    if fitting < filled:
        checks = (*checks, f"{filled - fitting} of {filled} values are no {kind}")
    currency = re.search(r"\(([A-Z]{3})\)", column.label)
    if currency:
        checks = (
            *checks,
            "the header names a currency: a headerPattern with (?P<currency>[A-Z]{3}) keeps it",
        )
    return replace(column, logical_type=kind, is_pii=is_personal, checks=checks)


def _type(name: str, shares: dict[str, int], filled: int, *, is_sheet: bool) -> str:
    if is_sheet and shares["sheet"] == filled and re.search("date|day|_at$|time", name):
        return "date"
    if IDENTIFIER.search(name) or shares["padded"]:
        return "string"
    return next(
        (kind for kind in ("date", "timestamp", *SHAPES) if shares[kind] >= NEARLY_ALL * filled),
        "string",
    )


def _keyed(con: duckdb.DuckDBPyConnection, draft: Draft) -> Draft:
    """The fewest columns that tell all rows apart, identifiers first, and the required ones."""
    usable = [
        c
        for c in draft.columns
        if c.is_full
        and c.logical_type not in MEASURES
        and (c.logical_type != "integer" or IDENTIFIER.search(c.name))
    ]
    usable.sort(key=lambda c: (c.is_pii, not IDENTIFIER.search(c.name)))
    (count,) = con.execute("select count(*) from data").fetchall()
    key: tuple[str, ...] = ()
    for size in range(1, MOST_KEY_COLUMNS + 1):
        for columns in itertools.combinations(usable[:TRIED_FOR_KEY], size):
            listed = ", ".join(f'"{c.name}"' for c in columns)
            (row,) = con.execute(f"select count(distinct ({listed})) from data").fetchall()
            if count[0] and row[0] == count[0]:
                key = tuple(c.name for c in draft.columns if c in columns)
                break
        if key:
            break
    if not key:
        check = "no three columns tell its rows apart: name the key, or say that rows repeat"
    elif count[0] < ENOUGH_ROWS:
        check = f"the key, guessed from {count[0]} row(s): a longer export would say more"
    else:
        check = "the key: unique in this file, which may be chance"
    marking = {c.name for c in usable[:MOST_REQUIRED] if not c.is_pii} | set(key)
    if not marking:
        marking = {draft.columns[0].name}
    columns = tuple(
        replace(
            c,
            is_required=c.name in marking,
            key_position=key.index(c.name) + 1 if c.name in key else 0,
        )
        for c in draft.columns
    )
    return _also(
        replace(draft, columns=columns),
        check,
        "whether the required columns are in every export of this kind, and together in no other",
    )


def _localised(con: duckdb.DuckDBPyConnection, draft: Draft) -> Draft:
    """Whether dates or numbers are written so that another file may mean something else."""
    dates = [c for c in draft.columns if c.logical_type in ("date", "timestamp")]
    numbers = [c for c in draft.columns if c.logical_type == "number"]
    conditions = [f"regexp_matches(trim(\"{c.name}\"), '{AMBIGUOUS_DATE}')" for c in dates]
    conditions += [f"contains(\"{c.name}\", ',')" for c in numbers]
    if not conditions:
        return draft
    (row,) = con.execute(
        f"select coalesce(bool_or({' or '.join(conditions)}), false) from data"
    ).fetchall()
    if not row[0]:
        return draft
    draft = replace(draft, is_localised=True)
    with tempfile.TemporaryDirectory() as folder:
        contract = _as_contract(draft, Path(folder))
    names = [c.name for c in (*dates, *numbers)]
    try:
        locale = decide(con, contract, "data", names, {})
    except LocaleError as error:
        return _also(draft, f"the locale: {error}")
    said = ", ".join(filter(None, (locale.date_order, f"decimal mark {locale.decimal_mark}")))
    return _also(draft, f"the locale: this file says {said}; drop it if the vendor never varies")


def _sql(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


# --- the document


def _document(draft: Draft) -> Iterator[str]:
    kind = f"{draft.source}.{draft.stream}"
    title = f"{draft.source} {draft.stream}".replace("_", " ").capitalize()
    yield f"# Drafted from {f'{draft.name}: ' if draft.name else ''}{', '.join(draft.facts)},"
    yield f"# {draft.rows} row(s). Settle each `check` and delete its mark."
    yield from (f"# check: {check}." for check in draft.checks)
    yield from ("apiVersion: v3.2.0", "kind: DataContract", f"id: {kind}")
    yield from (f"name: {_yaml(title)}  # check: the vendor's name of this export.",)
    yield from ("version: 1.0.0", "status: active", "description:")
    yield '  purpose: ""  # check: what the export is, in a sentence.'
    yield '  usage: ""  # check: how somebody gets it, in the words of the vendor\'s screen.'
    yield from ("team:", "  name: Marketing operations  # check: who owns it.")
    yield from ("slaProperties:", "  - property: latency")
    yield "    value: 48  # check: hours after which a missing delivery is late."
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
    by, unit, check = _replaces(draft)
    yield f"  # check: {check}."
    yield from _custom("replaces", {"by": list(by), "unit": unit})
    yield from ("schema:", f"  - name: {draft.stream}")
    yield f"    physicalName: raw_{kind}"
    key = " and ".join(
        c.name for c in sorted(draft.columns, key=lambda c: c.key_position) if c.key_position
    )
    grain = f"One row per {key or 'row of the export'}."
    yield f"    dataGranularityDescription: {grain}  # check: in words."
    yield "    properties:"
    for column in draft.columns:
        yield from _property(column)


def _replaces(draft: Draft) -> tuple[tuple[str, ...], str, str]:
    key = [c for c in sorted(draft.columns, key=lambda c: c.key_position) if c.key_position]
    days = [c.name for c in key if c.logical_type == "date"]
    if days:
        check = "a newer file is taken to replace all of a day that it has; add what else limits it"
        return tuple(days[:1]), "file", check
    names = [c.name for c in key] or [c.name for c in draft.columns if c.is_required]
    return tuple(names), "row", "a newer row is taken to replace the older one of the same key"


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
    yield '        description: ""  # check: what it is; unit, zone, and what empty means.'
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
