"""The packs of the week's meetings, made now."""

from datetime import UTC, date, datetime
from pathlib import Path

from pipelines.outbox import tell
from pipelines.packs import ceremonies, due_on, make_pack, reporting_zone
from pipelines.reports.records import Report
from pipelines.runs import AlreadyRunningError, exclusive
from pipelines.settings import Settings, UsageError
from pipelines.strict import one_of


def report_packs(home: Path, name: str | None, day: str | None) -> Report:
    """Make the pack of a meeting, or of all that are due on a day, and send what is new.

    Raises:
        UsageError: there is no such meeting, the day is none, or readers see no release yet.
    """
    settings = Settings(exports=home, home=home)
    known = ceremonies()
    if name is not None and name not in known:
        raise UsageError(f"there is no meeting {name}, expected {one_of(name, known)}")
    held_on = day_named(day)
    wanted = [known[name]] if name else [c for c in known.values() if due_on(c, held_on)]
    packs = [make_pack(settings, ceremony, held_on) for ceremony in wanted]
    told = None
    if packs:
        try:
            with exclusive(settings, "`throughline pack`"):
                told = tell(settings, "unchanged")
        except AlreadyRunningError:
            # The run that is under way sends them at its end.
            told = None
    return {
        "home": home,
        "day": held_on,
        "packs": [
            {"ceremony": pack.ceremony.name, "title": pack.title, "path": pack.page}
            for pack in packs
        ],
        "told": None if told is None else {"sent": told.sent, "reasons": told.reasons},
    }


def day_named(text: str | None) -> date:
    """The day of an option --day; today in the reporting time zone, if left out.

    Raises:
        UsageError: it is no day.
    """
    if text is None:
        return datetime.now(UTC).astimezone(reporting_zone()).date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--day {text!r} is no day; write for example 2026-10-05") from error
