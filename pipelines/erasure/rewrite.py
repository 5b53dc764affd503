"""Everything below the home without what tells of erased persons, file by file.

Each file is written anew beside itself and takes its own place by a rename: a reader sees one or
the other, and whoever is killed between two files goes over all of them again. A database is copied
and not only updated, since DuckDB leaves what was overwritten in its free blocks.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.ingest import load_contracts
from pipelines.ingest.redact import Redactor
from pipelines.ingest.relations import LANDED
from pipelines.ingest.warehouse import connect
from pipelines.publish.build import discard
from pipelines.publish.content import content_hash
from pipelines.publish.release import UNFINISHED, in_memory, published_path
from pipelines.publish.swap import tidy
from pipelines.runs import connection
from pipelines.settings import Settings
from pipelines.sql import literal, quoted
from pipelines.transform.project import mart_schemas

# What the build file keeps beside rows as they came; the rest is made anew from these.
KEPT_OPS = (
    *("batches", "files", "rejected_rows", "quality_results", "failed_rows", "clock", "runs"),
    *("threshold_evaluations", "published_figures", "budget_scenarios"),
    *("notices", "doors", "outbox", "erasures"),
)
# Columns that tell of rows, and name them by ids.
TELLING = ("sample_keys", "message", "row_text", "body", "html", "subject", "last_error")
# The ledger knows files by these, on whatever machine they lie.
NAMES = ("path",)
CACHES = ("preview", "spark", "dbt", "reading")
TEXTS = ("logs", "outbox")

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rewritten:
    """What was rewritten.

    Attributes:
        tables: rows that tell of the person by now under the other name, by landed table.
        exports: paths of the ledger that these rows came from.
        files: below the home.
    """

    tables: Mapping[str, int]
    exports: tuple[str, ...]
    files: tuple[str, ...]


def rewrite_home(
    settings: Settings,
    redactor: Redactor,
    stands: Mapping[str, Collection[str]],
    contact_keys: Sequence[str],
) -> dict[str, Rewritten]:
    """Take erased persons out of the build file, the releases, the site and all texts.

    Args:
        settings: whose home; the caller holds it.
        redactor: what takes them out.
        stands: for each erasure, what stands in the place of what named the person.
        contact_keys: what facts of these persons are known by from now on.

    Returns:
        What was rewritten for each.
    """
    for name in CACHES:
        shutil.rmtree(settings.home / name, ignore_errors=True)
    found = _rewrite_build(settings.build_path, redactor, stands)
    files = ["build.duckdb", *_rewrite_releases(settings.home, redactor, contact_keys)]
    drop_old_sites(settings)
    files += _rewrite_texts(settings, redactor)
    return {
        subject: Rewritten(tables, exports, tuple(files))
        for subject, (tables, exports) in found.items()
    }


def drop_old_sites(settings: Settings) -> None:
    """Sites that were built before the one in front."""
    builds = settings.site_dir.with_name(f".{settings.site_dir.name}-builds")
    front = settings.site_dir.resolve() if settings.site_dir.is_symlink() else None
    for folder in builds.glob("*/"):
        if folder.resolve() != front:
            shutil.rmtree(folder, ignore_errors=True)


def _rewrite_build(
    build: Path, redactor: Redactor, stands: Mapping[str, Collection[str]]
) -> dict[str, tuple[dict[str, int], tuple[str, ...]]]:
    """The build file with rows as they came and the ledger; a run makes the rest of it."""
    with connection(build):
        pass  # An earlier version's file is brought to this one's layout, and its log is written.
    fresh = build.with_name("erasing.duckdb")
    discard(fresh)
    con = connect(fresh)
    try:
        redactor.attach(con)
        con.execute(f"attach {literal(build)} as old (read_only)")
        for table in KEPT_OPS:
            con.execute(f"delete from ops.{table}")
            _copy_table(con, redactor, f"ops.{table}")
        con.execute("update ops.quality_results set key = null")
        landed = _landed(con)
        for table in landed:
            _copy_landed(con, redactor, table)
        con.execute("detach old")
        found = {subject: _told(con, landed, values) for subject, values in stands.items()}
        con.execute("checkpoint")
    finally:
        con.close()
    shutil.rmtree(f"{build}.tmp", ignore_errors=True)
    build.with_name(f"{build.name}.wal").unlink(missing_ok=True)
    fresh.chmod(0o600)
    _put_in_place(fresh, build)
    return found


def _landed(con: duckdb.DuckDBPyConnection) -> list[str]:
    rows = con.execute(
        "select table_name from duckdb_tables() where database_name = 'old' and schema_name = ?"
        " order by table_name",
        [LANDED],
    ).fetchall()
    return [name for (name,) in rows]


def _copy_table(con: duckdb.DuckDBPyConnection, redactor: Redactor, table: str) -> None:
    shown = [
        _expression(redactor, name) if kind == "VARCHAR" and name not in NAMES else quoted(name)
        for name, kind in _columns(con, f"old.{table}")
    ]
    con.execute(f"insert into {table} by name select {', '.join(shown)} from old.{table}")


def _expression(redactor: Redactor, name: str) -> str:
    function = "keys" if name in TELLING else "text"
    return f"{redactor.prefix}_{function}({quoted(name)}) as {quoted(name)}"


def _copy_landed(con: duckdb.DuckDBPyConnection, redactor: Redactor, table: str) -> None:
    """Rows in their order, since a row's number is its distance from its file's first."""
    columns = _columns(con, f"old.{LANDED}.{table}")
    texts = {name: quoted(name) for name, kind in columns if kind == "VARCHAR"}
    source, _, stream = table.partition("__")
    contract = next((c for c in load_contracts() if (c.source, c.stream) == (source, stream)), None)
    # Of a contract that is gone nobody knows what its columns hold.
    shown = (
        redactor.redacted(contract, texts)
        if contract
        else {name: f"{redactor.prefix}_text({column})" for name, column in texts.items()}
    )
    con.execute(
        f"create or replace table {LANDED}.{table} as select"
        f" {', '.join(f'{shown.get(n, quoted(n))} as {quoted(n)}' for n, _ in columns)}"
        f" from old.{LANDED}.{table}"
    )


def _told(
    con: duckdb.DuckDBPyConnection, landed: Sequence[str], values: Collection[str]
) -> tuple[dict[str, int], tuple[str, ...]]:
    """Rows that now have what stands instead, by table, and the files that they came from."""
    tables: dict[str, int] = {}
    files: set[int] = set()
    if not values:
        return tables, ()
    for table in landed:
        texts = [n for n, kind in _columns(con, f"{LANDED}.{table}") if kind == "VARCHAR"]
        if not texts:
            continue
        row = f"concat_ws(' ', {', '.join(map(quoted, texts))})"
        told = con.execute(
            f"select _file_id, count(*) from {LANDED}.{table}"
            f" where {' or '.join(f'contains({row}, {literal(value)})' for value in values)}"
            " group by 1"
        ).fetchall()
        if told:
            tables[f"{LANDED}.{table}"] = sum(count for _, count in told)
            files |= {file_id for file_id, _ in told}
    paths = con.execute(
        "select distinct path from ops.files where file_id in (select unnest(?)) order by path",
        [sorted(files)],
    ).fetchall()
    return tables, tuple(path for (path,) in paths)


def _rewrite_releases(home: Path, redactor: Redactor, contact_keys: Sequence[str]) -> Iterator[str]:
    """The readers' file and those that are kept, with the hashes of what they hold now."""
    if not published_path(home).exists():
        return
    tidy(home)
    hashes: dict[str, str] = {}
    for path in sorted((home / "releases").glob("*.duckdb")):
        _rewrite_release(path, redactor, contact_keys, hashes, release_id=path.stem)
        yield str(path.relative_to(home))
    _rewrite_release(published_path(home), redactor, contact_keys, hashes)
    yield str(published_path(home).relative_to(home))


