"""What is new below the exports folder, and its way into the build file.

Small files share a transaction, and so do files that other processes read (beside.py); others have
one each: a run can be killed at any moment, and the next one goes on where it stopped.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from pipelines.ingest.again import say_what_is_gone, stale, take_from_extra
from pipelines.ingest.beside import read_beside
from pipelines.ingest.contract import Contract, contracts_version
from pipelines.ingest.deliver import FATAL_ERRORS, FILE_ERRORS, deliver
from pipelines.ingest.environment import roll_back
from pipelines.ingest.hints import hints_version
from pipelines.ingest.ledger import PENDING, UNUSABLE, Batch, Ledger, Line, Paths, around
from pipelines.ingest.places import FoundFile, find_files
from pipelines.ingest.redact import Redactor
from pipelines.ingest.relations import number_deliveries
from pipelines.settings import utc_now, utc_text

# A commit costs more than a small file: this many of at most so many bytes share one.
TOGETHER_FILES = 100
TOGETHER_BYTES = 64 * 1024

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class LoadPlan:
    """Files that are to be opened, in the order they will be loaded.

    Attributes:
        known_count: how many others there are.
        version: of contracts and hints, kept with each file: one that was refused is tried again
            once it has changed.
        found: the paths of all files.
        unchanged: the paths of those whose bytes the ledger knows.
        again: by hash, deliveries that contract or hints read otherwise by now.
        reopened: files that are opened for what they hold, though they are known.
        is_broken_off: whether a load was killed: what it loaded has not been published.
    """

    new_files: tuple[FoundFile, ...]
    known_count: int
    version: str
    found: frozenset[str] = frozenset()
    unchanged: frozenset[str] = frozenset()
    again: dict[str, list[Line]] = field(default_factory=dict)
    reopened: frozenset[str] = frozenset()
    is_broken_off: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not self.new_files and not self.is_broken_off


def plan_load(
    con: duckdb.DuckDBPyConnection, exports: Path | str, contracts: Sequence[Contract]
) -> LoadPlan:
    """Compare the folder with the ledger, without opening a file.

    A file is known by path, size and time of change, as its path came last. It is opened all the
    same where it was left for later, was refused by other contracts or hints than today's, or
    would be read otherwise by these; and so is one that holds such a file.
    """
    found = {file.relative: file for file in find_files(exports)}
    version = contracts_version(contracts) + hints_version(
        (str(file.place.parent), file.hints) for file in found.values()
    )
    unchanged: dict[str, FoundFile] = {}
    reopened: set[str] = set()
    for path, size, modified_at, status, contract_version in con.execute(
        "select path, byte_size, modified_at, status, contract_version from ops.files"
        " qualify row_number() over (partition by path order by batch_id desc, file_id desc) = 1"
    ).fetchall():
        file = found.get(path)
        if status == PENDING or (status in UNUSABLE and contract_version != version):
            reopened.update(around(path))
        elif file is not None and (size, modified_at) == (file.size, file.modified_at):
            unchanged[path] = file
    readable = {path: file for path, file in unchanged.items() if not file.error}
    again, holders = stale(con, contracts, readable)
    reopened |= holders
    new = tuple(file for path, file in found.items() if path not in unchanged or path in reopened)
    ((running,),) = con.execute(
        "select count(*) from ops.batches where status = 'running'"
    ).fetchall()
    return LoadPlan(
        *(new, len(found) - len(new), version, frozenset(found), frozenset(unchanged), again),
        *(frozenset(reopened), running > 0),
    )


def load_exports(
    con: duckdb.DuckDBPyConnection,
    exports: Path | str,
    *,
    contracts: Sequence[Contract],
    loaded_at: datetime,
    progress: Callable[[int, int, str], None] = lambda done, total, path: None,
    erased: Redactor | None = None,
) -> LoadPlan:
    """Load every new file as one batch.

    What a killed load has loaded stays under its own time; this batch has one of its own all the
    same, so that what is published is published as of now. Files that can only be left for later,
    and those that are read again, make no batch.

    Args:
        con: the build file.
        exports: the folder, or the URL of a store.
        contracts: the streams that can be recognised.
        loaded_at: the batch's time, naive UTC, later than any before.
        progress: called before each file with its number, the number of files and its path.
        erased: takes out what tells of erased persons; None where nobody was erased.

    Returns:
        What was new.

    Raises:
        duckdb.Error: the build file cannot be written.
    """
    plan = plan_load(con, exports, contracts)
    take_from_extra(con, contracts, plan.version, plan.again)
    say_what_is_gone(con, contracts, Paths(set(plan.found)))
    _forget_what_is_gone(con, plan)
    if plan.is_empty:
        # Whoever wrote the file before may not have come to this.
        number_deliveries(con)
        return plan
    batch = _new_batch(con, loaded_at, contracts, plan)
    batch.erased = erased
    if erased:
        erased.attach(con)
    groups = list(_groups(plan.new_files))
    number = 0
    with read_beside(con, groups, batch) as others:
        for place, group in enumerate(groups):
            for found in group:
                number += 1
                progress(number, len(plan.new_files), found.relative)
            _read_here(con, others.take(place), batch)
        _read_here(con, others.settle(), batch)
    number_deliveries(con)
    con.execute(
        "update ops.batches set status = 'loaded', finished_at = ? where batch_id = ?",
        [utc_now(), batch.batch_id],
    )
    return plan


def _new_batch(
    con: duckdb.DuckDBPyConnection,
    loaded_at: datetime,
    contracts: Sequence[Contract],
    plan: LoadPlan,
) -> Batch:
    ((last, newest),) = con.execute(
        "select coalesce(max(batch_id), 0), max(loaded_at) from ops.batches"
    ).fetchall()
    if newest and newest > utc_now():
        logger.warning(
            "the newest batch is of %s, which is yet to come: a clock was ahead. Batches go on from"
            " there until it is past",
            utc_text(newest),
        )
    batch = Batch(
        *(last + 1, loaded_at, contracts, plan.version, Ledger(con), Paths(set(plan.unchanged))),
        again=dict(plan.again),
        reopened=plan.reopened,
    )
    if plan.is_broken_off:
        con.begin()
        con.execute("update ops.batches set status = 'interrupted' where status = 'running'")
        batch.open(con)
        con.commit()
    return batch


def _forget_what_is_gone(con: duckdb.DuckDBPyConnection, plan: LoadPlan) -> None:
    """A file that was left for later and has gone meanwhile is nobody's any more."""
    found = Paths(set(plan.found))
    for (path,) in con.execute("select path from ops.files where status = ?", [PENDING]).fetchall():
        if path not in found:
            con.execute("delete from ops.files where path = ? and status = ?", [path, PENDING])


