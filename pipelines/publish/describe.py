"""Descriptions of a release's tables and columns, kept in it as comments: BI tools show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import duckdb

from pipelines.sql import literal, quoted


@dataclass(frozen=True)
class Described:
    """What a table holds, a row each of what, and what its columns mean."""

    table: str
    columns: Mapping[str, str] = field(default_factory=dict)


# What publishing itself writes; of the marts dbt's manifest knows.
RELEASES = Described(
    "One row per release that is kept.",
    {
        "release_id": "Name of the release: its clock and a hash of clock, rules and content.",
        "as_of_at": "The run's clock, UTC: nothing later is known.",
        "config_version": "Hash of the rules that it was made by.",
        "content_hash": "Hash of every row of its marts.",
        "published_at": "When readers saw it first, UTC.",
        "status": "published; withdrawn: a rollback put an earlier one in front.",
    },
)
RUNS = Described(
    "One row per run of the line.",
    {
        "run_id": "The run.",
        "as_of_at": "Its clock, UTC.",
        "started_at": "Begin, UTC.",
        "finished_at": "End, UTC. NULL: it broke off.",
        "status": "published, unchanged, refused, failed, unusable or interrupted.",
        "release_id": "What readers saw at its end. NULL: nothing, or it broke off.",
        "message": "Why, in a sentence. NULL: nothing is to be said.",
    },
)
RESTATEMENTS = Described(
    "One row per figure, month and part that a release shows otherwise than the one before.",
    {
        "restatement_id": "Key.",
        "release_id": "The release that shows it.",
        "previous_release_id": "The release before.",
        "figure": "Which figure.",
        "unit": "Unit of its values.",
        "period_month": "First day of the month in which it happened.",
        "channel": "Channel. NULL: the figure as a whole.",
        "attribution_model": "Model. NULL: the figure as a whole.",
        "platform": "Ad platform. NULL: no spend, or all of it.",
        "old_value": "Value in the release before; 0 where it has no such row.",
        "new_value": "Value in this release; 0 where it has no such row.",
        "delta": "New less old.",
        "cause": "The first cause that the records speak for.",
        "evidence_count": "Records that speak for it.",
        "file_id": "The file that brought it. NULL: several can have, or none.",
        "is_provisional": "Whether the month was open, or its platform could still restate it.",
        "is_material": "Whether it affects reports.",
        "booking_month": "First day of the month of the release.",
        "previous_as_of_at": "Clock of the release before, UTC.",
        "as_of_at": "Clock of this release, UTC.",
        "restated_at": "When readers saw it, UTC.",
    },
)


def describe(
    con: duckdb.DuckDBPyConnection, database: str, schema: str, table: str, said: Described
) -> None:
    """Write a table's descriptions into an attached database."""
    name = f"{quoted(database)}.{quoted(schema)}.{quoted(table)}"
    con.execute(f"comment on table {name} is {literal(said.table)}")
    for column, text in said.columns.items():
        con.execute(f"comment on column {name}.{quoted(column)} is {literal(text)}")
