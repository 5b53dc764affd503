"""What contracts classify as personal reaches no mart: each value that came is looked for."""

from collections.abc import Iterator

import duckdb

from expectations.suites.marts import text_columns
from pipelines.ingest import load_contracts
from pipelines.ingest.relations import LANDED
from pipelines.sql import quoted

# Marts name the company's own people: who owns, decides, checks. Their addresses are no names.
STAFF = {
    *("assignee", "owner", "person", "submitted_by", "done_by", "checked_by", "created_by"),
    *("approver", "auditor"),
}
# Where a text is taken apart.
PARTS = '[ ,;:()|"=&/?<>]+'


def classified(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str, bool]]:
    """Each landed column of text: its table, its name, whether it must not be told."""
    landed = set(
        con.execute(
            "select table_name, column_name from duckdb_columns() where schema_name = ?", [LANDED]
        ).fetchall()
    )
    for contract in load_contracts():
        table = f"{contract.source}__{contract.stream}"
        for field in contract.fields:
            if (table, field.name) in landed and field.logical_type not in ("object", "array"):
                yield table, field.name, field.is_pii and field.name not in STAFF


def test_nothing_that_is_classified_stands_in_a_mart(build: duckdb.DuckDBPyConnection) -> None:
    con = build.cursor()
    con.execute("create temp table told (value varchar, is_personal boolean, place varchar)")
    for table, name, is_personal in classified(con):
        con.execute(
            f"insert into told select distinct lower(trim({quoted(name)})), ?, ?"
            f' from {LANDED}."{table}" where length(trim({quoted(name)})) >= 3',
            [is_personal, f"{table}.{name}"],
        )
    # What a column that is not classified says too tells nobody: a city, a word, a number.
    con.execute(
        "create temp table personal as select value, min(place) as place from told"
        " group by value having bool_and(is_personal)"
    )
    ((looked_for,),) = con.execute("select count(*) from personal").fetchall()
    assert looked_for > 1000
    found = {
        f"{mart}.{column}: {place}"
        for mart, columns in text_columns(con).items()
        for column in columns
        for (place,) in con.execute(
            f"with cells as (select distinct lower(cast({quoted(column)} as varchar)) as cell"
            f" from {mart}), parts as (select trim(cell) as part from cells union"
            f" select unnest(string_split_regex(cell, '{PARTS}')) from cells"
            f" where regexp_matches(cell, '{PARTS}'))"
            " select distinct place from parts inner join personal on part = value"
        ).fetchall()
    }
    assert found == set()
