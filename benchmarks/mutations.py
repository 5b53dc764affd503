"""What a run notices of what goes wrong: `python -m benchmarks.mutations [-k WORD] [--seeds N]`.

Each fault of mutations.csv is planted alone into a small company that is healthy: into the next
delivery of its exports, into a rule, or into what dbt made of a model. Then the line runs as
`throughline run` runs it. The fault is caught where nothing is published, or where a check that
does not fail in the healthy company does, of a dimension that the fault's row names. A fault by
which no figure changes in that company is told apart, and counts for nothing: there is
nothing to notice. Companies of other seeds, nothing planted, must raise no such check.

With --go-on a fault or a seed that the page of --table tells of keeps its row: a bench that was
broken off goes on, and what survived is tried again once its row is deleted.

A run is a fork of this process, which has the libraries loaded, on a copy of the healthy home: only
what a fault reaches is built again. dbt is not asked to read the project anew for each fault, which
would take it half a minute: faults are made in the statements that it made.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import io
import logging
import multiprocessing
import os
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from pipelines import run as line_run
from pipelines import site
from pipelines.publish.content import content_hash
from pipelines.runs import exclusive
from pipelines.settings import Settings, made_dir, parse_as_of, use_config
from pipelines.simulate import AS_OF, CONFIG, simulate
from pipelines.transform import replay
from pipelines.transform.contents import rows_digest
from pipelines.transform.prepared import Plan, current_plan

CONTACTS = 300
SEED, FIRST_HEALTHY_SEED = 7, 101
DAY = timedelta(days=1)
# What each run needs and no fault changes: loaded once.
LOADED = (
    *("expectations.adapter", "pipelines.line", "pipelines.publish", "pipelines.ingest"),
    *("pipelines.attribution.solve", "pipelines.scoring.learned", "pipelines.site"),
)
# A check that fails in the healthy company, too, tells something where so many times more fail.
MORE = 2
# What a fault is not: a statement that cannot run says nothing of the checks.
BROKEN = ("Parser Error", "Binder Error", "Catalog Error")
# Of its exports: what every next delivery holds, by the file that it is made from.
NEXT: Mapping[str, str] = {
    "hubspot/hubspot-crm-exports-all-contacts-2026-10-01.csv": "hubspot/contacts-{day}.csv",
    "hubspot/hubspot-crm-exports-all-deals-2026-10-01.csv": "hubspot/deals-{day}.csv",
    "hubspot/hubspot-crm-exports-all-companies-2026-10-01.csv": "hubspot/companies-{day}.csv",
    "hubspot/email_event.csv": "hubspot/email_event-{day}.csv",
    "google_ads/Campaign report.csv": "google_ads/Campaign report {day}.csv",
    **{f"asana/tasks-{part}.json": f"asana/tasks-{{day}}-{part}.json" for part in (1, 2, 3)},
    "asana/stories.json": "asana/stories-{day}.json",
    "ga4/events/events_20260924.json": "ga4/events/events_{compact}.json",
    "templates/refunds.csv": "templates/refunds-{day}.csv",
    "templates/campaign_registry.csv": "templates/campaign_registry-{day}.csv",
    "templates/campaign_briefs.csv": "templates/campaign_briefs-{day}.csv",
    "templates/blocker_log.csv": "templates/blocker_log-{day}.csv",
}
# Exports of contacts that are older: the next day's one is as large as the one before without them.
OLDER = ("all-contacts-2026-07-01", "first-quarter-leads-2026-04-01")
FIRST_RECORD = re.compile(r'^ "data": \[$', re.MULTILINE)
WEEK_S = 7 * 86_400
EPOCH = re.compile(r"\b(179\d{7})(\d{3})?(\d{3})?\b")

# What the simulated company lacks: visits of the team, which the site's own tag marks. Visitors of
# some devices come again on one of the team's.
DEVICE = re.compile(r'"user_pseudo_id":"(\d+4\.\d+)"')
PARAMETERS = '"event_params":['
MARKED = '{"key":"traffic_type","value":{"string_value":"internal"}},'
# Of marts, those that tell of figures and not of runs, deliveries and checks.
FIGURES = ("core", "attribution", "funnel", "operations", "strategy")
NOTHING = "nothing"

# Of what a run said, in the table; and what a healthy company is told of.
TOLD_LENGTH = 160
VERDICT = 4
QUIET = "nothing"
TABLE = """# Faults that were planted, and what noticed them

