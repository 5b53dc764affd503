"""The closing screen of a run."""

import json
from collections.abc import Sequence
from typing import Any

from rich.console import Console

from pipelines.reports.assumptions import as_settings
from pipelines.reports.records import Record, Report
from pipelines.screen.console import new_counts, number, say
from pipelines.screen.doors import draw_doors
from pipelines.screen.outbox import draw_told
from pipelines.screen.standing import draw_readers, draw_restated, status_style
from pipelines.settings import utc_text
from pipelines.transform.project import attribution_models

SHOWN_FILES = 12
SHOWN_CHECKS = 10
SHOWN_SAMPLES = 2
SHOWN_LAUNCHES = 5
SHOWN_LEFT_OUT = 8
REASONS = {
    "no_currency": "no currency",
    "no_rate": "no rate",
    "crosses_months": "crosses months",
    "unknown_period": "of no known period",
    "unread_day": "the day cannot be read",
}


def draw_outcome(console: Console, report: Report) -> None:
    """How a run ended: figures where it published, reasons where it did not."""
    status = report["status"]
    say(console, status.capitalize(), _headline(report), status_style(status))
    if status == "published":
        _draw_files(console, report["files"])
        _draw_checks(console, report["checks"])
        _draw_money(console, report["money"])
        _draw_credits(console, report["conversions"], report["credits"])
        _draw_operations(console, report["operations"])
        _draw_confidence(console, report["confidence"])
        _draw_rules(console, report["config"])
        _draw_assumed(console, report["assumed"])
        if report["open_erasures"]:
            said = f"requested by {', '.join(report['open_erasures'])}: `throughline erase`"
            say(console, "erasure", said, "yellow")
        if report["left_erasures"]:
            said = f"something is left of {', '.join(report['left_erasures'])}: `throughline erase`"
            say(console, "erasure", f"{said} says what to do", "yellow")
        if report["message"]:
            say(console, "but", report["message"], "yellow")
    elif status == "refused":
        _draw_failed_checks(console, report["checks"]["failed"])
    elif status == "unusable":
        _draw_file_messages(console, report["files"]["messages"], "--json lists them all")
    elif status == "failed" and report["log"]:
        say(console, "log", str(report["log"]))
    if report.get("pending"):
        say(console, "pending", f"{len(report['pending'])} files could not be read now", "yellow")
        _draw_file_messages(console, report["pending"], "--json lists them all")
    draw_doors(console, report["doors"])
    draw_told(console, report["told"])
    draw_restated(console, report)
    draw_readers(console, report)


def _headline(report: Report) -> str:
    release = report["release"]
    if report["status"] == "published" and release:
        return f"release {release['release_id']}, as of {utc_text(release['as_of_at'])}"
    if report["status"] == "refused" and report["checks"]["failed"]:
        return f"critical checks that failed: {len(report['checks']['failed'])}; nothing published"
    return str(report["message"] or "no reason was noted")


def _draw_files(console: Console, files: Report) -> None:
    table = new_counts("files", "", "rows read", "loaded", "rejected", "skipped")
    for row in files["by_status"]:
        numbers = ("files", "rows_read", "rows_loaded", "rows_rejected", "rows_skipped")
        table.add_row(row["status"], *(number(row[name]) for name in numbers))
    console.print()
    console.print(table)
    _draw_file_messages(
        console, files["messages"], "`select path, status, message from meta.files`"
    )


def _draw_file_messages(console: Console, messages: Sequence[Record], others: str) -> None:
    shown = messages[:SHOWN_FILES] if console.is_terminal else messages
    for row in shown:
        say(console, f"  {row['status']}", row["message"], "yellow")
    if len(shown) < len(messages):
        say(console, "", f"… and {len(messages) - len(shown)} more: {others}")


def _draw_checks(console: Console, checks: Report) -> None:
    counts = ", ".join(
        f"{row['severity']} {row['passed']} passed, {row['failed']} failed"
        for row in checks["by_severity"]
    )
    console.print()
    say(console, "checks", counts or "none")
    _draw_failed_checks(console, checks["failed"])


def _draw_failed_checks(console: Console, failed: Sequence[Record]) -> None:
    shown = failed[:SHOWN_CHECKS] if console.is_terminal else failed
    for row in shown:
        where = f"{row['table']}.{row['column']}" if row["column"] else row["table"]
        rows = f"{number(row['failed'])} of {number(row['evaluated'])} rows"
        if row.get("exception"):
            rows = f"could not be evaluated: {row['exception']}"
        sample = json.loads(row.get("sample_keys") or "[]")[:SHOWN_SAMPLES]
        if sample:
            rows += f", such as {', '.join(sample)}"
        said = f"{row['expectation']} on {where}: {rows}; {row['owner']}: {row['action']}"
        say(console, f"  {row['severity']}", said, _severity_style(row["severity"]))
    if len(shown) < len(failed):
        say(console, "", f"… and {len(failed) - len(shown)} more; --json lists them all")


