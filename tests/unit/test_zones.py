"""Leads against forms: which CRM's zone the data contradict."""

from collections.abc import Iterator

import duckdb
import pytest

from expectations.suites.zones import LEADS_APART, leads_against_forms


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    connection.execute("""
        create schema intermediate;
        create table intermediate.int_form_submissions_unioned (
            contact_key varchar, submitted_at timestamp);
        create table intermediate.int_contacts_merged (
            contact_key varchar, crm_source varchar, created_at timestamp, is_excluded boolean);
    """)
    yield connection
    connection.close()


def leads(con: duckdb.DuckDBPyConnection, crm: str, count: int, minutes: str) -> None:
    """So many leads, each created so many minutes after its form; {i} is its number."""
    con.execute(
        "insert into intermediate.int_form_submissions_unioned"
        f" select '{crm}' || i, timestamp '2026-09-01 12:00:00' + to_hours(i) from range({count})"
        " as t(i)"
    )
    con.execute(
        "insert into intermediate.int_contacts_merged"
        f" select '{crm}' || i, '{crm}', timestamp '2026-09-01 12:00:00' + to_hours(i)"
        f" + to_minutes({minutes.format(i='i')}), false from range({count}) as t(i)"
    )


@pytest.mark.parametrize(
    ("count", "minutes", "found"),
    [
        # Berlin read as New York: six hours too late, give or take the CRM's own minutes.
        (20, "360 + {i} % 7", [("hubspot", 360, 20, 20)]),
        (20, "-330", [("hubspot", -330, 20, 20)]),
        # Too few to tell, minutes that no zone explains, and leads that wait for somebody.
        (19, "360", []),
        (20, "{i} % 7", []),
        (40, "case when {i} % 3 = 0 then 360 else {i} * 13 end", []),
        # A day away is no zone.
        (20, "24 * 60", []),
    ],
)
def test_what_lies_apart_by_the_same_quarter_hours(
    con: duckdb.DuckDBPyConnection, count: int, minutes: str, found: list[tuple[object, ...]]
) -> None:
    leads(con, "hubspot", count, minutes)
    assert con.execute(LEADS_APART).fetchall() == found


def test_a_crm_whose_zone_is_right_hides_no_other(con: duckdb.DuckDBPyConnection) -> None:
    leads(con, "hubspot", 500, "1")
    leads(con, "pipedrive", 30, "-360")
    assert con.execute(LEADS_APART).fetchall() == [("pipedrive", -360, 30, 30)]


def test_the_nearest_form_counts(con: duckdb.DuckDBPyConnection) -> None:
    leads(con, "hubspot", 30, "2")
    con.execute(
        "insert into intermediate.int_form_submissions_unioned"
        " select contact_key, submitted_at - interval 6 hour"
        " from intermediate.int_form_submissions_unioned"
    )
    assert con.execute(LEADS_APART).fetchall() == []


def test_nobody_is_asked_where_the_models_are_elsewhere(con: duckdb.DuckDBPyConnection) -> None:
    assert len(leads_against_forms(con)) == 1
    con.execute("drop table intermediate.int_contacts_merged")
    assert leads_against_forms(con) == ()
