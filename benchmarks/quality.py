"""What the audits cost: `python -m benchmarks.quality [--contacts N]`.

A simulated company is run once, step by step in a process of its own, and the user CPU of each step
is noted. Then the suites of the deliveries are judged again: once in DuckDB as the line does, once
by Great Expectations' own pandas batches, of the same rows and the checks that the library has
there by itself (rows, columns, NULLs, keys), and both audits once more under a limit of DuckDB's
memory: what they take beside it is the most that the process had, less that limit.

pandas gets the rows by the same query of the build file, in an environment that has DuckDB and what
the library brings; and once more with PyArrow, in which pandas keeps texts where it finds it. Each
side has one thread, so that seconds of CPU are those on the wall.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.measure import measured, peak_mib, user_seconds
from benchmarks.peers import answer
from pipelines.settings import Settings, parse_as_of, use_config
from pipelines.simulate import AS_OF, CONFIG
from pipelines.sql import quoted

if TYPE_CHECKING:
    import duckdb

    from expectations.checks import Check
    from pipelines.ingest import Contract

AUDITS = ("audit_delivery", "audit_marts")
GOALS = {"suites_share_of_build": 0.10, "suites_vs_pandas": 5.0, "suites_peak_mib": 1024.0}
# Of DuckDB, where what the audits take beside it is measured.
LIMIT_MIB = 1024
PEERS = ("great_expectations", "great_expectations_pyarrow")
PEER = """
import json, logging, resource, sys
import duckdb
import great_expectations as gx
from great_expectations.core import ExpectationSuite

logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
context = gx.get_context(mode="ephemeral")
context.variables.progress_bars = {"globally": False}
source = context.data_sources.add_pandas("pandas")
verdicts, con = [], duckdb.connect(sys.argv[1], read_only=True)
con.execute("set enable_progress_bar = false; set threads = 1")
begun = resource.getrusage(resource.RUSAGE_SELF).ru_utime
for suite in json.load(sys.stdin):
    asset = source.add_dataframe_asset(suite["name"])
    definition = asset.add_batch_definition_whole_dataframe("all")
    batch = definition.get_batch({"dataframe": con.sql(suite["rows"]).df()})
    expected = ExpectationSuite(suite["name"], expectations=suite["expectations"])
    results = batch.validate(expected, result_format="BASIC").results
    by_number = {result.expectation_config.meta["number"]: result.success for result in results}
    verdicts += [by_number[e["meta"]["number"]] for e in suite["expectations"]]
