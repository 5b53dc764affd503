"""What `throughline erase` did, and what the register says; no word of a person in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipelines.erasure.erase import Request, erase, open_requests, resume
from pipelines.erasure.register import Erasure, read_register
from pipelines.reports.records import Record, Report
from pipelines.runs import connection
from pipelines.settings import Settings, UsageError

OUTSIDE = (
    "Outside the home nothing was changed: take the person out of these exports where they lie, out"
    " of what you copied or exported yourself, of backups, and of your own rules. Until then the"
    " loader takes the person out of each delivery"
)


MEND = (
    "something still tells of the person: a file that people laid below the home is theirs to take"
    " away; of a file that is called after the person, rename the export and `throughline forget`"
    " the old one; then `throughline erase` looks again. Nothing is built for it until then"
)


def report_erase(settings: Settings, named: Sequence[str]) -> Report:
    """Erase who is named, or all whom the template erasure_requests asks for.

    Raises:
        UsageError: there is no warehouse, nobody is called so, or no release could be made.
    """
    if not settings.build_path.exists():
        raise UsageError(f"{settings.home} holds no warehouse; `throughline run` makes one")
    done = resume(settings)
    requests = [Request((name,)) for name in named]
    if not named:
        with connection(settings.build_path) as con:
            requests = open_requests(con, read_register(settings.home))
    erased, refused = erase(settings, requests) if requests else ([], [])
    if refused and not erased:
        raise UsageError("; ".join(refused))
    done += erased
    exports = sorted({path for one in done for path in one.exports})
    return {
        "home": settings.home,
        "erasures": [_record(one) for one in done],
        "refused": refused,
        "is_complete": not refused and all(one.status == "done" for one in done),
        "exports": exports,
        "mend": MEND if any(one.residue for one in done) else None,
        "next": OUTSIDE if exports else None,
    }


def report_erasures(home: Path) -> Report:
    """The register with its proofs."""
    erasures = read_register(home).erasures
    return {
        "home": home,
        "erasures": [_record(one) for one in erasures],
        "refused": [],
        "is_complete": all(one.status == "done" for one in erasures),
        "exports": sorted({path for one in erasures for path in one.exports}),
        "mend": MEND if any(one.residue for one in erasures) else None,
        "next": OUTSIDE if erasures else None,
    }


def _record(one: Erasure) -> Record:
    return {
        "subject": one.subject,
        "request_ids": list(one.request_ids),
        "requested_by": one.requested_by,
        "status": one.status,
        "begun_at": one.begun_at,
        "done_at": one.done_at,
        "person": one.person,
        "rows": sum(one.tables.values()),
        "tables": dict(one.tables),
        "files": list(one.files),
        "scanned_files": one.scanned_files,
        "scanned_bytes": one.scanned_bytes,
        "residue": list(one.residue),
    }
