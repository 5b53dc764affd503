"""Whom a request means: every record, address, device, number and name of one person.

By the identities of the build, so that whoever was merged goes with what he was merged with. What
several persons have (a mailbox, a device, a name) stays, as it names none of them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import duckdb

from pipelines.ingest import load_contracts
from pipelines.ingest.redact import ANY, LONG_ID, WORD, digest, digits
from pipelines.ingest.relations import LANDED
from pipelines.settings import UsageError
from pipelines.sql import literal, quoted

SALESFORCE_ID = re.compile("[A-Za-z0-9]{18}")
MIN_PHONE = 7

# Ad clicks are told by the CRM and by the address of the page alike.
RECORDS_SQL = """
    select record_key, crm_source, crm_contact_id, google_click_id, facebook_click_id
    from intermediate.int_crm_contacts_unioned
    where record_key in (select unnest(?))
"""
# Devices that were this person's and nobody else's, with the logins told on them.
DEVICES_SQL = """
    with owned as (
        select device_id from intermediate.int_identity_device_edges
        inner join intermediate.int_contact_aliases_resolved using (record_key)
        group by device_id
        having count(distinct contact_key) = 1 and min(contact_key) = ?
    )
    select device_id from owned
    union
    select user_id from intermediate.int_events_sessionised
    inner join owned using (device_id)
    where user_id is not null
"""
# A domain says something of a person only where nobody else and no company has it.
DOMAIN_SQL = """
    select count(*) > 0 from (
        select email from intermediate.int_crm_addresses where email not in (select unnest(?))
        union all
        select '@' || domain from intermediate.int_crm_accounts_unioned
    ) where split_part(email, '@', 2) = ?
