"""Models that are rendered without dbt say what their own unit tests in dbt expect."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from jinja2 import Environment

from pipelines.project import project
from pipelines.sql import literal
from pipelines.transform.rendering import macros, rendered

RENDERED = ("fct_utm_faults", "int_traffic_sources_classified")
# The columns that the models read, as their inputs have them: dbt knows those that no row names.
INPUTS: Mapping[str, str] = {
    "int_tagged_pages_parsed": (
        "link_key varchar, utm_source varchar, utm_medium varchar, utm_campaign varchar,"
        " utm_content varchar, utm_term varchar, page_view_count bigint,"
        " first_seen_at timestamp, last_seen_at timestamp"
    ),
    "utm_sources": "utm_source varchar, valid_from date, valid_to date",
    "source_categories": "source varchar, category varchar",
    "int_campaign_slugs": "slug varchar, is_registered boolean",
    "int_touches_unioned": "source varchar, medium varchar, campaign varchar",
    "int_traffic_sources_classified": (
        "source varchar, medium varchar, campaign varchar, channel varchar"
    ),
    "channel_rules": (
        "rule_set varchar, rule_order bigint, channel varchar, source_category varchar,"
        " source_pattern varchar, medium_pattern varchar, campaign_pattern varchar"
    ),
}
Row = dict[str, Any]


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(duckdb.connect()) as con:
        con.execute("set timezone = 'UTC'")
        yield con


def unit_tests() -> Iterator[Any]:
    for model in RENDERED:
        (path,) = project().models.rglob(f"{model}.yml")
        for test in yaml.safe_load(path.read_text(encoding="utf-8"))["unit_tests"]:
            yield pytest.param(test, id=f"{model}.{test['name']}")


def insert(
    con: duckdb.DuckDBPyConnection, name: str, rows: list[Row], *, is_seed: bool = False
) -> None:
    """Rows by the names of their columns; what a table has no column for is left out.

    An empty cell of a seed is NULL.
    """
    nothing = {None, ""} if is_seed else {None}
    known = [column for column, *_ in con.execute(f"describe {name}").fetchall()]
    for row in rows:
        cells = ["null" if row.get(column) in nothing else literal(row[column]) for column in known]
        con.execute(f"insert into {name} values ({', '.join(cells)})")


@pytest.mark.parametrize("test", list(unit_tests()))
def test_a_model_gives_what_dbt_is_told_to_expect(
    con: duckdb.DuckDBPyConnection, test: dict[str, Any]
) -> None:
    names = [given["input"].removeprefix("ref('").removesuffix("')") for given in test["given"]]
    for name, given in zip(names, test["given"], strict=True):
        con.execute(f"create table {name} ({INPUTS[name]})")
        # Without rows of its own it is the seed.
        is_seed = "rows" not in given
        insert(con, name, project().seed_rows("attribution", name) if is_seed else given["rows"])
    con.execute(
        f"create table found as {rendered(test['model'], dict(zip(names, names, strict=True)))}"
    )
    rows = test["expect"]["rows"]
    columns = ", ".join(rows[0])
    con.execute(f"create table expected as select {columns} from found limit 0")
    insert(con, "expected", rows)
    found = con.execute(f"select {columns} from found order by all").fetchall()
    assert found == con.execute(f"select {columns} from expected order by all").fetchall()
    assert len(found) == len(rows)


def test_a_relation_that_nobody_names_is_an_error() -> None:
    with pytest.raises(KeyError, match="int_web_events_unioned"):
        rendered("int_tagged_pages_parsed", {})


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        *(("utm_source=a%20b+c", "a b c"), ("utm_source=%C3%BC", "ü"), ("utm_source=5%", "5%")),
        # Typed into a page of another encoding, or cut off: one visitor's link must stop no run.
        *(("utm_source=%FC", None), ("utm_source=%C3", None)),
    ],
)
def test_what_cannot_be_decoded_is_nothing(
    con: duckdb.DuckDBPyConnection, query: str, expected: str | None
) -> None:
    source = macros()["url_parameter"]("link", "utm_source")
    found = con.execute(f"select {source} from (select ? as link)", [f"https://a.example/?{query}"])
    assert found.fetchall() == [(expected,)]


def test_macros_are_compiled_once_and_anew_where_they_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = replace(project(), root=tmp_path)
    monkeypatch.setattr("pipelines.transform.rendering.project", lambda: where)
    monkeypatch.setattr("pipelines.compiled.made_dir", lambda: tmp_path / "made")
    compiled: list[str] = []
    generate = Environment._generate

    def counted(environment: Environment, source: Any, name: str, *rest: Any, **how: Any) -> str:
        compiled.append(name)
        return generate(environment, source, name, *rest, **how)

    monkeypatch.setattr(Environment, "_generate", counted)
    where.macros.mkdir(parents=True)
    for text, times in (("one", 1), ("one", 1), ("two", 2)):
        (where.macros / "said.sql").write_text(f"{{% macro said() %}}{text}{{% endmacro %}}")
        assert macros.__wrapped__()["said"]() == text
        assert len(compiled) == times
