"""What a stream looks like: the contracts of `pipelines/contracts/`, as the loader sees them.

A contract is an Open Data Contract Standard (v3) document. `businessName` is the label in the
export's header, `synonyms` its other spellings; what the standard has no word for is in
`customProperties`, which `pipelines/contracts/README.md` explains one by one.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml

from pipelines.project import project, said_by
from pipelines.settings import UsageError
from pipelines.strict import (
    ANYTHING,
    PATTERN,
    Key,
    Keys,
    Named,
    OneOrMore,
    load_yaml,
    one_of,
    read,
)

FORMATS = ("csv", "json", "any")
LAYOUTS = ("table", "grouped", "vertical", "stacked", "headerless")
DELIVERIES = ("append", "snapshot", "window")
# What is decided per file: order of day and month and decimal mark, which it has to settle; or the
# mark alone, which is the vendor's where the file proves no other.
LOCALES = ("per_file", "decimal_mark")
REPLACE_UNITS = ("row", "file", "batch")
# What streams are of, whoever the vendor is: pages, marts and their audit ask for these.
SUBJECTS = (
    *("accounts", "briefs", "campaigns", "contacts", "deals", "email_events", "spend"),
    *("task_changes", "tasks", "web_events"),
)
LOGICAL_TYPES = ("string", "integer", "number", "date", "timestamp", "boolean", "object", "array")

# All that a contract may say. What is in none of these is a slip, and the contract is refused; of
# the standard's words that nothing reads, none is a customProperties or a logicalTypeOptions.
EVERYWHERE = ("id", "tags", "authoritativeDefinitions")
FIELD = Keys(
    {
        "name": Key(str),
        "businessName": Key(str, None),
        "synonyms": Key(
            [Keys({"synonym": Key(str)}, {"id", "description", "locale", "source", "status"})], ()
        ),
        "description": Key(str),
        "logicalType": Key(LOGICAL_TYPES),
        "logicalTypeOptions": Key(
            Keys({"format": Key(str, None), "pattern": Key(PATTERN, None)}), None
        ),
        "required": Key(bool, False),
        "primaryKey": Key(bool, False),
        "primaryKeyPosition": Key(int, None),
        "classification": Key(("pii",), None),
        "criticalDataElement": Key(bool, False),
        "enum": Key([Keys({"value": Key(ANYTHING)}, {*EVERYWHERE, "label", "description"})], ()),
        "customProperties": Key(
            Named(
                {
                    "repeats": Key(bool, False),
                    "headerPattern": Key(PATTERN, None),
                    "fromPreamble": Key(PATTERN, None),
                    "fromPath": Key(PATTERN, None),
                }
            ),
            None,
        ),
    },
    {
        *EVERYWHERE,
        *("physicalType", "physicalName", "deprecated", "semanticType", "unique", "examples"),
        *("partitioned", "partitionKeyPosition", "encryptedName"),
        *("transformSourceObjects", "transformLogic", "transformDescription", "relationships"),
        *("quality", "properties", "items", "map"),
    },
)
STREAM = Keys(
    {
        "name": Key(str),
        "physicalName": Key(str, None),
        "dataGranularityDescription": Key(str),
        "properties": Key([FIELD]),
    },
    {
        *EVERYWHERE,
        *("physicalType", "description", "businessName", "deprecated", "synonyms", "logicalType"),
        *("relationships", "quality", "context"),
    },
)
DOCUMENT = Keys(
    {
        "apiVersion": Key(str, None),
        "kind": Key(("DataContract",), None),
        "id": Key(str, None),
        "name": Key(str),
        "version": Key(str, None),
        "status": Key(str, None),
        "description": Key(
            Keys(
                {"purpose": Key(str, ""), "usage": Key(str, ""), "limitations": Key(str, "")},
                {"authoritativeDefinitions"},
            ),
            None,
        ),
        "team": Key(Keys({"name": Key(str)}, {*EVERYWHERE, "description", "members"})),
        "slaProperties": Key(
            [
                Keys(
                    {
                        "property": Key(("latency",)),
                        "value": Key(int),
                        "unit": Key(("h",), "h"),
                    },
                    {
                        *("id", "authoritativeDefinitions", "valueExt", "element", "driver"),
                        *("description", "scheduler", "schedule"),
                    },
                )
            ]
        ),
        "schema": Key([STREAM]),
        "customProperties": Key(
            Named(
                {
                    "format": Key(FORMATS),
                    "layout": Key(LAYOUTS, "table"),
                    "signature": Key(PATTERN, None),
                    "preamble": Key(
                        Keys(
                            {
                                "period_line": Key(int, None),
                                "period_start": Key(PATTERN, None),
                                "period_end": Key(PATTERN, None),
                                "row_count": Key(PATTERN, None),
                            }
                        ),
                        None,
                    ),
                    "skipRows": Key(
                        Keys(
                            {
                                "cell_starts": Key([str], ()),
                                "empty": Key([str], ()),
                                "line_matches": Key([PATTERN], ()),
                            }
                        ),
                        None,
                    ),
                    "records": Key([str], ("data",)),
                    "locale": Key(LOCALES, None),
                    "delivery": Key(DELIVERIES, "append"),
                    "feeds": Key([SUBJECTS], ()),
                    "reloadDays": Key(int, None),
                    "nullMarkers": Key([str], ()),
                    "replaces": Key(
                        Keys(
                            {
                                "by": Key([OneOrMore(str)], ()),
                                "unit": Key(REPLACE_UNITS, None),
                                "breakdowns": Key([str], ()),
                                "segments": Key([str], None),
                                "changed": Key(str, None),
                                "remembers": Key([str], ()),
                            }
                        ),
                        None,
                    ),
                }
            ),
        ),
    },
    {
        *EVERYWHERE,
        *("tenant", "servers", "dataProduct", "domain", "support", "price", "roles", "context"),
        *("slaDefaultElement", "contractCreatedTs"),
    },
)
# Of these lists a contract has one item: it is of one stream, with one promise.
ONE = ("schema", "slaProperties")

META_COLUMNS = ("_extra", "_file_id", "_row_number", "_loaded_at", "_delivery_no")
PERIOD_COLUMNS = ("_period_start", "_period_end")
LOCALE_COLUMNS = ("_date_order", "_decimal_mark")
DELIVERY_COLUMNS = {"snapshot": ("_missing_since_at",), "window": ("_is_latest_delivery",)}
# Before the name of a column that a stream remembers.
EARLIER = "_earlier_"


class ContractError(UsageError):
    """A contract that cannot be used; the message names the file and the first slip in it.

    Attributes:
        slips: all of them: where, what is expected, and the nearest name.
    """

    def __init__(self, path: Path, slips: Sequence[str]) -> None:
        more = f" (and {len(slips) - 1} more)" if len(slips) > 1 else ""
        super().__init__(
            f"{said_by(path)}: {slips[0]}{more}; `throughline contract check` lists what is wrong"
            " with every contract"
        )
        self.path = path
        self.slips = tuple(slips)


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
    is_critical: bool
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

    @property
    def tells_period(self) -> bool:
        """Whether a file may say which days it covers."""
        return self.period_line is not None or self.period_start is not None


@dataclass(frozen=True)
class Replaces:
    """Which earlier rows a delivery takes the place of.

    Attributes:
        by: what tells the record, each a column, or an id and what names the record without one.
        unit: `row`: the rows of the same record; `file`: all rows of older files with that record;
            `batch`: of older batches. None: no row takes the place of another, all are kept.
        breakdowns: columns that are filled where a report splits its figures by them: rows that are
            split alike replace each other.
        segments: columns that, beside these, tell the rows of one delivery apart: of rows that are
            equal in them the last counts. None: every row counts.
        changed: the column that says when the record was last changed.
        remembers: columns that name the record: what earlier rows of it said names it still.
    """

    by: tuple[tuple[str, ...], ...] = ()
    unit: str | None = None
    breakdowns: tuple[str, ...] = ()
    segments: tuple[str, ...] | None = None
    changed: str | None = None
    remembers: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that tell the record."""
        return tuple(column for name in self.by for column in name)

    @property
    def named(self) -> Mapping[str, tuple[str, ...]]:
        """All columns that it names, by the key under which they stand."""
        changed = (self.changed,) if self.changed else ()
        segments = self.segments or ()
        return {
            **{"by": self.columns, "breakdowns": self.breakdowns},
            **{"segments": segments, "changed": changed, "remembers": self.remembers},
        }


