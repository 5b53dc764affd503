"""Who is one person: edges, clusters and survivors, on records written for the purpose."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines.ingest.warehouse import connect
from tests.dbt import run_dbt

AS_OF = "2026-10-01 06:00:00.000000"
BORN = datetime(2026, 1, 1)
LONG = 40
CHAIN = (
    *("shared_mailboxes", "exclusion_rules", "identity_unmerges", "form_events"),
    *("stg_hubspot__contact_merges", "stg_mailchimp__list_members"),
    *("stg_hubspot__contacts", "stg_hubspot__contact_property_changes", "stg_salesforce__leads"),
    *(
        "stg_salesforce__lead_changes",
        "stg_salesforce__contacts",
        "stg_salesforce__contact_changes",
    ),
    *("stg_pipedrive__persons", "stg_pipedrive__person_records"),
    *("stg_segment__users", "stg_marketo__leads"),
    *("int_crm_addresses", "int_shared_addresses", "int_addresses_claimed"),
    "int_identity_record_edges",
    *("int_identity_device_edges", "int_identity_edges", "int_identity_clusters"),
    *("int_contact_aliases_resolved", "int_contact_addresses"),
    *("stg_templates__consent_withdrawals", "int_consents_withdrawn", "int_identity_links"),
)
# CRM, number, address, what it was merged into, day of birth.
RECORDS = (
    # A chain of merges, each into the next, and one address from its end to another CRM's lead.
    *(("hubspot", f"c{n}", None, f"c{n + 1}", n) for n in range(LONG)),
    ("hubspot", f"c{LONG}", "ann@one.example", None, LONG),
    ("salesforce", "00Q1", "ann@one.example", "0031", 90),
    ("salesforce", "0031", "ann@work.example", None, 91),
    ("pipedrive", "1", "ann@work.example", None, 92),
    # A circle.
    ("hubspot", "x", None, "y", 8),
    ("hubspot", "y", None, "z", 7),
    ("hubspot", "z", None, "x", 9),
    # A shared mailbox, and numbers that two CRMs have.
    ("hubspot", "1", "info@two.example", None, 1),
    ("salesforce", "1", "info@two.example", None, 2),
    # An address for life of one, until the seed says that the third is another.
    ("hubspot", "r1", "sam@three.example", None, 1),
    ("hubspot", "r2", "sam@three.example", None, 2),
    ("pipedrive", "r3", "sam@three.example", None, 3),
)
# Device, session, login, click id, hour. One device is two people's, and stays so.
EVENTS = (
    ("phone", "1", "r2", None, 1),
    ("phone", "2", "x", None, 2),
    ("laptop", "1", "ann@work.example", None, 3),
    ("tablet", "1", None, "g-x", 4),
    ("office", "1", "info@two.example", None, 5),
)


def write_events(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "create or replace table intermediate.int_events_sessionised (device_id varchar,"
        " session_key varchar, user_id varchar, email varchar, event_name varchar,"
        " page_location varchar, click_id_type varchar, click_id varchar, event_at timestamp)"
    )
    con.executemany(
        "insert into intermediate.int_events_sessionised values"
        " (?, ?, ?, null, 'login', null, 'gclid', ?, ?)",
        [(*event[:4], BORN + timedelta(hours=event[4])) for event in EVENTS],
    )


@pytest.fixture(scope="module")
def unresolved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build file with the records, the events and all that is the same whoever is one person."""
    build = tmp_path_factory.mktemp("unresolved") / "build.duckdb"
    with connect(build) as con:
        con.execute("create schema if not exists intermediate")
        con.execute(
            "create or replace table intermediate.int_crm_contacts_unioned (record_key varchar,"
            " crm_source varchar, crm_contact_id varchar, email varchar, merged_into_id varchar,"
            " merged_contact_ids varchar, google_click_id varchar, facebook_click_id varchar,"
            " created_at timestamp, source_updated_at timestamp)"
        )
        con.executemany(
            "insert into intermediate.int_crm_contacts_unioned"
            " values (?, ?, ?, ?, ?, null, ?, null, ?, null)",
            [
                (f"{record[0]}:{record[1]}", *record[:4], "g-x" if record[1] == "x" else None,
                 BORN + timedelta(days=record[4]))
                for record in RECORDS
            ],
        )  # fmt: skip
        write_events(con)
    run_dbt(build, "build", "--exclude", "path:dbt_project/models/intermediate",
            "resource_type:test", "--select", *CHAIN, as_of_at=AS_OF)  # fmt: skip
    return build


def resolved(
    unresolved: Path, folder: Path, unmerges: tuple[tuple[str, str, str, str], ...] = ()
) -> Path:
    build = folder / "build.duckdb"
    shutil.copyfile(unresolved, build)
    with connect(build) as con:
        con.executemany(
            "insert into seeds.identity_unmerges values (?, ?, ?, ?, 'ops', 'two people')",
            unmerges or [("none",) * 4],
        )
    run_dbt(build, "build", "--exclude", "resource_type:seed", "resource_type:unit_test",
            "--indirect-selection", "cautious", "--select", *CHAIN, as_of_at=AS_OF)  # fmt: skip
    return build


