"""Which stream a file is, decided from its header or keys, and how far off the nearest one is."""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath

from pipelines.ingest.contract import Contract, normalise
from pipelines.ingest.sniff import Head, HeaderCandidate

PERIOD_DATES = ("%B %d, %Y", "%d %B %Y", "%b %d, %Y", "%d %b %Y", "%Y-%m-%d")


@dataclass(frozen=True)
class Match:
    """A contract held against the columns of a file.

    Attributes:
        missing: labels of required columns that the file lacks; empty if it fits.
        unknown: columns of the file that the contract does not know.
        known: how many of its columns the contract knows.
    """

    contract: Contract
    columns: tuple[str, ...]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    known: int
    header: HeaderCandidate | None = None

    @property
    def fits(self) -> bool:
        """Whether every required column is there."""
        return not self.missing


def recognise(head: Head, path: PurePath, contracts: Sequence[Contract]) -> Match | None:
    """The contract that a file fits, or the nearest one; None where there are no columns at all.

    Where several fit, the folder `<source>/<stream>/` in the path decides, then the number of
    columns that a contract knows.
    """
    headers: list[tuple[HeaderCandidate | None, tuple[str, ...]]] = (
        [(candidate, candidate.cells) for candidate in head.candidates]
        if head.kind == "csv"
        else [(None, head.keys)]
    )
    streams = [c for c in contracts if c.format == ("csv" if head.kind == "csv" else "json")]
    matches: list[Match] = []
    for header, cells in headers:
        here = [match_columns(contract, cells, header) for contract in streams] if cells else []
        if fitting := [match for match in here if match.fits]:
            return max(
                fitting, key=lambda m: (in_folder(path, m.contract), m.known, m.contract.name)
            )
        matches += here
    if not matches:
        return None
    return _nearest(matches, path)


def match_columns(
    contract: Contract, columns: Sequence[str], header: HeaderCandidate | None = None
) -> Match:
    """Hold one contract against the columns of a file."""
    names = [contract.names_by_header.get(normalise(column)) for column in columns]
    present = set(names)
    return Match(
        contract=contract,
        columns=tuple(columns),
        missing=tuple(f.label for f in contract.required if f.name not in present),
        unknown=tuple(c for c, name in zip(columns, names, strict=True) if name is None),
        known=len(present - {None}),
        header=header,
    )


def in_folder(path: PurePath, contract: Contract) -> bool:
    """Whether `<source>/<stream>` stands anywhere in the path."""
    parts = path.parts[:-1]
    return (contract.source, contract.stream) in itertools.pairwise(parts)


def _nearest(matches: Iterable[Match], path: PurePath) -> Match:
    words = set(re.split(r"[^a-z0-9]+", str(path).casefold()))

    def closeness(match: Match) -> tuple[bool, float, bool, float, float, str]:
        required = len(match.contract.required)
        return (
            in_folder(path, match.contract),
            (required - len(match.missing)) / required,
            match.contract.source.split("_")[0] in words,
            match.known / len(match.columns),
            _likeness(match) if match.known == 0 else 1.0,
            match.contract.name,
        )

    return max(matches, key=closeness)


def _likeness(match: Match) -> float:
    """How alike the names are where none is equal, 0..1."""
    ours = " ".join(sorted(field.name for field in match.contract.fields))
    theirs = " ".join(sorted(normalise(column) for column in match.columns[:60]))
    return difflib.SequenceMatcher(None, ours[:400], theirs[:400]).quick_ratio()


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
    line = contract.preamble.period_line
    if line is None or len(preamble) < line:
        return None
    ends = re.split(r"\s+[-\u2013]\s+", preamble[line - 1].strip().strip('"'))
    days = [day for end in ends if (day := _day(end)) is not None]
    if not days or len(days) != len(ends):
        return None
    return days[0], days[-1]


def _day(text: str) -> date | None:
    for pattern in PERIOD_DATES:
        try:
            return datetime.strptime(text.strip(), pattern).date()  # noqa: DTZ007 - a date only
        except ValueError:
            continue
    return None
