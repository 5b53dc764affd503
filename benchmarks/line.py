"""What the whole line costs as a company grows: `python -m benchmarks.line --contacts 50000`.

The sample company of so many contacts is written, read bare by DuckDB, run, and given one more day
of web events. With --against, a commit is built in a worktree beside this one, with the environment
that its own lock names, and runs over the same exports in turn. With --growth a company four times
as large runs as well. Seconds of CPU; each run has a home of its own, and each project has run once
before. At 50,000 against 36f5387 must reach: line_ratio 4, line_vs_bare 5, line_growth 4.4,
one_day_share .15, peak_mib 1,536.

What no computing could save is measured apart: every table of the build is written once more, as it
is, in a file that is put in order, and the release's are hashed. bound_vs_bare is that and the bare
reading, over the bare reading; bound_of_a_day is what of it the models and marts are that one more
day built anew, over the first run.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb

from benchmarks.measure import (
    Cost,
    apart,
    bare_seconds,
    built_models,
    measured,
    newest_log,
    rewriting_seconds,
    user_seconds,
)
from pipelines.settings import PROJECT_DIR
from pipelines.simulate import AS_OF

A_DAY_LATER = "2026-10-02T06:00:00Z"
GROWTH = 4
FEW_CONTACTS = 100
# One folder for all: an old commit keeps what dbt makes of a company's rules by where they lie.
CONFIG = PROJECT_DIR / "pipelines" / "simulate" / "config"
SHOWN = 25
# How the log of a run tells a step, and its seconds of CPU.
STEP_CPU = re.compile(r"step (\w+) took ([0-9.]+) s of CPU")
DAY_US = 86_400_000_000
# GA4's newest day once more, a day later, in sessions of its own: whoever comes is known.
MOVED = ("event_date", "event_timestamp")
NEXT_DAY = f"""
copy (
    select * replace (
        strftime(strptime(event_date, '%Y%m%d') + interval 1 day, '%Y%m%d') as event_date,
        cast(cast(event_timestamp as bigint) + {DAY_US} as varchar) as event_timestamp,
        json(regexp_replace(
            event_params::varchar, '("ga_session_id","value":[{{{{]"int_value":"?)', '\\19'
        )) as event_params
    )
    from read_json($1, columns = $2, format = 'newline_delimited')
) to '{{path}}' (format json)
"""


@contextmanager
def worktree(commit: str, folder: Path) -> Iterator[Path]:
    """A commit, checked out in a folder with the environment of its lock."""
    git = ("git", "-C", str(PROJECT_DIR), "worktree")
    subprocess.run([*git, "add", "--quiet", "--detach", str(folder), commit], check=True)
    try:
        uv = PROJECT_DIR / ".uv" / "bin" / "uv"
        subprocess.run([str(uv), "sync", "--locked", "--quiet"], cwd=folder, check=True)
        yield folder
    finally:
        subprocess.run([*git, "remove", "--force", str(folder)], check=True)


def run(sample: Path, home: Path, *, as_of: str = AS_OF, project: Path | None = None) -> Cost:
    """One run of the line; an old commit knows of no company's own rules."""
    options = ["--exports", sample / "exports", "--home", home, "--as-of", as_of]
    if project is None or '"--config"' in (project / "pipelines" / "cli.py").read_text():
        options += ["--config", CONFIG]
    return measured("run", *options, project=project)


def sampled(folder: Path, contacts: int) -> Path:
    """The sample company of so many contacts."""
    measured("simulate", "--out", folder, "--contacts", contacts)
    return folder


def write_next_day(exports: Path) -> int:
    """One more day of web events among the exports, and how many there are."""
    newest = max((exports / "ga4" / "events").glob("events_????????.json"))
    with duckdb.connect() as con:
        names = [name for name, *_ in con.execute(f"describe from '{newest}'").fetchall()]
        path = newest.with_name(f"next_{newest.name}")
        kinds = dict.fromkeys(names, "json") | dict.fromkeys(MOVED, "varchar")
        con.execute(NEXT_DAY.format(path=path), [str(newest), kinds])
        return int(con.execute(f"select count(*) from '{path}'").fetchall()[0][0])


def step_seconds(home: Path) -> dict[str, float]:
    """Seconds of CPU of each step of the last run of a home."""
    return {name: float(seconds) for name, seconds in STEP_CPU.findall(newest_log(home))}


def table(what: str, first: Mapping[str, float], day: Mapping[str, float]) -> Iterator[str]:
    """A line for each of what cost most, and one for the rest of them."""
    yield f"\n{what + ', CPU s':36} {'first':>8} {'one day':>8}"
    names = sorted(first, key=lambda name: (-first[name], name))
    for name in names[:SHOWN]:
        yield f"{name:36} {first[name]:8.2f} {day.get(name, 0):8.2f}"
    rest = [sum(costs.get(name, 0) for name in names[SHOWN:]) for costs in (first, day)]
    if names[SHOWN:]:
        yield f"{f'{len(names) - SHOWN} others':36} {rest[0]:8.2f} {rest[1]:8.2f}"


def warmed(folder: Path, project: Path | None = None) -> None:
    """One run of a small company: what belongs to the project is prepared by it."""
    run(sampled(folder / "small", FEW_CONTACTS), folder / "warm", project=project)
    for part in ("small", "warm"):
        shutil.rmtree(folder / part)


def printed(what: str, cost: Cost) -> Cost:
    """A cost, once it has been shown."""
    print(f"{what:20} {cost.wall:8.1f} {cost.user:8.1f} {cost.peak_mib:9.0f}", flush=True)
    return cost


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=10_000)
    parser.add_argument("--against", metavar="COMMIT")
    parser.add_argument("--growth", action="store_true", help=f"run {GROWTH} times as many, too")
    options = parser.parse_args()
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        warmed(folder)
        sample, home = sampled(folder / "sample", options.contacts), folder / "home"
        bare = bare_seconds(sample / "exports")
        print(f"{'':20} {'wall s':>8} {'user s':>8} {'peak MiB':>9}")
        print(f"{'bare reading':20} {'':8} {bare:8.1f}", flush=True)
        if options.against:
            with worktree(options.against, folder / "worktree") as project:
                warmed(folder, project)
                old = printed(options.against, run(sample, folder / "old", project=project))
        first = printed("first run", run(sample, home))
        models, steps = built_models(home), step_seconds(home)
        written = apart(rewriting_seconds, home, user_seconds)
        if options.against:
            figures["line_ratio"] = old.user / first.user
        figures["line_vs_bare"] = first.user / bare
        if options.growth:
            large = sampled(folder / "large", GROWTH * options.contacts)
            grown = printed(f"{GROWTH} times as many", run(large, folder / "grown"))
            figures["line_growth"] = grown.user / first.user
        events = write_next_day(sample / "exports")
        day = printed(f"{events:,} events more", run(sample, home, as_of=A_DAY_LATER))
        rebuilt = {*built_models(home), "release"}
        figures["one_day_share"] = day.user / first.user
        figures["bound_vs_bare"] = 1 + sum(written.values()) / bare
        figures["bound_of_a_day"] = sum(written.get(name, 0) for name in rebuilt) / first.user
        figures["peak_mib"] = first.peak_mib
        figures["release_share"] = steps["release"] / sum(steps.values())
        print("\n".join(table("step", steps, step_seconds(home))))
        print("\n".join(table("model", models, built_models(home))))
    for figure, value in figures.items():
        print(f"figure {figure} = {value:.2f}")


if __name__ == "__main__":
    main()