def _rewrite_release(
    path: Path,
    redactor: Redactor,
    contact_keys: Sequence[str],
    hashes: dict[str, str],
    release_id: str | None = None,
) -> None:
    """Args: hashes by release, which is added to where the file is that release's archive."""
    work, fresh = (path.with_name(f"{UNFINISHED}.{name}") for name in ("erasing", "erased"))
    discard(work)
    discard(fresh)
    shutil.copyfile(path, work)
    work.chmod(0o600)
    with in_memory() as con:
        redactor.attach(con)
        con.execute(f"attach {literal(work)} as work")
        texts = _text_columns(con, "work")
        for table, columns in texts.items():
            for column in columns:
                _redact_column(con, redactor, f"work.{table}", column)
        _salt_ids(con, redactor, texts, contact_keys)
        con.execute("checkpoint work")
        if release_id:
            hashes[release_id] = content_hash(con, "work", mart_schemas())
        for known, hashed in hashes.items():
            con.execute(
                "update work.meta.releases set content_hash = ? where release_id = ?",
                [hashed, known],
            )
        con.execute(f"attach {literal(fresh)} as fresh")
        con.execute("copy from database work to fresh")
        con.execute("checkpoint fresh")
        con.execute("detach fresh")
        con.execute("detach work")
    discard(work)
    fresh.chmod(path.stat().st_mode & 0o777)
    _put_in_place(fresh, path)


def _redact_column(
    con: duckdb.DuckDBPyConnection, redactor: Redactor, table: str, column: str
) -> None:
    """Each of its values once: marts say the same a hundred thousand times."""
    name, function = quoted(column), "keys" if column in TELLING else "text"
    new = f"{redactor.prefix}_{function}(was)"
    if column.startswith("crm_contact_id"):
        new = f"{redactor.prefix}_ids('any', was)"
    con.execute(
        f"create or replace temp table other as select was, {new} as now"
        f" from (select distinct {name} as was from {table} where {name} is not null)"
        " where now is distinct from was"
    )
    ((count,),) = con.execute("select count(*) from other").fetchall()
    if count:
        con.execute(f"update {table} as t set {name} = other.now from other where t.{name} = was")


