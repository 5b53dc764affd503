"""Which stream a file is, decided from its header or keys, and how far off the nearest one is."""

from __future__ import annotations

import difflib
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import PurePath

from pipelines.ingest.contract import Contract, normalise
from pipelines.ingest.sniff import Head, HeaderCandidate

PERIOD_DATES = (
    *("%B %d, %Y", "%d %B %Y", "%b %d, %Y", "%d %b %Y", "%Y-%m-%d", "%Y%m%d", "%m/%d/%Y"),
)
SIGNATURE_LINES = 12
# Of these layouts no line is a header: a signature tells them, or what every value is like.
HEADERLESS = ("headerless", "vertical", "stacked")
# A header that so many sources know tells nothing of whose a file is.
COMMON_TO_SOURCES = 3
# A contract that knows one in so many columns of a file is worth naming, though it is not taken.
NEAR_COLUMNS = 3


@dataclass(frozen=True)
class Match:
    """A contract held against the columns of a file.

    Attributes:
        columns: the file's own names, in its order: ("Event name", "Event count", "Note").
        names: for each of them its name in raw; None where the contract does not know it:
            ("dimension_value", "event_count", None).
        constants: columns of the contract that the header, the preamble or the path fills:
            {"dimension_name": "Event name", "period_start": "20260801"}.
        missing: labels of required columns that the file lacks: ("Total users",).
        objection: what else keeps it from fitting, and what to do; None if nothing does.
        is_near: whether it is worth naming to people where it does not fit.
        header: of CSV: the line that is the header.
        records: of JSON: the key under which the document holds its records ("issues"); None if
            they are it.
    """

    contract: Contract
    columns: tuple[str, ...]
    names: tuple[str | None, ...]
    constants: Mapping[str, str]
    missing: tuple[str, ...]
    header: HeaderCandidate | None = None
    records: str | None = None
    objection: str | None = None
    is_near: bool = False

    @property
    def fits(self) -> bool:
        """Whether the file is of this stream: every required column is there, and no objection."""
        return not self.missing and self.objection is None

    @property
    def unknown(self) -> tuple[str, ...]:
        """Columns of the file that the contract does not know."""
        return tuple(c for c, name in zip(self.columns, self.names, strict=True) if name is None)

    @property
    def known(self) -> int:
        """How many of its columns the contract knows."""
        return len(set(self.names) - {None})


@dataclass(frozen=True)
class _Columns:
    """Columns that a file may have: the cells of a line, or the keys of its records."""

    cells: tuple[str, ...]
    header: HeaderCandidate | None = None
    records: str | None = None
    normalised: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "normalised", tuple(map(normalise, self.cells)))


def recognise(
    head: Head, path: PurePath, contracts: Sequence[Contract], called: str = ""
) -> Match | None:
    """The contract that a file fits, or the nearest one; None where there are no columns at all.

    Args:
        head: the file's first bytes.
        path: where it stands among folders.
        contracts: the streams to choose from.
        called: its name in the ledger, which columns may be read from.

    Where several fit, the folder `<source>/<stream>/` in the path decides, then the source's name
    in the path, then the number of columns that a contract knows. A file whose required columns are
    such as every vendor has is another's where the contract does not know its other columns, or
    where it lies in another source's folder.
    """
    streams = [c for c in contracts if c.format == "any" or head.kind in ("parquet", c.format)]
    if signed := list(_signed(head, called, streams)):
        return max(signed, key=lambda match: _preference(match, path))
    tried: list[tuple[_Columns, list[Contract]]] = []

    def hold(columns: _Columns, against: Iterable[Contract]) -> list[Match]:
        return [_objected(_match(c, columns, called), head, path, contracts) for c in against]

    for columns in _possible_columns(head, streams):
        here = [
            contract
            for contract in streams
            if contract.layout not in HEADERLESS
            and (columns.records is None or columns.records in contract.records)
        ]
        possible = (contract for contract in here if _may_fit(contract, columns))
        if fitting := [match for match in hold(columns, possible) if match.fits]:
            return max(fitting, key=lambda match: _preference(match, path))
        tried.append((columns, here))
    nearest = _nearest([hold(columns, here) for columns, here in tried], path)
    return nearest and replace(nearest, is_near=_is_near(nearest, path, contracts))


@lru_cache(maxsize=8)
def _common_headers(contracts: tuple[Contract, ...]) -> frozenset[str]:
    """Headers, normalised, that COMMON_TO_SOURCES or more sources know."""
    pairs = {(header, c.source) for c in contracts for header in c.names_by_header}
    counts = Counter(header for header, _ in pairs)
    return frozenset(header for header, count in counts.items() if count >= COMMON_TO_SOURCES)


