"""The table between what is to be told and what was: ops.outbox, with ops.notices beside it.

One row of ops.notices a notice that was ever queued, one row of ops.outbox a message and recipient.
A row is 'sending' for as long as it is handed over; found so by a later run, it was cut off there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from pipelines.ingest.environment import transaction
from pipelines.outbox.channels import Channel, Message, NotDeliveredError, UnconfirmedError
from pipelines.outbox.notices import Notice
from pipelines.settings import UsageError


@dataclass(frozen=True)
class Delivery:
    """What became of what was waiting.

    Attributes:
        sent: messages that were delivered now.
        waiting: those that were surely not; the next run tries again.
        unconfirmed: those of which nobody knows; a person decides.
        reasons: why, a line each.
    """

    sent: int = 0
    waiting: int = 0
    unconfirmed: int = 0
    reasons: tuple[str, ...] = ()


def queue(
    con: duckdb.DuckDBPyConnection,
    notices: Iterable[Notice],
    channels: Mapping[str, Channel],
    compose: Callable[[str, Sequence[Notice]], Message],
    at: datetime,
) -> int:
    """Put what was never told into the outbox, one message a recipient; all of it or nothing.

    Args:
        con: the build file.
        notices: what holds now.
        channels: the ways out, by name.
        compose: makes a message of its id and notices.
        at: the wall clock, naive UTC.

    Returns:
        How many notices were new.
    """
    known = {row[0] for row in con.execute("select notice_id from ops.notices").fetchall()}
    new = [notice for notice in notices if notice.notice_id not in known]
    if not new:
        return 0
    with transaction(con):
        con.executemany(
            "insert into ops.notices values (?, ?)", [[notice.notice_id, at] for notice in new]
        )
        for name, channel in channels.items():
            for recipient, people in channel.recipients.items():
                theirs = [n for n in new if people is None or people & set(n.people)]
                if theirs:
                    message = compose(_message_id(name, recipient, theirs), theirs)
                    con.execute(
                        "insert into ops.outbox by name select ? as message_id, ? as channel,"
                        " ? as recipient, ? as queued_at, 'queued' as status, 0 as attempts,"
                        " ? as subject, ? as body, ? as html",
                        [message.message_id, name, recipient, at, *message.content],
                    )
    return len(new)


def _message_id(channel: str, recipient: str, notices: Iterable[Notice]) -> str:
    parts = [channel, recipient, *sorted(notice.notice_id for notice in notices)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def deliver(
    con: duckdb.DuckDBPyConnection, channels: Mapping[str, Channel], now: Callable[[], datetime]
) -> Delivery:
    """Send what waits, in the order in which it was queued.

    What an earlier process was cut off in is sent again where twice leaves one, as a file does;
    else it stays, as unconfirmed, until a person says `throughline outbox --resend`.
    """
    repeatable = [name for name, channel in channels.items() if channel.is_repeatable]
    con.execute(
        "update ops.outbox set"
        " status = if(list_contains(?, channel), 'queued', 'unconfirmed'),"
        " last_error = 'cut off while it was sent'"
        " where status = 'sending'",
        [repeatable],
    )
    rows = con.execute(
        "select message_id, channel, recipient, subject, body, html from ops.outbox"
        " where status = 'queued' order by queued_at, channel, recipient, message_id"
    ).fetchall()
    sent, unconfirmed, reasons = 0, 0, []
    for message_id, name, recipient, *content in rows:
        channel = channels.get(name)
        if channel is None:
            reasons.append(f"{name}: company.yml has no notify.{name} any more")
            continue
        con.execute(
            "update ops.outbox set status = 'sending', attempts = attempts + 1"
            " where message_id = ?",
            [message_id],
        )
        status, error = "sent", None
        try:
            channel.send(Message(message_id, *content), recipient)
            sent += 1
        except NotDeliveredError as not_delivered:
            status, error = "queued", str(not_delivered)
        except UnconfirmedError as unknown:
            status, error = "unconfirmed", str(unknown)
            unconfirmed += 1
        con.execute(
            "update ops.outbox set status = ?, last_error = ?, sent_at = ? where message_id = ?",
            [status, error, now() if status == "sent" else None, message_id],
        )
        if error:
            reasons.append(f"{name} to {recipient}: {error}")
    return Delivery(
        sent, len(rows) - sent - unconfirmed, unconfirmed, tuple(dict.fromkeys(reasons))
    )


def send_again(con: duckdb.DuckDBPyConnection, message_id: str) -> None:
    """Have a message go out once more, because a person says that it did not arrive.

    Raises:
        UsageError: there is no such message, or it waits anyway.
    """
    row = con.execute("select status from ops.outbox where message_id = ?", [message_id]).fetchone()
    if row is None:
        raise UsageError(f"there is no message {message_id}; `throughline outbox` lists them")
    if row[0] == "queued":
        raise UsageError(f"message {message_id} waits to be sent; the next run sends it")
    con.execute("update ops.outbox set status = 'queued' where message_id = ?", [message_id])
