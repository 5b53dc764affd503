"""What a stream looks like: the contracts of `pipelines/contracts/`, as the loader sees them.

A contract is an Open Data Contract Standard (v3) document. `businessName` is the label in the
export's header, `synonyms` its other spellings; what the standard has no word for is in
`customProperties`, which `pipelines/contracts/README.md` explains one by one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml

from pipelines.settings import CONTRACTS_DIR, UsageError

FORMATS = ("csv", "json", "any")
LAYOUTS = ("table", "grouped", "vertical", "stacked", "headerless")
DELIVERIES = ("append", "snapshot")
REPLACE_UNITS = ("row", "file", "batch")
LOGICAL_TYPES = ("string", "integer", "number", "date", "timestamp", "boolean", "object", "array")


META_COLUMNS = ("_extra", "_file_id", "_row_number", "_loaded_at")
LOCALE_COLUMNS = ("_date_order", "_decimal_mark")


class ContractError(UsageError):
    """A contract that cannot be used; the message names the file and what it lacks."""


@dataclass(frozen=True)
class Field:
    """One column of a stream: `label` in the export's header, `name` in raw."""

    name: str
    label: str
    aliases: tuple[str, ...]
    logical_type: str
    date_format: str | None
    required: bool
    is_key: bool
    is_pii: bool
    description: str
    allowed: tuple[str, ...]
    pattern: str | None
    repeats: bool
    header_pattern: str | None
    from_preamble: str | None
    from_path: str | None


@dataclass(frozen=True)
class SkipRules:
    """Rows that are no data: sums of rows that are there, footers. They are counted, not loaded.

    Attributes:
        cell_starts: the first cell, or one of text, begins like one of these.
        empty: these columns, all of them, are empty.
        line_matches: patterns of lines, mostly with too few or too many fields to be a row.
    """

    cell_starts: tuple[str, ...] = ()
    empty: tuple[str, ...] = ()
    line_matches: tuple[str, ...] = ()


@dataclass(frozen=True)
class Preamble:
    """What the lines above the header say.

    Attributes:
        period_line: line that holds the report's period, from 1.
        period_start, period_end: patterns whose first group is the first or last day.
        row_count: pattern whose first group is the number of rows that the vendor wrote.
    """

    period_line: int | None = None
    period_start: str | None = None
    period_end: str | None = None
    row_count: str | None = None


