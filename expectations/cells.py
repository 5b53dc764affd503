"""SQL over raw cells, which are text as the vendor wrote it: what is empty, what can be read.

The readings are those of staging's macros: a cell that passes here has a value there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.ingest import Contract, Field
from pipelines.ingest.contract import meta_columns
from pipelines.sql import quoted, text_list

# Letters of a date's format in contracts, and DuckDB's codes for them.
STRPTIME_CODES = {
    **{"yyyy": "%Y", "yy": "%y", "MMMM": "%B", "MMM": "%b", "MM": "%m", "M": "%m"},
    **{"dd": "%d", "d": "%d", "HH": "%H", "H": "%H", "hh": "%I", "h": "%I", "mm": "%M"},
    **{"ss": "%S", "a": "%p"},
}
STRPTIME_TOKEN = re.compile("|".join(sorted(STRPTIME_CODES, key=len, reverse=True)))
# What stands around a number: blanks of all widths, a per cent sign, a currency.
AROUND_NUMBERS = " %€$£¥₹\u00a0\u202f"
# Seconds, milliseconds or microseconds since 1970. Repetition is spelled out, here and below:
# braces are placeholders.
EPOCH = "[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]*([.][0-9]+)?"
# A localised date: three numbers, whose order the file settles, or a day, a month's name, a year.
NUMBERED_DATE = "^ *([0-9]+)[./-]([0-9]+)[./-]([0-9]+)"
NAMED_DATE = "^ *[0-9]+[.]?( de)? [^0-9 ]+( de)? [0-9][0-9][0-9][0-9]"
# Thousands may be grouped by commas; Parquet and spreadsheets write 7.0 for 7.
INTEGER = " *[+-]?[0-9]+(,[0-9]+)*([.]0*)? *"
TRUE_WORDS = ("true", "yes", "1")
FALSE_WORDS = ("false", "no", "0")


def number(column: str, *, is_localised: bool = False) -> str:
    """A number as vendors print it, without thousands marks and what stands around it; NULL if
    none. Of a localised stream the file says which mark is the decimal one.
    """
    bare = f"translate(trim({quoted(column)}), '{AROUND_NUMBERS}', '')"
    point = f"replace({bare}, ',', '')"
    if is_localised:
        comma = f"replace(replace({bare}, '.', ''), ',', '.')"
        point = f"case when _decimal_mark = ',' then {comma} else {point} end"
    return f"try_cast({point} as double)"


def day(column: str) -> str:
    """A date from YYYY-MM-DD; NULL if none."""
    return f"try_cast(trim({quoted(column)}) as date)"


def local_moment(column: str) -> str:
    """A vendor's local time, without its zone; NULL if none."""
    return f"try_cast(trim({quoted(column)}) as timestamp)"


def utc_moment(column: str) -> str:
    """ISO 8601 text as naive UTC; NULL if none."""
    return f"cast(try_cast(trim({quoted(column)}) as timestamptz) as timestamp)"


def readable(field: Field, *, is_localised: bool = False) -> str | None:
    """A condition: the cell can be read as its type says. None where any text will do."""
    column = quoted(field.name)
    # '< 10%' is how Google writes a share it does not tell, '<5' TikTok a count: known, no number.
    bound = f"regexp_matches({column}, '^ *[<>] *[0-9]')"
    conditions = {
        "number": f"isfinite({number(field.name, is_localised=is_localised)}) or {bound}",
        "integer": f"regexp_full_match({column}, '{INTEGER}') or {bound}",
        "date": _temporal(field, "date"),
        "timestamp": _temporal(field, "timestamp" if field.date_format else "timestamptz"),
        "boolean": f"lower(trim({column})) in {text_list(TRUE_WORDS + FALSE_WORDS)}",
    }
    if is_localised:
        whole = f"isfinite({number(field.name, is_localised=True)}) or {bound}"
        conditions |= dict.fromkeys(("date", "timestamp"), _local_date(column))
        conditions["integer"] = whole
    # The loader writes objects and arrays itself; only what a row cannot do without is parsed.
    if field.required:
        conditions |= dict.fromkeys(("object", "array"), f"json_valid({column})")
    return conditions.get(field.logical_type)


def _local_date(column: str) -> str:
    """Whether a text begins with a date, as the file orders day and month; of a connector's
    milliseconds too.
    """
    first, second, third = (
        f"lpad(regexp_extract({column}, '{NUMBERED_DATE}', {number}), 2, '0')"
        for number in (1, 2, 3)
    )
    is_iso = f"regexp_matches({column}, '^ *[0-9][0-9][0-9][0-9]-')"
    iso = f"try_cast(trim({column}) as timestamptz)"
    year = f"right('20' || {third}, 4)"
    month_first = f"try_cast({year} || '-' || {first} || '-' || {second} as date)"
    day_first = f"try_cast({year} || '-' || {second} || '-' || {first} as date)"
    return (
        f"(case when {is_iso} then {iso} is not null"
        f" when _date_order = 'dmy' then {day_first} is not null else {month_first} is not null end"
        f" or regexp_matches({column}, '{NAMED_DATE}')"
        f" or regexp_full_match(trim({column}), '{EPOCH}'))"
    )


def _temporal(field: Field, sql_type: str) -> str:
    """ISO, the form that the contract names, or a connector's milliseconds."""
    column = f"trim({quoted(field.name)})"
    ways = [f"try_cast({column} as {sql_type}) is not null"]
    if sql_type != "date":
        ways.append(f"regexp_full_match({column}, '{EPOCH}')")
    # One column can come through two doors, each with a form of its own.
    for form in (field.date_format or "").split(" | "):
        if form and not form.startswith("yyyy-MM-dd"):
            codes = STRPTIME_TOKEN.sub(lambda token: STRPTIME_CODES[token.group()], form)
            ways.append(f"try_strptime({column}, '{codes}') is not null")
    return f"({' or '.join(ways)})"


def current_rows(contract: Contract) -> str:
    """A query for the rows of a stream that hold as of the clock, as staging reads them.

    Vendors' marks for nothing are NULL in it, as the contract lists them.
    """
    columns = [_cell(field, contract.null_markers) for field in contract.fields]
    columns += [name for name in meta_columns(contract) if name != "_extra"]
    # A window shows what later ones replace, too.
    newest = " where _is_latest_delivery" if contract.delivery == "window" else ""
    return f"select {', '.join(columns)} from {contract.current_table}{newest}"


def _cell(field: Field, null_markers: Sequence[str]) -> str:
    column = quoted(field.name)
    if field.logical_type in ("object", "array"):
        return column
    nothing = dict.fromkeys(["", *(marker.strip() for marker in null_markers)])
    return (
        f"case when trim({column}) not in {text_list(nothing)} then {column} end"
        f" as {quoted(field.name)}"
    )