def _severity_style(severity: str) -> str:
    return "red" if severity == "critical" else "yellow"


def _draw_money(console: Console, money: Report) -> None:
    """Spend by platform; then each amount that figures lack, why, and what would settle it."""
    currency = money["reporting_currency"]
    said = [f"{row['platform']} {_spend(row['spend_reporting'])}" for row in money["spend"]]
    console.print()
    say(console, "spend", f"{currency}: {', '.join(said)}" if said else "none by this clock")
    lines = money["left_out"]
    shown = lines[:SHOWN_LEFT_OUT] if console.is_terminal else lines
    for row in shown:
        whose = " ".join(filter(None, (row["source"], row["ad_account_id"])))
        amount = f"{row['amount']:,.2f} {row['currency'] or 'of no currency'}"
        where = f", {row['file_path']}" if row["file_path"] else ""
        said_of = f"{amount} in {number(row['record_count'])} of {whose} ({row['record_type']})"
        why = f"{REASONS[row['reason']]}{where}; settled by {row['settled_by']}"
        say(console, "  left out", f"{said_of}: {why}", "yellow")
    if len(shown) < len(lines):
        say(console, "", f"… and {len(lines) - len(shown)} more; --json lists them all")


def _draw_credits(console: Console, conversions: Record, credits: Sequence[Record]) -> None:
    console.print()
    won = f"{number(conversions['conversions'])} deals, {_amount(conversions['revenue'])}"
    if conversions["unpriced"]:
        won += f", {number(conversions['unpriced'])} of them without a rate"
    say(console, "closed won", won if conversions["conversions"] else "none by this clock")
    if not credits:
        return
    present = {row["attribution_model"] for row in credits}
    known = attribution_models()
    models = [*(model for model in known if model in present), *sorted(present - known.keys())]
    cells = {(row["channel"], row["attribution_model"]): row["credit"] for row in credits}
    table = new_counts("deals", *(model.replace("_", " ") for model in models))
    for channel in dict.fromkeys(row["channel"] for row in credits):
        table.add_row(channel, *(f"{cells.get((channel, model), 0):,.1f}" for model in models))
    console.print(table)
    fallen_back = {row["attribution_model"] for row in credits if row["is_fallback"]}
    for model in models:
        if model in fallen_back:
            said = "position-based here: nothing was solved"
            say(console, "", f"{model.replace('_', ' ')} is {said}")


def _spend(value: Any) -> str:
    return "unknown" if value is None else _amount(value)


def _amount(value: Any) -> str:
    return f"{value or 0:,.0f}"


def _draw_operations(console: Console, operations: Report) -> None:
    late = operations["late_launches"]
    named = [f"{row['campaign']} ({_slip(row['slip_days'])})" for row in late[:SHOWN_LAUNCHES]]
    more = f" and {len(late) - len(named)} more" if len(late) > len(named) else ""
    console.print()
    if not operations["registered_campaigns"]:
        said = "unknown: no campaign registry came, which says what was planned for when"
    elif late:
        said = f"{len(late)} late: {', '.join(named)}{more}"
    else:
        said = "0 late"
    say(console, "launches", said)
    say(console, "approvals", f"{number(operations['blocked_approvals'])} blocked")


def _draw_rules(console: Console, config: Any) -> None:
    console.print()
    own = f"and those of {config}" if config else "alone: no --config, no THROUGHLINE_CONFIG"
    say(console, "rules", f"what is shipped, {own}")


def _draw_assumed(console: Console, assumptions: Sequence[Record]) -> None:
    if not assumptions:
        return
    say(console, "assumed", "what nobody has confirmed:")
    for row in assumptions:
        say(console, "", row["what"])
    say(console, "", "confirm or correct it in company.yml (throughline init DIR, --config DIR):")
    for line in as_settings(assumptions).splitlines():
        say(console, "", f"  {line}")


def _slip(days: float | None) -> str:
    return "not live yet" if days is None else f"{days:g} days"


def _draw_confidence(console: Console, confidence: Sequence[Record]) -> None:
    said = ", ".join(f"{row['page']} {_share(row['confidence'])}" for row in confidence)
    say(console, "confidence", said or "no page has data to judge")
    for row in confidence:
        if row["is_below_threshold"]:
            causes = [row["costliest_source"], row["costliest_expectation"]]
            why = ", ".join(cause for cause in causes if cause) or "see quality.fct_quality_results"
            say(console, "  low", f"{row['page']}: {why}", "yellow")


def _share(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.0%}"
