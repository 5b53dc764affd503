"""What the audits cost: `python -m benchmarks.quality [--contacts N]`.

A simulated company is run once, step by step in a process of its own, and the user CPU of each step
is noted. Then the suites of the deliveries are judged again: once in DuckDB as the line does, once
by Great Expectations' own pandas batches, of the same rows and the checks that the library has
there by itself (rows, columns, NULLs, keys), and both audits once more under a limit of DuckDB's
memory: what they take beside it is the most that the process had, less that limit.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.measure import measured, peak_mib, user_seconds
from pipelines.settings import Settings, parse_as_of, use_config
from pipelines.simulate import AS_OF, CONFIG

AUDITS = ("audit_delivery", "audit_marts")
GOALS = {"suites_share_of_build": 0.10, "suites_vs_pandas": 5.0, "suites_peak_mib": 1024.0}
# Of DuckDB, where what the audits take beside it is measured.
LIMIT_MIB = 1024


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
    """Judge the deliveries in DuckDB and on pandas.

    Returns:
        How many `checks` both judged of how many there are (`all_checks`), the user CPU that it
        took `ours` and `theirs`, seconds, and how many verdicts are `differing`.
    """
    import great_expectations as gx  # noqa: PLC0415 - behind the run
    from great_expectations.core import ExpectationSuite  # noqa: PLC0415

    from expectations.adapter import Auditor  # noqa: PLC0415
    from expectations.suites import delivery  # noqa: PLC0415
    from pipelines.ingest import load_contracts  # noqa: PLC0415
    from pipelines.ingest.relations import set_clock  # noqa: PLC0415
    from pipelines.ingest.warehouse import connect  # noqa: PLC0415

    clock = parse_as_of(AS_OF)
    contracts = {contract.schema + "." + contract.stream: contract for contract in load_contracts()}
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_pandas("pandas")
    checks = all_checks = differing = 0
    ours = theirs = 0.0
    con = connect(home / "build.duckdb")
    set_clock(con, clock)
    auditor = Auditor(con)
    for suite in delivery.suites(con, contracts.values(), clock):
        pairs = [
            (check, native)
            for check in suite.checks
            if (native := _native(check, contracts[suite.name].key)) is not None
        ]
        view = f"compared_{suite.table}"
        con.execute(f"create or replace temp view {view} as {suite.rows}")
        before = user_seconds()
        verdicts = auditor.evaluate(view, [check for check, _ in pairs])
        ours += user_seconds() - before
        rows = _rows_for_pandas(con, view, contracts[suite.name], [check for check, _ in pairs])
        before = user_seconds()
        batch = (
            source.add_dataframe_asset(suite.name)
            .add_batch_definition_whole_dataframe("all")
            .get_batch({"dataframe": con.execute(rows).df()})
        )
        expected = ExpectationSuite(suite.name, expectations=[native for _, native in pairs])
        results = batch.validate(expected, result_format="BASIC").results
        theirs += user_seconds() - before
        by_number = {r.expectation_config.meta["number"]: r.success for r in results}
        differing += sum(
            verdict.success != by_number[native.meta["number"]]
            for verdict, (_, native) in zip(verdicts, pairs, strict=True)
        )
        checks += len(pairs)
        all_checks += len(suite.checks)
    con.close()
    return {
        **{"checks": checks, "all_checks": all_checks, "differing": differing},
        **{"ours": ours, "theirs": theirs},
    }


def _rows_for_pandas(con: Any, view: str, contract: Any, checks: Sequence[Any]) -> str:
    """A query for the cells that the checks look into, and NULL for all others of the stream.

    Texts of millions of events that nobody asks for would not fit into memory; that pandas does not
    get them is to its favour.
    """
    from expectations.suites.reading import PREFIX  # noqa: PLC0415
    from pipelines.sql import quoted  # noqa: PLC0415

    asked = {*contract.key, *(check.column for check in checks)}
    cells = [
        quoted(name) if name in asked else f"null as {quoted(name)}"
        for name, *_ in con.execute(f"describe {view}").fetchall()
        if not name.startswith(PREFIX)
    ]
    return f"select {', '.join(cells)} from {view}"


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
        f"{both['checks']:.0f} of {both['all_checks']:.0f} checks of deliveries on both engines:"
        f" DuckDB {both['ours']:.1f} s, pandas {both['theirs']:.1f} s,"
        f" {both['differing']:.0f} verdicts differ"
    )
    figures = {
        "suites_share_of_build": sum(run[name] for name in AUDITS) / whole,
        "suites_vs_pandas": both["theirs"] / both["ours"],
        "suites_peak_mib": limited["peak_mib"],
    }
    for name, value in figures.items():
        print(f"goal {name}: {GOALS[name]:g}")
        print(f"figure {name} = {value:.3f}")


def _prepare() -> None:
    from pipelines.transform.prepared import current_plan  # noqa: PLC0415

    current_plan()


if __name__ == "__main__":
    main()
