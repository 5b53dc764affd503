"""The register of erasures: `<home>/erasures.json`.

A file of its own, and not a table of the build file: whoever makes that one anew from the exports
would bring everybody back. It holds no person's data, only hashes under a key of this warehouse.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines.ingest.redact import Redactor
from pipelines.settings import UsageError, utc_text

BEGUN, LEFT, DONE = "begun", "left", "done"


@dataclass(frozen=True)
class Erasure:
    """One person's erasure.

    Attributes:
        subject: the hash of whom it is about, under the register's key.
        request_ids: the requests of the template that name the person, in the order in which they
            were carried out; none where all was asked for on the command line.
        requested_by: who asked for it on this machine.
        begun_at, done_at: UTC, ISO 8601; done is None until nothing tells of the person any more.
        status: begun, while a killed erasure is to be finished; left, where it is carried out and
            something still tells of the person that nobody but a person can mend; done.
        person: what the person is called instead.
        values: what stands instead of what named the person, by its hash.
        contact_keys: the keys of the person's facts from now on.
        name_lengths: of how many words the names are.
        tables: rows that were rewritten, by table of the build file.
        exports: paths of the ledger that hold the person outside the home.
        files: files below the home that were rewritten.
        scanned_files, scanned_bytes: below the home, searched afterwards.
        residue: places that still tell of the person after it; none where it is done.
    """

    subject: str
    request_ids: Sequence[str]
    requested_by: str
    begun_at: str
    person: str
    values: Mapping[str, str]
    contact_keys: Sequence[str]
    name_lengths: Sequence[int]
    status: str = BEGUN
    done_at: str | None = None
    tables: Mapping[str, int] = field(default_factory=dict)
    exports: Sequence[str] = ()
    files: Sequence[str] = ()
    scanned_files: int = 0
    scanned_bytes: int = 0
    residue: Sequence[str] = ()

    def after(self, earlier: Erasure) -> Erasure:
        """With what an earlier request of the person says: each may name what the other lacks."""
        return replace(
            self,
            request_ids=tuple(dict.fromkeys((*earlier.request_ids, *self.request_ids))),
            values={**earlier.values, **self.values},
            contact_keys=tuple(dict.fromkeys((*earlier.contact_keys, *self.contact_keys))),
            name_lengths=tuple(sorted({*earlier.name_lengths, *self.name_lengths})),
        )


@dataclass(frozen=True)
class Register:
    """All erasures of a warehouse, and the key of its hashes."""

    salt: bytes
    erasures: tuple[Erasure, ...] = ()

    def redactor(self) -> Redactor | None:
        """What takes them out of texts; None where nobody was erased."""
        if not self.erasures:
            return None
        values = {key: stands for one in self.erasures for key, stands in one.values.items()}
        people = {stands: one.person for one in self.erasures for stands in one.values.values()}
        lengths = sorted({length for one in self.erasures for length in one.name_lengths})
        return Redactor(self.salt, values, people, tuple(reversed(lengths)))

    def of(self, subject: str) -> Erasure | None:
        """Its state of a person; None of whom nobody asked to erase."""
        return next((one for one in self.erasures if one.subject == subject), None)

    def having(self, erasure: Erasure) -> Register:
        """The register with an erasure, in the place of its earlier state."""
        others = [one for one in self.erasures if one.subject != erasure.subject]
        return replace(self, erasures=(*others, erasure))


def register_path(home: Path) -> Path:
    """Where it lies."""
    return home / "erasures.json"


def read_register(home: Path) -> Register:
    """What it says; an empty one with a key of its own where there is none yet.

    Raises:
        UsageError: it cannot be read, so that nobody knows who was erased.
    """
    path = register_path(home)
    if not path.exists():
        return Register(secrets.token_bytes(32))
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return Register(bytes.fromhex(said["salt"]), tuple(map(_erasure, said["erasures"])))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"{path} cannot be read ({error}), and without it erased persons would come back;"
            " restore it from a backup"
        ) from error


def _erasure(said: dict[str, Any]) -> Erasure:
    """As it was written, or as it was until one could have several requests."""
    if "request_id" in said:
        request_id = said.pop("request_id")
        said["request_ids"] = [request_id] if request_id else []
    return Erasure(**said)


def write_register(home: Path, register: Register) -> None:
    """Put it in place of the one before, whole or not at all."""
    path = register_path(home)
    new = path.with_suffix(".new")
    said = {"salt": register.salt.hex(), "erasures": [asdict(one) for one in register.erasures]}
    new.write_text(json.dumps(said, indent=1), encoding="utf-8")
    new.chmod(0o600)
    new.replace(path)


def note_in_build(con: duckdb.DuckDBPyConnection, register: Register) -> None:
    """Let the models know which requests were carried out: ops.erasures says what the file says."""
    wanted = [
        (one.subject, request_id, one.status, one.begun_at.rstrip("Z"), len(one.residue))
        for one in register.erasures
        for request_id in one.request_ids or (None,)
    ]
    con.execute("delete from ops.erasures")
    if wanted:
        con.executemany("insert into ops.erasures values (?, ?, ?, ?::timestamp, ?)", wanted)


def erased_keys(home: Path, since: datetime) -> tuple[str, ...]:
    """The keys under which facts of persons stand who were erased since a time, naive UTC."""
    return tuple(
        key
        for one in read_register(home).erasures
        if one.begun_at >= utc_text(since)
        for key in one.contact_keys
    )


def is_begun(home: Path) -> bool:
    """Whether an erasure was broken off."""
    return any(one.status == BEGUN for one in read_register(home).erasures)
