"""What the command line says at the end: one screen for people, or one JSON object.

Reads a release and the build's ledger; computes no figure that a mart does not hold. Each command
first gathers a report (what --json prints), then draws it.
"""

import json
import shlex
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipelines.publish import Release, opened, published_path, published_release, rollback
from pipelines.publish.release import standing
from pipelines.run import EXIT_CODES, Outcome
from pipelines.runs import AlreadyRunningError, exclusive
from pipelines.settings import Settings

Report = dict[str, Any]
Record = dict[str, Any]

SHOWN_FILES = 12
SHOWN_CHECKS = 10
SHOWN_SAMPLES = 2
SHOWN_LAUNCHES = 5
SHOWN_RUNS = 5
LABEL_WIDTH = 14
# The clock that a simulated company's newest exports were taken at.
SIMULATED_AS_OF = "2026-10-01T06:00:00Z"
MODELS = (
    "first_touch",
    "last_touch",
    "linear",
    "time_decay",
    "position_based_40_20_40",
    "last_non_direct",
    "w_shaped",
    "full_path",
    "markov",
    "data_driven",
)

FILES_SQL = """
    select status, count(*) as files, cast(sum(rows_read) as bigint) as rows_read,
        cast(sum(rows_loaded) as bigint) as rows_loaded,
        cast(sum(rows_rejected) as bigint) as rows_rejected,
        cast(sum(rows_skipped) as bigint) as rows_skipped
    from {files} group by status order by status
"""
FILE_MESSAGES_SQL = """
    select path, status, message from {files}
    where message is not null and (status not in ('loaded', 'duplicate') or rows_rejected > 0)
    order by status, path
"""
CHECKS_SQL = """
    select severity, count(*) filter (is_success) as passed,
        count(*) filter (not is_success) as failed
    from quality.fct_quality_results group by severity order by severity
"""
FAILED_CHECKS_SQL = """
    select suite, table_schema || '.' || table_name as table, expectation,
        column_name as column, severity, failed_count as failed, evaluated_count as evaluated,
        owner, action
    from quality.fct_quality_results where not is_success
    order by severity, failed_count desc nulls last, suite, 2, 3, 4
"""
CREDITS_SQL = """
    select credits.channel, credits.attribution_model, sum(credits.credit) as credit,
        sum(credits.credited_amount) as credited_amount, bool_or(credits.is_fallback) as is_fallback
    from attribution.fct_attribution_credits as credits
    left join core.dim_channels as channels on credits.channel = channels.channel
    where credits.conversion_type = 'closed_won'
    group by credits.channel, credits.attribution_model, channels.sort_order
    order by channels.sort_order nulls last, credits.channel, credits.attribution_model
"""
CONVERSIONS_SQL = """
    select count(*) as conversions, sum(amount_reporting) as revenue
    from attribution.fct_conversions where conversion_type = 'closed_won'
"""
LAUNCHES_SQL = """
    select campaign_name as campaign, slip_days from operations.fct_campaign_launches
    where is_delayed_over_threshold order by slip_days desc nulls last, campaign_name
"""
BLOCKED_SQL = """
    select count(*) as blocked from operations.fct_approval_rounds where is_blocked
"""
CONFIDENCE_SQL = """
    select page, reporting_confidence as confidence, is_below_threshold, costliest_source,
        costliest_expectation
    from quality.fct_report_confidence where campaign_family = 'All' order by page
"""
# What the release in front restated when it was put there; money before counts, the most first.
RESTATED_SQL = """
    with newest as (
        select * from meta.restatements where release_id = '{release_id}'
            and restated_at = (select max(restated_at) from meta.restatements
                where release_id = '{release_id}')
    )
    select figure, period_month, coalesce(channel, platform) as part, unit, old_value, new_value,
        delta, cause, is_provisional, is_material, count(*) over () as figures,
        count(*) filter (is_material and not is_provisional) over () as report_affecting
    from newest
    order by unit = 'reporting currency' desc, abs(delta) desc, figure, period_month, part limit 1
"""
HAS_LEDGER_SQL = (
    "select 1 from duckdb_tables() where database_name = 'release'"
    " and schema_name = 'meta' and table_name = 'restatements'"
)
LAST_RUNS_SQL = """
    select run_id, as_of_at, started_at, finished_at,
        if(status = 'running', 'interrupted', status) as status, release_id, message
    from ops.runs order by started_at desc, run_id limit {limit}
"""
SAMPLES_SQL = """
    select table_schema || '.' || table_name as table, expectation, column_name as column,
        sample_keys
    from ops.quality_results
    where not success and suite = 'delivery'
        and as_of_at = (select as_of_at from ops.runs order by started_at desc, run_id limit 1)
"""
LAST_RUN = "(select as_of_at from ops.runs order by started_at desc, run_id limit 1)"
REFUSING_SQL = f"""
    select suite, table_schema || '.' || table_name as table, expectation,
        column_name as column, severity, failed, evaluated, owner, action, exception, sample_keys
    from ops.quality_results
    where not success and severity = 'critical' and as_of_at = {LAST_RUN}
    order by failed desc nulls last, suite, 2, 3, 4
"""


