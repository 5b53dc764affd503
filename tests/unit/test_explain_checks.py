"""Which check a name stands for, and what is said where it stands for none."""

from datetime import datetime
from pathlib import Path

import pytest

from expectations import runner
from pipelines.ingest import load_contracts, load_exports
from pipelines.reports.checks import report_check
from pipelines.settings import UsageError
from tests.warehouse import empty_warehouse

NOW = datetime(2026, 10, 1, 6)
SHEET = """\
sample_id,field,warehouse_value,truth_value,source,audited_on,auditor
a,country,Germany,Germany,hubspot 1,last week,Ana
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose only delivery was judged."""
    folder = tmp_path_factory.mktemp("home")
    exports = folder / "exports"
    exports.mkdir()
    (exports / "accuracy_audit.csv").write_text(SHEET)
    contracts = load_contracts()
    with empty_warehouse(folder / "build.duckdb") as con:
        load_exports(con, exports, contracts=contracts, loaded_at=NOW)
        runner.audit_delivery(con, contracts, NOW)
    return folder


@pytest.mark.parametrize(
    "named",
    [
        "raw_templates.accuracy_audit.readable",
        "raw_templates.accuracy_audit.readable.audited_on",
        # As the closing screen of a run has it: the check on the column.
        "raw_templates.accuracy_audit.audited_on.readable",
    ],
)
def test_a_check_is_found_by_where_it_stands(home: Path, named: str) -> None:
    report = report_check(named, home)
    assert report
    assert [(one["column_name"], one["failed"]) for one in report["checks"]] == [("audited_on", 1)]


@pytest.mark.parametrize(
    ("named", "said"),
    [
        (
            "raw_templates.accuracy_audit.nope",
            "no check is called raw_templates.accuracy_audit.nope; .*accuracy_audit.readable",
        ),
        ("raw_hubspot.deals.readable", "nothing of raw_hubspot.deals was judged yet"),
    ],
)
def test_a_name_of_no_check_says_what_there_is(home: Path, named: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        report_check(named, home)


def test_what_is_no_relation_is_left_to_others(home: Path) -> None:
    assert report_check("Paid Serach", home) is None
    assert report_check("Paid.Serach", home) is None