`python -m benchmarks.mutations --table benchmarks/mutations.md` writes this page. {tried} of {of}
faults were planted, each alone, in a company of {contacts} contacts. {planted} of them change a
figure there, and {caught} of these were caught. Of {seeds} healthy companies of other seeds
{alarms} were told of something that is wrong with none (some have a won deal without its amount,
and are told so).

Stopped: nothing was published. Flagged: a check of one of the dimensions fails that does not in the
healthy company. Nothing: no row of the schemas core, attribution, funnel, operations and strategy
changes by it in that company, so it does not count.

| layer | where | fault | dimensions | verdict | what told it |
|---|---|---|---|---|---|
{fault_rows}
| seed of a healthy company | what it is told of |
|---|---|
{seed_rows}"""

Flag = tuple[str, str, str, str]

# What the simulator leaves in any company here and there, as people do: to tell of it is right.
BLEMISHES: frozenset[Flag] = frozenset(
    {("completeness", "raw_hubspot.deals", "won_has_amount", "deal_stage")}
)


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong, and what must notice it.

    Attributes:
        layer: exports, seeds, staging, intermediate or marts.
        subject: the source or the subject that it is about.
        place: the file of the next delivery that is changed, the seed or the model.
        dimensions: a check of one of these must fail, unless nothing is published.
        title: what went wrong, in words.
        old, new: of a model: what stands in its statement, and what does then. Of a file or a seed
            `new` is a query over `delivery` or `seed` for the rows that it has then.
    """

    layer: str
    subject: str
    place: str
    dimensions: tuple[str, ...]
    title: str
    old: str
    new: str

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from all others."""
        return self.place, self.title

    def row(self, verdict: str, told: str) -> tuple[str, ...]:
        """What came of it, and what told, as cells of the page."""
        return (
            self.layer,
            f"`{self.place}`",
            self.title,
            ", ".join(self.dimensions),
            verdict,
            " ".join(told.replace("|", "/").split())[:TOLD_LENGTH].strip(),
        )


@dataclass(frozen=True)
class Found:
    """How a run ended: its status and message, and how many failed of each check that failed."""

    status: str
    message: str
    flags: Mapping[Flag, int]

    def beyond(self, healthy: Mapping[Flag, int]) -> list[Flag]:
        """The checks that tell something which they do not tell of the healthy company."""
        return sorted(
            flag
            for flag, failed in self.flags.items()
            if flag not in healthy or failed >= MORE * max(healthy[flag], 1)
        )


@dataclass(frozen=True)
class Company:
    """A company and its homes.

    Attributes:
        folder: of its exports and config, and of the homes.
        as_of: the clock of its first run; the next delivery comes a day later.
    """

    folder: Path
    as_of: datetime

    def settings(self, home: str, exports: str = "exports") -> Settings:
        """Where one of its homes lies."""
        return Settings(exports=self.folder / exports, home=self.folder / home)


def listed() -> list[Fault]:
    """The faults of mutations.csv."""
    with Path(__file__).with_suffix(".csv").open(newline="", encoding="utf-8") as file:
        return [
            Fault(dimensions=tuple(row.pop("dimensions").split("|")), **row)
            for row in csv.DictReader(file)
        ]


# --- the next delivery


def deliver_next(company: Company, exports: Path, fault: Fault | None = None) -> None:
    """Write what comes a day later: every stream again, in another order, a day of events more.

    Args:
        company: whose.
        exports: the folder to write to.
        fault: of a file; its query makes the rows of that file.
    """
    day = (company.as_of + DAY).date()
    for source, target in NEXT.items():
        header, rows = _read(company.folder / "exports" / source)
        rows.reverse()
        if fault and fault.place == source:
            header, rows = _changed(header, rows, fault.new)
        path = exports / target.format(day=day, compact=f"{company.as_of:%Y%m%d}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_written(path, header, rows), encoding="utf-8")


def _read(path: Path) -> tuple[list[str], list[list[str]]]:
    """The header and rows of a CSV behind its preamble; each record of a JSON is a row of one."""
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix == ".json":
        return ["line"], [[line] for line in _records(text)]
    rows = list(csv.reader(io.StringIO(text)))
    widest = max(map(len, rows))
    first = next(number for number, row in enumerate(rows) if len(row) == widest)
    return rows[first], [row for row in rows[first + 1 :] if len(row) == widest]


def _records(text: str) -> list[str]:
    if FIRST_RECORD.search(text):
        import json  # noqa: PLC0415

        return [json.dumps(record) for record in json.loads(text)["data"]]
    # Of a day of events the same weekday a week later.
    return [
        EPOCH.sub(
            lambda found: str(int(found[1]) + WEEK_S) + (found[2] or "") + (found[3] or ""), line
        ).replace('"event_date":"20260924"', '"event_date":"20261001"')
        for line in text.splitlines()
    ]


def _written(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if path.suffix == ".json":
        lines = [row[0] for row in rows]
        is_events = path.parent.name == "events"
        return "\n".join(lines) if is_events else '{"data": [' + ",\n".join(lines) + "]}"
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue()


def _changed(
    header: Sequence[str], rows: Sequence[Sequence[str]], query: str
) -> tuple[list[str], list[list[str]]]:
    """What a query over `delivery` makes of the rows of a file."""
    with duckdb.connect() as con:
        columns = ", ".join(f'"{name}" varchar' for name in header)
        con.execute(f"create table delivery ({columns}, _n bigint)")
        marks = ", ".join("?" for _ in range(len(header) + 1))
        con.executemany(
            f"insert into delivery values ({marks})",
            [[*(cell or None for cell in row), n] for n, row in enumerate(rows)],
        )
        found = con.execute(query)
        kept = [n for n, (name, *_) in enumerate(found.description or ()) if name != "_n"]
        names = [(found.description or ())[n][0] for n in kept]
        return names, [
            ["" if row[n] is None else str(row[n]) for n in kept] for row in found.fetchall()
        ]


# --- rules and models


def planted(plan: Plan, fault: Fault, folder: Path) -> Plan:
    """The plan with a fault in a statement, or in the rows of a seed.

    Args:
        plan: of the healthy project.
        fault: of a seed or a model.
        folder: for the seeds of a plan of its own.

    Raises:
        ValueError: the project is no longer as the fault takes it to be.
    """
    (node,) = (n for n in plan.nodes if n.name == fault.place and n.kind in ("model", "seed"))
    if fault.layer == "seeds":
        database = Path(shutil.copy(plan.database, folder / plan.database.name))
        with duckdb.connect(str(database)) as con:
            con.execute(
                f"create temp table changed as with seed as (from {node.relation}) {fault.new}"
            )
            con.execute(f"create or replace table {node.relation} as from changed")
            changed = replace(node, rows=rows_digest(con, node.relation))
        plan = replace(plan, database=database)
    else:
        if node.statement.count(fault.old) != 1:
            raise ValueError(
                f"{fault.old!r} stands {node.statement.count(fault.old)} times in {fault.place}"
            )
        changed = replace(node, statement=node.statement.replace(fault.old, fault.new))
    return replace(plan, nodes=tuple(changed if n is node else n for n in plan.nodes))


# --- runs


def ran(settings: Settings, as_of: datetime, plan: Plan | None = None) -> Found:
    """What a run in a fork of this process found."""
    context = multiprocessing.get_context("fork")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(sending, settings, as_of, plan))
    process.start()
    sending.close()
    try:
        found: Found = receiving.recv()
    except EOFError:
        found = Found("broken", "the run ended without a word", {})
    process.join()
    return found


def _run(answer: Any, settings: Settings, as_of: datetime, plan: Plan | None) -> None:
    # Nobody reads it, and no check is made of it.
    site.try_site = lambda *_: None
    if plan:
        replay.current_plan = lambda: plan  # type: ignore[attr-defined]
        # A fault is a change of rules.
        line_run.rules_fingerprint = lambda: "planted"  # type: ignore[attr-defined,assignment,misc]
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        try:
            with exclusive(settings, "benchmarks.mutations"):
                outcome = line_run.run_warehouse(settings, as_of=as_of)
            message = outcome.message or ""
            status = "broken" if any(word in message for word in BROKEN) else outcome.status
            answer.send(Found(status, message, flags(settings, as_of)))
        except Exception as error:  # noqa: BLE001 - said of the fault, and the next one is tried
            answer.send(Found("broken", f"{type(error).__name__}: {error}", {}))


def flags(settings: Settings, as_of: datetime) -> dict[Flag, int]:
    """The checks that failed as of a clock, and how many of what they look at."""
    with duckdb.connect(str(settings.build_path), read_only=True) as con:
        rows = con.execute(
            "select dimension, table_schema || '.' || table_name, expectation,"
            " coalesce(column_name, ''), coalesce(failed, 1) from ops.quality_results"
            " where as_of_at = ? and not success",
            [as_of],
        ).fetchall()
    return {
        (dimension, table, name, column): failed for dimension, table, name, column, failed in rows
    }


def figures_digest(settings: Settings) -> str:
    """Of the figures of a home's build."""
    with duckdb.connect(str(settings.build_path), read_only=True) as con:
        ((database,),) = con.execute("select current_database()").fetchall()
        return content_hash(con, database, FIGURES)


