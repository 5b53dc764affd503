"""How fast exports load, beside DuckDB's bare reader: `python -m benchmarks.ingest`.

A Google-Ads-like CSV, a GA4-like JSONL and a folder of small files are written, read once by DuckDB
into text columns, and loaded by the loader, each in a process of its own so that its peak memory is
its own. The reference is DuckDB's read_csv and read_json of the very same file, in turn with the
loader, the best of --rounds each; must reach: 1.2 times its time, 1 GiB, 200 small files a second.

Then --days of files a source (CSV, JSON lines, the same packed) are loaded by one process alone and
by several side by side, in turn: ingest_parallel_speedup is the quotient of their seconds, and must
reach 1.6 on two cores. "writer s" is what the process that writes used of a processor: no number of
others makes the load shorter than that.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import duckdb

from benchmarks.measure import peak_mib
from pipelines.ingest import beside, load_contracts, load_exports
from pipelines.ingest.warehouse import connect

LOADED_AT = datetime(2026, 10, 1, 6)
CSV_HEADER = (
    "Day,Campaign,Campaign status,Currency code,Campaign type,Impr.,Clicks,Cost,Conversions,"
    "Conv. value"
)
CSV_ROWS = """
    copy (
        select cast(date '2020-01-01' + cast(i // 2000 as integer) as varchar),
            'campaign ' || i % 2000, 'Enabled', 'EUR', 'Search',
            format('{{:,}}', i % 40000), i % 900, cast((i % 100000) / 100 as decimal(18, 2)),
            cast((i % 300) / 10 as decimal(18, 2)), cast(i % 7000 as decimal(18, 2))
        from range({rows}) as t(i)
    ) to '{path}' (format csv, header false)
"""
JSON_ROWS = """
    copy (
        select
            strftime(date '2026-01-01' + cast(i // 20000 as integer), '%Y%m%d') as event_date,
            cast(1767225600000000 + i * 4000 as varchar) as event_timestamp,
            'page_view' as event_name,
            [{{'key': 'ga_session_id', 'value': {{'int_value': cast(i // 5 as varchar)}}}},
             {{'key': 'page_location',
               'value': {{'string_value': 'https://example.com/page/' || i % 500}}}}]
                as event_params,
            (i % 100000) || '.' || (i % 977) as user_pseudo_id,
            {{'manual_source': 'google', 'manual_medium': 'organic'}}
                as collected_traffic_source
        from range({rows}) as t(i)
    ) to '{path}' (format json)
"""


class Cost(NamedTuple):
    """What a step took: seconds, MiB of all its processes at their peaks, seconds of CPU of the
    process that wrote.
    """

    seconds: float
    peak: float
    writer: float


def write_csv(path: Path, rows: int) -> None:
    """A campaign report: preamble, header, rows, totals."""
    body = path.with_suffix(".body")
    duckdb.sql(CSV_ROWS.format(rows=rows, path=body))
    with path.open("wb") as report, body.open("rb") as lines:
        report.write(f'Campaign report\n"January 1, 2020 - July 1, 2026"\n{CSV_HEADER}\n'.encode())
        shutil.copyfileobj(lines, report)
        report.write(b"Total: Campaigns, --, --,EUR, --,0,0,0.00,0.00,0.00\n")
    body.unlink()


def bare(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """DuckDB's own reader into a table of text."""
    if path.suffix == ".csv":
        columns = ", ".join(f"'c{i}': 'varchar'" for i in range(len(CSV_HEADER.split(","))))
        source = f"read_csv('{path}', skip = 3, header = false, columns = {{{columns}}})"
    else:
        names = ("event_date", "event_timestamp", "event_name", "event_params", "user_pseudo_id")
        columns = ", ".join(f"{name}: 'varchar'" for name in (*names, "collected_traffic_source"))
        source = f"read_json('{path}', format = 'newline_delimited', columns = {{{columns}}})"
    con.execute(f"create table bare as from {source}")


def load(con: duckdb.DuckDBPyConnection, exports: Path) -> None:
    """The loader, into a build file.

    Raises:
        RuntimeError: a file was not loaded; the message is the ledger's.
    """
    load_exports(con, exports, contracts=load_contracts(), loaded_at=LOADED_AT)
    unloaded = con.execute("select message from ops.files where status <> 'loaded'").fetchall()
    if unloaded:
        raise RuntimeError(unloaded[0][0])


def write_days(folder: Path, days: int) -> None:
    """Daily files of three kinds, some 6 MB each as text, no two of them alike."""
    for kind in ("csv", "jsonl", "packed"):
        (folder / kind).mkdir(parents=True)
    for day in range(days):
        write_csv(folder / "csv" / f"{day}.csv", 80_000 + day)
        for kind, rows in (("jsonl", 16_000), ("packed", 17_000)):
            path = folder / kind / f"{day}.jsonl"
            duckdb.sql(JSON_ROWS.format(rows=rows + day, path=path))
            if kind == "packed":
                with path.open("rb") as text, gzip.open(f"{path}.gz", "wb", 6) as packed:
                    shutil.copyfileobj(text, packed)
                path.unlink()


def measured(what: str, source: Path, folder: Path) -> Cost:
    """What one step takes in a process of its own, into a new database."""
    (folder / "trial.duckdb").unlink(missing_ok=True)
    command = [sys.executable, "-m", "benchmarks.ingest", "--step", what, str(source), str(folder)]
    result = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Cost(*json.loads(result.stdout))


def step(what: str, source: Path, folder: Path) -> None:
    """Run one step and print what it took, with the database open before and closed at the end."""
    if what == "alone":
        beside.START_BYTES = sys.maxsize
    database = folder / "trial.duckdb"
    con = duckdb.connect(str(database)) if what == "bare" else connect(database)
    started, used = time.monotonic(), time.process_time()
    (bare if what == "bare" else load)(con, source)
    ((threads,),) = con.execute("select current_setting('threads')").fetchall()
    con.close()
    seconds, used = time.monotonic() - started, time.process_time() - used
    # Of the others the system tells the peak of the largest.
    others = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * threads
    peak = peak_mib() + others / 1024
    print(json.dumps(Cost(seconds, peak, used)))


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--files", type=int, default=5_000)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--only-days", action="store_true", help="leave the single files out")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--step", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        what, source, target = options.step
        step(what, Path(source), Path(target))
        return
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if not options.only_days:
            figures |= by_the_file(folder, options.rows, options.files, options.rounds)
        figures |= side_by_side(folder, options.days, options.rounds)
    for figure, value in figures.items():
        print(f"figure {figure} = {value:.2f}")


def by_the_file(folder: Path, rows: int, files: int, rounds: int) -> dict[str, float]:
    """Figures of two large files and of small ones."""
    figures: dict[str, float] = {}
    peaks = []
    print(f"{'load':14} {'bare s':>8} {'ours s':>8} {'ratio':>6} {'peak MiB':>9}")
    for kind in ("csv", "jsonl"):
        exports = folder / kind
        exports.mkdir()
        path = exports / f"big.{kind}"
        if kind == "csv":
            write_csv(path, rows)
        else:
            duckdb.sql(JSON_ROWS.format(rows=rows, path=path))
        turns = [
            (measured("bare", path, folder), measured("load", exports, folder))
            for _ in range(rounds)
        ]
        bare_s, ours_s = (min(turn[place].seconds for turn in turns) for place in (0, 1))
        peaks.append(max(turn[1].peak for turn in turns))
        figures[f"ingest_{kind}_ratio"] = ours_s / bare_s
        print(f"{kind:14} {bare_s:8.1f} {ours_s:8.1f} {ours_s / bare_s:6.2f} {peaks[-1]:9.0f}")
        path.unlink()
    small = folder / "small"
    small.mkdir()
    for number in range(files):
        (small / f"{number}.csv").write_text(f"Record ID,Company name\n{number},Company\n")
    took = measured("load", small, folder)
    print(f"{'small files':14} {'':8} {took.seconds:8.1f} {'':6} {took.peak:9.0f}")
    figures["ingest_peak_mib"] = max(*peaks, took.peak)
    figures["ingest_files_per_second"] = files / took.seconds
    return figures


def side_by_side(folder: Path, days: int, rounds: int) -> dict[str, float]:
    """Figures of many files that one process loads, and several do."""
    exports = folder / "days"
    write_days(exports, days)
    print(
        f"{'days':14} {'alone s':>8} {'beside s':>8} {'ratio':>6} {'peak MiB':>9} {'writer s':>9}"
    )
    figures: dict[str, float] = {}
    for kind in ("csv", "jsonl", "packed", ""):
        turns = [
            tuple(measured(what, exports / kind, folder) for what in ("alone", "load"))
            for _ in range(rounds)
        ]
        alone_s, beside_s = (min(turn[place].seconds for turn in turns) for place in (0, 1))
        peak, writer_s = max(t[1].peak for t in turns), min(t[1].writer for t in turns)
        figures = {
            "ingest_parallel_speedup": alone_s / beside_s,
            "ingest_parallel_bound": alone_s / writer_s,
            "ingest_parallel_peak_mib": peak,
        }
        print(
            f"{kind or 'all of them':14} {alone_s:8.1f} {beside_s:8.1f}"
            f" {alone_s / beside_s:6.2f} {peak:9.0f} {writer_s:9.1f}"
        )
    return figures


if __name__ == "__main__":
    main()
