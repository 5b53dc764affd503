"""A build of the project on DuckDB that sends what dbt sent when it was prepared.

A relation is left as it stands where nothing that it is made from has changed: its statement, the
contents of what that reads, DuckDB. What it was made from stands beside it, as the relation's own
comment: whoever else writes the relation, dbt itself for one, thereby takes the comment away, and
it is written in the same transaction. For tables, and for views of what the line itself keeps, the
comment also has a digest of the rows, so that what was made anew and came out the same spares those
behind it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import uuid4

import duckdb

from pipelines.ingest.environment import is_passing, roll_back
from pipelines.ingest.relations import set_clock
from pipelines.ingest.warehouse import UNSETTLED_MIB
from pipelines.runs import connection
from pipelines.settings import Settings
from pipelines.sql import literal
from pipelines.transform.build import BAD, NodeResult, TransformError, first_failures
from pipelines.transform.contents import (
    EMPTY,
    current,
    key_of,
    relations,
    rows_digest,
)
from pipelines.transform.prepared import CURRENT_SOURCES, Node, Plan, current_plan

PASSED_TESTS = (
    "create table if not exists ops.passed_tests (unique_id varchar primary key, key varchar)"
)

logger = logging.getLogger(__name__)


def build_half(settings: Settings, as_of_at: datetime, *, after_solve: bool) -> list[NodeResult]:
    """Build one of the two halves of the project, with its data tests.

    Nobody else may have the build file open.

    Args:
        settings: where.
        as_of_at: the clock of the models.
        after_solve: which half.

    Raises:
        TransformError: a model or a test failed; the message names the first ones.
    """
    plan = current_plan()
    with connection(settings.build_path) as con:
        results = replay(con, plan, as_of_at, after_solve=after_solve)
    failure = first_failures(results)
    if failure:
        raise TransformError(failure, results)
    return results


def replay(
    con: duckdb.DuckDBPyConnection, plan: Plan, as_of_at: datetime, *, after_solve: bool
) -> list[NodeResult]:
    """Send the statements of one half of a plan; as dbt does, build nothing on what failed.

    Returns:
        What became of each node. What stands as it would be made is a success, too.
    """
    set_clock(con, as_of_at)
    return _Replay(con, plan, as_of_at).run(after_solve=after_solve)


def forget(con: duckdb.DuckDBPyConnection) -> None:
    """Have the next run make every relation anew, and judge everything again."""
    for relation, is_view, _, content in relations(con):
        if content:
            con.execute(f"comment on {'view' if is_view else 'table'} {relation} is null")
    con.execute("drop table if exists ops.passed_tests")
    con.execute("update ops.quality_results set key = null")


@contextmanager
def packed_lightly(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Write tables for a day.

    What one makes the next makes anew, and FSST, DuckDB's way to pack texts that are all different,
    costs as much CPU as the rest of writing them. What landed stays as it is, and a release is
    written in full.
    """
    con.execute("set disabled_compression_methods = 'fsst'")
    try:
        yield
    finally:
        # A transaction that was broken off takes no statement.
        with con.cursor() as other:
            other.execute("reset disabled_compression_methods")