def copied(company: Company, home: str, to: str) -> Settings:
    """A copy of one of a company's homes."""
    shutil.rmtree(company.folder / to, ignore_errors=True)
    shutil.copytree(
        company.folder / home,
        company.folder / to,
        ignore=shutil.ignore_patterns("site", "logs", "docs"),
    )
    return company.settings(to)


def built(folder: Path, seed: int, contacts: int) -> tuple[Company, Found, Found]:
    """A healthy company: its first run, and one with what was delivered a day later."""
    shutil.rmtree(folder, ignore_errors=True)
    simulate(folder, contacts=contacts, seed=seed)
    for name in OLDER:
        (folder / "exports" / "hubspot" / f"hubspot-crm-exports-{name}.csv").unlink()
    visit_as_team(folder / "exports")
    as_of = parse_as_of(AS_OF)
    company = Company(folder, as_of)
    first = ran(company.settings("first"), as_of)
    copied(company, "first", "second")
    shutil.copytree(folder / "exports", folder / "later", copy_function=os.link)
    deliver_next(company, folder / "later")
    second = ran(company.settings("second", "later"), as_of + DAY)
    return company, first, second


def visit_as_team(exports: Path) -> None:
    """Add visits of the team to the events of the days that come one by one."""
    for path in sorted((exports / "ga4" / "events").glob("events_????????.json")):
        delivered = path.stat().st_mtime_ns
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        of_team = (
            DEVICE.sub(r'"user_pseudo_id":"1\1"', line).replace(PARAMETERS, PARAMETERS + MARKED)
            for line in lines
            if DEVICE.search(line)
        )
        path.write_text("".join([*lines, *of_team]), encoding="utf-8")
        os.utime(path, ns=(delivered, delivered))


