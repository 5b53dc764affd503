"""The forms in which a contract lets a cell be written, each with the value that it has.

From the contract: the type, the date's format, whether day-month order and decimal mark are the
file's, and, where a description names a form of its own, the columns listed here by name.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fnmatch import fnmatch

from pipelines.ingest import Contract, Field
from pipelines.sql import literal

Value = bool | float | date | datetime
TYPED = ("number", "integer", "boolean", "date", "timestamp")


@dataclass(frozen=True)
class Form:
    """A cell, what its file decided of order and mark, and the value of the cell."""

    cell: str
    value: Value
    date_order: str | None = None
    decimal_mark: str | None = None


DAY = date(2026, 6, 12)
AT = datetime(2026, 6, 12, 9, 26)
# Of the accounts' zones in dbt_project.yml: New York.
AT_LOCAL = datetime(2026, 6, 12, 13, 26)

NUMBERS = {
    **{"1234.5": 1234.5, "1,234.50": 1234.5, "$1,234.50": 1234.5, " 7 ": 7, "-3": -3, "0": 0},
    **{"12.5%": 12.5, "1.5e3": 1500, "1,23,456.5": 123456.5},
}
NUMBERS_WITH_COMMA = {"1234,5": 1234.5, "1.234,50": 1234.5, "1\u00a0234,50 €": 1234.5, "-3": -3}
# Of amounts of money, whose currency may be a sign, letters or a code.
AMOUNTS = {
    **dict.fromkeys(
        (
            *("CA$1,234.50", "US$ 1,234.50", "A$1234.50", "R$ 1,234.50", "¥1,234.50"),
            *("kr 1 234.50", "1,234.50 kr", "kr. 1,234.50", "1 234.50 zł", "1,234.50\u00a0Kč"),
            *("Fr. 1'234.50", "SFr.1\u2019234.50", "CHF 1\u2019234.50", "1234.5 PLN", "USD1234.5"),
        ),
        1234.5,
    ),
    **dict.fromkeys(("-CA$3", "CA$-3", "CA$ -3", "-3 kr"), -3),
}
AMOUNTS_WITH_COMMA = dict.fromkeys(
    (
        *("R$ 1.234,50", "1 234,50 kr", "1\u00a0234,50 zł", "kr. 1.234,50", "1.234,50 EUR"),
        "Fr. 1'234,50",
    ),
    1234.5,
)
NO_AMOUNT = ("kr", "CA$", "1.2.3 kr", "CAD 1 CAD 2", "12 of 13", "1_000 kr", "ABCD 5", "5 euros")
WHOLE = {"1200": 1200, "1,200": 1200, " 1200 ": 1200, "1200.0": 1200, "-5": -5, "0": 0}
WHOLE_WITH_COMMA = {"1200": 1200, "1.200": 1200, "1\u202f200": 1200, "1200,0": 1200}
TRUE = dict.fromkeys(("true", "TRUE", "Yes", "1"), True)
FALSE = dict.fromkeys(("false", "False", "no", "0"), False)
# As a spreadsheet or a connector writes them, too.
ISO_DAYS = dict.fromkeys(("2026-06-12", "2026-06-12 00:00:00", "2026-06-12T00:00:00Z"), DAY)
MONTH_FIRST = dict.fromkeys(("06/12/2026", "6/12/2026", "6/12/26"), DAY)
DAY_FIRST = dict.fromkeys(("12/06/2026", "12.6.2026", "12-06-26"), DAY)
# January to December in English, Spanish, Portuguese, French, German, Italian and Dutch.
MONTHS = (
    "January February March April May June July August September October November December",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "ene. feb. mar. abr. may. jun. jul. ago. sept. oct. nov. dic.",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez.",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "Jan. Feb. Mrz. Apr. Mai Jun. Jul. Aug. Sept. Okt. Nov. Dez.",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "gen feb mar apr mag giu lug ago set ott nov dic",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "jan. feb. mrt. apr. mei jun. jul. aug. sep. okt. nov. dec.",
)
NAMED_DAYS = {
    **dict.fromkeys(("Jun 12, 2026", "12 de junio de 2026", "12 de jun. de 2026"), DAY),
    **dict.fromkeys(("12. Juni 2026", "12 giugno 2026"), DAY),
    "1er août 2026": date(2026, 8, 1),
    **{
        f"3 {name} 2026": date(2026, number, 3)
        for names in MONTHS
        for number, name in enumerate(names.split(), 1)
    },
}
# What a time carries of its own counts in every column, also where its vendor's times are local.
OFFSET_TIMES = dict.fromkeys(
    (
        *("2026-06-12T09:26:00Z", "2026-06-12T09:26Z", "2026-06-12 09:26:00 UTC"),
        *("2026-06-12T09:26:00.000000000Z", "2026-06-12T09:26:00.000+0000"),
        *("2026-06-12T11:26:00+02:00", "2026-06-12 11:26:00+02", "2026-06-12 11:26+0200"),
        *("2026-06-12 05:26:00-04:00", "2026-06-12T05:26:00.000-0400", "2026-06-12 14:56 +05:30"),
    ),
    AT,
)
ISO_TIMES = OFFSET_TIMES | dict.fromkeys(
    (
        *("2026-06-12 09:26:00", "2026-06-12 09:26", "2026-06-12T09:26:00.000"),
        " 2026-06-12 09:26 ",
    ),
    AT,
)
# Of a stream whose times are its account's.
LOCAL_TIMES = OFFSET_TIMES | dict.fromkeys(
    ("2026-06-12 09:26:00", "2026-06-12 09:26", "2026-06-12T09:26:00"), AT_LOCAL
)
# A spreadsheet's, by the settings of who saved it.
MONTH_FIRST_TIMES = ("6/12/26 9:26", "6/12/2026 9:26 AM", "06/12/2026 09:26:00")
DAY_FIRST_TIMES = ("12/6/26 9:26", "12.06.2026 09:26")
UNIX_TIMES = dict.fromkeys(("1781256360", "1781256360000", "1781256360000000", "1781256360.0"), AT)
PRINTED_TIMES = LOCAL_TIMES | dict.fromkeys(("12/Jun/26 9:26 AM", "12/Jun/26 09:26"), AT_LOCAL)
NAMED_TIMES = LOCAL_TIMES | dict.fromkeys(
    ("Jun 12, 2026 09:26 am", "Fri, Jun 12, 2026 9:26 AM"), AT_LOCAL
)

# Columns whose description names a form that the type does not.
DESCRIBED: Mapping[str, Mapping[str, Value]] = {
    "customerio.*": UNIX_TIMES,
    "ga4.events.event_date": {"20260612": DAY},
    "ga4.events.event_timestamp": UNIX_TIMES,
    "google_ads.*.cost_micros": {"12345678": 12.345678, "1,200": 0.0012, "12345678.0": 12.345678},
    "iterable.campaigns.*": UNIX_TIMES | ISO_TIMES,
    "iterable.events.created_at": ISO_TIMES,
    "jira.issues_csv.due_date": ISO_DAYS | {"12/Jun/26 12:00 AM": DAY},
    "jira.issues_csv.[cur]*": PRINTED_TIMES,
    "linkedin_ads.analytics_csv.day": ISO_DAYS,
    "linkedin_ads.creatives.last_modified_at": UNIX_TIMES,
    "mailchimp.campaign_summaries.[!s]*": {"1,200 (99.5%)": 1200, "1,200": 1200, "7": 7},
    "mailchimp.campaign_summaries.successful*": {"1,200 (99.5%)": 1200},
    "mailchimp.*.send_date": NAMED_TIMES,
    "mixpanel.export.mp_processing_time_ms": UNIX_TIMES,
    "monday.activity_logs.created_at": {"17812563600000001": AT},
    "monday.board_items.last_updated": {"Dana Reed Jun 12, 2026 09:26 AM": AT},
    "sendgrid.*.timestamp": UNIX_TIMES,
    "sendgrid.*.created*": UNIX_TIMES,
    "tiktok_ads.reports_csv.stat_time": ISO_DAYS,
}
# What is no value of a type, whatever its form.
NO_VALUE: Mapping[str, tuple[str, ...]] = {
    # Nor is, where a file has no say in it, a comma that parts no thousands.
    "number": (
        *("12k", "n/a", "1.2.3", "NaN", "inf", "2026-06-12", "1_000", "1d", "1.5f"),
        *("3000,50", "12.000,00", "3,5", "1,2,345", "1,234,5"),
    ),
    "integer": ("12k", "n/a", "1.2.3", "2026-06-12", "0x1F", "1_000", "1d", "1,2", "1200,5"),
    "boolean": ("maybe", "2", "n/a"),
    "date": ("1781222400000", "46185", "2026-02-30", "3 foo 2026", "12/06", "n/a"),
    "timestamp": (
        *("2026-02-30 09:26", "3 foo 2026 09:26", "2026-06", "09:26", "epoch", "today", "n/a"),
        *("12026-06-12", "1_781_256_360", "1781256360d", "-1", "100000000000000000"),
    ),
}

# Streams with dates in words, and those with times in their account's zone.
NAMES_MONTHS = ("meta_ads.ads_report",)
HAS_LOCAL_TIMES = (
    *("hubspot.companies", "hubspot.contacts", "hubspot.deals"),
    *("pipedrive.deals", "pipedrive.organizations", "pipedrive.persons"),
)


def forms(contract: Contract, field: Field) -> Iterator[Form]:
    """The forms of a typed column; none for text, objects and arrays."""
    name = f"{contract.name}.{field.name}"
    described = (cells for pattern, cells in DESCRIBED.items() if fnmatch(name, pattern))
    if field.logical_type not in TYPED:
        return
    yield from _forms(next(described, None) or _plain(contract, field), None, None)
    if not contract.is_localised:
        return
    if field.logical_type in ("number", "integer"):
        is_whole = field.logical_type == "integer"
        yield from _forms(WHOLE_WITH_COMMA if is_whole else NUMBERS_WITH_COMMA, None, ",")
    elif contract.locale == "decimal_mark":
        return
    elif field.logical_type == "date":
        yield from _forms(MONTH_FIRST, "mdy", None)
        yield from _forms(DAY_FIRST, "dmy", None)
    elif field.logical_type == "timestamp":
        at = AT_LOCAL if contract.name in HAS_LOCAL_TIMES else AT
        yield from _forms(dict.fromkeys(MONTH_FIRST_TIMES, at), "mdy", None)
        yield from _forms(dict.fromkeys(DAY_FIRST_TIMES, at), "dmy", None)


def amounts(contract: Contract) -> Iterator[Form]:
    """The further forms of a number that staging reads as money."""
    yield from _forms(AMOUNTS, None, None)
    if contract.is_localised:
        yield from _forms(AMOUNTS_WITH_COMMA, None, ",")


def _plain(contract: Contract, field: Field) -> Mapping[str, Value]:
    """The forms of a type that are the same in every file."""
    if field.logical_type == "number":
        return NUMBERS
    if field.logical_type == "integer":
        return WHOLE
    if field.logical_type == "boolean":
        return TRUE | FALSE
    if field.logical_type == "timestamp":
        connector = {"1781256360000": AT} if contract.source == "hubspot" else {}
        return LOCAL_TIMES | connector if contract.name in HAS_LOCAL_TIMES else ISO_TIMES
    return (
        ISO_DAYS
        | (MONTH_FIRST if field.date_format == "MM/dd/yyyy" else {})
        | (NAMED_DAYS if contract.name in NAMES_MONTHS else {})
    )


def _forms(
    cells: Mapping[str, Value], date_order: str | None, decimal_mark: str | None
) -> Iterator[Form]:
    for cell, value in cells.items():
        yield Form(cell, value, date_order, decimal_mark)


def raw(cells: Iterable[Form], column: str, others: Iterable[str]) -> str:
    """A query, on both engines, for a row of raw a form, with its value as the text `expected`.

    Args:
        cells: the forms.
        column: what the cell is called.
        others: further columns, which are empty.
    """
    names = (column, "_date_order", "_decimal_mark", "expected")
    rows = ", ".join(
        f"({_text(f.cell)}, {_text(f.date_order)}, {_text(f.decimal_mark)}, {_text(str(f.value))})"
        for f in cells
    )
    columns = [f"cast({name} as varchar(99)) as {name}" for name in names]
    columns += [f"cast(null as varchar(99)) as {name}" for name in others if name != column]
    return f"select {', '.join(columns)} from (values {rows}) as given({', '.join(names)})"


def is_read(expressions: Iterable[str], cells: Sequence[Form]) -> str:
    """A condition, on both engines: one of the expressions has the expected value of its row.

    Of several each is for forms of its own.
    """
    kind = {bool: "boolean", float: "double", int: "double"}.get(type(cells[0].value), "timestamp")
    ways = (
        f"cast({e} as {kind}) is not distinct from cast(expected as {kind})" for e in expressions
    )
    return " or ".join(ways)


def _text(cell: str | None) -> str:
    return "null" if cell is None else literal(cell)
