"""What a published run found of the thresholds, kept for the runs after it.

A corrective action lasts over runs: it closes when its rule has held on several in a row. Each run
finds the earlier ones in ops.threshold_evaluations, and is added to them when it is published.
"""

from __future__ import annotations

from datetime import datetime

import duckdb

from pipelines.ingest.environment import transaction

# A rule that holds needs no row of its own: that the run asked is enough.
KEPT_SQL = """
    insert into ops.threshold_evaluations by name
    select as_of_at, rule, entity_type, entity, campaign_key, entity_name, is_breached,
        measured_value, threshold_value, reason, condition_since_at
    from operations.fct_threshold_evaluations where coalesce(is_breached, true)
    union all by name
    select $as_of_at::timestamp as as_of_at, rule from seeds.corrective_action_rules
"""


def keep_evaluations(con: duckdb.DuckDBPyConnection, as_of_at: datetime) -> None:
    """Replace what is kept of this clock, all at once.

    Args:
        con: the build file, with the marts of the release.
        as_of_at: the run's clock, naive UTC.
    """
    with transaction(con):
        con.execute("delete from ops.threshold_evaluations where as_of_at = ?", [as_of_at])
        con.execute(KEPT_SQL, {"as_of_at": as_of_at})
