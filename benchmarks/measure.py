"""What the benchmarks of whole runs measure with: one command, and DuckDB's bare reading beside it.

Seconds of CPU are the user's, of a command and of all that it started: other work on the machine
changes them less than the time on the wall.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import ParamSpec, TypeVar

import duckdb

from pipelines.ingest.warehouse import connect
from pipelines.publish import content_hash
from pipelines.transform.project import mart_schemas
from pipelines.transform.replay import packed_lightly

# What the log calls it when a half of the build puts the file in order.
SETTLED = "checkpoint"
# A line of progress: seconds since the start, the step, its seconds.
STEP = re.compile(r"^ *([0-9.]+) s  ([a-z_]+): ([0-9.]+) s$", re.MULTILINE)
# What the kernel says of the memory of a process.
PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)
# How the log of a run tells a model or test that was not left standing, and its seconds of CPU.
BUILT = re.compile(r"dbt: (\w+): success in [0-9.]+ s, ([0-9.]+) of CPU")
SHOWN_ERROR = 2_000

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Cost:
    """What one command cost, children included, and what it said of its steps.

    Attributes:
        wall: seconds that somebody waited.
        user: seconds of CPU.
        peak_mib: the most memory that one of its processes held; no less than what the process
            that measures has held until then, which a child begins with.
        steps: seconds on the wall of each step.
    """

    wall: float
    user: float
    peak_mib: float
    steps: Mapping[str, float] = field(default_factory=dict)


def measured(
    *arguments: object, project: Path | None = None, environment: Mapping[str, str] | None = None
) -> Cost:
    """Run one command of the line.

    Args:
        arguments: what follows `throughline`.
        project: a checkout with an environment of its own; None for this one.
        environment: variables that are added to those of this process.

    Raises:
        SystemExit: it failed; the message is the end of what it said.
    """
    here = Path(sys.executable).parent if project is None else project / ".venv" / "bin"
    command = [str(here / "throughline"), *map(str, arguments)]
    with tempfile.TemporaryFile() as said:
        started = time.monotonic()
        process = subprocess.Popen(
            command,
            cwd=project,
            env={**os.environ, **(environment or {})},
            stdout=subprocess.DEVNULL,
            stderr=said,
            stdin=subprocess.DEVNULL,
        )
        # Peak memory is one child's alone only where it is waited for by itself.
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - started
        said.seek(0)
        text = said.read().decode(errors="replace")
    if process.returncode:
        said_last = text[-SHOWN_ERROR:]
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{said_last}")
    steps = {name: float(seconds) for _, name, seconds in STEP.findall(text)}
    return Cost(wall, usage.ru_utime, usage.ru_maxrss / 1024, steps)


def newest_log(home: Path) -> str:
    """What the last run of a home wrote of itself."""
    return max((home / "logs").glob("*.log")).read_text(encoding="utf-8")


def built_models(home: Path) -> dict[str, float]:
    """Seconds of CPU of each model and seed that the last run of a home built, the system's, too.
    What either half of the build has once is added up."""
    told: dict[str, float] = {}
    for name, seconds in BUILT.findall(newest_log(home)):
        told[name] = told.get(name, 0) + float(seconds)
    return told


def rewriting_seconds(home: Path, clock: Callable[[], float]) -> dict[str, float]:
    """Seconds of CPU to write each table of a finished build once more, as it lies there, under
    SETTLED those to put the file in order, and under `release` those to hash what is released.

    To be called in a process of its own.
    """
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder, connect(home / "build.duckdb") as con:
        con.execute("set enable_progress_bar = false")
        con.execute(f"attach '{folder}/written.duckdb' as written")
        tables = con.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'build'"
        ).fetchall()
        with packed_lightly(con):
            for schema, name in tables:
                con.execute(f'create schema if not exists written."{schema}"')
                before = clock()
                con.execute(
                    f'create table written."{schema}"."{name}" as from build."{schema}"."{name}"'
                )
                found[name] = clock() - before
            before = clock()
            con.execute("checkpoint written")
            found[SETTLED] = clock() - before
        before = clock()
        content_hash(con, "written", mart_schemas())
        found["release"] = clock() - before
    return found


def user_seconds() -> float:
    """Seconds of CPU that this process had until now, and those that it has waited for, without
    the system's."""
    own, others = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + others.ru_utime


def peak_mib() -> float:
    """The most memory that this process has held, MiB.

    Not what `getrusage` says, which counts the parent's memory as that of every child that it
    starts: a reading of 2 GB looked like an audit that takes as much.
    """
    (kib,) = PEAK.findall(Path("/proc/self/status").read_text())
    return int(kib) / 1024


def apart(function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """What a function returns in a process of its own, so that this one stays small: see `Cost`."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(function, *arguments, **named).result()


def bare_seconds(exports: Path, clock: Callable[[], float] = user_seconds) -> float:
    """Seconds of CPU that DuckDB takes to read the files into tables of text, in a file of its own.

    What its readers do not take, a picture for one, costs nothing here. It is read in a process of
    its own.

    Args:
        exports: the files.
        clock: what tells the seconds: the same as of what it is held against.
    """
    return apart(_bare_seconds, exports, clock)


def _bare_seconds(exports: Path, clock: Callable[[], float]) -> float:
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(f"{folder}/bare.duckdb") as con:
        began = clock()
        for number, path in enumerate(sorted(filter(Path.is_file, exports.rglob("*")))):
            reading = bare_reading(path)
            if reading:
                try:
                    con.execute(f"create table bare_{number} as from {reading}", [str(path)])
                except duckdb.Error as error:
                    print(f"not read: {path.name}: {str(error).splitlines()[0]}", file=sys.stderr)
        return clock() - began


def bare_reading(path: Path) -> str | None:
    """How DuckDB is asked to read a file; None for what it has no reader for."""
    kind = next((suffix for suffix in reversed(path.suffixes) if suffix != ".gz"), "")
    if kind == ".csv":
        return "read_csv(?, all_varchar = true, null_padding = true, ignore_errors = true)"
    if kind == ".parquet":
        return "read_parquet(?)"
    if kind not in (".json", ".jsonl"):
        return None
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as lines:
        first = lines.readline()
    try:
        names = json.loads(first)
    except ValueError:
        return "read_json(?)"
    return f"read_json(?, columns = {dict.fromkeys(names, 'varchar')})"
