"""Whom the template's rows ask to be erased, and what a run says of them."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from pipelines.erasure import erase as erasing
from pipelines.erasure.erase import Request, open_requests
from pipelines.erasure.register import (
    Erasure,
    Register,
    is_begun,
    note_in_build,
    read_register,
    write_register,
)
from pipelines.erasure.subject import find_subject
from pipelines.ingest import load_contracts, load_exports
from pipelines.ingest.redact import digest
from pipelines.ingest.relations import set_clock
from pipelines.reports.erasures import report_erase, report_erasures
from pipelines.screen.erasures import draw_erasures
from pipelines.settings import Settings, UsageError
from tests.warehouse import empty_warehouse

NOW = datetime(2026, 10, 1, 6)
ROWS = """\
request_id,email,crm_contact_id,requested_at,legal_basis,due_date,completed_at
R-1,anna@acme.example,,2026-09-01T08:00:00Z,GDPR Art. 17,2026-10-01,
R-2,ruth@acme.example,4711,2026-09-02T08:00:00Z,GDPR Art. 17,2026-10-02,
R-3,bob@acme.example,,2026-07-01T08:00:00Z,GDPR Art. 17,2026-08-01,2026-07-20T08:00:00Z
R-4,,,2026-09-03T08:00:00Z,GDPR Art. 17,2026-10-03,
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home that has read the template."""
    exports, home = tmp_path / "exports", tmp_path / "home"
    exports.mkdir()
    home.mkdir()
    (exports / "erasure_requests.csv").write_text(ROWS)
    with empty_warehouse(home / "build.duckdb") as con:
        load_exports(con, exports, contracts=load_contracts(), loaded_at=NOW)
        set_clock(con, NOW)
    return home


def erasure(request_id: str, status: str) -> Erasure:
    return Erasure(
        request_id, (request_id,), "me", "2026-09-05T00:00:00Z", "erased-1", {}, (), (), status
    )


def asked(home: Path, *erasures: Erasure) -> list[Request]:
    with duckdb.connect(str(home / "build.duckdb")) as con:
        return open_requests(con, Register(b"k" * 32, erasures))


def test_requests_stay_open_until_somebody_carries_them_out(home: Path) -> None:
    anna = Request(("anna@acme.example",), "R-1")
    ruth = Request(("ruth@acme.example", "4711"), "R-2")
    assert asked(home) == [anna, ruth]
    assert asked(home, erasure("R-1", "done")) == [ruth]
    assert asked(home, erasure("R-1", "begun")) == [anna, ruth]


def test_a_request_that_names_nobody_is_told_and_holds_nobody_up(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(exports=home, home=home)

    def find(_: object, __: object, named: tuple[str, ...]) -> object:
        raise UsageError(f"no contact has the id {named[-1]}")

    monkeypatch.setattr(erasing, "find_subject", find)
    with pytest.raises(UsageError, match=r"request R-1: no contact .*; request R-2: no contact"):
        report_erase(settings, ())
    assert read_register(home).erasures == ()


IDENTITIES = """
    create schema intermediate;
    create table intermediate.int_contact_aliases_resolved as
    select * from (values
        ('k1', 'hubspot:4711', '4711', 'hubspot', '4711'),
        ('k2', 'hubspot:4712', '4712', 'hubspot', '4712')
    ) as t(contact_key, record_key, crm_contact_id, survivor_source, survivor_id);
    create table intermediate.int_crm_contacts_unioned as
    select record_key, survivor_source as crm_source, crm_contact_id,
        null::varchar as google_click_id, null::varchar as facebook_click_id
    from intermediate.int_contact_aliases_resolved;
    create table intermediate.int_crm_addresses as
    select * from (values
        ('hubspot:4711', 'anna@acme.example'), ('hubspot:4712', 'zoe@acme.example'),
        ('hubspot:4711', 'team@acme.example'), ('hubspot:4712', 'team@acme.example')
    ) as t(record_key, email);
    create table intermediate.int_shared_addresses as select 'team@acme.example' as email;
    create table intermediate.int_crm_accounts_unioned as select 'acme.example' as domain;
    create table intermediate.int_crm_owners_unioned (owner_name varchar);
    create table intermediate.int_identity_device_edges (device_id varchar, record_key varchar);
    create table intermediate.int_events_sessionised (device_id varchar, user_id varchar);