def print_outcome(outcome: Outcome, as_json: bool) -> None:
    """How a run ended: figures where it published, reasons where it did not."""
    report = report_outcome(outcome)
    if as_json:
        _print_json(report)
        return
    console = _console()
    _say(console, outcome.status.capitalize(), _headline(report), _style(outcome.status))
    if outcome.status == "published":
        _draw_files(console, report["files"])
        _draw_checks(console, report["checks"])
        _draw_credits(console, report["conversions"], report["credits"])
        _draw_operations(console, report["operations"])
        _draw_confidence(console, report["confidence"])
    elif outcome.status == "refused":
        _draw_failed_checks(console, report["checks"]["failed"])
    elif outcome.status == "unusable":
        _draw_file_messages(console, report["files"]["messages"], "--json lists them all")
    _draw_restated(console, report)
    _draw_readers(console, report)


def print_status(home: Path, as_json: bool) -> None:
    """Which release readers see, since when, and what the last runs said."""
    report = report_status(home)
    if as_json:
        _print_json(report)
        return
    console = _console()
    _draw_readers(console, report)
    _draw_restated(console, report)
    if report["under_way"]:
        _say(console, "Under way", report["under_way"], "yellow")
    if report["releases"]:
        table = _table("release", "as of (UTC)", "published (UTC)", "status")
        for release in report["releases"]:
            table.add_row(
                release["release_id"],
                _moment(release["as_of_at"]),
                _moment(release["published_at"]),
                release["status"],
            )
        console.print(table)
    for run in report["runs"]:
        said = f"{_moment(run['started_at'])} UTC"
        if run["release_id"]:
            said += f", release {run['release_id']}"
        if run["message"]:
            said += f": {run['message']}"
        _say(console, run["status"].capitalize(), said, _style(run["status"]))


def print_rollback(home: Path, release: str | None, as_json: bool) -> None:
    """Put an earlier release back, and say which."""
    before = published_release(home)
    after = rollback(home, release)
    if as_json:
        _print_json(
            {
                "status": "rolled_back",
                "home": home,
                "replaced": before.release_id if before else None,
                "release": _release(home, after),
            }
        )
        return
    console = _console()
    instead = f" instead of {before.release_id}" if before else ""
    _say(console, "Rolled back", f"readers see release {after.release_id}{instead}", "green")
    _draw_readers(console, {"release": _release(home, after), "home": home})


def print_simulated(out: Path, contacts: int, seed: int, as_json: bool) -> None:
    """Write a fictitious company, say how large it is and how to go on."""
    from pipelines.simulate import simulate  # noqa: PLC0415 - numpy, which no other command needs

    simulated = simulate(out, contacts=contacts, seed=seed)
    next_command = (
        f"throughline run --exports {shlex.quote(str(simulated.exports))} --as-of {SIMULATED_AS_OF}"
    )
    facts = asdict(simulated)
    if as_json:
        _print_json({"status": "simulated", **facts, "next": next_command})
        return
    console = _console()
    for name, value in facts.items():
        text = f"{value:,}" if isinstance(value, int | float) else str(value)
        _say(console, name.replace("_", " "), text)
    _say(console, "next", next_command, "green")