@pytest.fixture(scope="module")
def people(
    unresolved: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    build = resolved(unresolved, tmp_path_factory.mktemp("identity"))
    with closing(duckdb.connect(str(build), read_only=True)) as con:
        yield con


def survivors(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Survivor of each record, both as source:number."""
    return dict(
        con.execute(
            "select crm_source || ':' || crm_contact_id, survivor_source || ':' || survivor_id"
            " from intermediate.int_contact_aliases_resolved"
        ).fetchall()
    )


def test_every_record_is_in_one_cluster(people: duckdb.DuckDBPyConnection) -> None:
    assert len(survivors(people)) == len(RECORDS)
    keys = people.execute(
        "select count(distinct contact_key), count(distinct (survivor_source, survivor_id))"
        " from intermediate.int_contact_aliases_resolved"
    ).fetchall()
    assert keys == [(5, 5)]


def test_chains_are_followed_however_long_and_across_crms(
    people: duckdb.DuckDBPyConnection,
) -> None:
    found = survivors(people)
    members = [f"hubspot:c{n}" for n in range(LONG + 1)]
    members += ["salesforce:00Q1", "salesforce:0031", "pipedrive:1"]
    # Of those that nothing was merged away from, the oldest.
    assert {found[member] for member in members} == {f"hubspot:c{LONG}"}


def test_a_circle_is_one_person_and_the_oldest_record_survives(
    people: duckdb.DuckDBPyConnection,
) -> None:
    found = survivors(people)
    assert {found[f"hubspot:{name}"] for name in "xyz"} == {"hubspot:y"}


def test_a_shared_mailbox_and_a_number_identify_nobody(people: duckdb.DuckDBPyConnection) -> None:
    found = survivors(people)
    assert found["hubspot:1"] == "hubspot:1"
    assert found["salesforce:1"] == "salesforce:1"
    assert people.execute("select email from intermediate.int_shared_addresses").fetchall() == [
        ("info@two.example",)
    ]


def test_every_edge_has_its_reason_and_time(people: duckdb.DuckDBPyConnection) -> None:
    assert people.execute(
        "select reason, count(*), count(stated_at), bool_or(is_removed)"
        " from intermediate.int_identity_edges group by reason order by reason"
    ).fetchall() == [
        ("ad_click_id", 1, 1, False),
        ("crm_merge", LONG + 4, 0, False),
        ("login_email", 1, 1, False),
        ("login_record_id", 2, 2, False),
        ("same_email", 4, 4, False),
    ]


def links(con: duckdb.DuckDBPyConnection) -> set[tuple[str, str, str, str]]:
    """Device, session, the contact's surviving record and why."""
    return set(
        con.execute(
            "select distinct device_id, session_key,"
            " survivor_source || ':' || survivor_id, link_reason"
            " from intermediate.int_identity_links"
            " inner join intermediate.int_contact_aliases_resolved using (contact_key)"
        ).fetchall()
    )


def test_a_device_of_two_people_joins_nobody(people: duckdb.DuckDBPyConnection) -> None:
    assert links(people) == {
        ("phone", "1", "hubspot:r1", "user_id_is_merged_record_id"),
        ("phone", "2", "hubspot:y", "user_id_is_merged_record_id"),
        ("laptop", "1", f"hubspot:c{LONG}", "user_id_is_email"),
        ("tablet", "1", "hubspot:y", "ad_click_id"),
    }
    found = survivors(people)
    assert found["hubspot:r2"] != found["hubspot:x"]


def test_an_address_of_any_record_is_the_contacts_but_no_shared_one(
    people: duckdb.DuckDBPyConnection,
) -> None:
    assert people.execute(
        "select email, count(distinct survivor_id), min(survivor_id)"
        " from intermediate.int_contact_addresses"
        " inner join intermediate.int_contact_aliases_resolved using (contact_key)"
        " group by 1 order by 1"
    ).fetchall() == [
        ("ann@one.example", 1, f"c{LONG}"),
        ("ann@work.example", 1, f"c{LONG}"),
        ("sam@three.example", 1, "r1"),
    ]


def test_an_edge_of_the_seed_is_taken_out_and_nothing_else(
    unresolved: Path, tmp_path: Path
) -> None:
    build = resolved(unresolved, tmp_path, (("hubspot", "r1", "pipedrive", "r3"),))
    with closing(duckdb.connect(str(build), read_only=True)) as con:
        found = survivors(con)
        assert found["pipedrive:r3"] == "pipedrive:r3"
        assert found["hubspot:r2"] == "hubspot:r1"
        assert con.execute(
            "select node_key, record_key from intermediate.int_identity_edges where is_removed"
        ).fetchall() == [("pipedrive:r3", "hubspot:r1")]


def test_a_devices_edge_of_the_seed_is_taken_out_and_nothing_else(
    unresolved: Path, tmp_path: Path
) -> None:
    build = resolved(unresolved, tmp_path, (("hubspot", "x", "device", "phone"),))
    with closing(duckdb.connect(str(build), read_only=True)) as con:
        devices = {(device, session) for device, session, _, _ in links(con)}
        assert devices == {("phone", "1"), ("laptop", "1"), ("tablet", "1")}
        assert survivors(con)["hubspot:x"] == "hubspot:y"
        assert con.execute(
            "select node_key, record_key, reason from intermediate.int_identity_edges"
            " where is_removed"
        ).fetchall() == [("device:phone", "hubspot:x", "login_record_id")]
