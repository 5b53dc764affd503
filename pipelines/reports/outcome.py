"""How a run ended: figures where it published, reasons where it did not.

Computes no figure that a mart does not hold.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

import duckdb

from pipelines.erasure.erase import open_requests
from pipelines.erasure.register import read_register
from pipelines.project import project
from pipelines.publish import opened, published_path, published_release
from pipelines.reports.assumptions import (
    DEALS_SQL,
    SOURCES_SQL,
    WITHOUT_CURRENCY_SQL,
    assumed,
)
from pipelines.reports.records import Record, Report, build_file, records
from pipelines.reports.standing import release_record, restated_record
from pipelines.run import Outcome
from pipelines.runs import AlreadyRunningError
from pipelines.transform.project import project_vars

# To open the build file takes a quarter of a second.
TOLD_BY_BUILD = ("published", "refused", "unusable")

FILES_SQL = """
    select status, count(*) as files, cast(sum(rows_read) as bigint) as rows_read,
        cast(sum(rows_loaded) as bigint) as rows_loaded,
        cast(sum(rows_rejected) as bigint) as rows_rejected,
        cast(sum(rows_skipped) as bigint) as rows_skipped
    from {files} group by status order by status
"""
FILE_MESSAGES_SQL = """
    select path, status, message from {files}
    where message is not null
        and (status not in ('loaded', 'duplicate', 'pending') or rows_rejected > 0)
    order by status, path
"""
PENDING_SQL = "select path, status, message from ops.files where status = 'pending' order by path"
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
    select count(*) as conversions, sum(amount_reporting) as revenue,
        count(*) filter (amount is not null and amount_reporting is null) as unpriced
    from attribution.fct_conversions where conversion_type = 'closed_won'
"""
SPEND_SQL = """
    select platform, sum(spend_reporting) as spend_reporting, min(first_day) as first_day,
        max(last_day) as last_day
    from (
        select platform, spend_reporting, date_day as first_day, date_day as last_day
        from attribution.fct_ad_spend_daily
        union all
        select platform, undated_spend_reporting, period_start_date, period_end_date
        from attribution.fct_ad_spend_periods
        where month_start_date is not null and undated_spend > 0
    )
    group by platform order by spend_reporting desc nulls last, platform
"""
LEFT_OUT_SQL = """
    select record_type, source, ad_account_id, currency, reason, file_path, first_day, last_day,
        record_count, amount, settled_by
    from quality.fct_amounts_left_out
    order by record_type, source, reason, amount desc, ad_account_id, currency, file_path
"""
LAUNCHES_SQL = """
    select campaign_name as campaign, slip_days from operations.fct_campaign_launches
    where is_delayed_over_threshold order by slip_days desc nulls last, campaign_name
"""
REGISTERED_SQL = """
    select count(*) as registered from core.dim_campaigns where is_registered
"""
BLOCKED_SQL = """
    select count(*) as blocked from operations.fct_approval_rounds where is_blocked
"""
CONFIDENCE_SQL = """
    select page, reporting_confidence as confidence, is_below_threshold, costliest_source,
        costliest_expectation
    from quality.fct_report_confidence where campaign_family = 'All' order by page
"""
LAST_RUN = "(select as_of_at from ops.runs order by started_at desc, run_id limit 1)"
SAMPLES_SQL = f"""
    select table_schema || '.' || table_name as table, expectation, column_name as column,
        sample_keys
    from ops.quality_results where not success and as_of_at = {LAST_RUN}
"""
REFUSING_SQL = f"""
    select suite, table_schema || '.' || table_name as table, expectation,
        column_name as column, severity, failed, evaluated, owner, action, exception, sample_keys
    from ops.quality_results
    where not success and severity = 'critical' and as_of_at = {LAST_RUN}
    order by failed desc nulls last, suite, 2, 3, 4
"""