def _groups(files: Sequence[FoundFile]) -> Iterator[list[FoundFile]]:
    """Files in their order: small ones that follow each other together, others alone."""
    group: list[FoundFile] = []
    for file in files:
        is_small = file.size is not None and file.size <= TOGETHER_BYTES and not file.error
        if group and (not is_small or len(group) == TOGETHER_FILES):
            yield group
            group = []
        if is_small:
            group.append(file)
        else:
            yield [file]
    if group:
        yield group


def _read_here(
    con: duckdb.DuckDBPyConnection, groups: Sequence[Sequence[FoundFile]], batch: Batch
) -> None:
    for group in groups:
        if len(group) == 1 or not _are_loaded_together(con, group, batch):
            for found in group:
                deliver(con, found, batch)


def _are_loaded_together(
    con: duckdb.DuckDBPyConnection, group: Sequence[FoundFile], batch: Batch
) -> bool:
    """Load files in one transaction; nothing of it stays where one of them cannot be read."""
    again = dict(batch.again)
    batch.is_together = True
    # To wake other threads costs more than they do of a small file.
    ((threads,),) = con.execute("select current_setting('threads')").fetchall()
    con.execute("set threads = 1")
    con.begin()
    try:
        for found in group:
            deliver(con, found, batch)
        batch.ledger.flush()
        con.commit()
    except FILE_ERRORS as error:
        if isinstance(error, FATAL_ERRORS):
            raise
        roll_back(con)
        batch.read()
        batch.again = again
        return False
    finally:
        con.execute(f"set threads = {threads}")
        batch.is_together = False
    return True


def next_batch_time(newest: datetime | None, wanted: datetime) -> datetime:
    """Batch times grow strictly, whatever the clock does."""
    if newest is None or wanted > newest:
        return wanted
    return newest + timedelta(microseconds=1)
