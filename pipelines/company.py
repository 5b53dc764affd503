"""What a company says of itself: company.yml of its folder, and its rows of our seeds.

What it does not say is as we ship it: an assumption, which each run prints with the line that would
settle it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from pipelines.settings import UsageError
from pipelines.strict import ANYTHING, Key, Keys, load_yaml, one_of, read

SETTINGS_FILE = "company.yml"
# What `throughline init` writes.
BLANK = Path(__file__).parent / "blank"
FOLDERS = ("contracts", "models", "macros", "tests", "seeds", "expectations", "pages")
# Vars of dbt_project.yml that are settings of a company; whoever means another says so under vars.
FACTS = (
    *("reporting_currency", "reporting_time_zone", "business_region"),
    *("fiscal_year_start_month", "gross_margin_rate"),
)
# What a source may be said to be, and the var that maps sources to it.
OF_A_SOURCE: Mapping[str, str] = {
    "time_zone": "source_time_zones",
    "currency": "source_currencies",
}
# Vars that are no rules but the project's own order.
OURS = ("subjects", "trackers", "as_of_at", "own_models", *OF_A_SOURCE.values(), *FACTS)
CURRENCY = re.compile("[A-Z]{3}")
# Whom runs tell what needs a person: pipelines/outbox. A text may name a variable: env:NAME.
NOTIFY = Keys(
    {
        "webhook": Key(str, ""),
        "smtp": Key(
            Keys(
                {
                    "host": Key(str, ""),
                    "port": Key(int, 587),
                    "security": Key(("starttls", "tls", "none"), "starttls"),
                    "user": Key(str, ""),
                    "password": Key(str, ""),
                    "from": Key(str, ""),
                    "to": Key([str], ()),
                }
            ),
            None,
        ),
        "people": Key(ANYTHING, None),
    }
)

# Where else the release is to be shown: pipelines/doors. A text may name a variable: env:NAME.
DOORS = Keys(
    {
        "postgres": Key(
            Keys(
                {
                    "url": Key(str, ""),
                    "schema": Key(str, "marketing"),
                    "readers": Key([str], ()),
                }
            ),
            None,
        )
    }
)

SETTINGS = Keys(
    {
        "name": Key(str, ""),
        **{name: Key(ANYTHING, None) for name in FACTS},
        "sources": Key(ANYTHING, None),
        "vars": Key(ANYTHING, None),
        "replace_seeds": Key([str], ()),
        "own_models": Key(ANYTHING, None),
        "notify": Key(NOTIFY, None),
        "doors": Key(DOORS, None),
    }
)


@dataclass(frozen=True)
class Company:
    """A company's own rules.

    Attributes:
        folder: where they lie.
        name: of the company; empty where it says none.
        facts: what it says of FACTS.
        sources: what it says of a source, by source: some of OF_A_SOURCE.
        rules: other vars of dbt_project.yml that it replaces.
        replaced_seeds: seeds of which its rows are all, and not rows beside ours.
        own_models: models of its own that a union of ours takes up, by the union's name.
        notify: whom runs tell what needs a person, as NOTIFY has it.
        doors: where else the release is shown, as DOORS has it.
    """

    folder: Path
    name: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    rules: Mapping[str, Any] = field(default_factory=dict)
    replaced_seeds: Sequence[str] = ()
    own_models: Mapping[str, Sequence[str]] = field(default_factory=dict)
    notify: Mapping[str, Any] = field(default_factory=dict)
    doors: Mapping[str, Any] = field(default_factory=dict)

    @property
    def settings_path(self) -> Path:
        """The file in which it says so."""
        return self.folder / SETTINGS_FILE


def read_company(folder: Path) -> Company:
    """What a folder says.

    Raises:
        UsageError: there is no such folder, or it says what nothing reads.
    """
    path = folder / SETTINGS_FILE
    if not path.is_file():
        raise UsageError(
            f"there is no {path}; name the folder of your own rules with --config, or write one"
            f" with `throughline init {folder}`"
        )
    try:
        said, slips = read(load_yaml(path.read_text(encoding="utf-8")) or {}, SETTINGS)
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise UsageError(f"{path} cannot be read: {' '.join(str(error).split())}") from error
    slips = slips or list(_slips(said))
    if slips:
        raise UsageError(f"{path}: {'; '.join(slips)}")
    for slip in _unread(folder):
        raise UsageError(slip)
    return Company(
        folder,
        said["name"],
        {name: said[name] for name in FACTS if said[name] is not None},
        said["sources"] or {},
        said["vars"] or {},
        said["replace_seeds"],
        {union: tuple(models) for union, models in (said["own_models"] or {}).items()},
        said["notify"],
        said["doors"],
    )


def write_blank(folder: Path) -> list[Path]:
    """Write a folder that says nothing yet, and explains what it could say.

    Raises:
        UsageError: one is there already.
    """
    if (folder / SETTINGS_FILE).exists():
        raise UsageError(f"{folder / SETTINGS_FILE} is there already; change it, or name another")
    for name in FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    written = []
    for blank in sorted(BLANK.iterdir()):
        path = folder / blank.name
        if not path.exists():
            path.write_text(blank.read_text(encoding="utf-8"), encoding="utf-8")
            written.append(path)
    return written


def _slips(said: Mapping[str, Any]) -> Iterator[str]:
    for name in ("sources", "vars", "own_models"):
        if not isinstance(said[name] or {}, dict):
            yield f"{name} is {said[name]!r}, expected keys with values"
            return
    for source, facts in (said["sources"] or {}).items():
        if not isinstance(facts, dict):
            yield f"sources.{source} is {facts!r}, expected {' and '.join(OF_A_SOURCE)}"
            continue
        for name, value in facts.items():
            if name not in OF_A_SOURCE:
                yield f"sources.{source}.{name}: no such name, expected {one_of(name, OF_A_SOURCE)}"
            elif not isinstance(value, str):
                yield f"sources.{source}.{name} is {value!r}, expected text"
            elif name == "currency" and not CURRENCY.fullmatch(value):
                yield f"sources.{source}.currency is {value!r}, expected a code such as EUR"
    yield from _notify_slips(said["notify"])
    yield from _doors_slips(said["doors"]["postgres"])
    currency, month = said["reporting_currency"], said["fiscal_year_start_month"]
    if currency is not None and not CURRENCY.fullmatch(str(currency)):
        yield f"reporting_currency is {currency!r}, expected a code such as EUR"
    if month is not None and month not in range(1, 13):
        yield f"fiscal_year_start_month is {month!r}, expected a month, 1 to 12"
    for union, models in (said["own_models"] or {}).items():
        if not isinstance(models, list) or not all(isinstance(model, str) for model in models):
            yield f"own_models.{union} is {models!r}, expected a list of models"


def _notify_slips(notify: Mapping[str, Any]) -> Iterator[str]:
    people, smtp = notify["people"] or {}, notify["smtp"]
    if not isinstance(people, dict) or not all(isinstance(to, str) for to in people.values()):
        yield f"notify.people is {people!r}, expected names with addresses"
    elif people and not smtp["host"]:
        yield "notify.people has addresses, but notify.smtp.host names no server to send mail by"
    if smtp["host"] and not smtp["from"]:
        yield "notify.smtp.from is missing, expected the address that mail comes from"
    if smtp["host"] and not smtp["to"] and not people:
        yield "notify.smtp has nobody to write to, expected addresses under to or notify.people"


def _doors_slips(postgres: Mapping[str, Any]) -> Iterator[str]:
    url, schema = postgres["url"], postgres["schema"]
    if not url and (schema != "marketing" or postgres["readers"]):
        yield "doors.postgres.url is missing, expected env:NAME of the address of the server"
    # With the ending that a schema has until it is swapped in, PostgreSQL takes no longer name.
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,50}", schema):
        yield (
            f"doors.postgres.schema is {schema!r}, expected small letters, digits and _, at most 51"
        )


def _unread(folder: Path) -> Iterator[str]:
    for path in sorted(folder.iterdir()):
        if path.is_dir() and path.name not in FOLDERS and not path.name.startswith("."):
            yield f"nothing reads {path}, expected {one_of(path.name, FOLDERS)}"


def with_settings(shipped: Path, company: Company) -> str:
    """dbt_project.yml with the vars as the company says.

    Raises:
        UsageError: there is no such var, or it is of another kind.
    """
    document: dict[str, Any] = yaml.load(shipped.read_text(encoding="utf-8"), yaml.CSafeLoader)
    rules = document["vars"]
    known = [name for name in rules if name not in OURS]
    for name, value in company.rules.items():
        if name not in known:
            raise UsageError(
                f"{company.settings_path}: vars.{name}: no such name,"
                f" expected {one_of(name, known)}"
            )
        if not isinstance(value, type(rules[name])) and not isinstance(rules[name], float):
            raise UsageError(
                f"{company.settings_path}: vars.{name} is {value!r}, expected something like"
                f" {rules[name]!r}"
            )
    rules |= {**company.facts, **company.rules}
    rules["own_models"] = {union: list(models) for union, models in company.own_models.items()}
    for source, facts in company.sources.items():
        for name, value in facts.items():
            rules[OF_A_SOURCE[name]][source] = value
    # Without their places: the same rules elsewhere are the same rules.
    head = f"# Made of ours and of the company's {SETTINGS_FILE}: change those.\n"
    return head + yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100)


def merged_seed(shipped: Path, own: Path, company: Company) -> str:
    """A seed of ours with a company's rows: in place of those with the same key, else beside them.

    Raises:
        UsageError: the company's file has other columns, or a key twice.
    """
    reader = _rows(shipped)
    columns, ours = list(reader.fieldnames or ()), list(reader)
    key = primary_key(_documentation(shipped)) or columns
    theirs = _rows(own)
    if set(theirs.fieldnames or ()) != set(columns):
        raise UsageError(
            f"{own}: line 1 has the columns {' and '.join(theirs.fieldnames or ())};"
            f" expected {','.join(columns)}, separated by commas"
        )
    numbered = [(theirs.line_num, row) for row in theirs]
    for line, row in numbered:
        if None in row or None in row.values():
            raise UsageError(
                f"{own}: line {line} has other than {len(columns)} cells; put a cell with a comma"
                " in quotes"
            )
    rows = by_key(own, numbered, key)
    kept = [] if shipped.stem in company.replaced_seeds else ours
    merged = [rows.pop(tuple(row[name] for name in key), row) for row in kept]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows([*merged, *rows.values()])
    return text.getvalue()


def _rows(path: Path) -> csv.DictReader[str]:
    """The rows of a CSV file.

    Raises:
        UsageError: it is no UTF-8.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise UsageError(
            f"{path}: line {line} is no UTF-8; save the file as CSV UTF-8, with commas"
        ) from error
    return csv.DictReader(io.StringIO(text, newline=""))