def report_outcome(outcome: Outcome) -> Report:
    """Everything that print_outcome can say. Keys of figures only exist where there are any."""
    home = outcome.settings.home
    released = published_release(home)
    report: Report = {
        "status": outcome.status,
        "exit_code": EXIT_CODES[outcome.status],
        "message": outcome.message,
        "home": home,
        "release": _release(home, released),
        "restated": _restated(home, released),
    }
    if outcome.status == "published":
        with opened(published_path(home)) as con:
            report |= _report_release(con)
        _add_samples(report["checks"]["failed"], _from_ledger(home, SAMPLES_SQL))
    elif outcome.status == "refused":
        report["checks"] = {"failed": _from_ledger(home, REFUSING_SQL)}
    elif outcome.status == "unusable":
        messages = _from_ledger(home, FILE_MESSAGES_SQL.format(files="ops.files"))
        report["files"] = {"messages": messages}
    return report


def report_status(home: Path) -> Report:
    """Everything that print_status can say."""
    found = standing(home)
    report: Report = {
        "home": home,
        "release": _release(home, found.current),
        "restated": _restated(home, found.current),
        "releases": [
            {**asdict(release), "status": found.statuses.get(release.release_id, "superseded")}
            for release in found.kept
        ],
        "runs": [],
        "under_way": None,
    }
    try:
        with _ledger(home) as ledger:
            if ledger is not None:
                report["runs"] = _records(ledger, LAST_RUNS_SQL.format(limit=SHOWN_RUNS))
    except AlreadyRunningError as error:
        report["under_way"] = str(error)
    return report


@contextmanager
def _ledger(home: Path) -> Iterator[duckdb.DuckDBPyConnection | None]:
    """The build file for reading, held like a run holds it; None if there is none.

    A reader would make a run fail that wants to write just then.
    """
    settings = Settings(exports=home, home=home)
    if not settings.build_path.exists():
        yield None
        return
    with exclusive(settings), opened(settings.build_path) as con:
        yield con


def _report_release(con: duckdb.DuckDBPyConnection) -> Report:
    return {
        "files": _report_files(con, "meta.files"),
        "checks": {
            "by_severity": _records(con, CHECKS_SQL),
            "failed": _records(con, FAILED_CHECKS_SQL),
        },
        "conversions": _records(con, CONVERSIONS_SQL)[0],
        "credits": _records(con, CREDITS_SQL),
        "operations": {
            "late_launches": _records(con, LAUNCHES_SQL),
            "blocked_approvals": _records(con, BLOCKED_SQL)[0]["blocked"],
        },
        "confidence": _records(con, CONFIDENCE_SQL),
    }


def _add_samples(failed: Iterable[Record], samples: Iterable[Record]) -> None:
    """The first failing rows of each check; the ledger knows them, a release does not."""
    keys = {(s["table"], s["expectation"], s["column"]): s["sample_keys"] for s in samples}
    for row in failed:
        row["sample_keys"] = keys.get((row["table"], row["expectation"], row["column"]))


def _from_ledger(home: Path, sql: str) -> list[Record]:
    """Rows of the build file; none if the next run has begun, which may change them."""
    try:
        with _ledger(home) as ledger:
            return _records(ledger, sql) if ledger else []
    except AlreadyRunningError:
        return []


def _report_files(con: duckdb.DuckDBPyConnection, table: str) -> Report:
    return {
        "by_status": _records(con, FILES_SQL.format(files=table)),
        "messages": _records(con, FILE_MESSAGES_SQL.format(files=table)),
    }


def _release(home: Path, release: Release | None) -> Record | None:
    if release is None:
        return None
    path = published_path(home)
    return {
        **asdict(release),
        "path": path,
        "open_with": {
            "duckdb": f"duckdb -readonly {shlex.quote(str(path))}",
            "python": f"duckdb.connect({str(path)!r}, read_only=True)",
        },
    }


