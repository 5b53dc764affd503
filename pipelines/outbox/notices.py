"""What somebody has to know: of the release that readers see, and of the run that just ended."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from pipelines.personal import masked
from pipelines.publish.release import has_table
from pipelines.settings import utc_text, without_credentials

ATTENTION_SQL = """
    select attention_id, sentence, next_step, owner_name, backup_name, due_at
    from operations.fct_attention_items order by attention_rank, attention_id
"""
# A run that ends like this is told once, until one publishes again.
ENDED = {
    "refused": "was refused by the audit",
    "failed": "failed",
    "unusable": "found nothing usable",
}
LAST_GOOD_SQL = "select max(started_at) from ops.runs where status in ('published', 'unchanged')"


@dataclass(frozen=True)
class Notice:
    """One thing that somebody has to know.

    Attributes:
        notice_id: its key, the same in every later run.
        sentence: what it is.
        next_step: what to do about it.
        people: who owns it and who stands in, by name; empty where nobody does.
        due: until when, as people read it; None where nothing says so.
    """

    notice_id: str
    sentence: str
    next_step: str
    people: Sequence[str] = ()
    due: str | None = None


def notices_of_release(con: duckdb.DuckDBPyConnection) -> list[Notice]:
    """What needs a person by the release that the connection reads, the most urgent first."""
    if not has_table(con, "operations", "fct_attention_items"):
        return []
    return [
        Notice(
            notice_id,
            sentence,
            next_step,
            tuple(name for name in (owner, backup) if name),
            f"{due:%Y-%m-%d %H:%M} UTC" if due else None,
        )
        for notice_id, sentence, next_step, owner, backup, due in con.execute(
            ATTENTION_SQL
        ).fetchall()
    ]


def notices_of_run(
    con: duckdb.DuckDBPyConnection, status: str, message: str | None
) -> list[Notice]:
    """That a run published nothing, told once for each cause since the last that did."""
    if status not in ENDED:
        return []
    ((last_good,),) = con.execute(LAST_GOOD_SQL).fetchall()
    cause = hashlib.sha256((message or "").encode()).hexdigest()[:12]
    since = f" of {utc_text(last_good.replace(microsecond=0))}" if last_good else ""
    return [
        Notice(
            f"run:{status}:{cause}:{last_good or 'never'}",
            masked(without_credentials(f"A run {ENDED[status]}: {message or 'the log says why'}")),
            f"Readers keep what they have{since}; mend it, then `throughline run`.",
        )
    ]
