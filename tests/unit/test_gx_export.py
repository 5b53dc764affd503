"""The suites as Great Expectations runs them by itself: the verdicts are those of our audit."""

import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from expectations.checks import (
    WARNING,
    Check,
    Columns,
    EachRow,
    NoRows,
    NotNull,
    RowCount,
    Suite,
    Unique,
)
from pipelines.settings import UsageError

ABOUT = {
    "dimension": "validity",
    "severity": WARNING,
    "owner": "Somebody",
    "action": "Do something.",
}
CHECKS: tuple[Check, ...] = (
    RowCount(name="row_count", **ABOUT),
    Columns(name="columns", columns=("key", "amount"), **ABOUT),
    Unique(name="unique", column="key", **ABOUT),
    NotNull(name="not_null", column="key", **ABOUT),
    NotNull(name="mostly_not_null", column="amount", mostly=0.5, **ABOUT),
    EachRow(name="positive", column="amount", condition="amount > 0", **ABOUT),
    EachRow(name="mostly_positive", column="amount", condition="amount > 0", mostly=0.5, **ABOUT),
    # What the library's own pair comparison lets through where one side is NULL.
    EachRow(name="not_over_limit", column="amount", condition='amount <= "limit"', **ABOUT),
    NoRows(
        name="unique_pairs",
        query="select key, amount from {batch} group by all having count(*) > 1",
        **ABOUT,
    ),
    NoRows(
        name="has_a_sum",
        query="select sum(amount) as total from {batch} having sum(amount) is null",
        **ABOUT,
    ),
    NoRows(
        name="no_pattern",
        query="select key from {batch} where regexp_matches(cast(key as varchar), '^[0-9]{2}$')",
        **ABOUT,
    ),
    NoRows(name="reads_the_build", query="select 1 from intermediate.int_x", **ABOUT),
)
TABLES = {
    "good": 'select * from (values (1, 2, 3), (2, 5, 9)) as t (key, amount, "limit")',
    "null_pairs": "select * from (values (1, null, 3), (1, null, 3), (3, 4, null), (4, 6, 7))"
    ' as t (key, amount, "limit")',
    "bad": "select * from (values (12, -1, 3), (12, -1, -3), (null, 3, null), (4, null, 1))"
    ' as t (key, amount, "limit")',
    "empty": 'select 1 as key, 2 as amount, 3 as "limit" where false',
}
# As somebody who has Great Expectations, and nothing of ours.
RUN = """
import json, sys
import great_expectations as gx
context = gx.get_context(mode="file", project_root_dir=sys.argv[1])
found = context.checkpoints.get("release").run()
print(json.dumps([
    [validation.suite_name, result.expectation_config.meta["name"], result.success]
    for validation in found.run_results.values() for result in validation.results
]))
"""


@pytest.fixture
def release(tmp_path: Path) -> Path:
    path = tmp_path / "release.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("create schema marts")
        for table, query in TABLES.items():
            con.execute(f"create table marts.{table} as {query}")
    return path


def test_a_fresh_process_comes_to_the_verdicts_of_the_audit(release: Path, tmp_path: Path) -> None:
    from expectations.adapter import Auditor  # noqa: PLC0415
    from expectations.gx.export import export_context  # noqa: PLC0415

    suites = [Suite("marts", "marts", table, CHECKS) for table in TABLES]
    ours = {}
    with duckdb.connect(str(release)) as con:
        auditor = Auditor(con)
        for suite in suites:
            view = f"audited_{suite.table}"
            con.execute(f"create temp view {view} as from {suite.name}")
            kept = [check for check in suite.checks if check.name != "reads_the_build"]
            for check, verdict in zip(kept, auditor.evaluate(view, kept), strict=True):
                ours[suite.name, check.name] = verdict.success
    relations = [suite.name for suite in suites]
    done = export_context(
        tmp_path / "out", release, suites, relations, [*relations, "intermediate.int_x"]
    )
    assert (done.suites, done.expectations) == (len(TABLES), len(TABLES) * (len(CHECKS) - 1))
    assert done.left_out == tuple(f"marts.{table}: reads_the_build" for table in TABLES)
    # A file: of what `python -c` runs, PySpark believes that it is a doctest, and ends it.
    program = tmp_path / "run.py"
    program.write_text(RUN)
    ran = subprocess.run(
        [sys.executable, "-I", str(program), str(tmp_path / "out")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    theirs = {(suite, name): ok for suite, name, ok in json.loads(ran.stdout.splitlines()[-1])}
    assert theirs == ours
    failed = {key for key, success in theirs.items() if not success}
    assert {name for table, name in failed if table == "marts.empty"} == {"row_count", "has_a_sum"}
    assert not {name for table, name in failed if table == "marts.good"}
    assert {name for table, name in failed if table == "marts.null_pairs"} == {
        *("unique", "not_over_limit", "unique_pairs")
    }


def test_a_folder_that_holds_something_is_left_alone(release: Path, tmp_path: Path) -> None:
    from expectations.gx.export import export_context  # noqa: PLC0415

    with pytest.raises(UsageError, match="is not empty"):
        export_context(tmp_path, release, [], [], [])


def test_data_docs_fetch_nothing_and_say_what_failed(tmp_path: Path) -> None:
    from expectations.gx.data_docs import FETCHING, build_data_docs  # noqa: PLC0415
    from expectations.results import CheckResult  # noqa: PLC0415
    from tests.unit.test_expectations import AS_OF  # noqa: PLC0415

    results = [
        CheckResult(
            *("marts", "attribution", table, name, column, "validity", WARNING, "Ops", "Mend it."),
            *(success, 10, 0 if success else 3, 0.0, ("who",), None, AS_OF, AS_OF),
        )
        for table in ("fct_a", "fct_b")
        for name, column, success in (
            ("row_count", None, True),
            ("is_share", "x", table == "fct_a"),
        )
    ]
    index = build_data_docs(tmp_path / "docs", results)
    pages = {page.name: page.read_text() for page in index.parent.rglob("*.html")}
    assert not [name for name, text in pages.items() if FETCHING.search(text)]
    assert "attribution.fct_b" in pages["index.html"]
    found = pages["attribution.fct_b.html"]
    assert "x: is_share (validity, warning). Ops: Mend it." in found
    assert "3 of 10 failed" in found
    # What failed is counted, and nobody is shown.
    assert "who" not in found.replace("who can", "")