class _Replay:
    """One half of one build, over one open build file."""

    def __init__(self, con: duckdb.DuckDBPyConnection, plan: Plan, as_of_at: datetime) -> None:
        self._con = con
        self._plan = plan
        self._broken: set[str] = set()
        self._refused: set[str] = set()
        self._has_seeds = False
        for statement in (*plan.setup, PASSED_TESTS):
            con.execute(statement)
        self._passed = dict(con.execute("select unique_id, key from ops.passed_tests").fetchall())
        self._newly_passed: dict[str, str] = {}
        self._is_view: dict[str, bool] = {}
        self._stamps: dict[str, tuple[str, str]] = {}
        for relation, is_view, key, content in relations(con):
            self._is_view[relation] = is_view
            self._stamps[relation] = (key, content)
        # By unique id of node or source: a text that changes when the rows do.
        delivered = current(con, as_of_at)
        self._contents = {
            unique_id: delivered.get(relation, EMPTY)
            for unique_id, relation in plan.sources.items()
            if unique_id.startswith(CURRENT_SOURCES)
        }
        self._relations = {
            node.unique_id: node.relation for node in plan.nodes if node.kind != "test"
        }

    def run(self, *, after_solve: bool) -> list[NodeResult]:
        """Every node of the half, in the plan's order."""
        try:
            with packed_lightly(self._con):
                before = self._file_mib()
                results = [
                    self._result(node)
                    for node in self._plan.nodes
                    if node.is_after_solve == after_solve
                ]
                self._keep_passed()
                # The first half leaves it to the second, unless what it replaced takes much room.
                if after_solve or self._file_mib() - before > UNSETTLED_MIB:
                    self._settle()
        finally:
            if self._has_seeds:
                self._con.execute("detach prepared")
        return results

    def _file_mib(self) -> int:
        """How large the file is, beside its log."""
        ((size,),) = self._con.execute(
            "select total_blocks * block_size from pragma_database_size()"
            " where database_name = current_database()"
        ).fetchall()
        return int(size) >> 20

    def _settle(self) -> None:
        """Put the file in order, once for all that was made."""
        started, worked = time.monotonic(), time.process_time()
        self._con.execute("checkpoint")
        seconds, work = time.monotonic() - started, time.process_time() - worked
        logger.debug("dbt: checkpoint: success in %.3f s, %.3f of CPU", seconds, work)

    def _result(self, node: Node) -> NodeResult:
        started, worked = time.monotonic(), time.process_time()
        in_the_way = self._broken if node.kind == "test" else self._broken | self._refused
        message, found, stands = None, None, False
        if in_the_way.intersection(node.depends_on):
            status = "skipped"
        else:
            try:
                stands = self._stands(node)
                if stands:
                    status, found = ("pass", 0) if node.kind == "test" else ("success", None)
                elif node.kind == "test":
                    status, message, found = self._judge(node)
                else:
                    self._make(node)
                    status = "success"
            except duckdb.Error as error:
                # A full disk is no fault of the node.
                if is_passing(error):
                    raise
                status, message = "error", str(error)
        if node.kind == "test" and status in BAD:
            self._refused.update(node.depends_on)
        elif status != "success":
            self._broken.add(node.unique_id)
        seconds = time.monotonic() - started
        if not stands:
            work = time.process_time() - worked
            logger.debug("dbt: %s: %s in %.3f s, %.3f of CPU", node.name, status, seconds, work)
        return NodeResult(
            unique_id=node.unique_id,
            name=node.name,
            kind=node.kind,
            status=status,
            message=message,
            failures=found,
            seconds=seconds,
            stands=stands,
        )

    def _stands(self, node: Node) -> bool:
        """Whether a relation is as it would be made, or a test has passed on the same rows."""
        if node.kind == "test":
            return self._passed.get(node.unique_id) == self._key(node)
        return self._stamps.get(node.relation, ("", ""))[0] == self._key(node)

    def _make(self, node: Node) -> None:
        """Make a relation, and note beside it what it was made from."""
        key = self._key(node)
        kind = "view" if node.is_view else "table"
        if self._is_view.get(node.relation, node.is_view) != node.is_view:
            self._con.execute(f"drop {'table' if node.is_view else 'view'} {node.relation}")
        if node.kind == "seed":
            self._open_seeds()
        self._con.begin()
        try:
            if self._is_empty(node):
                self._con.execute(f"create or replace {kind} {node.relation} as {node.empty}")
            elif node.kind == "seed":
                self._con.execute(
                    f"create or replace table {node.relation} as from prepared.{node.relation}"
                )
            else:
                self._con.execute(node.statement)
            is_told_by_key = node.is_view and not node.reads_what_is_kept
            content = key if is_told_by_key else rows_digest(self._con, node.relation)
            self._con.execute(f"comment on {kind} {node.relation} is '{key} {content}'")
            self._con.commit()
        except duckdb.Error:
            roll_back(self._con)
            raise
        self._stamps[node.relation] = (key, content)

    def _open_seeds(self) -> None:
        """Attach what holds the seeds: to read its catalogue costs as much as several models."""
        if not self._has_seeds:
            self._con.execute(f"attach {literal(self._plan.database)} as prepared (read_only)")
            self._has_seeds = True

    def _judge(self, node: Node) -> tuple[str, str | None, int]:
        """Run a test: its verdict in dbt's own words."""
        ((found, should_warn, should_error),) = self._con.execute(node.statement).fetchall()
        rows = f"Got {found} result{'s' if found != 1 else ''}, configured to"
        if should_error and node.severity.lower() == "error":
            return "fail", f"{rows} fail if {node.error_if}", found
        if should_warn:
            return "warn", f"{rows} warn if {node.warn_if}", found
        self._newly_passed[node.unique_id] = self._key(node)
        return "pass", None, found

    def _keep_passed(self) -> None:
        """Note which tests have passed, all at once: a commit costs twice as much as a test."""
        if self._newly_passed:
            self._con.execute(
                "insert or replace into ops.passed_tests select unnest(?), unnest(?)",
                [list(self._newly_passed), list(self._newly_passed.values())],
            )

    def _is_empty(self, node: Node) -> bool:
        """Whether it is of nothing: no stream that it reads was delivered."""
        return bool(node.empty) and all(self._content(n) == EMPTY for n in node.depends_on)

    def _key(self, node: Node) -> str:
        """Changes whenever it could give other rows, or other columns."""
        if self._is_empty(node):
            return key_of(duckdb.__version__, node.unique_id, node.empty, EMPTY)
        how = (node.statement, node.rows, node.severity, node.warn_if, node.error_if)
        reads = map(self._content, node.depends_on)
        return key_of(duckdb.__version__, node.unique_id, *how, *reads)

    def _content(self, unique_id: str) -> str:
        """A text that changes whenever the rows of a node or a source do."""
        if unique_id in self._relations:
            relation = self._relations[unique_id]
            # Unknown rows are no rows seen before.
            return self._stamps.get(relation, ("", ""))[1] or str(uuid4())
        if unique_id not in self._contents:
            schema, name = self._plan.sources[unique_id]
            self._contents[unique_id] = rows_digest(self._con, f'{schema}."{name}"')
        return self._contents[unique_id]