"""


@dataclass(frozen=True)
class Subject:
    """A person, in plain words: it lives as long as the command that asked.

    Attributes:
        records: `<CRM>:<id>` of each record; the address of who is in no CRM.
        contact_key: what facts of the person are known by; None of who is in no CRM.
        new_contact_key: what they are known by once the ids are others.
        values: kind, value and what stands instead of it.
        person: what the person is called instead.
    """

    records: tuple[str, ...]
    contact_key: str | None
    new_contact_key: str | None
    values: tuple[tuple[str, str, str], ...]
    person: str

    def hashed(self, salt: bytes) -> dict[str, str]:
        """What stands instead, by hash."""
        return {digest(salt, kind, value): stands for kind, value, stands in self.values}

    @property
    def name_lengths(self) -> tuple[int, ...]:
        """Of how many words the names are."""
        return tuple(sorted({len(v.split()) for kind, v, _ in self.values if kind == "name"}))

    @property
    def words(self) -> tuple[str, ...]:
        """What can be searched for in bytes: what is too long to be there by chance."""
        found = (value for kind, value, _ in self.values if kind in ("token", "name", "phone"))
        return tuple(sorted({value for value in found if len(value) >= MIN_PHONE}))


def find_subject(con: duckdb.DuckDBPyConnection, salt: bytes, named: Sequence[str]) -> Subject:
    """The one person that addresses and ids of records name.

    Args:
        con: the build file, as a run has left it.
        salt: the key of the register.
        named: addresses, ids of a CRM, or `<CRM>:<id>`, all of one person.

    Raises:
        UsageError: nobody is called so, or several are.
    """
    if not con.execute(
        "select 1 from duckdb_columns() where table_name = 'int_contact_aliases_resolved'"
    ).fetchone():
        raise UsageError("the warehouse has no identities yet; `throughline run` makes them")
    names = [name.strip() for name in named]
    keys = {name: _contact_keys(con, name) for name in names}
    for name, called in keys.items():
        if len(called) > 1:
            raise UsageError(
                f"{len(called)} persons are called {name}; name one by its CRM, as hubspot:{name}"
            )
        if not called and "@" not in name:
            raise UsageError(
                f"no contact has the id {name}; name it as the CRM does, or run first if its export"
                " is new"
            )
    persons = {key for called in keys.values() for key in called}
    if len(persons) > 1:
        raise UsageError(f"{' and '.join(names)} are {len(persons)} persons; name one at a time")
    unknown = [name.lower() for name, called in keys.items() if not called]
    if not persons:
        (address,) = unknown
        return _address_alone(con, salt, address)
    (contact_key,) = persons
    records = [
        row[0]
        for row in con.execute(
            "select record_key from intermediate.int_contact_aliases_resolved"
            " where contact_key = ? order by record_key",
            [contact_key],
        ).fetchall()
    ]
    found = _subject(con, salt, contact_key, records)
    # What several have stays, as it names none of them.
    own = [address for address in unknown if not _is_shared(con, address)]
    values = [value for address in own for value in _address_values(con, salt, address, own)]
    return replace(found, values=(*found.values, *values))


def _address_alone(con: duckdb.DuckDBPyConnection, salt: bytes, address: str) -> Subject:
    """Who is in no CRM, as a reader of mails may be.

    Raises:
        UsageError: several persons have the address, so it names none.
    """
    if _is_shared(con, address):
        raise UsageError(f"{address} is a mailbox of several; name the person by the CRM's id")
    values = _address_values(con, salt, address, [address])
    (_, _, stands), *_ = values
    return Subject((address,), None, None, tuple(values), stands.partition("@")[0])


def _is_shared(con: duckdb.DuckDBPyConnection, address: str) -> bool:
    ((is_shared,),) = con.execute(
        "select count(*) > 0 from intermediate.int_shared_addresses where email = ?", [address]
    ).fetchall()
    return bool(is_shared)


def _address_values(
    con: duckdb.DuckDBPyConnection, salt: bytes, address: str, own: list[str]
) -> list[tuple[str, str, str]]:
    """An address, and how mail tools number their subscribers by it."""
    stands = _address_instead(con, salt, address, own)
    hashes = [("token", hashed, hashed_instead(hashed, stands)) for hashed in _md5s(address)]
    return [("token", address, stands), *hashes]


def _contact_keys(con: duckdb.DuckDBPyConnection, named: str) -> list[str]:
    rows = con.execute(
        "select distinct contact_key from intermediate.int_contact_aliases_resolved"
        " where record_key in (select record_key from intermediate.int_crm_addresses"
        " where email = lower($1) and email not in"
        " (select email from intermediate.int_shared_addresses))"
        " or crm_contact_id = $1 or record_key = $1",
        [named],
    ).fetchall()
    return [key for (key,) in rows]


def _subject(
    con: duckdb.DuckDBPyConnection, salt: bytes, contact_key: str, records: list[str]
) -> Subject:
    person = f"erased-{digest(salt, 'person', min(records))[:12]}"
    values: list[tuple[str, str, str]] = []
    addresses = _addresses(con, records)
    for address in addresses:
        values += _address_values(con, salt, address, addresses)
    known = dict.fromkeys(records, ("", ""))
    for record, source, id_, *clicks in con.execute(RECORDS_SQL, [records]).fetchall():
        known[record] = (source, id_)
        values += [("token", click, id_instead(salt, click)) for click in clicks if click]
    for record in records:
        source, id_ = known[record] if known[record][1] else record.split(":", 1)
        values += _id_values(salt, source, id_)
    for (id_,) in con.execute(DEVICES_SQL, [contact_key]).fetchall():
        if "@" not in id_:
            values += _id_values(salt, ANY, id_.rpartition(":")[2])
    names, phones = _particulars(
        con, addresses, [known[r][1] or r.split(":", 1)[1] for r in records]
    )
    values += [("name", name, person) for name in names]
    values += [("word", name.split()[0], person) for name in names]
    values += [("phone", phone, person) for phone in phones]
    survivor_source, survivor_id = con.execute(
        "select any_value(survivor_source), any_value(survivor_id)"
        " from intermediate.int_contact_aliases_resolved where contact_key = ?",
        [contact_key],
    ).fetchall()[0]
    ((new_key,),) = con.execute(
        "select md5(concat_ws('|', ?, ?))", [survivor_source, id_instead(salt, survivor_id)]
    ).fetchall()
    values.append(("token", contact_key, new_key))
    return Subject(tuple(records), contact_key, new_key, tuple(dict.fromkeys(values)), person)


def id_instead(salt: bytes, id_: str) -> str:
    """What stands for an id: a number for a number, and of Salesforce's the kind of its record."""
    hashed = digest(salt, "stands", id_[:15] if SALESFORCE_ID.fullmatch(id_) else id_)
    if id_.isdecimal():
        return f"9{int(hashed, 16) % 10**14:014d}"
    if SALESFORCE_ID.fullmatch(id_):
        return f"{id_[:3]}{hashed[:12]}AAA"
    return f"erased-{hashed[:16]}"


def _id_values(salt: bytes, source: str, id_: str) -> Iterable[tuple[str, str, str]]:
    stands = id_instead(salt, id_)
    forms = [(id_, stands)]
    if SALESFORCE_ID.fullmatch(id_):
        # Reports write its first fifteen characters.
        forms.append((id_[:15], stands[:15]))
    for form, instead in forms:
        yield from ((f"id:{scope}", form, instead) for scope in {source, ANY})
        if len(form) >= LONG_ID:
            yield "token", form, instead


