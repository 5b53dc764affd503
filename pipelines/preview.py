"""What other rules would change, before anybody adopts them.

Builds the release that readers see once more in a folder of its own, over the same files and by the
same clock, and holds the two against each other. What no rule reaches is not built again.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines.publish import Release, published_path, published_release
from pipelines.publish.content import NOT_CONTENT, WALL_CLOCK_COLUMNS, MartTable, mart_tables
from pipelines.publish.release import in_memory
from pipelines.run import Outcome, execute
from pipelines.runs import connection
from pipelines.settings import Settings, UsageError
from pipelines.sql import literal, quoted
from pipelines.transform.manifest import mart_keys
from pipelines.transform.project import mart_schemas
from pipelines.transform.rules import require_sound_rules

EXAMPLES = 5
# So many columns beside the key say which row it is.
SAID = 4
HASH = re.compile("(.*:)?[0-9a-f]{32}")


@dataclass(frozen=True)
class Difference:
    """What would become of one mart.

    Attributes:
        mart: `<schema>.<table>`.
        added: rows that only the new rules make.
        removed: rows that only the rules of the release made.
        changed: rows of both that differ in any column.
        columns: how many rows differ in each column; of those that differ in any.
        examples: some of the rows, by key: what happens, old and new of what differs, and which
            row it is for people, since a key is mostly a hash: the first words of what stays.
        altered: columns that come, go or change their type: the type before and after, None where
            there is no such column.
    """

    mart: str
    added: int
    removed: int
    changed: int
    columns: dict[str, int] = field(default_factory=dict)
    examples: tuple[dict[str, Any], ...] = ()
    altered: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)


@dataclass(frozen=True)
class Preview:
    """What the rules as they are now would change.

    Attributes:
        release: what readers see.
        outcome: how the run ended that published to nobody.
        differences: the marts that would differ; empty where the audit would refuse.
    """

    release: Release
    outcome: Outcome
    differences: tuple[Difference, ...] = ()


def preview(settings: Settings) -> Preview:
    """Build the release again by the rules as they are now, and compare. Readers notice nothing.

    Whoever calls it holds the warehouse.

    Raises:
        UsageError: there is no release to compare with; a rule cannot be used.
    """
    release = published_release(settings.home)
    if release is None or not settings.build_path.exists():
        raise UsageError(
            f"{settings.home} holds no published release to compare with; make one with"
            " `throughline run`"
        )
    require_sound_rules()
    with _copied(settings) as copied:
        # A clock that is not after the newest batch loads nothing.
        outcome = execute(copied, release.as_of_at)
        differences: tuple[Difference, ...] = ()
        if outcome.status == "published":
            differences = tuple(
                _differences(published_path(settings.home), published_path(copied.home))
            )
    return Preview(release, outcome, differences)


@contextmanager
def _copied(settings: Settings) -> Iterator[Settings]:
    """A home with the same build file, gone afterwards."""
    home = settings.home / "preview"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    try:
        # What is in the write-ahead log goes into the file first.
        with connection(settings.build_path) as con:
            con.execute("checkpoint")
        copied = replace(settings, home=home)
        shutil.copyfile(settings.build_path, copied.build_path)
        yield copied
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _differences(before: Path, after: Path) -> Iterator[Difference]:
    keys = mart_keys()
    with in_memory() as con:
        con.execute(f"attach {literal(before)} as before (read_only)")
        con.execute(f"attach {literal(after)} as after (read_only)")
        old, new = (
            {
                (table.schema, table.name): table
                for table in mart_tables(con, name, mart_schemas())
                if (table.schema, table.name) not in NOT_CONTENT
            }
            for name in ("before", "after")
        )
        for name in sorted(old.keys() | new.keys()):
            if name not in new:
                yield Difference(old[name].label, 0, _rows(con, "before", old[name]), 0)
            elif name not in old:
                yield Difference(new[name].label, _rows(con, "after", new[name]), 0, 0)
            # Of a mart without a key nobody can say which row is which.
            elif name in keys:
                found = _difference(con, old[name], new[name], keys[name])
                if found.added or found.removed or found.changed or found.altered:
                    yield found


def _difference(
    con: duckdb.DuckDBPyConnection, old: MartTable, new: MartTable, key: list[str]
) -> Difference:
    types, new_types = dict(old.columns), dict(new.columns)
    altered = {
        name: (types.get(name), new_types.get(name))
        for name in sorted(types.keys() | new_types.keys())
        if types.get(name) != new_types.get(name)
    }
    # By another key no row is one of before.
    if altered.keys() & set(key):
        removed, added = _rows(con, "before", old), _rows(con, "after", new)
        return Difference(new.label, added, removed, 0, altered=altered)
    columns = [
        name
        for name in new_types
        if name in types and name not in key and name not in WALL_CLOCK_COLUMNS
    ]
    differs = {
        name: " is distinct from ".join(
            # Of two types, whether it reads the same.
            f"{side}.{quoted(name)}{'::varchar' * (name in altered)}"
            for side in "ba"
        )
        for name in columns
    }
    is_changed = " or ".join(differs.values()) or "false"
    joined = (
        f"(select *, true as _is_there from {old.within('before')}) as b"
        f" full join (select *, true as _is_there from {new.within('after')}) as a"
        f" using ({', '.join(map(quoted, key))})"
    )
    both = "b._is_there and a._is_there"
    counts = con.execute(
        "select count(*) filter (b._is_there is null), count(*) filter (a._is_there is null),"
        f" count(*) filter ({both} and ({is_changed}))"
        + "".join(f", count(*) filter ({both} and {test})" for test in differs.values())
        + f" from {joined}"
    ).fetchall()[0]
    added, removed, changed, *by_column = counts
    return Difference(
        new.label,
        added,
        removed,
        changed,
        {name: count for name, count in zip(columns, by_column, strict=True) if count},
        tuple(_examples(con, joined, key, differs)) if any(counts[:3]) else (),
        altered,
    )


def _rows(con: duckdb.DuckDBPyConnection, database: str, table: MartTable) -> int:
    ((rows,),) = con.execute(f"select count(*) from {table.within(database)}").fetchall()
    return int(rows)


def _examples(
    con: duckdb.DuckDBPyConnection,
    joined: str,
    key: list[str],
    differs: dict[str, str],
) -> Iterator[dict[str, Any]]:
    """Rows that come, go or change: first those that change in most columns, then by key."""
    columns = list(differs)
    is_changed = " or ".join(differs.values()) or "false"
    how_many = " + ".join(f"({test})::int" for test in differs.values()) or "0"
    keys = ", ".join(map(quoted, key))
    values_of_both = "".join(f", b.{quoted(name)}, a.{quoted(name)}" for name in columns)
    rows = con.execute(
        f"select {keys}, b._is_there, a._is_there{values_of_both} from {joined}"
        f" where b._is_there is null or a._is_there is null or {is_changed}"
        f" order by (b._is_there and a._is_there) is not true, {how_many} desc, {keys}"
        f" limit {EXAMPLES}"
    ).fetchall()
    for row in rows:
        named = dict(zip(key, row, strict=False))
        was, is_there, *values = row[len(key) :]
        changes = dict(zip(columns, zip(values[::2], values[1::2], strict=True), strict=True))
        told = {name: value for name, value in named.items() if not _is_hash(value)}
        if was and is_there:
            changed = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
            words = _words({name: old for name, (old, _) in changes.items() if name not in changed})
            pairs = {name: pair for name, pair in changed.items() if not all(map(_is_hash, pair))}
            yield {"row": named, "what": "changed", "columns": pairs, "said": told | words}
        else:
            words = _words({name: new if is_there else old for name, (old, new) in changes.items()})
            what = "added" if is_there else "removed"
            yield {"row": named, "what": what, "columns": {}, "said": told | words}


def _words(values: dict[str, Any]) -> dict[str, Any]:
    """The first words and days of a row."""
    words = {
        name: value
        for name, value in values.items()
        if isinstance(value, str | date) and not isinstance(value, datetime)
    }
    return dict([item for item in words.items() if not _is_hash(item[1])][:SAID])


def _is_hash(value: Any) -> bool:
    return isinstance(value, str) and HASH.fullmatch(value) is not None
