"""What people were told, what waits to be sent, and what may have been lost."""

from pathlib import Path

from pipelines.outbox import company_channels, deliver, send_again
from pipelines.reports.records import Report, build_file, records
from pipelines.runs import connection, exclusive
from pipelines.settings import Settings, UsageError, utc_now

SHOWN_SENT = 20
COLUMNS = "message_id, channel, recipient, subject, status, attempts, queued_at, last_error"
OPEN_SQL = f"""
    select {COLUMNS} from ops.outbox where status <> 'sent' order by queued_at, message_id
"""
SENT_SQL = f"""
    select {COLUMNS}, sent_at from ops.outbox where status = 'sent'
    order by sent_at desc, message_id limit {SHOWN_SENT}
"""


def report_outbox(home: Path) -> Report:
    """The messages that are not delivered, and the last that are.

    Raises:
        UsageError: there is no warehouse.
        AlreadyRunningError: a run is under way.
    """
    with build_file(home) as con:
        if con is None:
            raise UsageError(f"there is no warehouse in {home}; name the one you mean with --home")
        return {"home": home, "open": records(con, OPEN_SQL), "sent": records(con, SENT_SQL)}


def send_outbox(home: Path, message_id: str | None = None) -> None:
    """Send what waits, and a message that did not arrive.

    Raises:
        UsageError: there is no warehouse or no such message; a run is under way.
    """
    settings = Settings(exports=home, home=home)
    if not settings.build_path.exists():
        raise UsageError(f"there is no warehouse in {home}; name the one you mean with --home")
    channels = company_channels(settings)
    with exclusive(settings, "`throughline outbox`"), connection(settings.build_path) as con:
        if message_id:
            send_again(con, message_id)
        deliver(con, channels, utc_now)
