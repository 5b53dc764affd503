"""Files that other processes read side by side, and that the one writer takes over in their order.

Such a process delivers files by the functions of the loader into a warehouse of its own, in memory,
and leaves what landed there as Parquet. The writer appends that under numbers of its own, so that
the build file holds what it would hold had the writer read everything itself. It does read itself
what is not plainly new: bytes that came before, what is to be read again, what failed or could not
be read now, and whatever is left where such a process was killed.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import shutil
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import duckdb

from pipelines.ingest.contract import Contract
from pipelines.ingest.deliver import FATAL_ERRORS, FILE_ERRORS, deliver, sha256_of
from pipelines.ingest.environment import roll_back
from pipelines.ingest.ledger import (
    LANDED,
    UNPACKED,
    UNRECOGNISED,
    Batch,
    Entry,
    Ledger,
    Paths,
)
from pipelines.ingest.places import NOT_PLAIN, FoundFile
from pipelines.ingest.read import UnreadableError
from pipelines.ingest.redact import Redactor
from pipelines.ingest.relations import (
    brings_columns,
    ensure_columns,
    ensure_landed,
    landed_name,
    landed_table,
    make_landed,
)
from pipelines.ingest.warehouse import ledger_in_memory
from pipelines.sql import literal, quoted

# Files that are loaded in one transaction, or one file.
Group = Sequence[FoundFile]

# What a file costs, in bytes of CSV that are read in that time: itself, what is packed more, and
# JSON, whose cells DuckDB takes as they are, less.
FILE_COST_BYTES = 64 * 1024
PACKED = (".gz", ".zip", ".xlsx")
PACKED_COST = 8
JSON = (".json", ".jsonl", ".ndjson")
JSON_COST = 1 / 4
# Of what is larger a thread each reads a piece: DuckDB needs no other process for it. What is
# packed one thread reads, however large; but memory that it fills lies on the disk meanwhile.
LARGEST_BYTES = 64 * 1024**2
LARGEST_PACKED_BYTES = 256 * 1024**2
# Other processes start for so much and more, and the writer reads the first of it meanwhile.
START_BYTES = 128 * 1024**2
HEAD_START_BYTES = 16 * 1024**2
# How many groups a process may be ahead of the writer: what they left lies below the home.
AHEAD = 4
# DuckDB's memory for each of them. Where the machine has less for all, it is divided.
MEMORY_BYTES = 350_000_000
# What shares a transaction. More rows than a row group holds are written once; fewer twice, to the
# log of the build file and when it is put in order.
TOGETHER_ROWS = 1_000_000
TOGETHER_GROUPS = 32
QUARANTINE = "ops.rejected_rows"
# Beside the build file: where rows lie until they are taken over.
FOLDER = "reading"
# What is taken over.
PLAIN = (*LANDED, UNPACKED, UNRECOGNISED)
ALONE = (
    "other processes could not be started, or one of them was ended, as a machine short of memory"
    " does: this one reads what is left alone"
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Left:
    """What reading a group left.

    Attributes:
        entries: lines of the ledger with their numbers, which count from 1.
        ids: how many numbers were used.
        columns: those that came, by landed table. A file without a row has them, too.
        rows: the files that hold rows, by landed table, and the quarantine by its table.
    """

    entries: tuple[tuple[int, Entry], ...]
    ids: int
    columns: Mapping[str, Sequence[str]]
    rows: Mapping[str, Path]


@dataclass(frozen=True)
class Task:
    """What every process that reads is told once.

    Attributes:
        known: by size, hashes of bytes that came before: these are the writer's to judge.
        folder: where they leave what they read.
        memory: of DuckDB, in bytes.
    """

    contracts: Sequence[Contract]
    version: str
    loaded_at: datetime
    erased: Redactor | None
    known: Mapping[int | None, frozenset[str]]
    folder: Path
    memory: int


class Reader:
    """What a process that reads does: one group at a time, into a warehouse in memory."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._con: duckdb.DuckDBPyConnection | None = None

    def read(self, group: Group, name: str) -> Left | None:
        """What a group left; None where it is the writer's to read.

        Args:
            group: one file, or small ones that are loaded together.
            name: what the files that it leaves are called by.
        """
        try:
            if any(map(self._may_have_come, group)):
                return None
            self._con = self._con or self._opened()
            return self._delivered(self._con, group, name)
        except FILE_ERRORS:
            # The writer meets it, too, and tells it. Nobody knows what was left halfway: the next
            # group gets another warehouse.
            if self._con:
                self._con.close()
            self._con = None
            return None

    def _may_have_come(self, found: FoundFile) -> bool:
        known = self._task.known
        known_hashes = known.get(found.size, frozenset()) | known.get(None, frozenset())
        return bool(known_hashes) and (found.path is None or sha256_of(found.path) in known_hashes)

    def _opened(self) -> duckdb.DuckDBPyConnection:
        task = self._task
        con = ledger_in_memory()
        # There is a process for each processor: none needs a second thread.
        con.execute("set threads = 1")
        con.execute(f"set memory_limit = '{task.memory}B'")
        con.execute(f"set temp_directory = {literal(task.folder / f'{os.getpid()}.tmp')}")
        ensure_landed(con, task.contracts)
        if task.erased:
            task.erased.attach(con)
        return con

    def _delivered(self, con: duckdb.DuckDBPyConnection, group: Group, name: str) -> Left | None:
        task = self._task
        batch = Batch(
            *(1, task.loaded_at, task.contracts, task.version, Ledger(con), Paths(set())),
            erased=task.erased,
            is_together=len(group) > 1,
        )
        for found in group:
            deliver(con, found, batch)
        batch.ledger.flush()
        entries = _entries(con)
        streams = {(entry.source, entry.stream) for _, entry in entries}
        contracts = [c for c in task.contracts if (c.source, c.stream) in streams]
        tables = [landed_table(contract) for contract in contracts]
        left = None
        if all(entry.status in PLAIN for _, entry in entries):
            left = Left(
                entries,
                batch.ledger.take_ids(0),
                {table: _columns(con, table) for table in tables},
                {
                    table: path
                    for number, table in enumerate((*tables, QUARANTINE))
                    if (path := self._rows(con, table, f"{name}.{number}"))
                },
            )
        for contract in contracts:
            make_landed(con, contract)
        for table in ("ops.files", "ops.batches", QUARANTINE):
            con.execute(f"truncate {table}")
        return left

    def _rows(self, con: duckdb.DuckDBPyConnection, table: str, name: str) -> Path | None:
        """A table's rows as a file; None where it has none."""
        if not con.execute(f"from {table} limit 1").fetchall():
            return None
        path = self._task.folder / f"{name}.parquet"
        con.execute(f"copy {table} to {literal(path)} (format parquet)")
        return path


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """What a file brought of a stream, beside the columns that every row has."""
    names = [column[0] for column in con.execute(f"from {table} limit 0").description]
    return [name for name in names if name not in ("_file_id", "_is_skipped")]