def _restated(home: Path, release: Release | None) -> Record | None:
    """How many figures the release in front restated, and the largest; None if it has no ledger."""
    if release is None:
        return None
    with opened(published_path(home)) as con:
        if not con.execute(HAS_LEDGER_SQL).fetchone():
            return None
        found = _records(con, RESTATED_SQL.format(release_id=release.release_id))
    largest = found[0] if found else {"figures": 0, "report_affecting": 0}
    counts = {name: largest.pop(name) for name in ("figures", "report_affecting")}
    return {**counts, "largest": largest or None}


def _records(con: duckdb.DuckDBPyConnection, sql: str) -> list[Record]:
    result = con.execute(sql)
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _print_json(report: Report) -> None:
    _console().out(
        json.dumps(report, default=_plain, indent=2, ensure_ascii=False, allow_nan=False),
        highlight=False,
    )


def _plain(value: object) -> str | float:
    """What JSON has no type for: times as ISO 8601 in UTC, decimals as numbers, paths as text."""
    if isinstance(value, datetime):
        return value.isoformat() + "Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


def _console() -> Console:
    """Stdout. What is piped is not wrapped to a terminal's width that nobody has."""
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console.width = 120
    return console


def _style(status: str) -> str:
    return {"published": "green", "unchanged": "green"}.get(status, "red")


def _say(console: Console, what: str, said: str, style: str = "") -> None:
    """One line, `what` first; the terminal folds it, so that it can be copied whole."""
    label = (f"{what:<{LABEL_WIDTH}}", f"bold {style}".strip())
    console.print(Text.assemble(label, " ", said), soft_wrap=True)


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column(first, no_wrap=True)
    for name in others:
        table.add_column(name)
    return table


def _counts(first: str, *others: str) -> Table:
    """A table whose columns but the first hold numbers."""
    table = _table(first)
    for name in others:
        table.add_column(name, justify="right")
    return table


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment else "-"


def _number(value: Any) -> str:
    return "-" if value is None else f"{value:,}"


def _headline(report: Report) -> str:
    release = report["release"]
    if report["status"] == "published" and release:
        return f"release {release['release_id']}, as of {_moment(release['as_of_at'])} UTC"
    if report["status"] == "refused" and report["checks"]["failed"]:
        return f"critical checks that failed: {len(report['checks']['failed'])}; nothing published"
    return str(report["message"] or "no reason was noted; the log in the home says more")


def _draw_files(console: Console, files: Report) -> None:
    table = _counts("files", "", "rows read", "loaded", "rejected", "skipped")
    for row in files["by_status"]:
        numbers = ("files", "rows_read", "rows_loaded", "rows_rejected", "rows_skipped")
        table.add_row(row["status"], *(_number(row[name]) for name in numbers))
    console.print()
    console.print(table)
    _draw_file_messages(
        console, files["messages"], "`select path, status, message from meta.files`"
    )


def _draw_file_messages(console: Console, messages: Sequence[Record], others: str) -> None:
    shown = messages[:SHOWN_FILES] if console.is_terminal else messages
    for row in shown:
        _say(console, f"  {row['status']}", row["message"], "yellow")
    if len(shown) < len(messages):
        _say(console, "", f"… and {len(messages) - len(shown)} more: {others}")


def _draw_checks(console: Console, checks: Report) -> None:
    counts = ", ".join(
        f"{row['severity']} {row['passed']} passed, {row['failed']} failed"
        for row in checks["by_severity"]
    )
    console.print()
    _say(console, "checks", counts or "none")
    _draw_failed_checks(console, checks["failed"])


def _draw_failed_checks(console: Console, failed: Sequence[Record]) -> None:
    shown = failed[:SHOWN_CHECKS] if console.is_terminal else failed
    for row in shown:
        where = f"{row['table']}.{row['column']}" if row["column"] else row["table"]
        rows = f"{_number(row['failed'])} of {_number(row['evaluated'])} rows"
        if row.get("exception"):
            rows = f"could not be evaluated: {row['exception']}"
        sample = json.loads(row.get("sample_keys") or "[]")[:SHOWN_SAMPLES]
        if sample:
            rows += f", such as {', '.join(sample)}"
        said = f"{row['expectation']} on {where}: {rows}; {row['owner']}: {row['action']}"
        _say(console, f"  {row['severity']}", said, _severity_style(row["severity"]))
    if len(shown) < len(failed):
        _say(console, "", f"… and {len(failed) - len(shown)} more; --json lists them all")


