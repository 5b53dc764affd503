"""The last step of a run: what is new is queued, and what waits is sent."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from pipelines.outbox.channels import FILE, Channel, Message, channels_of
from pipelines.outbox.notices import Notice, notices_of_release, notices_of_run
from pipelines.outbox.queue import Delivery, deliver, queue
from pipelines.project import project
from pipelines.publish import Release, opened, published_path, published_release
from pipelines.runs import connection
from pipelines.settings import Settings, secret, utc_now, utc_text

# An older pack is of a meeting that is over.
PACKS_SENT = timedelta(days=7)

logger = logging.getLogger(__name__)


def tell(
    settings: Settings, status: str, message: str | None = None, also: Sequence[Notice] = ()
) -> Delivery:
    """Queue what is new, of a run that has ended and of the release in front; send what waits.

    Whoever calls it holds the warehouse. What cannot be delivered is in the outcome and the log,
    and never in the way of a run.

    Args:
        settings: where.
        status: how the run ended, as ops.runs has it.
        message: what it said.
        also: what else somebody has to know.

    Raises:
        UsageError: company.yml names a variable that is not set.
    """
    channels = company_channels(settings)
    release = published_release(settings.home)
    notices = list(also)
    with connection(settings.build_path) as con:
        # Nothing new: what waits is sent, and nobody looks for more.
        if status != "unchanged":
            notices += notices_of_run(con, status, message)
        if status == "published":
            with opened(published_path(settings.home)) as released:
                notices += notices_of_release(released)
        queue(con, notices, channels, lambda key, new: compose(key, new, release), utc_now())
        queue_packs(con, settings, channels)
        done = deliver(con, channels, utc_now)
    for reason in done.reasons:
        logger.warning("not delivered: %s", reason)
    return done


def queue_packs(
    con: duckdb.DuckDBPyConnection, settings: Settings, channels: Mapping[str, Channel]
) -> None:
    """Put the packs of the last days into the outbox that nobody was sent yet, a message each.

    They lie in files, so whoever holds the warehouse next sends what another made meanwhile.
    """
    oldest = (utc_now() - PACKS_SENT).date().isoformat()
    # A pack is a file already.
    others = {name: channel for name, channel in channels.items() if name != FILE}
    for path in sorted(settings.packs_dir.glob("*.md")):
        if path.name >= oldest:
            queue(con, [Notice(f"pack:{path.stem}", "", "")], others, _pack_of(path), utc_now())


def _pack_of(path: Path) -> Callable[[str, Sequence[Notice]], Message]:
    text = path.read_text(encoding="utf-8")
    page = path.with_suffix(".html").read_text(encoding="utf-8")
    title = text.partition("\n")[0].removeprefix("# ")
    return lambda message_id, _: Message(message_id, title, text, page)


def company_channels(settings: Settings) -> dict[str, Channel]:
    """The ways out that the company of this process has.

    Raises:
        UsageError: company.yml names a variable that is not set.
    """
    company = project().company
    return channels_of(settings, _with_secrets(company.notify) if company else {})


def _with_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _with_secrets(inner) for name, inner in value.items()}
    return secret(value) if isinstance(value, str) else value


def compose(message_id: str, notices: Sequence[Notice], release: Release | None) -> Message:
    """A message of what is new, the most urgent first, as it stands in text and mail alike."""
    company = project().company
    whose = f"{company.name}: " if company and company.name else ""
    count = len(notices)
    subject = f"{whose}{count} thing{'s' * (count > 1)} need{'s' * (count == 1)} a person"
    if count == 1:
        subject = f"{whose}{notices[0].sentence}"
    paragraphs = [_paragraph(number, notice) for number, notice in enumerate(notices, start=1)]
    if release is not None:
        paragraphs.append(f"By release {release.release_id}, as of {_clock(release.as_of_at)}.")
    return Message(message_id, subject, "\n\n".join(paragraphs) + "\n")


def _clock(moment: datetime) -> str:
    return utc_text(moment.replace(microsecond=0))


def _paragraph(number: int, notice: Notice) -> str:
    owner, *backup = notice.people or ("whoever runs the warehouse",)
    stands_in = f" (stands in: {', '.join(backup)})" if backup else ""
    due = f"; due {notice.due}" if notice.due else ""
    return f"{number}. {notice.sentence}\n   Owner: {owner}{stands_in}{due}\n   {notice.next_step}"