def _entries(con: duckdb.DuckDBPyConnection) -> tuple[tuple[int, Entry], ...]:
    """The lines of a ledger, with their numbers."""
    names = tuple(Entry.__annotations__)
    rows = con.execute(f"select file_id, {', '.join(names)} from ops.files order by file_id")
    return tuple(
        (row[0], Entry(**dict(zip(names, row[1:], strict=True)))) for row in rows.fetchall()
    )


# Of the process that this is, if it is one that reads.
_readers: list[Reader] = []


def _start(task: Task) -> None:
    """Begin as a process that reads."""
    # Ctrl-C reaches all of them; the one that was started by a person says so.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_writer, daemon=True).start()
    _readers.append(Reader(task))


def _end_with_the_writer() -> None:
    if writer := multiprocessing.parent_process():
        writer.join()
        os._exit(1)


def _read(group: Group, name: str) -> Left | None:
    return _readers[0].read(group, name)


class Beside:
    """What other processes read of groups of files, for the writer to take over in their order."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, groups: Sequence[Group], batch: Batch
    ) -> None:
        self._con, self._groups, self._batch = con, groups, batch
        self._contracts = {landed_table(contract): contract for contract in batch.contracts}
        self._pool: ProcessPoolExecutor | None = None
        self._ahead = 0
        self._wanted: list[int] = []
        self._asked: dict[int, Future[Left | None]] = {}
        # What the transaction holds that is open between two groups, and the threads of before.
        self._held: list[Group] = []
        self._held_rows = 0
        self._threads = 1

    def ask(self, pool: ProcessPoolExecutor, wanted: Sequence[int], ahead: int) -> None:
        """Have groups read, by their numbers: as many at a time as may lie about unwritten."""
        self._pool, self._ahead = pool, ahead
        self._wanted = list(reversed(wanted))
        self._ask()

    def take(self, number: int) -> list[Group]:
        """Take over a group, in a transaction that may be left open.

        Returns:
            What the writer has to read itself now, in this order.

        Raises:
            duckdb.Error: the build file cannot be written.
        """
        group = self._groups[number]
        left = self._left(number)
        if left is None or not self._is_plainly_new(left):
            return [*self.settle(), group]
        # Rather than in the middle of a transaction: see ensure_columns.
        if self._brings_columns(left) and (undone := self.settle()):
            return [*undone, group]
        if not self._held:
            self._begin()
        self._held.append(group)
        try:
            self._append(left)
        except FILE_ERRORS as error:
            return self._undone(error)
        is_enough = self._held_rows >= TOGETHER_ROWS or len(self._held) >= TOGETHER_GROUPS
        return self.settle() if is_enough else []

    def settle(self) -> list[Group]:
        """End the open transaction, if there is one: what could not be kept is the writer's."""
        if not self._held:
            return []
        try:
            self._batch.ledger.flush()
            self._con.commit()
        except FILE_ERRORS as error:
            return self._undone(error)
        self._end()
        return []

    def _ask(self) -> None:
        while self._pool and self._wanted and len(self._asked) < self._ahead:
            number = self._wanted.pop()
            try:
                self._asked[number] = self._pool.submit(_read, self._groups[number], str(number))
            except (BrokenProcessPool, OSError):
                self._give_up()

    def _left(self, number: int) -> Left | None:
        if number not in self._asked:
            return None
        try:
            left = self._asked[number].result()
        except BrokenProcessPool:
            self._give_up()
            left = None
        del self._asked[number]
        self._ask()
        return left

    def _give_up(self) -> None:
        if self._pool:
            logger.warning(ALONE)
        self._pool = None

    def _is_plainly_new(self, left: Left) -> bool:
        """Whether nothing that came before has a say in what these files are."""
        ledger = self._batch.ledger
        return not any(
            ledger.came_before(entry.sha256)
            or (entry.status not in LANDED and any(ledger.stream_of(entry.path)))
            for _, entry in left.entries
        )

    def _brings_columns(self, left: Left) -> bool:
        return any(
            brings_columns(self._con, self._contracts[table], columns)
            for table, columns in left.columns.items()
        )

    def _begin(self) -> None:
        # The processors are taken.
        ((self._threads,),) = self._con.execute("select current_setting('threads')").fetchall()
        self._con.execute("set threads = 1")
        self._con.begin()

    def _end(self) -> None:
        self._held, self._held_rows = [], 0
        self._con.execute(f"set threads = {self._threads}")

    def _undone(self, error: Exception) -> list[Group]:
        """Nothing of the open transaction is kept."""
        if isinstance(error, FATAL_ERRORS):
            raise error
        groups = self._held
        roll_back(self._con)
        self._end()
        self._batch.read()
        return groups

    def _append(self, left: Left) -> None:
        batch = self._batch
        before = batch.ledger.take_ids(left.ids)
        firsts = {table: self._rows_of(table) for table in left.columns}
        for table, columns in left.columns.items():
            self._insert(table, columns, left.rows.get(table), before)
            self._require_in_place(table, before, left.entries)
            self._held_rows += self._rows_of(table) - firsts[table]
        if path := left.rows.get(QUARANTINE):
            self._con.execute(
                f"insert into {QUARANTINE} select * replace (file_id + {before} as file_id)"
                f" from read_parquet({literal(path)})"
            )
        for path in left.rows.values():
            path.unlink()
        for number, entry in left.entries:
            judged = entry
            if entry.status in LANDED:
                table = landed_name(entry.source, entry.stream)
                judged = replace(entry, first_row_id=firsts[table] + (entry.first_row_id or 0))
                batch.here.paths.add(entry.path)
            batch.ledger.write(judged, before + number, batch)

    def _insert(self, table: str, columns: Sequence[str], path: Path | None, before: int) -> None:
        ensure_columns(self._con, self._contracts[table], columns)
        if path is None:
            return
        listed = ", ".join([*map(quoted, columns), "_is_skipped"])
        self._con.execute(
            f"insert into {table} ({listed}, _file_id) select {listed}, _file_id + {before}"
            f" from read_parquet({literal(path)})"
        )

    def _rows_of(self, table: str) -> int:
        ((rows,),) = self._con.execute(f"select count(*) from {table}").fetchall()
        return int(rows)

    def _require_in_place(
        self, table: str, before: int, entries: Sequence[tuple[int, Entry]]
    ) -> None:
        """Each file's rows follow each other, and lie where the ledger says.

        Raises:
            UnreadableError: they do not.
        """
        came = self._con.execute(
            f"select _file_id - {before}, min(rowid) - min(min(rowid)) over (), count(*),"
            f" max(rowid) - min(rowid) + 1 from {table} where _file_id > {before} group by _file_id"
        ).fetchall()
        firsts = {number: entry.first_row_id for number, entry in entries}
        if any(first != firsts.get(number) or rows != span for number, first, rows, span in came):
            raise UnreadableError("rows of files that were read side by side came out of order")


