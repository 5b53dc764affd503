"""The marts of the build file, written as a release that nobody reads yet."""

import hashlib
import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

import duckdb

from pipelines.ingest.environment import transaction
from pipelines.publish.content import (
    NOT_CONTENT,
    MartTable,
    PublishError,
    hash_of,
    mart_tables,
    refuse_personal_columns,
    table_digests,
)
from pipelines.publish.describe import RELEASES, RUNS, Described, describe
from pipelines.publish.release import UNFINISHED, Release, readable_folder, release_path
from pipelines.settings import Settings, utc_now
from pipelines.sql import literal
from pipelines.transform.contents import relations
from pipelines.transform.fingerprint import rules_fingerprint
from pipelines.transform.project import mart_schemas

STAGED = "staged_release"

QUALITY_RESULTS = ("quality", "fct_quality_results")
# dbt's model holds the deliveries' results; the marts are judged after dbt has built it.
# The key is made as the macro surrogate_key makes it.
MARTS_RESULTS_SQL = """
    select
        md5(concat_ws('|', suite, table_schema, table_name, expectation,
            coalesce(column_name, '_null_'))) as quality_result_id,
        suite, table_schema, table_name, expectation, column_name, dimension, severity, owner,
        action, success as is_success, evaluated as evaluated_count, failed as failed_count,
        failed_pct, as_of_at
    from ops.quality_results where suite = 'marts' and as_of_at = $as_of_at
"""

RELEASES_COLUMNS = (
    "release_id varchar, as_of_at timestamp, config_version varchar, content_hash varchar,"
    " published_at timestamp, status varchar"
)
# One run at a time: another that is still 'running' broke off.
RUNS_SQL = """
    select run_id, as_of_at, started_at,
        if(run_id = $run_id, $published_at, finished_at) as finished_at,
        case when run_id = $run_id then 'published' when status = 'running' then 'interrupted'
            else status end as status,
        if(run_id = $run_id, $release_id, release_id) as release_id,
        message
    from ops.runs order by started_at, run_id
"""

logger = logging.getLogger(__name__)


def build_release(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    as_of_at: datetime,
    run_id: str,
    *,
    marts: Mapping[tuple[str, str], Described] | None = None,
) -> Release:
    """Write the marts to `<home>/releases/unfinished.duckdb`, complete and closed.

    Args:
        con: the build file.
        settings: where the warehouse lives.
        as_of_at: the run's clock, naive UTC.
        run_id: the run that publishes; the release's meta.runs shows it as published.
        marts: what a release holds, by schema and table; None for every table of the mart schemas.
            What an earlier version of the project left in the build file is no mart.

    Raises:
        PublishError: a mart is missing, or has a column that is named like personal data.
    """
    tables = _marts(con, marts)
    refuse_personal_columns(tables)
    path = release_path(settings.home, UNFINISHED)
    readable_folder(path.parent)
    discard(path)
    con.execute(f"attach {literal(path)} as {STAGED}")
    try:
        _write(con, tables, as_of_at, marts or {})
        release = _identify(con, as_of_at)
        write_history(con, STAGED, [(release, "published")])
        con.execute(
            f"create table {STAGED}.meta.runs as {RUNS_SQL}",
            {
                "run_id": run_id,
                "published_at": release.published_at,
                "release_id": release.release_id,
            },
        )
        describe(con, STAGED, "meta", "runs", RUNS)
        con.execute(f"checkpoint {STAGED}")
    finally:
        con.execute(f"detach {STAGED}")
    logger.info("wrote %d marts", len(tables))
    return release


def write_history(
    con: duckdb.DuckDBPyConnection, database: str, history: Iterable[tuple[Release, str]]
) -> None:
    """Write meta.releases of an attached file anew, oldest first."""
    con.execute(f'create schema if not exists "{database}".meta')
    con.execute(f'create or replace table "{database}".meta.releases ({RELEASES_COLUMNS})')
    rows = [
        [r.release_id, r.as_of_at, r.config_version, r.content_hash, r.published_at, status]
        for r, status in sorted(history, key=lambda entry: entry[0].published_at)
    ]
    con.executemany(f'insert into "{database}".meta.releases values (?, ?, ?, ?, ?, ?)', rows)
    describe(con, database, "meta", "releases", RELEASES)


