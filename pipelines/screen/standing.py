"""What readers see and could see: the screens of `status` and `rollback`."""

from collections.abc import Sequence
from decimal import Decimal

from rich.console import Console

from pipelines.reports.records import Record, Report
from pipelines.screen.console import new_table, say
from pipelines.screen.doors import draw_doors
from pipelines.settings import utc_text


def draw_status(console: Console, report: Report) -> None:
    """Which release readers see, since when, and what the last runs said."""
    draw_readers(console, report)
    draw_restated(console, report)
    draw_needs(console, report["needs"])
    if report["unsent"]:
        said = f"{report['unsent']} were not delivered: `throughline outbox` says why"
        say(console, "messages", said, "yellow")
    if report["under_way"]:
        say(console, "Under way", report["under_way"], "yellow")
    if report["releases"]:
        table = new_table("release", "as of", "published", "status")
        for release in report["releases"]:
            table.add_row(
                release["release_id"],
                utc_text(release["as_of_at"]),
                utc_text(release["published_at"]),
                release["status"],
            )
        console.print(table)
    for run in report["runs"]:
        said = f"{utc_text(run['started_at'])}"
        if run["release_id"]:
            said += f", release {run['release_id']}"
        if run["message"]:
            said += f": {run['message']}"
        say(console, run["status"].capitalize(), said, status_style(run["status"]))


def draw_rollback(console: Console, report: Report) -> None:
    """Which release was put back."""
    instead = f" instead of {report['replaced']}" if report["replaced"] else ""
    after = report["release"]["release_id"]
    say(console, "Rolled back", f"readers see release {after}{instead}", "green")
    draw_doors(console, report["doors"])
    if report["message"]:
        say(console, "", report["message"], "yellow")
    draw_readers(console, report)


def draw_needs(console: Console, needs: Sequence[Record]) -> None:
    """What needs a person today, by whom, and what to do about it."""
    for number, row in enumerate(needs, start=1):
        who = row["owner_name"] or "whoever runs the warehouse"
        due = f", due {utc_text(row['due_at'])}" if row["due_at"] else ""
        say(console, f"needs you {number}", f"{row['sentence']} ({who}{due})", "yellow")
        say(console, "", row["next_step"])
    if needs and needs[0]["items"] > len(needs):
        more = needs[0]["items"] - len(needs)
        say(console, "", f"… and {more} more: `from operations.fct_attention_items`")


def draw_restated(console: Console, report: Report) -> None:
    """One line: how many figures of a past month are not what was published before."""
    restated = report["restated"]
    if not restated or not restated["largest"]:
        return
    most = restated["largest"]
    is_money = most["unit"] == "reporting currency"
    before, now = (
        said_of_figure(most[f"{when}_value"], is_money=is_money) for when in ("old", "new")
    )
    count = restated["figures"]
    named = " ".join(
        part for part in (most["figure"], f"{most['period_month']:%Y-%m}", most["part"]) if part
    )
    say(
        console,
        "restated",
        f"{count:,} figure{'' if count == 1 else 's'}, {restated['report_affecting']:,} of them by"
        f" more than 1 % in a closed month; most: {named} {before} -> {now}"
        f" ({most['cause'].replace('_', ' ')})",
        "yellow" if restated["report_affecting"] else "",
    )


def said_of_figure(value: Decimal | float, *, is_money: bool) -> str:
    """A figure for people: money to the cent, counts whole, shares to six digits."""
    if is_money:
        return f"{value:,.2f}"
    share = float(value)
    return f"{share:.6g}" if abs(share) < 1 else f"{value:,.2f}".removesuffix(".00")


def draw_readers(console: Console, report: Report) -> None:
    """Which release readers see, and how to open it."""
    release = report["release"]
    console.print()
    if release is None:
        say(console, "readers", f"see nothing: {report['home']} holds no published release")
        return
    say(
        console,
        "readers",
        f"see release {release['release_id']}, as of {utc_text(release['as_of_at'])},"
        f" since {utc_text(release['published_at'])}",
    )
    if release["site"]:
        say(console, "look at it", str(release["site"]))
    say(console, "open it", release["open_with"]["duckdb"])
    say(console, "in Python", release["open_with"]["python"])


def status_style(status: str) -> str:
    """The colour of a run's end."""
    return {"published": "green", "unchanged": "green"}.get(status, "red")