@contextmanager
def read_beside(
    con: duckdb.DuckDBPyConnection, groups: Sequence[Group], batch: Batch
) -> Iterator[Beside]:
    """Have groups of files read side by side, where there are enough for that to pay.

    Args:
        con: the build file. As many processes read as it may have threads.
        groups: all of the load, in their order.
        batch: the load.
    """
    ((build_path, threads, memory),) = con.execute(
        "select path, current_setting('threads'),"
        " parse_formatted_bytes(current_setting('memory_limit'))"
        " from duckdb_databases() where database_name = current_database()"
    ).fetchall()
    beside = Beside(con, groups, batch)
    folder = Path(build_path).parent / FOLDER if build_path else None
    if folder:
        # Of a run that was killed.
        shutil.rmtree(folder, ignore_errors=True)
    # Who is a daemon of multiprocessing may have no processes, and a home whose path is a pattern
    # to DuckDB's readers holds nothing for them.
    is_alone = threads == 1 or multiprocessing.current_process().daemon
    wanted = [] if is_alone else _worth_it(groups, batch)
    if not folder or NOT_PLAIN.search(str(folder)) or not wanted:
        yield beside
        return
    task = Task(
        *(batch.contracts, batch.version, batch.loaded_at, batch.erased),
        *(batch.ledger.hashes_by_size(), folder),
        memory=min(MEMORY_BYTES, int(memory) // (threads + 1)),
    )
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        try:
            folder.mkdir(exist_ok=True)
            spawn = multiprocessing.get_context("spawn")
            pool = stack.enter_context(ProcessPoolExecutor(threads, spawn, _start, (task,)))
        except OSError:
            logger.warning(ALONE)
        else:
            stack.callback(pool.shutdown, cancel_futures=True)
            logger.info("%d processes read files side by side", threads)
            beside.ask(pool, wanted, AHEAD * threads)
        yield beside


def _worth_it(groups: Sequence[Group], batch: Batch) -> list[int]:
    """The numbers of the groups that others read while the writer begins; none of too few."""
    costs = {
        number: sum(map(_cost, group))
        for number, group in enumerate(groups)
        if all(_may_be_read_beside(found, batch) for found in group)
    }
    if sum(costs.values()) < START_BYTES:
        return []
    wanted = []
    passed = 0.0
    for number, cost in costs.items():
        if passed >= HEAD_START_BYTES:
            wanted.append(number)
        passed += cost
    return wanted


def _is_packed(found: FoundFile) -> bool:
    return found.relative.lower().endswith(PACKED)


def _cost(found: FoundFile) -> float:
    name, size = found.relative.lower(), found.size or 0
    if name.endswith(JSON):
        return FILE_COST_BYTES + size * JSON_COST
    return FILE_COST_BYTES + size * (PACKED_COST if _is_packed(found) else 1)


def _may_be_read_beside(found: FoundFile, batch: Batch) -> bool:
    largest = LARGEST_PACKED_BYTES if _is_packed(found) else LARGEST_BYTES
    is_sized = 0 < (found.size or 0) <= largest
    return is_sized and not found.error and found.relative not in batch.reopened
