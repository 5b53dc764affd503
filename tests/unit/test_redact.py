"""What of an erased person is taken out of a text, and what stays."""

from dataclasses import replace

import duckdb
import pytest

from pipelines.erasure.register import Erasure, Register, read_register, write_register
from pipelines.erasure.subject import hashed_instead, id_instead
from pipelines.ingest import load_contracts
from pipelines.ingest.redact import Redactor, digest
from pipelines.settings import UsageError

SALT = b"k" * 32
NEW_ID = id_instead(SALT, "23333")
VALUES = (
    ("token", "anna.müller@acme.example", "erased-1@acme.example"),
    ("token", "1082824056.1769138685", "erased-device"),
    ("id:hubspot", "23333", NEW_ID),
    ("id:any", "23333", NEW_ID),
    ("name", "anna müller", "erased-1"),
    ("word", "anna", "erased-1"),
    ("phone", "301234567", "erased-1"),
)


@pytest.fixture
def redactor() -> Redactor:
    values = {digest(SALT, kind, value): stands for kind, value, stands in VALUES}
    people = {stands: "erased-1" for _, _, stands in VALUES}
    return Redactor(SALT, values, people, (2,))


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("write to Anna.Müller@ACME.example.", "write to erased-1@acme.example."),
        ("?e=anna.müller%40acme.example&x=1", "?e=erased-1%40acme.example&x=1"),
        ('{"cid":"1082824056.1769138685"}', '{"cid":"erased-device"}'),
        ("Call Anna Müller, ANNA  MÜLLER", "Call erased-1, erased-1"),
        ("+49 (30) 123-4567", "erased-1"),
        ('{"contactId": 23333, "amount": 23333}', f'{{"contactId": {NEW_ID}, "amount": 23333}}'),
        ("joanna.müller@acme.example", "joanna.müller@acme.example"),
        ("Anna Müllerova", "Anna Müllerova"),
        ("23333 rows", "23333 rows"),
        ("", ""),
    ],
)
def test_what_names_the_person_goes_and_nothing_else(
    redactor: Redactor, text: str, other: str
) -> None:
    assert redactor.text(text) == other
    assert redactor.text(other) == other


def test_ids_go_where_a_column_or_a_key_of_rows_says_that_they_are_ids(redactor: Redactor) -> None:
    assert redactor.ids("hubspot", "11;23333; 7") == f"11;{NEW_ID}; 7"
    assert redactor.ids("pipedrive", "23333") == "23333"
    assert redactor.keys("row 575 (23333)") == f"row 575 ({NEW_ID})"


def test_what_stands_instead_is_of_the_same_kind() -> None:
    assert NEW_ID.isdecimal()
    assert len(NEW_ID) == 15
    record, report = "0035f00000AbCdEFGH", id_instead(SALT, "0035f00000AbCdEFGH")
    assert report.startswith("003")
    assert len(report) == len(record)
    md5 = hashed_instead("0" * 32, "erased-1@acme.example")
    assert len(md5) == 32


def test_of_the_persons_rows_what_the_contract_classifies_goes_too(redactor: Redactor) -> None:
    contract = next(c for c in load_contracts() if (c.source, c.stream) == ("hubspot", "contacts"))
    con = duckdb.connect()
    redactor.attach(con)
    names = ("record_id", "first_name", "email", "merged_record_ids", "company_name")
    shown = redactor.redacted(contract, {name: name for name in names})
    con.execute(f"create table t ({', '.join(f'{name} varchar' for name in names)})")
    con.executemany(
        "insert into t values (?, ?, ?, ?, ?)",
        [
            ["23333", "Anna", "anna.müller@acme.example", None, "Acme"],
            ["4", "Anna", "anna@other.example", "23333;5", "Acme"],
            ["5", None, None, None, "Anna Müller Design"],
        ],
    )
    assert con.execute(f"select {', '.join(shown.values())} from t").fetchall() == [
        (NEW_ID, "erased-1", "erased-1@acme.example", None, "Acme"),
        ("4", "Anna", "anna@other.example", f"{NEW_ID};5", "Acme"),
        ("5", None, None, None, "erased-1 Design"),
    ]


def test_the_register_is_kept_whole_and_a_damaged_one_is_no_empty_one(tmp_path) -> None:
    one = Erasure("s", "R1", "me", "2026-10-01T00:00:00Z", "erased-1", {"h": "x"}, ("k",), (2,))
    register = Register(SALT).having(one)
    write_register(tmp_path, register.having(replace(one, status="done")))
    found = read_register(tmp_path)
    assert found.salt == SALT
    assert [e.status for e in found.erasures] == ["done"]
    path = tmp_path / "erasures.json"
    assert path.stat().st_mode & 0o077 == 0
    path.write_text(path.read_text()[:-9])
    with pytest.raises(UsageError, match="come back"):
        read_register(tmp_path)