def discard(path: Path) -> None:
    """Remove a database file and its write-ahead log, as far as they exist."""
    path.unlink(missing_ok=True)
    path.with_name(f"{path.name}.wal").unlink(missing_ok=True)


def _marts(
    con: duckdb.DuckDBPyConnection, marts: Iterable[tuple[str, str]] | None
) -> list[MartTable]:
    database = con.execute("select current_database()").fetchall()[0][0]
    tables = {
        (table.schema, table.name): table
        for table in mart_tables(con, database, mart_schemas())
        if (table.schema, table.name) not in NOT_CONTENT
    }
    wanted = set(tables) if marts is None else set(marts)
    missing = sorted(wanted - set(tables))
    if missing or not wanted:
        names = ", ".join(f"{schema}.{table}" for schema, table in missing) or "every mart"
        raise PublishError(f"the build file lacks {names}; let dbt build it before publishing")
    return [tables[key] for key in sorted(wanted)]


def _write(
    con: duckdb.DuckDBPyConnection,
    tables: Iterable[MartTable],
    as_of_at: datetime,
    marts: Mapping[tuple[str, str], Described],
) -> None:
    """The marts with their descriptions, a thousand of which cost as many commits otherwise."""
    # What is in a transaction cannot be detached.
    with transaction(con):
        _copy(con, tables, as_of_at)
        for (schema, table), said in marts.items():
            describe(con, STAGED, schema, table, said)


def _copy(con: duckdb.DuckDBPyConnection, tables: Iterable[MartTable], as_of_at: datetime) -> None:
    """Each mart as it lies: its order is no content, and costs as much as its compression."""
    for table in tables:
        source = f'select * from "{table.schema}"."{table.name}"'
        parameters = {}
        if (table.schema, table.name) == QUALITY_RESULTS:
            source = f"select * from ({source} union all by name {MARTS_RESULTS_SQL})"
            parameters = {"as_of_at": as_of_at}
        con.execute(f'create schema if not exists {STAGED}."{table.schema}"')
        con.execute(f"create table {table.within(STAGED)} as {source}", parameters)


def _identify(con: duckdb.DuckDBPyConnection, as_of_at: datetime) -> Release:
    """Name what was staged: the same clock, rules and content give the same id."""
    config = rules_fingerprint()
    content = hash_of(_digests(con, config))
    short = hashlib.sha256(f"{as_of_at.isoformat()} {config} {content}".encode()).hexdigest()[:8]
    return Release(f"{as_of_at:%Y%m%dT%H%M%S}_{short}", as_of_at, config, content, utc_now())


def _digests(con: duckdb.DuckDBPyConnection, rules: str) -> dict[tuple[str, str], bytes]:
    """The digests of what was staged; of a mart that the build left as it was, the one from then.

    Most of a release is credits, and to find their digest again takes as long as to copy them.
    """
    told = {relation.replace('"', ""): content for relation, _, _, content in relations(con)}
    # Of a mart that somebody else wrote nothing is told.
    keys = {
        name: f"{rules} {content}"
        for name, content in told.items()
        if content and name != ".".join(QUALITY_RESULTS)
    }
    kept = {
        (schema, table): bytes.fromhex(digest)
        for schema, table, key, digest in con.execute("from ops.mart_digests").fetchall()
        if keys.get(f"{schema}.{table}") == key
    }
    found = table_digests(con, STAGED, mart_schemas(), kept)
    rows = [
        (schema, table, keys[f"{schema}.{table}"], digest.hex())
        for (schema, table), digest in found.items()
        if f"{schema}.{table}" in keys
    ]
    with transaction(con):
        con.execute("delete from ops.mart_digests")
        if rows:
            con.execute(
                "insert into ops.mart_digests select unnest(?), unnest(?), unnest(?), unnest(?)",
                list(map(list, zip(*rows, strict=True))),
            )
    return found
