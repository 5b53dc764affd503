"""How fast exports load, beside DuckDB's bare reader: `python -m benchmarks.ingest`.

A Google-Ads-like CSV, a GA4-like JSONL and a folder of small files are written, read once by DuckDB
into text columns, and loaded by the loader, each in a process of its own so that its peak memory is
its own. The reference is DuckDB's read_csv and read_json of the very same file, in turn with the
loader, the best of --rounds each; must reach: 1.2 times its time, 1 GiB, 200 small files a second.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

import duckdb

from benchmarks.measure import peak_mib
from pipelines.ingest import load_contracts, load_exports
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


def measured(what: str, source: Path, folder: Path) -> tuple[float, float]:
    """Seconds and peak MiB of one step in a process of its own, into a new database."""
    (folder / "trial.duckdb").unlink(missing_ok=True)
    command = [sys.executable, "-m", "benchmarks.ingest", "--step", what, str(source), str(folder)]
    result = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    seconds, peak = json.loads(result.stdout)
    return seconds, peak


def step(what: str, source: Path, folder: Path) -> None:
    """Run one step and print what it took, with the database open before and closed at the end."""
    database = folder / "trial.duckdb"
    with duckdb.connect(str(database)) if what == "bare" else connect(database) as con:
        started = time.monotonic()
        (bare if what == "bare" else load)(con, source)
    print(json.dumps([time.monotonic() - started, peak_mib()]))


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--files", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--step", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        what, source, target = options.step
        step(what, Path(source), Path(target))
        return
    figures: dict[str, float] = {}
    print(f"{'load':14} {'bare s':>8} {'ours s':>8} {'ratio':>6} {'peak MiB':>9}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        peaks = []
        for kind in ("csv", "jsonl"):
            exports = folder / kind
            exports.mkdir()
            path = exports / f"big.{kind}"
            if kind == "csv":
                write_csv(path, options.rows)
            else:
                duckdb.sql(JSON_ROWS.format(rows=options.rows, path=path))
            turns = [
                (measured("bare", path, folder)[0], *measured("load", exports, folder))
                for _ in range(options.rounds)
            ]
            bare_s, ours_s = min(turn[0] for turn in turns), min(turn[1] for turn in turns)
            peak = max(turn[2] for turn in turns)
            peaks.append(peak)
            figures[f"ingest_{kind}_ratio"] = ours_s / bare_s
            print(f"{kind:14} {bare_s:8.1f} {ours_s:8.1f} {ours_s / bare_s:6.2f} {peak:9.0f}")
            path.unlink()
        small = folder / "small"
        small.mkdir()
        for number in range(options.files):
            (small / f"{number}.csv").write_text(f"Record ID,Company name\n{number},Company\n")
        small_s, peak = measured("load", small, folder)
        print(f"{'small files':14} {'':8} {small_s:8.1f} {'':6} {peak:9.0f}")
    figures["ingest_peak_mib"] = max(*peaks, peak)
    figures["ingest_files_per_second"] = options.files / small_s
    for figure, value in figures.items():
        print(f"figure {figure} = {value:.2f}")


if __name__ == "__main__":
    main()