def _addresses(con: duckdb.DuckDBPyConnection, records: list[str]) -> list[str]:
    rows = con.execute(
        "select distinct email from intermediate.int_crm_addresses"
        " where record_key in (select unnest(?))"
        " and email not in (select email from intermediate.int_shared_addresses) order by email",
        [records],
    ).fetchall()
    return [email for (email,) in rows]


def _address_instead(
    con: duckdb.DuckDBPyConnection, salt: bytes, address: str, own: list[str]
) -> str:
    called = f"erased-{digest(salt, 'stands', address)[:12]}"
    domain = address.rpartition("@")[2]
    ((is_shared,),) = con.execute(DOMAIN_SQL, [own, domain]).fetchall()
    return f"{called}@{domain}" if is_shared else f"{called}@{called}.example"


def _md5s(address: str) -> Iterable[str]:
    yield hashlib.md5(address.encode(), usedforsecurity=False).hexdigest()
    yield hashlib.sha256(address.encode()).hexdigest()


def hashed_instead(hashed: str, stands: str) -> str:
    """What stands for the hash of an address: the same hash of what stands for the address."""
    md5, sha256 = _md5s(stands)
    return md5 if len(hashed) == len(md5) else sha256


def _particulars(
    con: duckdb.DuckDBPyConnection, addresses: list[str], ids: list[str]
) -> tuple[set[str], set[str]]:
    """Full names and phone numbers that the person's own records have, and no other person's."""
    names: set[str] = set()
    phones: set[str] = set()
    for contract in load_contracts():
        landed = {
            column[0]
            for column in con.execute(
                f"from {LANDED}.{contract.source}__{contract.stream} limit 0"
            ).description
        }
        classified = [f.name for f in contract.fields if f.is_pii and f.name in landed]
        mails = [name for name in classified if "mail" in name]
        keys = [f.name for f in contract.fields if f.is_key and f.name in landed]
        # Ids of any length may be somebody else's in another stream.
        is_own = [f"lower(trim({quoted(name)})) in (select unnest($1))" for name in mails]
        if "contacts" in contract.feeds:
            is_own += [f"trim({quoted(name)}) in (select unnest($2))" for name in keys]
        telling = [name for name in classified if "name" in name or "phone" in name]
        if not is_own or not telling:
            continue
        where, parameters = f"where {' or '.join(is_own)}", [addresses, ids]
        for row in con.execute(
            f"select distinct {', '.join(map(quoted, telling))}"
            f" from {LANDED}.{contract.source}__{contract.stream}"
            f" {where if '$2' in where else where + ' and $2 is not null'}",
            parameters,
        ).fetchall():
            said = {name: value.strip() for name, value in zip(telling, row, strict=True) if value}
            phones |= {
                digits(value)
                for name, value in said.items()
                if "phone" in name and len(digits(value)) >= MIN_PHONE
            }
            names |= _full_names(said)
    # Whoever is called the same keeps the name, in whatever order it is written.
    if any(_is_anothers(con, name, ids) for name in names):
        names = set()
    return names, phones


def _full_names(said: dict[str, str]) -> set[str]:
    first = next((v for k, v in said.items() if re.fullmatch("(.*_)?f(irst_)?name", k)), "")
    last = next((v for k, v in said.items() if re.fullmatch("(.*_)?l(ast_)?name", k)), "")
    full = [v for k, v in said.items() if k in ("name", "full_name")]
    if first and last:
        full += [f"{first} {last}", f"{last} {first}"]
    split = (" ".join(WORD.findall(name)).casefold() for name in full)
    return {name for name in split if " " in name}


def _is_anothers(con: duckdb.DuckDBPyConnection, name: str, ids: list[str]) -> bool:
    """Whether a colleague or another contact is called the same: a name alone then names nobody."""
    ((colleagues,),) = con.execute(
        "select count(*) from intermediate.int_crm_owners_unioned where lower(owner_name) = ?",
        [name],
    ).fetchall()
    if colleagues:
        return True
    for contract in load_contracts():
        keys = [f.name for f in contract.fields if f.is_key]
        if "contacts" not in contract.feeds or not {"first_name", "last_name"} <= {
            f.name for f in contract.fields
        }:
            continue
        table = f"{LANDED}.{contract.source}__{contract.stream}"
        landed = {column[0] for column in con.execute(f"from {table} limit 0").description}
        if not {"first_name", "last_name", *keys} <= landed:
            continue
        both = "lower(trim(first_name)) || ' ' || lower(trim(last_name))"
        ((others,),) = con.execute(
            f"select count(*) from {table} where {both} = {literal(name)}"
            f" and trim({quoted(keys[0])}) not in (select unnest(?))",
            [ids],
        ).fetchall()
        if others:
            return True
    return False