def _severity_style(severity: str) -> str:
    return "red" if severity == "critical" else "yellow"


def _draw_credits(console: Console, conversions: Record, credits: Sequence[Record]) -> None:
    console.print()
    won = f"{_number(conversions['conversions'])} deals, {_amount(conversions['revenue'])}"
    _say(console, "closed won", won if conversions["conversions"] else "none by this clock")
    if not credits:
        return
    present = {row["attribution_model"] for row in credits}
    models = [*(model for model in MODELS if model in present), *sorted(present - set(MODELS))]
    cells = {(row["channel"], row["attribution_model"]): row["credit"] for row in credits}
    table = _counts("deals", *(model.replace("_", " ") for model in models))
    for channel in dict.fromkeys(row["channel"] for row in credits):
        table.add_row(channel, *(f"{cells.get((channel, model), 0):,.1f}" for model in models))
    console.print(table)
    fallen_back = {row["attribution_model"] for row in credits if row["is_fallback"]}
    for model in models:
        if model in fallen_back:
            said = "position-based here: too few conversions to learn from"
            _say(console, "", f"{model.replace('_', ' ')} is {said}")


def _amount(value: Any) -> str:
    return f"{value or 0:,.0f}"


def _draw_operations(console: Console, operations: Report) -> None:
    late = operations["late_launches"]
    named = [f"{row['campaign']} ({_slip(row['slip_days'])})" for row in late[:SHOWN_LAUNCHES]]
    more = f" and {len(late) - len(named)} more" if len(late) > len(named) else ""
    console.print()
    _say(console, "launches", f"{len(late)} late: {', '.join(named)}{more}" if late else "0 late")
    _say(console, "approvals", f"{_number(operations['blocked_approvals'])} blocked")


def _slip(days: float | None) -> str:
    return "not live yet" if days is None else f"{days:g} days"


def _draw_confidence(console: Console, confidence: Sequence[Record]) -> None:
    said = ", ".join(f"{row['page']} {_share(row['confidence'])}" for row in confidence)
    _say(console, "confidence", said or "no page has data to judge")
    for row in confidence:
        if row["is_below_threshold"]:
            causes = [row["costliest_source"], row["costliest_expectation"]]
            why = ", ".join(cause for cause in causes if cause) or "see quality.fct_quality_results"
            _say(console, "  low", f"{row['page']}: {why}", "yellow")


def _share(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.0%}"


def _draw_restated(console: Console, report: Report) -> None:
    """One line: how many figures of a past month are not what was published before."""
    restated = report["restated"]
    if not restated or not restated["largest"]:
        return
    most = restated["largest"]
    digits = ",.2f" if most["unit"] == "reporting currency" else ",.6g"
    named = " ".join(
        part for part in (most["figure"], f"{most['period_month']:%Y-%m}", most["part"]) if part
    )
    _say(
        console,
        "restated",
        f"{restated['figures']:,} figures, {restated['report_affecting']:,} of them by more than"
        f" 1 % in a closed month; most: {named} {most['old_value']:{digits}} ->"
        f" {most['new_value']:{digits}} ({most['cause'].replace('_', ' ')})",
        "yellow" if restated["report_affecting"] else "",
    )


def _draw_readers(console: Console, report: Report) -> None:
    release = report["release"]
    console.print()
    if release is None:
        _say(console, "readers", f"see nothing: {report['home']} holds no published release")
        return
    _say(
        console,
        "readers",
        f"see release {release['release_id']}, as of {_moment(release['as_of_at'])} UTC,"
        f" since {_moment(release['published_at'])} UTC",
    )
    _say(console, "open it", release["open_with"]["duckdb"])
    _say(console, "in Python", release["open_with"]["python"])