"""


@pytest.fixture
def identified(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(home / "build.duckdb")) as con:
        con.execute(IDENTITIES)
        yield con


@pytest.mark.parametrize(
    ("named", "addresses"),
    [
        (["4711"], {"anna@acme.example"}),
        (["Anna@Acme.example ", " 4711"], {"anna@acme.example"}),
        # The address that somebody wrote from, which no record has.
        (["anna@home.example", "4711"], {"anna@acme.example", "anna@home.example"}),
        (["team@acme.example", "4711"], {"anna@acme.example"}),
    ],
)
def test_a_request_means_the_person_of_its_address_and_its_id(
    identified: duckdb.DuckDBPyConnection, named: list[str], addresses: set[str]
) -> None:
    subject = find_subject(identified, b"k" * 32, named)
    assert subject.records == ("hubspot:4711",)
    assert {value for _, value, _ in subject.values if "@" in value} == addresses


@pytest.mark.parametrize(
    ("named", "said"),
    [
        (["anna@acme.example", "4712"], "anna@acme.example and 4712 are 2 persons"),
        (["anna@home.example", "9999"], "no contact has the id 9999"),
        (["anna@acme.example", "9999"], "no contact has the id 9999"),
    ],
)
def test_who_is_named_in_two_ways_that_do_not_agree_is_told(
    identified: duckdb.DuckDBPyConnection, named: list[str], said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        find_subject(identified, b"k" * 32, named)


def test_two_requests_of_one_person_are_one_erasure_and_both_are_carried_out(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each names an address that the other does not."""
    with duckdb.connect(str(home / "build.duckdb")) as con:
        con.execute(IDENTITIES)
    for step in ("_rewrite", "_build_and_settle"):
        monkeypatch.setattr(erasing, step, lambda *_: None)
    settings = Settings(exports=home, home=home)
    (one,), refused = erasing.erase(
        settings,
        [Request(("4711",), "R-1"), Request(("anna@home.example", "hubspot:4711"), "R-2")],
    )
    assert refused == []
    assert list(one.request_ids) == ["R-1", "R-2"]
    salt = read_register(home).salt
    named = ("anna@acme.example", "anna@home.example")
    assert {digest(salt, "token", address) for address in named} <= set(one.values)

    # And who asks again, by the command, takes nothing of that back.
    (again,), _ = erasing.erase(settings, [Request(("4711",))])
    assert list(again.request_ids) == ["R-1", "R-2"]
    assert set(again.values) == set(one.values)
    assert asked(home, replace(again, status="done")) == []


def test_a_register_of_a_version_with_one_request_a_person_is_read(home: Path) -> None:
    write_register(home, Register(b"k" * 32, (erasure("R-1", "done"), erasure("R-2", "done"))))
    said = json.loads((home / "erasures.json").read_text())
    for one, request_id in zip(said["erasures"], ("R-1", None), strict=True):
        del one["request_ids"]
        one["request_id"] = request_id
    (home / "erasures.json").write_text(json.dumps(said))
    assert [list(one.request_ids) for one in read_register(home).erasures] == [["R-1"], []]


def test_what_was_broken_off_comes_first(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the register: what the template asked for may be rewritten by then."""
    settings = Settings(exports=home, home=home)
    write_register(home, Register(b"k" * 32, (erasure("R-1", "begun"), erasure("R-2", "done"))))

    def settle(*_: object) -> None:
        write_register(home, Register(b"k" * 32, (erasure("R-1", "done"), erasure("R-2", "done"))))

    monkeypatch.setattr(erasing, "_build_and_settle", settle)
    report = report_erase(settings, ())
    assert [one["request_ids"] for one in report["erasures"]] == [["R-1"]]
    assert report["is_complete"]


def test_what_is_left_is_told_and_nothing_is_built_for_it_again(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A note that somebody laid below the home is a person's to take away."""
    settings, salt = Settings(exports=home, home=home), b"k" * 32
    hashed = {digest(salt, "token", "zoe@acme.example"): "erased-1@acme.example"}
    begun = replace(erasure("R-1", "begun"), values=hashed)
    write_register(home, Register(salt, (begun, erasure("R-2", "done"))))
    note = home / "note.txt"
    note.write_text("ask zoe@acme.example")

    erasing.finish_erasures(settings)
    (one,) = [one for one in read_register(home).erasures if one.subject == "R-1"]
    assert (one.status, list(one.residue), one.done_at) == ("left", ["note.txt"], None)
    assert not is_begun(home)
    assert asked(home, one, erasure("R-2", "done")) == []
    with duckdb.connect(str(home / "build.duckdb")) as con:
        note_in_build(con, read_register(home))
        told = con.execute(
            "select request_id, status, residue_count from ops.erasures order by request_id"
        ).fetchall()
    assert told == [("R-1", "left", 1), ("R-2", "done", 0)]

    def built(*_: object) -> None:
        raise AssertionError("built anew")

    monkeypatch.setattr(erasing, "_build_and_settle", built)
    report = report_erase(settings, ())
    assert not report["is_complete"]
    assert "forget" in report["mend"]
    note.unlink()
    report = report_erase(settings, ())
    assert [one["status"] for one in report["erasures"]] == ["done"]
    assert (report["is_complete"], report["mend"]) == (True, None)


def test_who_was_not_known_as_named_is_told(home: Path) -> None:
    found = replace(erasure("R-1", "done"), tables={"landed.hubspot__contacts": 2})
    write_register(home, Register(b"k" * 32, (found, erasure("R-2", "done"))))
    console = Console(width=200, record=True, file=io.StringIO())
    draw_erasures(console, report_erasures(home))
    assert console.export_text().count("nothing here told of the person as named") == 1
