"""Which figures of past months a release shows otherwise than the one before, and why.

Decides what is compared and in which order; the comparison itself is in the SQL files beside.
"""

import logging
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import duckdb

from pipelines.erasure.register import erased_keys
from pipelines.publish.describe import RESTATEMENTS, describe
from pipelines.publish.release import (
    Release,
    Standing,
    in_memory,
    published_path,
    release_path,
)
from pipelines.sql import literal, moment, text_list
from pipelines.transform.project import project_vars, solved_models

LEDGER = "meta.restatements"
CANDIDATE = f"candidate.{LEDGER}"
# A restatement of more than this share of the old figure affects reports (reporting_defect_rate).
MATERIAL_SHARE = "0.01"

# The first that applies is a restatement's cause.
CAUSES = (
    "rollback",  # a person put an earlier release back
    "rule_change",  # models, seeds, contracts or code are others: no evidence tells that apart
    "earlier_as_of",  # the figures were computed again as of an earlier clock
    "erased_person",  # it is of a person who was erased: other keys, another order of equals
    "identity_merge",  # a touch or conversion belongs to another contact or account
    "identified",  # a touch that was nobody's is somebody's: a login, a form, a new record
    "identity_lost",  # a touch that was somebody's is nobody's: nothing names its contact any more
    "amount_change",  # the same conversion, another amount: a refund, a correction
    "spend_restatement",  # the same day of a platform, other spend
    "late_event",  # it happened in the month and was delivered since
    "removed_record",  # it was there and is gone
    "changed_record",  # the same record, with another time, channel or exclusion
    "model_refit",  # a solved model learned from what changed elsewhere
    "unexplained",
)
# The columns without which two releases cannot be compared.
COMPARED = {
    "attribution.fct_conversions": "conversion_id, conversion_type, contact_key, account_key,"
    " amount_reporting, converted_at",
    "attribution.fct_attribution_credits": "conversion_id, conversion_type, touch_id,"
    " attribution_model, channel, credit, credited_amount, is_fallback, converted_at",
    "attribution.fct_channel_performance_daily": "attribution_model, is_headline_model",
    "attribution.fct_touches": "touch_id, contact_key, account_key, channel, touched_at",
    "attribution.fct_ad_spend_daily": "platform, date_day, spend_reporting, is_provisional,"
    " source_timezone",
    "core.dim_contacts": "contact_key, crm_source, record_count, is_excluded, first_seen_at",
    "meta.files": "file_id, source, status",
}

logger = logging.getLogger(__name__)


def write_ledger(
    path: Path,
    home: Path,
    before: Standing,
    release: Release,
    restated_at: datetime,
    *,
    is_rollback: bool = False,
) -> int:
    """Hand the ledger on to a release that nobody reads yet, and add what this one restates.

    Nothing is lost or doubled by a kill: the rows become visible with the release itself.

    Args:
        path: the release's file, closed; it is written.
        home: where the releases before it lie.
        before: what lies there.
        release: what the file is.
        restated_at: when readers see it, naive UTC.
        is_rollback: whether the release was in front before and is put back.

    Returns:
        The number of figures that differ from those of the release in front.
    """
    with in_memory() as con:
        con.execute(f"set temp_directory = {literal(f'{path}.tmp')}")
        con.execute(f"attach {literal(path)} as candidate")
        con.execute("create schema if not exists candidate.meta")
        con.execute(_sql("ledger", ledger=CANDIDATE))
        describe(con, "candidate", "meta", "restatements", RESTATEMENTS)
        earlier = [release_path(home, entry.release_id) for entry in before.kept]
        _hand_on(con, [*([published_path(home)] if before.current else []), *earlier])
        count = 0
        if before.current is not None and before.current.release_id != release.release_id:
            previous = release_path(home, before.current.release_id)
            con.execute(f"attach {literal(previous)} as previous (read_only)")
            if _can_compare(con):
                con.execute(
                    "create or replace temp table erased as select unnest(?::varchar[]) as"
                    " contact_key",
                    [list(erased_keys(home, before.current.published_at))],
                )
                count = _restate(con, before.current, release, restated_at, is_rollback=is_rollback)
            con.execute("detach previous")
        con.execute("checkpoint candidate")
        con.execute("detach candidate")
    return count