def tried(company: Company, fault: Fault, plan: Plan, healthy: Found) -> tuple[str, str]:
    """stopped, flagged, survived, broken or nothing; and by what."""
    settings = copied(company, "first", "planted")
    as_of, mutated = company.as_of, None
    if fault.layer == "exports":
        exports = company.folder / "planted_exports"
        shutil.rmtree(exports, ignore_errors=True)
        shutil.copytree(company.folder / "exports", exports, copy_function=os.link)
        deliver_next(company, exports, fault)
        settings, as_of = replace(settings, exports=exports), as_of + DAY
    else:
        mutated = planted(plan, fault, company.folder)
    found = ran(settings, as_of, mutated)
    if found.status == "broken":
        return "broken", found.message[:300]
    if found.status not in ("published", "unchanged"):
        return "stopped", found.message[:300]
    beyond = found.beyond(healthy.flags)
    told = "; ".join(" ".join(filter(None, flag)) for flag in beyond[:3])
    if any(dimension in fault.dimensions for dimension, *_ in beyond):
        return "flagged", told
    home = "second" if fault.layer == "exports" else "first"
    if figures_digest(settings) == figures_digest(company.settings(home)):
        return NOTHING, ""
    return "survived", told and f"other dimensions: {told}"


def main() -> None:
    """Try them, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-k", default="", help="only faults that name this word")
    parser.add_argument("--seeds", type=int, default=20, help="healthy companies beside")
    parser.add_argument("--contacts", type=int, default=CONTACTS)
    parser.add_argument("--table", type=Path, help="write what came of each to a page")
    parser.add_argument("--go-on", action="store_true", help="keep the rows that the page has")
    options = parser.parse_args()
    use_config(CONFIG)
    prepare()
    plan = current_plan()
    faults = [fault for fault in listed() if options.k in repr(fault)]
    seeds = range(FIRST_HEALTHY_SEED, FIRST_HEALTHY_SEED + options.seeds)
    page = read_page(options.table) if options.go_on else Page()
    with tempfile.TemporaryDirectory(dir=made_dir()) as folder:
        company, first, second = built(Path(folder) / "company", SEED, options.contacts)
        if (first.status, second.status) != ("published", "published"):
            sys.exit(f"the healthy company is not published: {first.message or second.message}")
        print(
            f"healthy: {len(first.flags)} checks fail on the first day,"
            f" {len(second.flags)} on the next"
        )
        for fault in (fault for fault in faults if fault.key not in page.faults):
            started = time.monotonic()
            healthy = second if fault.layer == "exports" else first
            verdict, told = tried(company, fault, plan, healthy)
            page.faults[fault.key] = fault.row(verdict, told)
            page.write(options.table, options.contacts)
            where = f"{fault.layer}, {fault.place}: {fault.title}"
            print(f"{verdict:9} {where} ({time.monotonic() - started:.0f} s)", flush=True)
            print(f"          {told or 'nothing was said'}", flush=True)
        known = {*first.flags, *second.flags, *BLEMISHES}
        for seed in (seed for seed in seeds if seed not in page.seeds):
            raised = alarm(Path(folder) / "healthy", seed, options.contacts, known)
            page.seeds[seed] = raised or QUIET
            page.write(options.table, options.contacts)
            print(f"seed {seed}: {page.seeds[seed]}", flush=True)
    for name, figure in page.figures.items():
        print(f"figure {name} = {figure}")


def alarm(folder: Path, seed: int, contacts: int, known: set[Flag]) -> str:
    """What a healthy company of another seed is told of that the first one is not."""
    _, *found = built(folder, seed, contacts)
    refused = [f.message[:300] for f in found if f.status != "published"]
    raised = sorted({flag for f in found for flag in f.flags} - known)
    return "; ".join([*refused, *map(" ".join, raised)]).replace("|", "/")


@dataclass(frozen=True)
class Page:
    """What came of each fault and of each healthy company, as a page that people read.

    Attributes:
        faults: the cells of each fault's row, by its key.
        seeds: what each seed's company was told of.
    """

    faults: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    seeds: dict[int, str] = field(default_factory=dict)

    @property
    def figures(self) -> Mapping[str, int]:
        """What it comes to."""
        verdicts = Counter(cells[VERDICT] for cells in self.faults.values())
        return {
            "mutations_planted": verdicts.total() - verdicts[NOTHING],
            "mutations_caught": verdicts["stopped"] + verdicts["flagged"],
            "false_alarms": sum(told != QUIET for told in self.seeds.values()),
        }

    def write(self, path: Path | None, contacts: int) -> None:
        """Write it, as far as it is; nowhere where there is no path."""
        if path is None:
            return
        planted, caught, alarms = self.figures.values()
        text = TABLE.format(
            tried=len(self.faults),
            of=len(listed()),
            contacts=contacts,
            planted=planted,
            caught=caught,
            seeds=len(self.seeds),
            alarms=alarms,
            fault_rows="".join(_line(self.faults[f.key]) for f in listed() if f.key in self.faults),
            seed_rows="".join(_line((str(seed), told)) for seed, told in self.seeds.items()),
        )
        path.write_text(text, encoding="utf-8")


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def read_page(path: Path | None) -> Page:
    """A page as it was written, without faults that are none any more; empty if there is none."""
    page = Page()
    if path is None or not path.exists():
        return page
    known = {fault.key for fault in listed()}
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = tuple(line.removeprefix("| ").removesuffix(" |").split(" | "))
        if cells[0].isdigit():
            page.seeds[int(cells[0])] = cells[1]
        elif len(cells) > VERDICT and (key := (cells[1].strip("`"), cells[2])) in known:
            page.faults[key] = cells
    return page


def prepare() -> None:
    """Have dbt prepare the project, in a process of its own, and load what every run needs."""
    process = multiprocessing.get_context("spawn").Process(target=current_plan)
    process.start()
    process.join()
    for name in LOADED:
        importlib.import_module(name)
    logging.getLogger().setLevel(logging.CRITICAL)


if __name__ == "__main__":
    main()
