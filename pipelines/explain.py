"""Where a number comes from: from the figure over the SQL and the touches to the rows of the files.

Reads the release for figures and the build file for the rows behind them, both read-only. Computes
nothing that a mart does not hold; says which models it went through, by dbt's own graph. Which rows
a touch, a contact, a deal or a day's spend was made of is the business of models
(intermediate/lineage): a new vendor or kind of touch is a branch there and nothing here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.publish import opened, published_path, published_release
from pipelines.runs import AlreadyRunningError, exclusive
from pipelines.settings import Settings, UsageError
from pipelines.sql import literal
from pipelines.summary import _console, _moment, _number, _print_json, _say, _table
from pipelines.transform.manifest import current_manifest

Record = dict[str, Any]
Report = dict[str, Any]

KEY = re.compile(r"[0-9a-f]{32}")
CREDITS = "fct_attribution_credits"
SHOWN_CONVERSIONS = 10
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
SHOWN_TOUCHES = 50

CONVERSION_SQL = """
    select conversion_id, conversion_type, contact_key, account_key, opportunity_id, credit_scope,
        amount, currency, amount_reporting, fx_rate_date, converted_at
    from attribution.fct_conversions where conversion_id = $id
"""
CREDITS_SQL = """
    select attribution_model, touch_id, channel, touch_position, touch_count, credit,
        credited_amount, evidence_weight
    from attribution.fct_attribution_credits where conversion_id = $id
    order by attribution_model, touch_position nulls last, touch_id
"""
CONVERSION_TOUCHES_SQL = """
    select distinct touches.touch_id, touches.touched_at, touches.touch_type, touches.channel,
        touches.source, touches.medium, campaigns.campaign_name, touches.link_reason
    from attribution.fct_attribution_credits as credits
    inner join attribution.fct_touches as touches on credits.touch_id = touches.touch_id
    left join core.dim_campaigns as campaigns on touches.campaign_key = campaigns.campaign_key
    where credits.conversion_id = $id order by touches.touched_at, touches.touch_id
"""
CONTACT_SQL = """
    select contacts.*, scores.score, scores.score_band
    from core.dim_contacts as contacts
    left join funnel.fct_lead_scores as scores on contacts.contact_key = scores.contact_key
    where contacts.contact_key = $id
"""
CONTACT_TOUCHES_SQL = """
    select touches.touch_id, touches.touched_at, touches.touch_type, touches.channel,
        touches.source, touches.medium, campaigns.campaign_name, touches.link_reason
    from attribution.fct_touches as touches
    left join core.dim_campaigns as campaigns on touches.campaign_key = campaigns.campaign_key
    where touches.contact_key = $id order by touches.touched_at, touches.touch_id
"""
CONTACT_CONVERSIONS_SQL = """
    select conversion_id, conversion_type, amount_reporting, converted_at
    from attribution.fct_conversions where contact_key = $id order by converted_at, conversion_type
"""
HEADLINE_SQL = """
    select attribution_model from attribution.fct_channel_performance_daily
    where is_headline_model limit 1
"""
# What the figure is, as anybody can run it on the release.
FIGURE_SQL = """
select sum(credit) as credit, sum(credited_amount) as credited_amount,
    count(distinct conversion_id) as conversions, count(distinct touch_id) as touches,
    sum(confident_credit) as confident_credit
from attribution.fct_attribution_credits
where channel = $channel and attribution_model = $model and conversion_type = $type
"""
FIGURE_CONVERSIONS_SQL = """
    select credits.conversion_id, sum(credits.credit) as credit,
        sum(credits.credited_amount) as credited_amount, count(credits.touch_id) as touches,
        credits.converted_at, conversions.contact_key, conversions.opportunity_id
    from attribution.fct_attribution_credits as credits
    inner join attribution.fct_conversions as conversions
        on credits.conversion_id = conversions.conversion_id
    where credits.channel = $channel and credits.attribution_model = $model
        and credits.conversion_type = $type
    group by all order by credit desc, credited_amount desc nulls last, credits.conversion_id
"""
# What the channel cost, likewise.
SPEND_SQL = """
select sum(spend_reporting) as spend_reporting, count(*) as campaign_days,
    min(date_day) as first_day, max(date_day) as last_day
from attribution.fct_ad_spend_daily
where channel = $channel
"""
FIGURE_TOUCHES_SQL = """
    select distinct touch_id from attribution.fct_attribution_credits
    where channel = $channel and attribution_model = $model and conversion_type = $type
        and touch_id is not null
"""
CHECKS_SQL = """
    select severity, count(*) filter (is_success) as passed,
        count(*) filter (not is_success) as failed
    from quality.fct_quality_results
    where list_contains($tables, table_schema || '.' || table_name)
    group by severity order by severity