def by_key(
    path: Path, numbered: Iterable[tuple[int, dict[str, str]]], key: Sequence[str]
) -> dict[tuple[str, ...], dict[str, str]]:
    """The rows of a seed by their key, given the line of each.

    Raises:
        UsageError: a key stands there twice.
    """
    rows: dict[tuple[str, ...], dict[str, str]] = {}
    lines: dict[tuple[str, ...], int] = {}
    for line, row in numbered:
        values = tuple(row[name] for name in key)
        if values in rows:
            raise UsageError(
                f"{path}: line {line} has the {', '.join(key)} of line {lines[values]}:"
                f" {', '.join(values)}; keep one of them"
            )
        rows[values], lines[values] = row, line
    return rows


def primary_key(documentation: Mapping[str, Any]) -> list[str]:
    """The columns that tell the rows of a seed apart, as its documentation says."""
    for test in documentation.get("data_tests", ()):
        if isinstance(test, dict) and "primary_key" in test:
            columns: list[str] = test["primary_key"]["arguments"]["columns"]
            return columns
    return []


def _documentation(seed: Path) -> Mapping[str, Any]:
    """What stands of a seed in the YAML file beside it."""
    documents = yaml.load(seed.with_suffix(".yml").read_text(encoding="utf-8"), yaml.CSafeLoader)
    (found,) = (one for one in documents["seeds"] if one["name"] == seed.stem)
    documentation: Mapping[str, Any] = found
    return documentation
