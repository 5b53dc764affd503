"""In which order a file writes day and month, and which mark is its decimal one.

Decided once per file, from all values of its date and number columns, never from one cell; what
the values cannot settle is asked of the hints, and without one the file is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import duckdb

from pipelines.ingest.contract import Contract, Field

# Two numbers of one or two digits and a year: which of them is the day, the values must tell.
AMBIGUOUS_DATE = r"^([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{2,4})(?:[^0-9].*)?$"
NUMBER_MARKS = " %\u2019\u00a0\u202f"
# What stands beside an amount to say its currency, as staging's macro currency_mark has it.
CURRENCY_MARK = (
    "([A-Z]?[A-Z]?[A-Z]?[$€£¥₹₽₺₩₫₱₪₴₦฿]|[A-Z][A-Z][A-Z]"
    "|[Kk]r[.]?|zł|S?Fr[.]?|Kč|Ft|lei|Rp|RM|Rs[.]?|S/[.]?|TL|R)"
)
# What proves a mark to be the decimal one: groups by the other mark stand before it, or it stands
# before a number of digits that is no group of thousands, or behind nothing but a zero.
PROOF = (
    "^-?(?:[0-9]{{1,3}}(?:[{other}][0-9]{{3}})+[{mark}][0-9]*"
    "|[0-9]*[{mark}](?:[0-9]{{1,2}}|[0-9]{{4,}})|0[{mark}][0-9]+)$"
)
# Groups of thousands, at least two, prove the mark between them to be no decimal one.
GROUPS = r"^-?[0-9]{{1,3}}(?:[{mark}][0-9]{{3}}){{2,}}$"
UNDECIDED = r"^-?[1-9][0-9]{{0,2}}[{mark}][0-9]{{3}}$"


class LocaleError(Exception):
    """A file that does not settle how it writes dates or numbers; the message says what to do."""


@dataclass(frozen=True)
class Locale:
    """How a file writes: dmy or mdy, dot or comma; None where nothing of it was ambiguous."""

    date_order: str | None = None
    decimal_mark: str | None = None


def decide(
    con: duckdb.DuckDBPyConnection,
    contract: Contract,
    rows: str,
    present: Iterable[str],
    hints: Mapping[str, str],
) -> Locale:
    """The locale of the rows of one file.

    Args:
        con: the build file.
        contract: which of the columns are dates and numbers, and what is to be decided.
        rows: a relation of the file's rows, with the contract's names.
        present: the columns that the file has.
        hints: what throughline.yml says.

    Raises:
        LocaleError: values contradict each other, or none of them settles it and no hint does.
    """
    names = set(present)
    fields = [field for field in contract.fields if field.name in names]
    dates = [f for f in fields if f.logical_type in ("date", "timestamp")]
    numbers = [f for f in fields if f.logical_type in ("number", "integer")]
    if contract.locale == "decimal_mark":
        return Locale(None, _proven_mark(con, rows, numbers, hints.get("decimal_mark")))
    return Locale(
        _date_order(con, rows, dates, hints.get("date_order")),
        _decimal_mark(con, rows, numbers, hints.get("decimal_mark")),
    )


def _values(rows: str, fields: Iterable[Field], expression: str) -> str:
    """SQL for the different values of some columns: few beside their cells, and dear to match."""
    selects = [
        f"select '{field.label.replace(chr(39), chr(39) * 2)}' as label,"
        f" {expression.format(cell=chr(34) + field.name + chr(34))} as cell from {rows}"
        for field in fields
    ]
    return " union ".join(selects)


def _date_order(
    con: duckdb.DuckDBPyConnection, rows: str, fields: list[Field], hint: str | None
) -> str | None:
    if not fields:
        return None
    (found,) = con.execute(
        "with parts as (select label, cell,"
        f" try_cast(regexp_extract(cell, '{AMBIGUOUS_DATE}', 1) as integer) as first,"
        f" try_cast(regexp_extract(cell, '{AMBIGUOUS_DATE}', 2) as integer) as second"
        f" from ({_values(rows, fields, 'trim({cell})')})"
        f" where regexp_matches(cell, '{AMBIGUOUS_DATE}'))"
        " select any_value(label || ' ' || cell) filter (first > 12 and second <= 12),"
        " any_value(label || ' ' || cell) filter (second > 12 and first <= 12),"
        " any_value(label || ' ' || cell) filter (first <= 12 and second <= 12"
        " and first <> second) from parts"
    ).fetchall()
    return _settled(found, ("dmy", "mdy"), hint, "date_order", "day before month, month before day")


def _proven_mark(
    con: duckdb.DuckDBPyConnection, rows: str, fields: list[Field], hint: str | None
) -> str | None:
    """The mark of a file that need not settle it: its vendor writes one form, but for languages."""
    try:
        return _decimal_mark(con, rows, fields, hint)
    except LocaleError:
        return None


def _decimal_mark(
    con: duckdb.DuckDBPyConnection, rows: str, fields: list[Field], hint: str | None
) -> str | None:
    if not fields:
        return None
    dot, comma = {"mark": ".", "other": ","}, {"mark": ",", "other": "."}

    def is_decimal(marks: dict[str, str]) -> str:
        other = {"mark": marks["other"]}
        return (
            f"regexp_matches(cell, '{PROOF.format(**marks)}')"
            f" or regexp_matches(cell, '{GROUPS.format(**other)}')"
        )

    undecided = " or ".join(
        f"regexp_matches(cell, '{UNDECIDED.format(**marks)}')" for marks in (dot, comma)
    )
    (found,) = con.execute(
        f"select any_value(label || ' ' || cell) filter ({is_decimal(comma)}),"
        f" any_value(label || ' ' || cell) filter ({is_decimal(dot)}),"
        f" any_value(label || ' ' || cell) filter ({undecided})"
        f" from (select label, {_without_marks('cell')} as cell"
        f" from ({_values(rows, fields, '{cell}')})"
        " where contains(cell, ',') or contains(cell, '.'))"
    ).fetchall()
    return _settled(found, (",", "."), hint, "decimal_mark", "a decimal comma, a decimal dot")


def _without_marks(cell: str) -> str:
    """SQL for a number's text without what vendors print around and between its digits."""
    text = f"translate({cell}, '{NUMBER_MARKS}' || chr(39), '')"
    text = f"regexp_replace({text}, '{CURRENCY_MARK}$', '')"
    return f"regexp_replace({text}, '^([+-]?){CURRENCY_MARK}', '\\1')"


def _settled(
    found: tuple[str | None, str | None, str | None],
    choices: tuple[str, str],
    hint: str | None,
    key: str,
    meanings: str,
) -> str | None:
    """The choice that the values prove, else the hint's; None where nothing is ambiguous.

    Args:
        found: a value that proves the first choice, one that proves the second, one that is open.
        choices: what the values can prove.
        hint: the choice that throughline.yml names.
        key: its key there.
        meanings: the choices in words.
    """
    first, second, still_open = found
    if first and second:
        raise LocaleError(
            f"its values contradict each other: {first!r} and {second!r} cannot both be"
            f" ({meanings}). Export it again without editing it"
        )
    if first or second:
        return choices[0] if first else choices[1]
    if still_open and hint is None:
        raise LocaleError(
            f"nothing in it settles how {still_open!r} is meant ({meanings}). Write"
            f" `{key}: {choices[0]!r}` or `{key}: {choices[1]!r}` into a throughline.yml in its"
            " folder, or export a longer period"
        )
    return hint if still_open else None