"""
# The rows behind it; these are known to the build file alone.
TOUCH_ROWS_SQL = """
    select touch_id, source_system, file_id, row_number
    from intermediate.int_touch_rows where list_contains($ids, touch_id)
"""
CONTACT_ROWS_SQL = """
    select 'contact' as subject, evidence, file_id, row_number
    from intermediate.int_contact_rows where list_contains($ids, contact_key)
"""
DEAL_ROWS_SQL = """
    select 'deal' as subject, evidence, file_id, row_number
    from intermediate.int_opportunity_rows where list_contains($ids, opportunity_id)
"""
SPEND_ROWS_SQL = """
    select 'spend' as subject, 'report_line' as evidence, file_id, row_number
    from intermediate.int_ad_spend_rows where channel = $channel
"""
# A row's number leaves out the lines that could not be read; who looks into the file counts them.
PLACES_SQL = """
    with found as ({found}),
    rejected as (
        select file_id,
            rejected_rows.line_number + 1
            - case when delimiter is null then 0 else 1 + coalesce(preamble_lines, 0) end
            - row_number() over (partition by file_id order by rejected_rows.line_number)
            as readable_rows
        from ops.rejected_rows inner join ops.files using (file_id)
    )
    select found.* exclude (file_id, row_number), files.path,
        found.row_number + (
            select count(*) from rejected
            where rejected.file_id = found.file_id and rejected.readable_rows <= found.row_number
        ) as row_number
    from found inner join ops.files as files on found.file_id = files.file_id
"""
# A build file that an earlier version wrote has not got them.
ROW_MODELS = ("int_touch_rows", "int_contact_rows", "int_opportunity_rows", "int_ad_spend_rows")
ROW_MODELS_SQL = """
    select count(*) as models from duckdb_views()
    where schema_name = 'intermediate' and list_contains($names, view_name)
