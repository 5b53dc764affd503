"""The chain behind a figure, a conversion or a contact."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console

from pipelines.reports.records import Record, Report
from pipelines.screen.console import new_table, number, say
from pipelines.settings import utc_text

TOUCH_COLUMNS = (
    *("touch_id", "touched_at", "channel", "source", "medium", "campaign_name"),
    "link_reason",
)
FOUND_COLUMNS = ("touch_id", "touch_type", "source_system", "found_in")
CREDIT_COLUMNS = (
    *("attribution_model", "channel", "touch_position", "credit", "credited_amount"),
    *("evidence_weight", "touch_id"),
)
CONVERSION_COLUMNS = ("conversion_id", "conversion_type", "amount_reporting", "converted_at")
CREDITED_COLUMNS = ("conversion_id", "credit", "credited_amount", "touches", "converted_at")
# The CRM shows what a deal is worth now, and knows of no refund.
CHANGES = {
    "refund": ("refund", "not taken from the amount above; attribution.fct_net_revenue has it"),
    "amount_change": ("corrected", "the amount above has it"),
}
SHOWN_CONVERSIONS = 10
SHOWN_TOUCHES = 50


def draw_explained(console: Console, report: Report) -> None:
    """The figure or the record, what it was made of, by which release; or what a check found."""
    if report["kind"] == "check":
        for check in report["checks"]:
            _draw_check(console, check)
        return
    if report["kind"] == "channel":
        _draw_figure(console, report)
    else:
        for name, value in report[report["kind"]].items():
            say(console, name, _cell(value))
        for change in report.get("changes", ()):
            _draw_change(console, change)
        credits = report.get("credits", ())
        _draw_table(console, "model", credits, CREDIT_COLUMNS, SHOWN_TOUCHES * 2)
        for reason in report.get("reasons", ()):
            say(console, reason["about"], reason["said"])
        conversions = report.get("conversions", ())
        _draw_table(console, "conversion", conversions, CONVERSION_COLUMNS, SHOWN_CONVERSIONS)
        touches = report["touches"]
        _draw_table(console, "touch", touches, TOUCH_COLUMNS, SHOWN_TOUCHES)
        if report["files_note"] is None:
            found = [_found(touch) for touch in touches]
            _draw_table(console, "touch", found, FOUND_COLUMNS, SHOWN_TOUCHES)
    console.print()
    _draw_files(console, report)
    console.print()
    for step in report["lineage"]:
        if step["kind"] in ("model", "source"):
            say(console, step["kind"], f"{step['schema']}.{step['name']}  {step['path']}")
    compiled = next((step["compiled"] for step in report["lineage"] if step["compiled"]), None)
    if compiled:
        say(
            console,
            "compiled",
            f"{compiled} and its neighbours; ops.clock holds the clock",
        )
    console.print()
    for check in report["checks"]:
        said = f"{check['severity']} {check['passed']} passed, {check['failed']} failed"
        say(console, "checks", said)
    release = report["release"]
    say(
        console,
        "release",
        f"{release['release_id']}, as of {utc_text(release['as_of_at'])}, rules"
        f" {release['config_version'][:12]}",
    )


def _draw_change(console: Console, change: Record) -> None:
    about, said = CHANGES[change["change_type"]]
    why = f" ({change['reason']})" if change["reason"] else ""
    amount = f"{change['amount_delta']:+} {change['currency'] or ''}".strip()
    say(console, about, f"{amount} on {_cell(change['booked_date'])}{why}: {said}")


def _draw_check(console: Console, check: Record) -> None:
    is_held = check["success"]
    found = f"{number(check['failed'])} of {number(check['evaluated'])} failed"
    said = check["exception"] or ("holds" if is_held else found)
    say(console, "check", f"{check['check_name']}: {said}", "green" if is_held else "red")
    say(console, "", f"{check['severity']}, {check['dimension']}; {check['owner']}")
    if not is_held:
        say(console, "to do", check["action"])
        say(console, "since", f"as of {_cell(check['failing_since'])}")
    held = sum(run["success"] for run in check["history"])
    runs = len(check["history"])
    say(
        console,
        "history",
        f"held in {held} of {runs} runs, newest as of {_cell(check['as_of_at'])}",
    )
    for key in check["sample_keys"]:
        say(console, "such as", key)
    for row in check["rows"][:SHOWN_CONVERSIONS]:
        say(console, "row", f"{row['path']} row {row['row_number']}")
    if len(check["rows"]) > SHOWN_CONVERSIONS:
        more = len(check["rows"]) - SHOWN_CONVERSIONS
        say(console, "", f"… and {more} more: --json lists them all")
    say(console, "marts", ", ".join(check["marts"]) or "none rests on it")
    say(console, "pages", ", ".join(check["pages"]) or "none rests on it")
    console.print()


def _draw_figure(console: Console, report: Report) -> None:
    figure, spend = report["figure"], report["spend"]
    say(
        console,
        "figure",
        f"{report['channel']}, {report['conversion_type']} by {report['attribution_model']}:"
        f" {_cell(figure['credit'])} conversions, amount {number(figure['credited_amount'])},"
        f" of that sure {_cell(figure['confident_credit'])}",
    )
    if spend["campaign_days"]:
        say(
            console,
            "spend",
            f"{number(spend['spend_reporting'])} on {spend['campaign_days']:,} days of campaigns,"
            f" {_cell(spend['first_day'])} to {_cell(spend['last_day'])}",
        )
    for sql in (report["sql"], report["spend_sql"]):
        console.print()
        console.print(sql, soft_wrap=True)
    _draw_table(console, "conversion", report["conversions"], CREDITED_COLUMNS, SHOWN_CONVERSIONS)


def _draw_files(console: Console, report: Report) -> None:
    for file in report.get("record_files", ()):
        said = file["evidence"].replace("_", " ")
        where = f"{file['path']} row {_shortened(file['rows'])}  ({said})"
        say(console, f"{file['subject']} in", where)
    # Of single touches the table above has said it.
    shown = ("touch_files", "spend_files") if report["kind"] == "channel" else ()
    for key in shown:
        title = key.replace("_files", " in")
        for file in report.get(key, ()):
            say(console, title, f"{file['path']} row {_shortened(file['rows'])}")
    if report["files_note"]:
        say(console, "files", report["files_note"], "yellow")
    else:
        say(console, "rows", "records of a file from 1, its header and preamble not counted")


def _draw_table(
    console: Console, title: str, rows: Sequence[Record], columns: Sequence[str], limit: int
) -> None:
    if not rows:
        return
    table = new_table(title, *(column.replace("_", " ") for column in columns[1:]))
    for row in rows[:limit]:
        table.add_row(*(_cell(row[column]) for column in columns))
    console.print()
    console.print(table)
    if len(rows) > limit:
        say(console, "", f"… and {len(rows) - limit} more: --json lists them all")


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if hasattr(value, "isoformat"):
        return utc_text(value) if hasattr(value, "hour") else str(value.isoformat())
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def _found(touch: Record) -> Record:
    """A touch with the places of its rows in one cell."""
    places = [
        f"{file['path']} row {_shortened(file['rows'], 3)}" for file in touch.get("files", ())
    ]
    return {**touch, "found_in": "; ".join(places) or None}


def _shortened(runs: Sequence[str], limit: int = 8) -> str:
    more = f" and {len(runs) - limit} more" if len(runs) > limit else ""
    return ", ".join(runs[:limit]) + more
