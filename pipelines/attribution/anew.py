"""What nothing new reached is not solved again: what was solved stands where its inputs do.

The solve reads the relations of INPUTS, its rules, and no clock but until when these relations tell
of anybody (journeys.told_until). What tables were made from stands beside them as their comment, as
transform/replay.py has it: whoever else writes one takes its comment away. It is the whole solve
that stands or not, both models and all types: a new touch of anybody reaches each of them.
"""

import logging
from collections.abc import Mapping
from datetime import date, datetime, timedelta

import duckdb

from pipelines.attribution import journeys, response
from pipelines.attribution.counting import Counting, count_here
from pipelines.attribution.journeys import Source
from pipelines.attribution.solve import Rules, solve
from pipelines.ingest.environment import transaction
from pipelines.sql import relations as of_build
from pipelines.transform.contents import key_of, relations, rows_digest
from pipelines.transform.fingerprint import solver_fingerprint

INPUTS = {**journeys.INPUTS, **response.INPUTS}
"""What is read, and the schema of each."""
TABLES = (
    *("journey_credits", "intervals", "lift_tests"),
    *("response_weeks", "response_curves", "response_points"),
)
"""What is made of it, of the schema `solved`."""

logger = logging.getLogger(__name__)


def solve_what_is_new(
    con: duckdb.DuckDBPyConnection, as_of_at: datetime, counting: Counting = count_here
) -> bool:
    """Solve models and responses, or leave those of the run before for this clock.

    Args:
        con: the build file, open for writing.
        as_of_at: the clock of the journeys.
        counting: who walks all journeys. What a cluster counts is counted each time: to see that
            it stands, one machine would have to read it all.

    Returns:
        Whether anything was solved.
    """
    sources = of_build(INPUTS)
    rules = Rules.of(Source(con, sources), as_of_at)
    key = _key(con, sources, rules) if counting is count_here else None
    tables = {f'solved."{table}"' for table in TABLES}
    standing = {relation for relation, _, made_of, _ in relations(con) if made_of == key}
    if key and tables <= standing:
        with transaction(con):
            for table in sorted(tables):
                con.execute(f"update {table} set as_of_at = $1 where as_of_at <> $1", [as_of_at])
        logger.info("nothing new reached the journeys: what was solved of them stands")
        return False
    solve(con, as_of_at, sources, rules, counting)
    until = date(1970, 1, 1) + timedelta(microseconds=rules.until_us)
    response.respond(con, as_of_at, until, sources)
    if key:
        with transaction(con):
            for table in sorted(tables):
                con.execute(f"comment on table {table} is '{key} {key}'")
    return True


def _key(con: duckdb.DuckDBPyConnection, sources: Mapping[str, str], rules: Rules) -> str:
    """Changes whenever something else could be solved."""
    digests = (rows_digest(con, sources[model]) for model in sorted(INPUTS))
    return key_of(duckdb.__version__, solver_fingerprint(), str(rules), *digests)
