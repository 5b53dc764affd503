"""What the values of a file say of its columns: types, key, markers of nothing, totals, locale."""

from __future__ import annotations

import itertools
import re
import tempfile
from dataclasses import replace
from pathlib import Path

import duckdb

from pipelines.ingest.contract import Contract
from pipelines.ingest.draft.document import Column, Draft, also, as_contract
from pipelines.ingest.draft.shapes import (
    EMAIL,
    IDENTIFIER,
    IP_ADDRESS,
    NULL_MARKERS,
    PERSONAL,
    PHONE,
    SHAPES,
    TOTAL,
)
from pipelines.ingest.locale import AMBIGUOUS_DATE, LocaleError, decide
from pipelines.ingest.read import SHEET_DATE
from pipelines.ingest.relations import landed_table
from pipelines.sql import literal, text_list

NEARLY_ALL = 0.9
TIMES = ("date", "timestamp")
# What is counted of a column's values beside the types that they may have.
OTHERS = ("email", "phone", "ip", "sheet", "padded")
MEASURES = ("number", "boolean", "object", "array")
MOST_KEY_COLUMNS = 3
TRIED_FOR_KEY = 10
ENOUGH_ROWS = 20
MOST_REQUIRED = 5


def profiled(
    con: duckdb.DuckDBPyConnection, contract: Contract, draft: Draft, *, is_sheet: bool
) -> Draft:
    """The draft with what the landed rows say of its columns and of the stream."""
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
        f"coalesce(starts_with({cell}, {literal(label)}), false)"
        for cell in cells
        for label in labels
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
            + f") where lower(cell) in {text_list(NULL_MARKERS)} order by all"
        ).fetchall()
    )
    draft = replace(draft, total_labels=labels, null_markers=markers)
    if labels:
        draft = also(draft, "whether rows that begin so are sums of others, and never data")
    if markers:
        draft = also(draft, "whether each of the null markers means nothing, in every column")
    nothing = text_list(("", *markers))
    found = tuple(
        _typed(con, column, nothing, is_sheet=is_sheet) if column.name in landed else column
        for column in draft.columns
    )
    if "_extra" in landed:
        draft = also(draft, "keys that only some records have are in _extra; name those you need")
    draft = _keyed(con, replace(draft, columns=found))
    return _localised(con, draft)


def _typed(
    con: duckdb.DuckDBPyConnection, column: Column, nothing: str, *, is_sheet: bool
) -> Column:
    shapes = ", ".join(
        f"count(*) filter (regexp_matches(lower(v), {literal(shape)}))"
        for shape in (*SHAPES.values(), EMAIL, PHONE, IP_ADDRESS, SHEET_DATE, "^0[0-9]+$")
    )
    (row,) = con.execute(
        f"select count(*), count(v), count(distinct v), {shapes} from"
        f' (select case when trim("{column.name}") not in {nothing} then trim("{column.name}") end'
        " as v from data)"
    ).fetchall()
    rows, filled, distinct, *counts = row
    shares = dict(zip((*SHAPES, *OTHERS), counts, strict=True))
    column = replace(column, distinct=distinct, is_full=bool(rows) and filled == rows)
    # Without a value it is text: what comes later can be read from that.
    if not filled:
        return column
    is_address = max(shares["email"], shares["phone"], shares["ip"]) > filled / 2
    is_personal = is_address or bool(PERSONAL.search(column.name))
    checks = column.checks
    if is_personal and not is_address:
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
    if IDENTIFIER.search(name) or shares["padded"] or shares["ip"] >= NEARLY_ALL * filled:
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
    # Of two that tell the rows of a file apart, a time does so by chance.
    usable.sort(key=lambda c: (c.is_pii, not IDENTIFIER.search(c.name), c.logical_type in TIMES))
    (count,) = con.execute("select count(*) from data").fetchall()
    # Of a few rows any column may be unique: there only what is called an identifier is one.
    tried = usable if count[0] >= ENOUGH_ROWS else [c for c in usable if IDENTIFIER.search(c.name)]
    key: tuple[str, ...] = ()
    for size in range(1, MOST_KEY_COLUMNS + 1):
        for columns in itertools.combinations(tried[:TRIED_FOR_KEY], size):
            listed = ", ".join(f'"{c.name}"' for c in columns)
            (row,) = con.execute(f"select count(distinct ({listed})) from data").fetchall()
            if count[0] and row[0] == count[0]:
                key = tuple(c.name for c in draft.columns if c in columns)
                break
        if key:
            break
    if not key:
        check = "nothing was found that tells its rows apart: name the key, or say that rows repeat"
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
    return also(
        replace(draft, columns=columns),
        check,
        "whether the required columns are in every export of this kind, and together in no other",
    )


def _localised(con: duckdb.DuckDBPyConnection, draft: Draft) -> Draft:
    """Whether dates or numbers are written so that another file may mean something else."""
    dates = [c for c in draft.columns if c.logical_type in TIMES]
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
        contract = as_contract(draft, Path(folder))
    names = [c.name for c in (*dates, *numbers)]
    try:
        locale = decide(con, contract, "data", names, {})
    except LocaleError as error:
        return also(draft, f"the locale: {error}")
    mark = locale.decimal_mark and f"decimal mark {locale.decimal_mark}"
    said = ", ".join(filter(None, (locale.date_order, mark))) or "neither order nor mark"
    return also(draft, f"the locale: this file says {said}; drop it if the vendor never varies")