seconds = resource.getrusage(resource.RUSAGE_SELF).ru_utime - begun
print(json.dumps({"seconds": seconds, "verdicts": verdicts}))
"""


def steps(exports: Path, home: Path) -> dict[str, float]:
    """Take the steps of the line; the user CPU of each."""
    before = user_seconds()
    import expectations.adapter  # noqa: F401, PLC0415 - the first audit's to import

    imported = user_seconds() - before
    from pipelines.line import STEPS, Run  # noqa: PLC0415
    from pipelines.runs import exclusive, kept_open  # noqa: PLC0415

    settings = Settings(exports=exports, home=home)
    run = Run("benchmark", settings, parse_as_of(AS_OF))
    found = {}
    with exclusive(settings, "benchmarks.quality"), kept_open(settings.build_path):
        for name, step in STEPS.items():
            before = user_seconds()
            step(run)
            found[name] = user_seconds() - before
    found["audit_delivery"] += imported
    return found


def beside_duckdb(home: Path) -> dict[str, float]:
    """Audit a finished build again under a limit of DuckDB's memory; MiB that it takes more.

    Pages that DuckDB has freed and keeps are within its limit, whatever it says that it holds.
    """
    from expectations.runner import audit_delivery, audit_marts  # noqa: PLC0415
    from pipelines.ingest import load_contracts  # noqa: PLC0415
    from pipelines.ingest.warehouse import connect  # noqa: PLC0415

    clock = parse_as_of(AS_OF)
    con = connect(home / "build.duckdb")
    con.execute(f"set memory_limit = '{LIMIT_MIB}MiB'")
    # Or what was judged stands as it is.
    con.execute("update ops.quality_results set key = null")
    audit_delivery(con, load_contracts(), clock)
    audit_marts(con, clock)
    con.close()
    return {"peak_mib": peak_mib() - LIMIT_MIB}


def compared(home: Path) -> dict[str, float]:
    """Judge the deliveries in DuckDB, and by Great Expectations on pandas.

    Returns:
        How many `checks` both judged of how many there are (`all_checks`), the user CPU that it
        took `ours` and, of each of PEERS that can be had, theirs, seconds, and how many verdicts of
        any are `differing`.
    """
    from expectations.adapter import Auditor  # noqa: PLC0415 - behind the run
    from expectations.runner import kept_as  # noqa: PLC0415
    from expectations.suites import delivery  # noqa: PLC0415
    from pipelines.ingest import load_contracts  # noqa: PLC0415
    from pipelines.ingest.relations import set_clock  # noqa: PLC0415
    from pipelines.ingest.warehouse import connect  # noqa: PLC0415

    clock = parse_as_of(AS_OF)
    contracts = {contract.schema + "." + contract.stream: contract for contract in load_contracts()}
    all_checks = 0
    ours = 0.0
    found: list[bool] = []
    asked: list[dict[str, Any]] = []
    with connect(home / "build.duckdb") as con:
        set_clock(con, clock)
        # pandas has one, and two that share a core are charged for each other.
        con.execute("set threads = 1")
        auditor = Auditor(con)
        for suite in delivery.suites(con, contracts.values(), clock):
            contract = contracts[suite.name]
            pairs = [(c, n) for c in suite.checks if (n := _native(c, contract.key)) is not None]
            checks = [check for check, _ in pairs]
            relation, kind = f"compared_{suite.table}", kept_as(con, suite)
            rows = _asked_rows(con, suite.rows or suite.name, contract, checks)
            before = user_seconds()
            con.execute(f"create temp {kind} {relation} as {rows}")
            found += [verdict.success for verdict in auditor.evaluate(relation, checks)]
            ours += user_seconds() - before
            all_checks += len(suite.checks)
            con.execute(f"drop {kind} {relation}")
            expected = [native.configuration.to_json_dict() for _, native in pairs]
            asked.append({"name": suite.name, "rows": rows, "expectations": expected})
    build = str(home / "build.duckdb")
    # Each says its verdicts in the order they were asked for, and its seconds, with its queries.
    answers = {peer: answer(peer, "-c", PEER, build, asked=asked) for peer in PEERS}
    theirs = {peer: said for peer, said in answers.items() if said}
    return {
        **{"checks": len(found), "all_checks": all_checks, "ours": ours},
        "differing": sum(
            ours_is != theirs_is
            for said in theirs.values()
            for ours_is, theirs_is in zip(found, said["verdicts"], strict=True)
        ),
        **{peer: said["seconds"] for peer, said in theirs.items()},
    }


def _asked_rows(
    con: duckdb.DuckDBPyConnection, rows: str, contract: Contract, checks: Iterable[Check]
) -> str:
    """A query for the cells that the checks look into, and NULL for all others of the stream.

    Texts of millions of events that nobody asks for would not fit into pandas' memory.
    """
    from expectations.suites.reading import PREFIX  # noqa: PLC0415

    asked = {*contract.key, "_file_id", "_row_number", *(check.column for check in checks)}
    cells = [
        quoted(name) if name in asked else f"null as {quoted(name)}"
        for name, *_ in con.execute(f"describe {rows}").fetchall()
        if not name.startswith(PREFIX)
    ]
    return f"select {', '.join(cells)} from ({rows})"


def _native(check: Any, key: Sequence[str]) -> Any:
    """What Great Expectations has for a check on pandas; None where a query is all there is."""
    import great_expectations.expectations as gxe  # noqa: PLC0415

    from expectations.adapter import expectation_of  # noqa: PLC0415
    from expectations.checks import Columns, NotNull, RowCount, Unique  # noqa: PLC0415

    number = {"meta": {"number": f"{check.name} {check.column}"}}
    match check:
        case RowCount() | Columns():
            found = expectation_of(check, 0)
            found.meta = number["meta"]
            return found
        case NotNull():
            return gxe.ExpectColumnValuesToNotBeNull(
                column=check.column, mostly=check.mostly, **number
            )
        case Unique():
            return gxe.ExpectColumnValuesToBeUnique(
                column=check.column, mostly=check.mostly, **number
            )
    if check.name == "unique" and len(key) > 1:
        return gxe.ExpectCompoundColumnsToBeUnique(column_list=list(key), **number)
    if check.name == "unique" and key:
        return gxe.ExpectColumnValuesToBeUnique(column=key[0], **number)
    return None


def in_process_of_its_own(step: str, *arguments: object) -> dict[str, float]:
    """What a step of this benchmark says."""
    command = [sys.executable, "-m", "benchmarks.quality", "--step", step, *map(str, arguments)]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    answer: dict[str, float] = json.loads(said.stdout.splitlines()[-1])
    return answer


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=200_000)
    parser.add_argument("--step", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    use_config(CONFIG)
    if options.step:
        name, *places = options.step
        folders = [Path(place) for place in places]
        take: dict[str, Callable[..., dict[str, float]]]
        take = {"run": steps, "compare": compared, "limited": beside_duckdb}
        print(json.dumps(take[name](*folders)))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measured("simulate", "--out", folder, "--contacts", options.contacts)
        # The first run prepares the project, which belongs to no company.
        home = folder / "home"
        _prepare()
        run = in_process_of_its_own("run", folder / "exports", home)
        both = in_process_of_its_own("compare", home)
        limited = in_process_of_its_own("limited", home)
    whole = sum(run.values())
    print(f"{options.contacts:,} contacts; user CPU, s")
    for step, seconds in run.items():
        print(f"{step:20} {seconds:8.1f} {seconds / whole:7.1%}")
    print(
        f"{both['checks']:.0f} of {both['all_checks']:.0f} checks of deliveries on both engines,"
        f" {both['differing']:.0f} verdicts differ"
    )
    print(f"{'DuckDB':28} {both['ours']:8.1f}")
    for peer in filter(both.__contains__, PEERS):
        print(f"{peer:28} {both[peer]:8.1f} {both[peer] / both['ours']:7.2f} times")
    figures = {
        "suites_share_of_build": sum(run[name] for name in AUDITS) / whole,
        "suites_peak_mib": limited["peak_mib"],
    }
    if PEERS[0] in both:
        figures["suites_vs_pandas"] = both[PEERS[0]] / both["ours"]
    for name, value in figures.items():
        print(f"goal {name}: {GOALS[name]:g}")
        print(f"figure {name} = {value:.3f}")


def _prepare() -> None:
    from pipelines.transform.prepared import current_plan  # noqa: PLC0415

    current_plan()


if __name__ == "__main__":
    main()