@dataclass(frozen=True)
class Contract:
    """One stream of one source.

    Attributes:
        fields: columns in the order of the raw table.
        key: names of the columns that tell one row from another.
        layout: how the table lies in the file; see the README of the contracts.
        signature: a pattern that the head of a file of this stream shows, where no header tells it.
        records: the keys under which pages of JSON may hold their records.
        locale: what is decided per file of day-month order and decimal mark: one of LOCALES; None
            for nothing.
        delivery: `append`; `snapshot`: it lists every record, so that one it lacks is gone;
            `window`: it shows the newest part of a record's history, and all of them are kept.
        reload_days: how long the vendor restates a day; None where it does not.
        replaces: which earlier rows a delivery takes the place of.
        feeds: the SUBJECTS that it tells something of.
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
    replaces: Replaces
    layout: str
    signature: str | None
    preamble: Preamble
    skip_rows: SkipRules
    records: tuple[str, ...]
    locale: str | None
    delivery: str
    reload_days: int | None
    null_markers: tuple[str, ...]
    feeds: tuple[str, ...]
    version: str

    @property
    def name(self) -> str:
        """`<source>.<stream>`, as people write it."""
        return f"{self.source}.{self.stream}"

    @property
    def is_localised(self) -> bool:
        """Whether its files say how they write."""
        return self.locale is not None

    @property
    def schema(self) -> str:
        """The raw schema."""
        return f"raw_{self.source}"

    @property
    def table(self) -> str:
        """The raw relation, with its schema: every row that ever came."""
        return f"{self.schema}.{self.stream}"

    @property
    def current_schema(self) -> str:
        """The schema of what holds as of the clock."""
        return f"current_{self.source}"

    @property
    def current_table(self) -> str:
        """The rows that hold as of the clock, with their schema."""
        return f"{self.current_schema}.{self.stream}"

    @cached_property
    def required(self) -> tuple[Field, ...]:
        """The columns without which a file is none of this stream."""
        return tuple(field for field in self.fields if field.required)

    @cached_property
    def required_names(self) -> frozenset[str]:
        """Their names in raw."""
        return frozenset(field.name for field in self.required)

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


def load_contracts(folder: Path | None = None) -> tuple[Contract, ...]:
    """Every contract below `folder`, the project's if none is named, by source and stream.

    Raises:
        ContractError: a document is not valid ODCS, or says something the loader cannot do.
    """
    return _contracts_in(folder or project().contracts)


@cache
def _contracts_in(folder: Path) -> tuple[Contract, ...]:
    return tuple(read_contract(path) for path in sorted(folder.rglob("*.yml")))


def read_contract(path: Path) -> Contract:
    """One contract from its file.

    Raises:
        ContractError: the document cannot be used.
    """
    text = path.read_text(encoding="utf-8")
    try:
        said, slips = read(load_yaml(text), DOCUMENT)
    except yaml.YAMLError as error:
        raise ContractError(path, [" ".join(str(error).split())]) from error
    slips += [f"{part} holds {len(said[part])}, expected 1" for part in ONE if len(said[part]) != 1]
    if not slips:
        contract = _from_document(said, path.parent.name, text)
        slips = list(_misfits(contract, said))
    if slips:
        raise ContractError(path, slips)
    return contract


def _from_document(said: Mapping[str, Any], source: str, text: str) -> Contract:
    """A contract from what a document says."""
    (table, *_), custom = said["schema"], said["customProperties"]
    key = {i["primaryKeyPosition"] or 0: i["name"] for i in table["properties"] if i["primaryKey"]}
    return Contract(
        source=source,
        stream=table["name"],
        title=said["name"],
        owner=said["team"]["name"],
        grain=table["dataGranularityDescription"],
        format=custom["format"],
        latency_hours=said["slaProperties"][0]["value"],
        fields=tuple(map(_field, table["properties"])),
        key=tuple(name for _, name in sorted(key.items())),
        replaces=Replaces(**custom["replaces"]),
        layout=custom["layout"],
        signature=custom["signature"],
        preamble=Preamble(**custom["preamble"]),
        skip_rows=SkipRules(**custom["skipRows"]),
        records=custom["records"],
        locale=custom["locale"],
        delivery=custom["delivery"],
        reload_days=custom["reloadDays"],
        null_markers=custom["nullMarkers"],
        feeds=custom["feeds"],
        version=hashlib.sha256(text.encode()).hexdigest()[:16],
    )


def _field(said: Mapping[str, Any]) -> Field:
    custom, options = said["customProperties"], said["logicalTypeOptions"]
    return Field(
        name=said["name"],
        label=said["name"] if said["businessName"] is None else said["businessName"],
        aliases=tuple(synonym["synonym"] for synonym in said["synonyms"]),
        logical_type=said["logicalType"],
        date_format=options["format"],
        required=said["required"],
        is_key=said["primaryKey"],
        is_pii=said["classification"] == "pii",
        is_critical=said["criticalDataElement"],
        description=said["description"],
        allowed=tuple(str(value["value"]) for value in said["enum"]),
        pattern=options["pattern"],
        repeats=custom["repeats"],
        header_pattern=custom["headerPattern"],
        from_preamble=custom["fromPreamble"],
        from_path=custom["fromPath"],
    )


def _misfits(contract: Contract, said: Mapping[str, Any]) -> Iterator[str]:
    """What has the right shape, and does not fit what else the contract says."""
    names = [field.name for field in contract.fields]
    positions = {f["name"]: f["primaryKeyPosition"] for f in said["schema"][0]["properties"]}
    placed = {name for name, position in positions.items() if position is not None}
    if placed != set(contract.key) or sorted(positions[name] for name in placed) != list(
        range(1, len(placed) + 1)
    ):
        yield (
            f"schema[{contract.stream}].properties: expected a primaryKeyPosition with each"
            " primaryKey and nowhere else, counted from 1"
        )
    for path, columns in (
        *((f"customProperties.replaces.{key}", n) for key, n in contract.replaces.named.items()),
        ("customProperties.skipRows.empty", contract.skip_rows.empty),
    ):
        for name in sorted(set(columns) - set(names)):
            yield f"{path}: {name!r} is no column, expected {one_of(name, names)}"
    if bool(contract.replaces.by) != bool(contract.replaces.unit):
        yield "customProperties.replaces: expected by, the columns, and unit, or none of them"
    if contract.delivery != "append" and not contract.replaces.by:
        yield f"customProperties.replaces is missing: a {contract.delivery} needs it"
    if contract.replaces.remembers and not contract.replaces.by:
        yield "customProperties.replaces.remembers: expected `by` beside it, which tells the record"
    if not (contract.required or contract.signature or contract.layout == "headerless"):
        yield "expected a required column or a signature: it tells the stream"
    for name, count in Counter(names).items():
        path = f"schema[{contract.stream}].properties[{name}]"
        if count > 1:
            yield f"{path} stands there {count} times, expected once"
        if not re.fullmatch("[a-z][a-z0-9_]*", name):
            yield f"{path}.name: expected lower case and underscores"


def meta_columns(contract: Contract) -> tuple[str, ...]:
    """The columns that raw adds to those of the contract."""
    period = PERIOD_COLUMNS if contract.preamble.tells_period else ()
    return (*META_COLUMNS, *period, *(LOCALE_COLUMNS if contract.is_localised else ()))


def current_columns(contract: Contract) -> tuple[str, ...]:
    """The columns that the current rows have beside those of raw."""
    remembered = (EARLIER + name for name in contract.replaces.remembers)
    return (*DELIVERY_COLUMNS.get(contract.delivery, ()), *remembered)


def contracts_version(contracts: Iterable[Contract]) -> str:
    """Changes when any contract does."""
    return hashlib.sha256("".join(c.version for c in contracts).encode()).hexdigest()[:16]