def _objected(match: Match, head: Head, path: PurePath, contracts: Sequence[Contract]) -> Match:
    """The match with what speaks against it, though it has every required column."""
    if match.missing:
        return match
    contract = match.contract
    objection, is_near = None, False
    if not _is_signed(head, contract):
        objection = (
            f"its first lines are not those of a {contract.title}. Download it again as the vendor"
            " writes it"
        )
    elif contract.layout == "grouped" and match.header and not match.header.preamble:
        objection = (
            "no line with a group's name stands above its header. Download it again as the vendor"
            " writes it"
        )
    elif contract.source not in path.parts[:-1]:
        others = {c.source for c in contracts}.intersection(path.parts[:-1])
        is_foreign = bool(others) or 2 * match.known < len(match.columns)
        if is_foreign and _common_headers(tuple(contracts)).issuperset(_told_by(match)):
            objection = (
                f"{contract.name} knows {match.known} of its {len(match.columns)} columns, and"
                f" of those it requires every vendor has the like. Put it into a folder"
                f" {contract.source}/{contract.stream}/ if it is one"
            )
            is_near = NEAR_COLUMNS * match.known >= len(match.columns)
    return replace(match, objection=objection, is_near=is_near) if objection else match


def _told_by(match: Match) -> list[str]:
    """The headers, normalised, under which the required columns came."""
    required = {column.name for column in match.contract.required}
    return [
        normalise(column)
        for column, name in zip(match.columns, match.names, strict=True)
        if name in required
    ]


def match_columns(contract: Contract, columns: Sequence[str]) -> Match:
    """Hold one contract against the columns of a file."""
    return _match(contract, _Columns(tuple(columns)), "")


def in_folder(path: PurePath, contract: Contract) -> bool:
    """Whether `<source>/<stream>` stands anywhere in the path."""
    parts = path.parts[:-1]
    return (contract.source, contract.stream) in itertools.pairwise(parts)


def _preference(match: Match, path: PurePath) -> tuple[bool, bool, int, int, str]:
    contract = match.contract
    return (
        in_folder(path, contract),
        contract.source in path.parts[:-1],
        match.known,
        -len(match.unknown),
        contract.name,
    )


def _possible_columns(head: Head, streams: Sequence[Contract]) -> Iterator[_Columns]:
    if head.kind == "csv":
        yield from (_Columns(candidate.cells, candidate) for candidate in head.candidates)
        return
    if head.kind == "json" and head.shape != "array":
        for key in dict.fromkeys(key for contract in streams for key in contract.records):
            if keys := head.page_keys(_last_name(key)):
                yield _Columns(keys, records=key)
    if head.keys:
        yield _Columns(head.keys)


def _last_name(records: str) -> str:
    """The name of the list at the end of a path such as $.data.boards[*].items[*]."""
    return str(re.findall(r"\w+", records)[-1])


def _may_fit(contract: Contract, columns: _Columns) -> bool:
    """Whether it is worth a closer look: a file is held against every contract there is."""
    if contract.header_patterns or contract.said_elsewhere:
        return True
    names = contract.names_by_header
    return contract.required_names <= {names[cell] for cell in columns.normalised if cell in names}


def _match(contract: Contract, columns: _Columns, called: str) -> Match:
    names = [contract.names_by_header.get(cell) for cell in columns.normalised]
    constants: dict[str, str] = {}
    if contract.header_patterns:
        for place, cell in enumerate(columns.cells):
            if names[place] is None:
                names[place], said = contract.column_of(cell)
                # Of two headers that fit, the first is the column, and its word holds.
                constants = {**said, **constants}
    preamble = columns.header.preamble if columns.header else ()
    constants.update(_said_elsewhere(contract, preamble, called))
    present = {*names, *constants}
    missing = tuple(f.label for f in contract.required if f.name not in present)
    return Match(
        contract=contract,
        columns=columns.cells,
        names=tuple(names),
        constants={k: v for k, v in constants.items() if k in contract.by_name and k not in names},
        missing=missing,
        header=columns.header,
        records=columns.records,
    )


def _said_elsewhere(
    contract: Contract, preamble: Sequence[str], called: str
) -> Iterator[tuple[str, str]]:
    """What the lines above the header and the file's path say of columns."""
    for column in contract.said_elsewhere:
        # What is told by its place among the lines is looked for in all of them.
        lines = (*preamble, "\n".join(preamble))
        if column.from_preamble and (found := _first_group(column.from_preamble, lines)):
            yield column.name, found
        if column.from_path and (found := _first_group(column.from_path, [called])):
            yield column.name, found


