"""The order of an erasure: note it, rewrite what there is, build anew, publish, look, settle.

From the moment it is noted the loader takes the person out of whatever is delivered. Whatever
comes to an end too soon is found begun in the register, and the next run takes it up.
"""

from __future__ import annotations

import getpass
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb

from pipelines.erasure.register import (
    BEGUN,
    DONE,
    LEFT,
    Erasure,
    Register,
    read_register,
    write_register,
)
from pipelines.erasure.rewrite import drop_old_sites, rewrite_home, search_home
from pipelines.erasure.subject import Subject, find_subject
from pipelines.ingest.redact import digest
from pipelines.runs import connection, newest_batch
from pipelines.settings import Settings, UsageError, utc_now, utc_text

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Request:
    """Whom to erase, by an address, an id or both, and the template's request, if there is one."""

    named: tuple[str, ...]
    request_id: str | None = None


def open_requests(con: duckdb.DuckDBPyConnection, register: Register) -> list[Request]:
    """Those of the template erasure_requests that nobody has carried out."""
    is_there = con.execute(
        "select 1 from duckdb_views() where schema_name = 'current_templates'"
        " and view_name = 'erasure_requests'"
    ).fetchone()
    if not is_there:
        return []
    known = {
        request_id
        for one in register.erasures
        if one.status in (LEFT, DONE)
        for request_id in one.request_ids
    }
    rows = con.execute(
        "select trim(request_id), nullif(trim(email), ''), nullif(trim(crm_contact_id), '')"
        " from current_templates.erasure_requests where nullif(trim(completed_at), '') is null"
        " order by 1"
    ).fetchall()
    return [
        Request(tuple(name for name in named if name), request_id)
        for request_id, *named in rows
        if request_id not in known and any(named)
    ]


def erase(settings: Settings, requests: Sequence[Request]) -> tuple[list[Erasure], list[str]]:
    """Erase persons, one after the other noted and all of them taken out at once.

    Args:
        settings: whose home; the caller holds it, and has resumed what was broken off.
        requests: whom.

    Returns:
        What the register says of each who was found, and why the others were not.

    Raises:
        UsageError: what was built anew was refused.
    """
    register = read_register(settings.home)
    words: dict[str, tuple[str, ...]] = {}
    refused: list[str] = []
    with connection(settings.build_path) as con:
        for request in requests:
            try:
                subject = find_subject(con, register.salt, request.named)
            except UsageError as error:
                asked = f"request {request.request_id}: " if request.request_id else ""
                refused.append(f"{asked}{error}")
                continue
            erasure = _begun(register, subject, request)
            words[erasure.subject] = (*words.get(erasure.subject, ()), *subject.words)
            register = register.having(erasure)
    if not words:
        return [], refused
    write_register(settings.home, register)
    _rewrite(settings, register)
    _build_and_settle(settings, words)
    said = {one.subject: one for one in read_register(settings.home).erasures}
    return [said[subject] for subject in words], refused


def resume(settings: Settings) -> list[Erasure]:
    """Bring what was broken off to its end, as the next run would, and look again where something
    was left: what a person has taken out since is left no more.

    Returns:
        What the register says of either.

    Raises:
        UsageError: what was built anew was refused.
    """
    open_ones = {one.subject for one in read_register(settings.home).erasures if one.status != DONE}
    if take_up(settings):
        _build_and_settle(settings, {})
    else:
        finish_erasures(settings)
    return [one for one in read_register(settings.home).erasures if one.subject in open_ones]


def take_up(settings: Settings) -> bool:
    """Go on with an erasure that was killed, up to the files; a run has to follow.

    Returns:
        Whether there was one.
    """
    register = read_register(settings.home)
    if not any(one.status == BEGUN for one in register.erasures):
        return False
    logger.info("an erasure was broken off and is taken up")
    _rewrite(settings, register)
    return True


def finish_erasures(settings: Settings, words: Mapping[str, Sequence[str]] | None = None) -> None:
    """Look through the home once a run has published without the person, and note the proof."""
    register = read_register(settings.home)
    open_ones = [one for one in register.erasures if one.status != DONE]
    redactor = register.redactor()
    if not open_ones or redactor is None:
        return
    drop_old_sites(settings)
    known = sorted({word for one in open_ones for word in (words or {}).get(one.subject, ())})
    found = search_home(settings, redactor, known)
    for one in open_ones:
        register = register.having(
            replace(
                one,
                # A run rewrites nothing that this one did not: a person has to.
                status=LEFT if found.residue else DONE,
                done_at=None if found.residue else utc_text(utc_now()),
                scanned_files=found.files,
                scanned_bytes=found.bytes,
                residue=found.residue,
            )
        )
    write_register(settings.home, register)


def _begun(register: Register, subject: Subject, request: Request) -> Erasure:
    begun = Erasure(
        subject=digest(register.salt, "subject", min(subject.records)),
        request_ids=(request.request_id,) if request.request_id else (),
        requested_by=getpass.getuser(),
        begun_at=utc_text(utc_now()),
        person=subject.person,
        values=subject.hashed(register.salt),
        contact_keys=(subject.new_contact_key,) if subject.new_contact_key else (),
        name_lengths=subject.name_lengths,
    )
    before = register.of(begun.subject)
    return begun.after(before) if before else begun


def _rewrite(settings: Settings, register: Register) -> None:
    redactor = register.redactor()
    if redactor is None:
        return
    begun = [one for one in register.erasures if one.status == BEGUN]
    stands = {one.subject: set(one.values.values()) - set(one.contact_keys) for one in begun}
    keys = [key for one in begun for key in one.contact_keys]
    done = rewrite_home(settings, redactor, stands, keys)
    for one in begun:
        found = done[one.subject]
        register = register.having(
            replace(one, tables=found.tables, exports=found.exports, files=found.files)
        )
    write_register(settings.home, register)


def _build_and_settle(settings: Settings, words: Mapping[str, Sequence[str]]) -> None:
    from pipelines.run import execute, told  # noqa: PLC0415 - a run takes erasures up, too

    with connection(settings.build_path) as con:
        newest = newest_batch(con)
    # By the clock of the newest batch nothing is loaded: an erasure needs no exports.
    outcome = told(execute(settings, newest))
    if outcome.status not in ("published", "unchanged"):
        raise UsageError(
            f"the person was taken out of every file, but no release was made: {outcome.message};"
            " mend it, and the next `throughline run` brings the erasure to its end"
        )
    finish_erasures(settings, words)