"""


@dataclass(frozen=True)
class Figure:
    """Which figure of a channel is meant.

    Attributes:
        model: attribution model; None for the headline model.
        conversion_type: lead, mql, sal, sql, opportunity or closed_won.
    """

    model: str | None = None
    conversion_type: str = "closed_won"


def explain(subject: str, home: Path, figure: Figure) -> Report:
    """The chain behind a conversion, a contact or the figure of a channel.

    Args:
        subject: a conversion_id, a contact_key, or a channel's name in any case.

    Raises:
        UsageError: nothing was published, or the release knows no such subject.
    """
    release = published_release(home)
    if release is None:
        raise UsageError(
            f"nothing is published in {home}; `throughline run --home {home}` publishes a release"
        )
    with opened(published_path(home)) as con:
        report = _explained(con, subject, figure, release.release_id)
        report["release"] = asdict(release)
        report["lineage"] = _lineage(report.pop("mart"), home)
        tables = [f"{step['schema']}.{step['name']}" for step in report["lineage"]]
        report["checks"] = _records(con, CHECKS_SQL, tables=tables)
    _add_rows(report, home)
    return report


def _explained(
    con: duckdb.DuckDBPyConnection, subject: str, figure: Figure, release_id: str
) -> Report:
    if KEY.fullmatch(subject):
        if conversion := _records(con, CONVERSION_SQL, id=subject):
            return {
                "kind": "conversion",
                "mart": CREDITS,
                "conversion": conversion[0],
                "credits": _records(con, CREDITS_SQL, id=subject),
                "touches": _records(con, CONVERSION_TOUCHES_SQL, id=subject),
            }
        if contact := _records(con, CONTACT_SQL, id=subject):
            return {
                "kind": "contact",
                "mart": "fct_touches",
                "contact": contact[0],
                "conversions": _records(con, CONTACT_CONVERSIONS_SQL, id=subject),
                "touches": _records(con, CONTACT_TOUCHES_SQL, id=subject),
            }
        raise UsageError(
            f"release {release_id} has no conversion and no contact {subject}; their keys are in"
            " attribution.fct_conversions and core.dim_contacts"
        )
    channels = [
        row["channel"]
        for row in _records(con, "select channel from core.dim_channels order by sort_order")
    ]
    channel = next((c for c in channels if c.lower() == subject.strip().lower()), None)
    if channel is None:
        raise UsageError(
            f"{subject!r} is no channel, and no key of 32 hex digits of a conversion or a contact;"
            f" the channels are {', '.join(channels)}"
        )
    return _channel_figure(con, channel, figure)


def _channel_figure(con: duckdb.DuckDBPyConnection, channel: str, figure: Figure) -> Report:
    model = figure.model or _records(con, HEADLINE_SQL)[0]["attribution_model"]
    for column, value in (
        ("attribution_model", model),
        ("conversion_type", figure.conversion_type),
    ):
        known = [
            row[column]
            for row in _records(
                con, f"select distinct {column} from attribution.{CREDITS} order by 1"
            )
        ]
        if value not in known:
            raise UsageError(f"{value!r} is no {column} here; it is one of {', '.join(known)}")
    named = {"channel": channel, "model": model, "type": figure.conversion_type}
    return {
        "kind": "channel",
        "mart": CREDITS,
        "channel": channel,
        "attribution_model": model,
        "conversion_type": figure.conversion_type,
        "figure": _records(con, FIGURE_SQL, **named)[0],
        "sql": _written_out(FIGURE_SQL, named),
        "spend": _records(con, SPEND_SQL, channel=channel)[0],
        "spend_sql": _written_out(SPEND_SQL, {"channel": channel}),
        "conversions": _records(con, FIGURE_CONVERSIONS_SQL, **named),
        "touches": _records(con, FIGURE_TOUCHES_SQL, **named),
    }


def _written_out(sql: str, named: dict[str, str]) -> str:
    """The SQL with its values in it, as anybody can run it."""
    for name, value in named.items():
        sql = sql.replace(f"${name}", literal(value))
    return sql.strip()


def _lineage(mart: str, home: Path) -> list[Record]:
    """The models between the raw tables and the mart, nearest first, with their SQL."""
    manifest = json.loads(current_manifest().read_text())
    nodes = {**manifest["nodes"], **manifest["sources"]}
    start = next(key for key, node in manifest["nodes"].items() if node["name"] == mart)
    found: dict[str, None] = {}
    queue = [start]
    while queue:
        key = queue.pop(0)
        if key not in found:
            found[key] = None
            queue += nodes[key].get("depends_on", {}).get("nodes", [])
    return [_step(nodes[key], home) for key in found]


def _step(node: Record, home: Path) -> Record:
    path = Path(node["original_file_path"])
    compiled = home / "dbt" / "compiled" / "throughline" / path
    return {
        "name": node["name"],
        "schema": node["schema"],
        "kind": node["resource_type"],
        "path": str(path),
        "compiled": str(compiled)
        if node["resource_type"] == "model" and compiled.is_file()
        else None,
    }


def _add_rows(report: Report, home: Path) -> None:
    """The files and rows behind the report, where the build file has them."""
    report["files_note"] = None
    try:
        with _build(home) as con:
            if con is None:
                report["files_note"] = f"{home} has no build file: the rows behind are not known"
                return
            known = _records(con, ROW_MODELS_SQL, names=list(ROW_MODELS))[0]["models"]
            if known < len(ROW_MODELS):
                report["files_note"] = (
                    f"the build file of {home} is of an earlier version: the rows behind are known"
                    " after the next run"
                )
                return
            ids = [touch["touch_id"] for touch in report["touches"]]
            rows = _placed(con, TOUCH_ROWS_SQL, ids=ids)
            by_touch: dict[str, list[Record]] = {}
            for row in rows:
                by_touch.setdefault(row["touch_id"], []).append(row)
            for touch in report["touches"]:
                own = by_touch.get(touch["touch_id"], [])
                touch["source_system"] = own[0]["source_system"] if own else None
                touch["files"] = _ranges(own)
            report["touch_files"] = _ranges(rows)
            report["record_files"] = _ranges_by_evidence(_record_rows(con, report))
            if report["kind"] == "channel":
                spent = _placed(con, SPEND_ROWS_SQL, channel=report["channel"])
                report["spend_files"] = _ranges(spent)
    except AlreadyRunningError as error:
        report["files_note"] = f"the rows behind are not known now: {error}"


def _record_rows(con: duckdb.DuckDBPyConnection, report: Report) -> list[Record]:
    """The CRM's rows about the deals and the contacts that the report is about."""
    if report["kind"] == "contact":
        return _placed(con, CONTACT_ROWS_SQL, ids=[report["contact"]["contact_key"]])
    subjects = report["conversions"] if report["kind"] == "channel" else [report["conversion"]]
    deals = [subject["opportunity_id"] for subject in subjects if subject["opportunity_id"]]
    contacts = [subject["contact_key"] for subject in subjects if subject["contact_key"]]
    return _placed(con, DEAL_ROWS_SQL, ids=deals) + _placed(con, CONTACT_ROWS_SQL, ids=contacts)


def _placed(con: duckdb.DuckDBPyConnection, sql: str, **named: object) -> list[Record]:
    """Rows with the path of their file and their place in it."""
    return _records(con, PLACES_SQL.format(found=sql), **named)


def _ranges_by_evidence(rows: Sequence[Record]) -> list[Record]:
    """Like _ranges, told apart by what the rows are about and what they say of it."""
    told: dict[tuple[str, str], list[Record]] = {}
    for row in rows:
        told.setdefault((row["subject"], row["evidence"]), []).append(row)
    return [
        {"subject": subject, "evidence": evidence, **file}
        for (subject, evidence), its_rows in told.items()
        for file in _ranges(its_rows)
    ]