@dataclass(frozen=True)
class Contract:
    """One stream of one source.

    Attributes:
        fields: columns in the order of the raw table.
        key: names of the columns that tell one row from another.
        layout: how the table lies in the file; see the README of the contracts.
        signature: a pattern that the head of a file of this stream shows, where no header tells it.
        records: the keys under which pages of JSON may hold their records.
        is_localised: whether day-month order and decimal mark are decided per file.
        is_snapshot: whether a delivery lists every record, so that one it lacks is gone.
        reload_days: how long the vendor restates a day; None where it does not.
        replaces_by, replaces_unit: which earlier rows a delivery replaces. `row`: the rows of the
            same key; `file`: all rows of older files with that key; `batch`: of older batches.
        version: changes with the contract's text, so that files it once refused are tried again.
    """

    source: str
    stream: str
    title: str
    owner: str
    grain: str
    format: str
    latency_hours: int
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    replaces_by: tuple[str, ...]
    replaces_unit: str
    layout: str
    signature: str | None
    preamble: Preamble
    skip_rows: SkipRules
    records: tuple[str, ...]
    is_localised: bool
    is_snapshot: bool
    reload_days: int | None
    null_markers: tuple[str, ...]
    version: str

    @property
    def name(self) -> str:
        """`<source>.<stream>`, as people write it."""
        return f"{self.source}.{self.stream}"

    @property
    def schema(self) -> str:
        """The raw schema."""
        return f"raw_{self.source}"

    @property
    def table(self) -> str:
        """The raw table, with its schema."""
        return f"{self.schema}.{self.stream}"

    @property
    def required(self) -> tuple[Field, ...]:
        """The columns without which a file is none of this stream."""
        return tuple(field for field in self.fields if field.required)

    @cached_property
    def names_by_header(self) -> Mapping[str, str]:
        """Every spelling of every column, normalised, to the column's name in raw."""
        return {
            normalise(spelling): field.name
            for field in self.fields
            for spelling in (field.name, *field.aliases, field.label)
        }

    @cached_property
    def header_patterns(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        """Patterns of headers, and the column that a header is which matches."""
        return tuple(
            (re.compile(field.header_pattern, re.IGNORECASE), field.name)
            for field in self.fields
            if field.header_pattern
        )

    @cached_property
    def said_elsewhere(self) -> tuple[Field, ...]:
        """The columns that the lines above the header or the file's path fill."""
        return tuple(field for field in self.fields if field.from_preamble or field.from_path)

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """The columns by their name in raw."""
        return {field.name: field for field in self.fields}

    def column_of(self, header: str) -> tuple[str | None, Mapping[str, str]]:
        """The column that a header is, and what it says of others (a currency in brackets)."""
        name = self.names_by_header.get(normalise(header))
        if name is None:
            for pattern, column in self.header_patterns:
                if match := pattern.fullmatch(header.strip()):
                    return column, match.groupdict()
        return name, {}


@lru_cache(maxsize=4096)
def normalise(header: str) -> str:
    """A header cell as it is compared: no case, no outer or doubled blanks."""
    return re.sub(r"\s+", " ", header).strip().casefold()


@cache
def load_contracts(folder: Path = CONTRACTS_DIR) -> tuple[Contract, ...]:
    """Every contract below `folder`, by source and stream.

    Raises:
        ContractError: a document is not valid ODCS, or says something the loader cannot do.
    """
    return tuple(read_contract(path) for path in sorted(folder.rglob("*.yml")))


def read_contract(path: Path) -> Contract:
    """One contract from its file.

    Raises:
        ContractError: the document cannot be used.
    """
    text = path.read_text(encoding="utf-8")
    try:
        return _from_document(yaml.load(text, yaml.CSafeLoader), path.parent.name, text)
    except (KeyError, TypeError, ValueError, re.error, yaml.YAMLError) as error:
        said = f"lacks {error}" if isinstance(error, KeyError) else " ".join(str(error).split())
        raise ContractError(
            f"{path}: {said}; `throughline contract check` says what is wrong with every contract"
        ) from error


def _from_document(document: Mapping[str, Any], source: str, text: str) -> Contract:
    """Reads plain keys: the standard's own model costs half a second and checks in the tests."""
    (table,) = document["schema"]
    custom = _custom(document)
    fields = tuple(_field(item) for item in table["properties"])
    key = [item for item in table["properties"] if item.get("primaryKey")]
    contract = Contract(
        source=source,
        stream=table["name"],
        title=document["name"],
        owner=document["team"]["name"],
        grain=table["dataGranularityDescription"],
        format=custom["format"],
        latency_hours=next(
            item["value"] for item in document["slaProperties"] if item["property"] == "latency"
        ),
        fields=fields,
        key=tuple(i["name"] for i in sorted(key, key=lambda i: i["primaryKeyPosition"])),
        replaces_by=tuple(custom["replaces"]["by"]),
        replaces_unit=custom["replaces"]["unit"],
        layout=custom.get("layout", "table"),
        signature=custom.get("signature"),
        preamble=Preamble(**custom.get("preamble", {})),
        skip_rows=SkipRules(
            **{rule: tuple(values) for rule, values in custom.get("skipRows", {}).items()}
        ),
        records=tuple(custom.get("records", ("data",))),
        is_localised=custom.get("locale") == "per_file",
        is_snapshot=_one_of(DELIVERIES, custom.get("delivery", "append")) == "snapshot",
        reload_days=custom.get("reloadDays"),
        null_markers=tuple(custom.get("nullMarkers", ())),
        version=hashlib.sha256(text.encode()).hexdigest()[:16],
    )
    _check(contract)
    return contract


def _field(item: Mapping[str, Any]) -> Field:
    custom = _custom(item)
    return Field(
        name=item["name"],
        label=item.get("businessName", item["name"]),
        aliases=tuple(synonym["synonym"] for synonym in item.get("synonyms", ())),
        logical_type=item["logicalType"],
        date_format=item.get("logicalTypeOptions", {}).get("format"),
        required=item.get("required", False),
        is_key=item.get("primaryKey", False),
        is_pii=item.get("classification") == "pii",
        description=item["description"],
        allowed=tuple(str(value["value"]) for value in item.get("enum", ())),
        pattern=item.get("logicalTypeOptions", {}).get("pattern"),
        repeats=custom.get("repeats", False),
        header_pattern=custom.get("headerPattern"),
        from_preamble=custom.get("fromPreamble"),
        from_path=custom.get("fromPath"),
    )


def _custom(document: Mapping[str, Any]) -> dict[str, Any]:
    return {item["property"]: item["value"] for item in document.get("customProperties", ())}


def _check(contract: Contract) -> None:
    names = {field.name for field in contract.fields}
    _require(contract.format in FORMATS, f"format is one of {', '.join(FORMATS)}")
    _require(contract.layout in LAYOUTS, f"layout is one of {', '.join(LAYOUTS)}")
    _require(contract.replaces_unit in REPLACE_UNITS, f"replaces.unit: {', '.join(REPLACE_UNITS)}")
    _require(set(contract.replaces_by) <= names, "replaces.by names columns of the contract")
    _require(
        bool(contract.required or contract.signature or contract.layout == "headerless"),
        "a required column or a signature: it tells the stream",
    )
    _require(set(contract.skip_rows.empty) <= names, "skipRows.empty names columns of the contract")
    for pattern in _patterns(contract):
        re.compile(pattern)
    for field in contract.fields:
        _require(field.logical_type in LOGICAL_TYPES, f"{field.name}: {', '.join(LOGICAL_TYPES)}")
        _require(re.fullmatch(r"[a-z][a-z0-9_]*", field.name) is not None, f"{field.name}: a name")


def _patterns(contract: Contract) -> Iterator[str]:
    preamble = contract.preamble
    yield from contract.skip_rows.line_matches
    yield from filter(None, (contract.signature, preamble.period_start, preamble.period_end))
    yield from filter(None, (preamble.row_count,))
    for field in contract.fields:
        patterns = (field.pattern, field.header_pattern, field.from_preamble, field.from_path)
        yield from filter(None, patterns)


def _one_of(choices: tuple[str, ...], value: str) -> str:
    _require(value in choices, f"one of {', '.join(choices)}, not {value}")
    return value


def _require(condition: bool, expected: str) -> None:
    if not condition:
        raise ValueError(f"expected: {expected}")


def meta_columns(contract: Contract) -> tuple[str, ...]:
    """The columns that raw adds to those of the contract."""
    return (*META_COLUMNS, *LOCALE_COLUMNS) if contract.is_localised else META_COLUMNS


def contracts_version(contracts: Iterable[Contract]) -> str:
    """Changes when any contract does."""
    return hashlib.sha256("".join(c.version for c in contracts).encode()).hexdigest()[:16]