def _hand_on(con: duckdb.DuckDBPyConnection, files: Iterable[Path]) -> None:
    """Every row that a release before has, once, oldest first."""
    con.execute(f"create or replace temp table handed_on as from {CANDIDATE}")
    for file in files:
        con.execute(f"attach {literal(file)} as earlier (read_only)")
        if con.execute(
            "select 1 from duckdb_tables() where database_name = 'earlier'"
            " and schema_name || '.' || table_name = ?",
            [LEDGER],
        ).fetchone():
            con.execute(
                f"insert into handed_on by name from earlier.{LEDGER}"
                " where restatement_id not in (select restatement_id from handed_on)"
            )
        con.execute("detach earlier")
    con.execute(
        f"insert into {CANDIDATE} from handed_on"
        " order by restated_at, figure, period_month, channel, attribution_model, platform"
    )


def _can_compare(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether both releases have all that figures are made of; an earlier version's may not."""
    wanted = [
        f"{side}.{table}.{column}"
        for side in ("previous", "candidate")
        for table, columns in COMPARED.items()
        for column in columns.split(", ")
    ]
    missing = con.execute(
        "select name from (select unnest(?) as name) where name not in (select concat_ws('.',"
        " database_name, schema_name, table_name, column_name) from duckdb_columns())"
        " order by name",
        [wanted],
    ).fetchall()
    if missing:
        logger.warning(
            "restatements are not looked for: the releases lack %s",
            ", ".join(name for (name,) in missing),
        )
    return not missing


def _restate(
    con: duckdb.DuckDBPyConnection,
    before: Release,
    release: Release,
    restated_at: datetime,
    *,
    is_rollback: bool = False,
) -> int:
    """Add a row to candidate's ledger for each figure in which it differs from previous.

    Args:
        con: with the releases attached as previous and candidate.
        before, release: what they are.
        restated_at, is_rollback: see `write_ledger`.

    Returns:
        The number of rows.
    """
    clock = moment(min(before.as_of_at, release.as_of_at))
    zone = literal(project_vars()["reporting_time_zone"])
    con.execute(_sql("figure_names"))
    for side, database in (("old", "previous"), ("new", "candidate")):
        con.execute(_sql("facts", side=side, release=database, clock=clock, zone=zone))
        con.execute(_sql("figures", side=side))
    con.execute(_sql("differences"))
    (count,) = con.execute("select count(*) from differences").fetchall()[0]
    if count:
        con.execute(
            "create or replace temp table causes as select cause, cause_order"
            " from (select unnest(?) as cause, generate_subscripts(?, 1) as cause_order)",
            [list(CAUSES), list(CAUSES)],
        )
        con.execute(_sql("records"))
        con.execute(_sql("evidence"))
        con.execute(_sql("new_files", trackers=text_list(project_vars()["trackers"])))
        con.execute(
            _sql(
                "restated",
                ledger=CANDIDATE,
                solved_models=text_list(solved_models()),
                material_share=MATERIAL_SHARE,
                cause=_cause_of_all(before, release, is_rollback=is_rollback),
                release_id=literal(release.release_id),
                previous_id=literal(before.release_id),
                restated_at=moment(restated_at),
                previous_as_of_at=moment(before.as_of_at),
                as_of_at=moment(release.as_of_at),
                clock=clock,
            )
        )
        logger.info("restated %d figures of release %s", count, before.release_id)
    return int(count)


def _cause_of_all(before: Release, release: Release, *, is_rollback: bool) -> str:
    """The cause of every difference as SQL text; null where each has one of its own."""
    if is_rollback:
        return literal("rollback")
    if before.config_version != release.config_version:
        return literal("rule_change")
    if release.as_of_at < before.as_of_at:
        return literal("earlier_as_of")
    return "cast(null as varchar)"


def _sql(name: str, **texts: str) -> str:
    """The statements of a file beside this one, with these texts in their places."""
    return Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8").format(**texts)