def _first_group(pattern: str, lines: Iterable[str]) -> str | None:
    for line in lines:
        if match := re.search(pattern, line.strip().strip('"')):
            return match.group(1).strip()
    return None


def _signed(head: Head, called: str, streams: Sequence[Contract]) -> Iterator[Match]:
    """Matches of contracts that no header tells."""
    if head.kind != "csv" or not head.candidates:
        return
    for contract in streams:
        if contract.layout not in HEADERLESS:
            continue
        if contract.layout == "headerless":
            if header := _valued(head, contract):
                yield _match(contract, _Columns(header.cells, header), called)
        elif _is_signed(head, contract):
            elsewhere = contract.said_elsewhere
            labels = tuple(column.label for column in contract.fields if column not in elsewhere)
            lines = tuple(_first_lines(head))
            header = HeaderCandidate(head.candidates[0].delimiter, labels, 0, lines)
            yield _match(contract, _Columns(labels, header), called)


def _first_lines(head: Head) -> list[str]:
    return [line.rstrip("\r") for line in head.text.split("\n")[:SIGNATURE_LINES]]


def _is_signed(head: Head, contract: Contract) -> bool:
    """Whether the first lines show the contract's signature, if it has one."""
    if contract.signature is None:
        return True
    return any(re.search(contract.signature, line) for line in _first_lines(head))


def _valued(head: Head, contract: Contract) -> HeaderCandidate | None:
    """The first line of a headerless file, if it has the values that the contract describes."""
    patterns = [(place, f.pattern) for place, f in enumerate(contract.fields) if f.pattern]
    for candidate in head.candidates:
        if candidate.preamble or len(candidate.cells) != len(contract.fields):
            continue
        if all(re.fullmatch(pattern, candidate.cells[place]) for place, pattern in patterns):
            labels = tuple(f.label for f in contract.fields)
            return HeaderCandidate(candidate.delimiter, labels, 0, ())
    return None


def _nearest(tried: Sequence[Sequence[Match]], path: PurePath) -> Match | None:
    """The match that lacks least, by the line whose cells are known best."""
    lines = [line for line in tried if line]
    if not lines:
        return None
    matches = max(lines, key=lambda line: (max(m.known for m in line), len(line[0].columns)))
    words = set(re.split(r"[^a-z0-9]+", str(path).casefold()))

    def closeness(match: Match) -> tuple[bool, float, bool, float, str]:
        required = len(match.contract.required) or 1
        return (
            in_folder(path, match.contract),
            (required - len(match.missing)) / required,
            match.contract.source.split("_")[0] in words,
            match.known / len(match.columns),
            match.contract.name,
        )

    return max(matches, key=closeness)


def _is_near(match: Match, path: PurePath, contracts: Sequence[Contract]) -> bool:
    """Whether a file is nearly of this stream: it was put into its folder, or has at least half of
    the required columns, under headers of which one is not every vendor's.
    """
    told_by = _told_by(match)
    return (
        match.is_near
        or in_folder(path, match.contract)
        or (
            len(told_by) >= len(match.missing)
            and not _common_headers(tuple(contracts)).issuperset(told_by)
        )
    )


def renamed(match: Match) -> list[tuple[str, str]]:
    """Pairs of a missing column and the unknown one that looks most like it."""
    pairs = []
    for label in match.missing:
        close = difflib.get_close_matches(label, match.unknown, n=1, cutoff=0.55)
        if close:
            pairs.append((label, close[0]))
    return pairs


def period_of(contract: Contract, preamble: Sequence[str]) -> tuple[date, date] | None:
    """First and last day that a report says it covers; None for 'All time' or no such line."""
    rules = contract.preamble
    if rules.period_line is not None and len(preamble) >= rules.period_line:
        line = preamble[rules.period_line - 1].strip().strip('"')
        ends = re.split(r"\s+[-\u2013]\s+", line)
    elif rules.period_start and rules.period_end:
        ends = [_first_group(p, preamble) or "" for p in (rules.period_start, rules.period_end)]
    else:
        return None
    days = [day for end in ends if (day := _day(end)) is not None]
    if not days or len(days) != len(ends):
        return None
    return days[0], days[-1]


def declared_rows(contract: Contract, preamble: Sequence[str]) -> int | None:
    """How many rows the vendor wrote, where the lines above the header say so."""
    said = contract.preamble.row_count and _first_group(contract.preamble.row_count, preamble)
    return int(said.replace(",", "")) if said else None


def _day(text: str) -> date | None:
    for pattern in PERIOD_DATES:
        try:
            return datetime.strptime(text.strip(), pattern).date()  # noqa: DTZ007 - a date only
        except ValueError:
            continue
    return None
