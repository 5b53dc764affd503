"""The sheet of the accuracy audit: what is still to be looked up, as the template has it."""

import csv
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.reports.accuracy import write_sample
from pipelines.settings import PROJECT_DIR, UsageError

TEMPLATE = PROJECT_DIR / "pipelines" / "contracts" / "templates" / "accuracy_audit.csv"


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        con.execute("create schema quality")
        con.execute(
            "create table quality.fct_accuracy_samples as select * from (values"
            " ('s2', 'hubspot', '9', 'country', 'Germany', false),"
            " ('s1', 'hubspot', '12', 'country', '=cmd()', false),"
            " ('s1', 'hubspot', '12', 'original_source', null, false),"
            " ('s3', 'hubspot', '7', 'country', 'France', true)"
            ") as rows(sample_id, crm_source, crm_contact_id, field_name, warehouse_value,"
            " is_audited)"
        )
        yield con


def test_the_sheet_is_the_template_with_what_nobody_has_looked_up(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    out = tmp_path / "sheets" / "audit.csv"
    assert write_sample(con, out) == {"out": str(out), "values": 3, "records": 2}
    assert out.read_text().splitlines()[0] == TEMPLATE.read_text().strip()
    with out.open(newline="") as file:
        rows = [(r["source"], r["field"], r["warehouse_value"]) for r in csv.DictReader(file)]
    assert rows == [
        ("hubspot 12", "country", " =cmd()"),
        ("hubspot 12", "original_source", ""),
        ("hubspot 9", "country", "Germany"),
    ]
    with pytest.raises(UsageError, match="there already"):
        write_sample(con, out)


def test_a_month_that_is_done_makes_no_sheet(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    con.execute("delete from quality.fct_accuracy_samples where not is_audited")
    assert write_sample(con, tmp_path / "audit.csv")["out"] is None
    assert not (tmp_path / "audit.csv").exists()
