"""What people were told: the screen of `outbox`, and a line of `run`."""

from rich.console import Console

from pipelines.reports.records import Record, Report
from pipelines.screen.console import new_table, say
from pipelines.settings import utc_text

STYLES = {"queued": "yellow", "unconfirmed": "red", "sending": "yellow"}


def draw_outbox(console: Console, report: Report) -> None:
    """What waits and why, what may have been lost and how to repeat it, what was sent."""
    for row in report["open"]:
        to = f"{row['channel']} to {row['recipient']}: {row['subject']}"
        why = f" ({row['last_error']})" if row["last_error"] else ""
        again = ""
        if row["status"] == "unconfirmed":
            again = f"; if it did not arrive: throughline outbox --resend {row['message_id']}"
        say(console, row["status"].capitalize(), f"{to}{why}{again}", STYLES[row["status"]])
    if report["sent"]:
        table = new_table("sent", "by", "to", "subject")
        for row in report["sent"]:
            at = utc_text(row["sent_at"].replace(microsecond=0))
            table.add_row(at, row["channel"], row["recipient"], row["subject"])
        console.print(table)
    if not report["open"] and not report["sent"]:
        say(console, "outbox", "nobody had to be told anything yet")


def draw_told(console: Console, told: Record | None) -> None:
    """One line on what left for people, and one on each thing in the way."""
    if not told or not (told["sent"] or told["waiting"] or told["unconfirmed"]):
        return
    counts = [f"{told[name]} {name}" for name in ("sent", "waiting", "unconfirmed") if told[name]]
    console.print()
    say(console, "messages", f"{', '.join(counts)}; `throughline outbox` lists them")
    for reason in told["reasons"]:
        say(console, "  not sent", reason, "yellow")
