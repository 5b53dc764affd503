"""What staging reads: every form in which a contract lets a cell be written, and nothing else."""

import re
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime
from fnmatch import filter as matching
from fnmatch import fnmatch
from functools import partial

import duckdb
import pytest

from pipelines.ingest import Field, load_contracts
from pipelines.ingest.locale import CURRENCY_MARK
from pipelines.project import project
from pipelines.sql import quoted
from pipelines.transform.readings import readings
from tests.forms import DESCRIBED, NO_VALUE, Form, forms, is_read, raw

# Columns whose presence alone counts, an id, and names that members of a JSON object share.
NOT_READ = (
    *("*.fivetran_synced", "amplitude.events.session_id"),
    *("jira.issues.created", "jira.issues.updated", "tiktok_ads.reports.stat_time_*"),
)

CONTRACTS = {contract.name: contract for contract in load_contracts()}


def read(name: str) -> Iterator[tuple[Field, tuple[str, ...]]]:
    """The typed columns of a stream that staging reads, with what it reads them with."""
    for column, expressions in readings(CONTRACTS[name]).items():
        field = CONTRACTS[name].by_name[column]
        if field.logical_type in NO_VALUE:
            yield field, expressions


def others(name: str, expressions: Iterable[str]) -> list[str]:
    """The columns of a stream that expressions name."""
    words = set(re.findall(r"\w+", " ".join(expressions)))
    return [quoted(field.name) for field in CONTRACTS[name].fields if field.name in words]


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(duckdb.connect()) as con:
        con.execute("set TimeZone = 'UTC'")
        yield con


@pytest.mark.parametrize("name", CONTRACTS)
def test_staging_reads_every_form_that_a_contract_accepts(
    con: duckdb.DuckDBPyConnection, name: str
) -> None:
    missed = {}
    for field, expressions in read(name):
        cells = list(forms(CONTRACTS[name], field))
        rows = raw(cells, quoted(field.name), others(name, expressions))
        condition = is_read(expressions, cells)
        missed[field.name] = con.execute(
            f"select * from ({rows}) where not ({condition})"
        ).fetchall()
    assert not any(missed.values()), missed


@pytest.mark.parametrize("name", CONTRACTS)
def test_staging_reads_nothing_into_what_is_no_value(
    con: duckdb.DuckDBPyConnection, name: str
) -> None:
    misread = {}
    for field, expressions in read(name):
        cells = [Form(cell, 0) for cell in NO_VALUE[field.logical_type]]
        rows = raw(cells, quoted(field.name), others(name, expressions))
        condition = " or ".join(f"({expression}) is not null" for expression in expressions)
        misread[field.name] = con.execute(f"select * from ({rows}) where {condition}").fetchall()
    assert not any(misread.values()), misread


def test_a_zones_name_shifts_no_cell(con: duckdb.DuckDBPyConnection) -> None:
    """DuckDB's cast reads what comes after such a cell in that zone."""
    column = "event_time"
    cells = (
        "2026-06-12 09:26:00",
        "2026-06-12 09:26:00 America/New_York",
        "2026-06-12 09:26:00",
    )
    con.execute(f"create or replace table cells ({column} varchar)")
    con.executemany("insert into cells values (?)", [[cell] for cell in cells])
    (expression,) = readings(CONTRACTS["amplitude.events"])[column]
    at = datetime(2026, 6, 12, 9, 26)
    read = con.execute(f"select {expression} from cells order by rowid").fetchall()
    assert read == [(at,), (None,), (at,)]


def test_a_typed_column_that_a_model_names_is_read() -> None:
    unread = [
        f"{name}.{field.name}"
        for name, contract in CONTRACTS.items()
        for path in (project().staging / contract.source).glob("*.sql")
        if f"_{contract.source}', '{contract.stream}')" in (model := path.read_text())
        for field in contract.fields
        if field.logical_type in NO_VALUE
        and re.search(rf"\b{field.name}\b", model)
        and field.name not in readings(contract)
    ]
    assert [name for name in unread if not any(map(partial(fnmatch, name), NOT_READ))] == []


def test_every_form_of_its_own_is_of_a_column_that_staging_reads() -> None:
    names = {f"{name}.{field.name}" for name in CONTRACTS for field, _ in read(name)}
    assert [p for p in DESCRIBED if not matching(names, p)] == []


def test_the_loader_knows_the_marks_of_currencies_that_staging_knows() -> None:
    macro = project().macros / "reading" / "currency_mark.sql"
    assert CURRENCY_MARK in macro.read_text(encoding="utf-8").splitlines()