def _salt_ids(
    con: duckdb.DuckDBPyConnection,
    redactor: Redactor,
    texts: Mapping[str, Sequence[str]],
    contact_keys: Sequence[str],
) -> None:
    """Ids of the person's facts are hashes of the CRM's ids, which can be guessed: new ones."""
    con.execute("create or replace temp table salted (was varchar, now varchar)")
    told = {c[0] for c in texts.values() if "contact_key" in c and c[0].endswith("_id")}
    for table, columns in texts.items():
        if "contact_key" in columns and columns[0] in told:
            con.execute(
                f"insert into salted select distinct {columns[0]}, md5(? || {columns[0]})"
                f" from work.{table} where contact_key in (select unnest(?))"
                f" and regexp_full_match({columns[0]}, '[0-9a-f]{{32}}')",
                [redactor.salt.hex(), list(contact_keys)],
            )
    con.execute("create or replace temp table salted as select distinct was, now from salted")
    for table, columns in texts.items():
        for column in told & set(columns):
            con.execute(
                f"update work.{table} as t set {quoted(column)} = salted.now from salted"
                f" where t.{quoted(column)} = salted.was"
            )


def _rewrite_texts(settings: Settings, redactor: Redactor) -> Iterator[str]:
    """Logs, messages, packs and the site's pages."""
    site = settings.site_dir.resolve() if settings.site_dir.is_symlink() else None
    for folder in (*(settings.home / name for name in TEXTS), *([site] if site else [])):
        for path in sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink()):
            said = _text(path)
            other = said and (redactor.text if folder == site else redactor.keys)(said)
            if said is not None and other != said:
                new = path.with_name(f".{path.name}.new")
                new.write_text(str(other), encoding="utf-8", newline="")
                new.chmod(path.stat().st_mode & 0o777)
                _put_in_place(new, path)
                yield str(path.relative_to(settings.home.resolve()))


def _text(path: Path) -> str | None:
    """A file's text; None where it is none."""
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return None


def _put_in_place(new: Path, path: Path) -> None:
    """Rename a finished file into its place, on disk before it is visible."""
    descriptor = os.open(new, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    new.replace(path)


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> list[tuple[str, str]]:
    return [(name, str(kind)) for name, kind, *_ in con.execute(f"describe {table}").fetchall()]


def _text_columns(con: duckdb.DuckDBPyConnection, database: str) -> dict[str, list[str]]:
    rows = con.execute(
        "select c.schema_name || '.' || c.table_name, list(c.column_name order by c.column_index)"
        " from duckdb_columns() as c inner join duckdb_tables() as t using (database_name,"
        " schema_name, table_name) where c.database_name = ? and c.data_type = 'VARCHAR'"
        " group by all order by all",
        [database],
    ).fetchall()
    return {table: list(columns) for table, columns in rows}


@dataclass(frozen=True)
class Searched:
    """What a search of the home found: how much there was, and where the person still stands."""

    files: int
    bytes: int
    residue: tuple[str, ...]


def search_home(settings: Settings, redactor: Redactor, words: Sequence[str]) -> Searched:
    """Look for erased persons in the bytes of every file below the home, and in every text of
    every table, as a database packs its texts.

    Args:
        settings: whose home.
        redactor: knows them by their hashes.
        words: what named the person, where that is still known.
    """
    count, size, residue = 0, 0, []
    wanted = [word.casefold().encode() for word in words]
    for path in sorted(settings.home.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        content = path.read_bytes()
        count, size = count + 1, size + len(content)
        low = content.lower()
        if any(word in low for word in wanted):
            residue.append(str(path.relative_to(settings.home)))
        if path.suffix == ".duckdb":
            name = path.relative_to(settings.home)
            residue += [f"{name} {place}" for place in _told_in(path, redactor, words)]
        elif not wanted and (said := _text(path)) and redactor.text(said) != said:
            residue.append(str(path.relative_to(settings.home)))
    return Searched(count, size, tuple(dict.fromkeys(residue)))


def _told_in(path: Path, redactor: Redactor, words: Sequence[str]) -> Iterator[str]:
    with in_memory() as con:
        redactor.attach(con)
        con.execute(f"attach {literal(path)} as looked_at (read_only)")
        texts = _text_columns(con, "looked_at")
        is_build = any(table.startswith(f"{LANDED}.") for table in texts)
        for table, columns in texts.items():
            # By hashes each text is to be taken apart: what is made of the rows holds no others.
            if is_build and not words and not table.startswith((f"{LANDED}.", "ops.")):
                continue
            if any(_is_told(con, redactor, f"looked_at.{table}", c, words) for c in columns):
                yield table


def _is_told(
    con: duckdb.DuckDBPyConnection,
    redactor: Redactor,
    table: str,
    column: str,
    words: Sequence[str],
) -> bool:
    told = " or ".join(f"contains(lower(said), {literal(word.casefold())})" for word in words)
    found = con.execute(
        f"select 1 from (select distinct {quoted(column)} as said from {table})"
        f" where {told or f'{redactor.prefix}_text(said) <> said'} limit 1"
    ).fetchone()
    return found is not None