@contextmanager
def _build(home: Path) -> Iterator[duckdb.DuckDBPyConnection | None]:
    """The build file for reading, held like a run holds it; None if there is none."""
    settings = Settings(exports=home, home=home)
    if not settings.build_path.exists():
        yield None
        return
    with exclusive(settings):
        # By its own name: the staging views name the database they read.
        con = duckdb.connect(str(settings.build_path), read_only=True)
        try:
            con.execute("set timezone = 'UTC'")
            yield con
        finally:
            con.close()


def _ranges(rows: Iterator[Record] | Sequence[Record]) -> list[Record]:
    """Row numbers by file, runs of them as first-last."""
    by_path: dict[str, set[int]] = {}
    for row in rows:
        by_path.setdefault(row["path"], set()).add(row["row_number"])
    return [
        {"path": path, "row_count": len(numbers), "rows": _runs(sorted(numbers))}
        for path, numbers in sorted(by_path.items())
    ]


def _runs(numbers: Sequence[int]) -> list[str]:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return [str(first) if first == last else f"{first}-{last}" for first, last in runs]


def _records(con: duckdb.DuckDBPyConnection, sql: str, **named: object) -> list[Record]:
    result = con.execute(sql, named)
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def print_explained(subject: str, home: Path, figure: Figure, as_json: bool) -> None:
    """Say where a number comes from, on a screen for people or as JSON."""
    report = explain(subject, home, figure)
    if as_json:
        _print_json(report)
        return
    _draw(_console(), report)


def _draw(console: Any, report: Report) -> None:
    if report["kind"] == "channel":
        _draw_figure(console, report)
    else:
        for name, value in report[report["kind"]].items():
            _say(console, name, _cell(value))
        credits = report.get("credits", ())
        _draw_table(console, "model", credits, CREDIT_COLUMNS, SHOWN_TOUCHES * 2)
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
            _say(console, step["kind"], f"{step['schema']}.{step['name']}  {step['path']}")
    compiled = next((step["compiled"] for step in report["lineage"] if step["compiled"]), None)
    if compiled:
        _say(console, "compiled", f"{compiled} and its neighbours, as they ran")
    console.print()
    for check in report["checks"]:
        said = f"{check['severity']} {check['passed']} passed, {check['failed']} failed"
        _say(console, "checks", said)
    release = report["release"]
    _say(
        console,
        "release",
        f"{release['release_id']}, as of {_moment(release['as_of_at'])} UTC, rules"
        f" {release['config_version'][:12]}",
    )


def _draw_figure(console: Any, report: Report) -> None:
    figure, spend = report["figure"], report["spend"]
    _say(
        console,
        "figure",
        f"{report['channel']}, {report['conversion_type']} by {report['attribution_model']}:"
        f" {_cell(figure['credit'])} conversions, amount {_number(figure['credited_amount'])},"
        f" of that sure {_cell(figure['confident_credit'])}",
    )
    if spend["campaign_days"]:
        _say(
            console,
            "spend",
            f"{_number(spend['spend_reporting'])} on {spend['campaign_days']:,} days of campaigns,"
            f" {_cell(spend['first_day'])} to {_cell(spend['last_day'])}",
        )
    for sql in (report["sql"], report["spend_sql"]):
        console.print()
        console.print(sql, soft_wrap=True)
    _draw_table(console, "conversion", report["conversions"], CREDITED_COLUMNS, SHOWN_CONVERSIONS)


def _draw_files(console: Any, report: Report) -> None:
    for file in report.get("record_files", ()):
        said = file["evidence"].replace("_", " ")
        where = f"{file['path']} row {_shortened(file['rows'])}  ({said})"
        _say(console, f"{file['subject']} in", where)
    # Of single touches the table above has said it.
    shown = ("touch_files", "spend_files") if report["kind"] == "channel" else ()
    for key in shown:
        title = key.replace("_files", " in")
        for file in report.get(key, ()):
            _say(console, title, f"{file['path']} row {_shortened(file['rows'])}")
    if report["files_note"]:
        _say(console, "files", report["files_note"], "yellow")
    else:
        _say(console, "rows", "records of a file from 1, its header and preamble not counted")


def _draw_table(
    console: Any, title: str, rows: Sequence[Record], columns: Sequence[str], limit: int
) -> None:
    if not rows:
        return
    table = _table(title, *(column.replace("_", " ") for column in columns[1:]))
    for row in rows[:limit]:
        table.add_row(*(_cell(row[column]) for column in columns))
    console.print()
    console.print(table)
    if len(rows) > limit:
        _say(console, "", f"… and {len(rows) - limit} more: --json lists them all")


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if hasattr(value, "isoformat"):
        return _moment(value) if hasattr(value, "hour") else str(value.isoformat())
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