def report_outcome(outcome: Outcome, log: Path | None = None) -> Report:
    """How a run ended, and where its log is. Keys of figures only exist where there are any."""
    home = outcome.settings.home
    released = published_release(home)
    report: Report = {
        "status": outcome.status,
        "exit_code": outcome.exit_code,
        "message": outcome.message,
        "home": home,
        "config": company.folder if (company := project().company) else None,
        "log": log,
        "release": release_record(home, released),
        "restated": restated_record(home, released),
        "told": asdict(outcome.told) if outcome.told else None,
        "doors": [asdict(door) for door in outcome.doors],
    }
    if outcome.status == "published":
        with opened(published_path(home)) as con:
            report |= _report_release(con)
    if outcome.pending or outcome.status in TOLD_BY_BUILD:
        with _build(home) as con:
            _add_from_build(report, con, outcome)
    return report


@contextmanager
def _build(home: Path) -> Iterator[duckdb.DuckDBPyConnection | None]:
    """The build file; None if there is none, or the next run has begun, which may change it."""
    with ExitStack() as held:
        con = None
        with suppress(AlreadyRunningError):
            con = held.enter_context(build_file(home))
        yield con


def _add_from_build(
    report: Report, con: duckdb.DuckDBPyConnection | None, outcome: Outcome
) -> None:
    """What no release knows."""

    def found(sql: str) -> list[Record]:
        return records(con, sql) if con else []

    if outcome.pending:
        report["pending"] = found(PENDING_SQL)
    if outcome.status == "published":
        _add_samples(report["checks"]["failed"], found(SAMPLES_SQL))
        # What Spark built, nobody counts here.
        deals = found(WITHOUT_CURRENCY_SQL) if found(DEALS_SQL) else ()
        report["assumed"] = assumed([row["source"] for row in found(SOURCES_SQL)], deals)
        register = read_register(outcome.settings.home)
        # Of the template, those that nobody has carried out.
        requests = open_requests(con, register) if con else []
        report["open_erasures"] = [one.request_id for one in requests if one.request_id]
        report["left_erasures"] = [
            ", ".join(one.request_ids) or one.subject for one in register.erasures if one.residue
        ]
    elif outcome.status == "refused":
        report["checks"] = {"failed": found(REFUSING_SQL)}
    elif outcome.status == "unusable":
        report["files"] = {"messages": found(FILE_MESSAGES_SQL.format(files="ops.files"))}


def _report_release(con: duckdb.DuckDBPyConnection) -> Report:
    return {
        "files": _report_files(con, "meta.files"),
        "checks": {
            "by_severity": records(con, CHECKS_SQL),
            "failed": records(con, FAILED_CHECKS_SQL),
        },
        "conversions": records(con, CONVERSIONS_SQL)[0],
        "credits": records(con, CREDITS_SQL),
        "money": {
            "reporting_currency": project_vars()["reporting_currency"],
            "spend": records(con, SPEND_SQL),
            "left_out": records(con, LEFT_OUT_SQL),
        },
        "operations": {
            "registered_campaigns": records(con, REGISTERED_SQL)[0]["registered"],
            "late_launches": records(con, LAUNCHES_SQL),
            "blocked_approvals": records(con, BLOCKED_SQL)[0]["blocked"],
        },
        "confidence": records(con, CONFIDENCE_SQL),
    }


def _add_samples(failed: Iterable[Record], samples: Iterable[Record]) -> None:
    """The first failing rows of each check; the ledger knows them, a release does not."""
    keys = {(s["table"], s["expectation"], s["column"]): s["sample_keys"] for s in samples}
    for row in failed:
        row["sample_keys"] = keys.get((row["table"], row["expectation"], row["column"]))


def _report_files(con: duckdb.DuckDBPyConnection, table: str) -> Report:
    return {
        "by_status": records(con, FILES_SQL.format(files=table)),
        "messages": records(con, FILE_MESSAGES_SQL.format(files=table)),
    }
