"""What staging reads, as dbt compiles it and each engine computes it, in every form there is."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from pipelines.ingest import Contract, load_contracts
from pipelines.sql import literal
from pipelines.transform.readings import Call, calls_by_column
from tests.dbt import run_dbt
from tests.forms import NO_AMOUNT, NO_VALUE, Form, amounts, forms, is_read, raw

AS_OF = "2026-10-01 06:00:00.000000"
# Whatever a column is called in raw, and the other columns that macros ask.
CELL = "cell"
OTHERS = ("fivetran_synced", "clicks_all", "clicks_destination")

# How a column is read, the forms that are to be read, and what is no value.
Reading = tuple[tuple[str, ...], tuple[Form, ...], tuple[Form, ...]]


def jinja(call: Call, column: str) -> str:
    """A call as it stands in a model."""
    arguments = [repr(call.cell.replace(column, CELL)), *map(repr, call.rest)]
    arguments += [f"{name}={value!r}" for name, value in call.named.items()]
    return f"{{{{ {call.macro}({', '.join(arguments)}) }}}}"


def readings_of(contract: Contract) -> Iterable[Reading]:
    """Of each typed column that staging reads."""
    for column, calls in calls_by_column(contract).items():
        field = contract.by_name[column]
        if field.logical_type in NO_VALUE:
            ways = dict.fromkeys(jinja(call, column) for call in calls)
            read, none = [*forms(contract, field)], NO_VALUE[field.logical_type]
            if any(call.macro == "parse_money" for call in calls):
                read, none = [*read, *amounts(contract)], (*none, *NO_AMOUNT)
            yield tuple(ways), tuple(read), tuple(Form(cell, 0) for cell in none)


@pytest.mark.parametrize("engine", ["duckdb", pytest.param("spark", marks=pytest.mark.spark)])
def test_both_engines_read_every_form(tmp_path: Path, engine: str) -> None:
    distinct = dict.fromkeys(r for contract in load_contracts() for r in readings_of(contract))
    queries = [
        f"select {literal(ways[0][3:-3])} as reading, cell, expected"
        f" from ({raw(cells, CELL, OTHERS)}) as raw where {wrong}"
        for ways, read, none in distinct
        for cells, wrong in (
            (read, f"not ({is_read(ways, read)})"),
            (none, " or ".join(f"({way}) is not null" for way in ways)),
        )
    ]
    assert len(queries) > 60, "there is something to look at"
    shown = run_dbt(
        tmp_path / "build.duckdb",
        *("--quiet", "show", "--target", engine, "--output", "json", "--limit", "99"),
        *("--inline", " union all ".join(queries)),
        as_of_at=AS_OF,
    )
    assert json.loads(shown.stdout)["show"] == []
