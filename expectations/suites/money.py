"""What figures of money lack: amounts without a price, spend of no month, a part of an account."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from expectations.checks import WARNING, Check, NoRows
from expectations.suites import google_ads

LINES = ("intermediate", "int_ad_report_lines_named")
REPORTS = ("intermediate", "int_ad_reports_unioned")
# What names a report among those of its account and day or period.
REPORT = (
    *("platform", "report_name", "report_level", "breakdown", "ad_account_id", "is_daily"),
    *("date_day", "period_start_date", "period_end_date"),
)
SAME_REPORT = " and ".join(f"lines.{name} is not distinct from counted.{name}" for name in REPORT)
# The vendor rounds each line on its own.
ROUNDING = "0.05"


def left_out() -> Iterator[Check]:
    """Every amount has a price, and all spend a month; a row an account and currency, or a file."""
    # What a person reads first comes first: a sample is sorted by it, and cut.
    found = (
        "select cast(amount as varchar) as amount, currency, record_count, record_type, source,"
        " ad_account_id, {file} settled_by from {{batch}} where reason {reasons}"
    )
    yield NoRows(
        name="priced",
        column="currency",
        dimension="completeness",
        severity=WARNING,
        owner="Finance",
        action="Add the line that each row names to the seed of your own rules: until then no"
        " figure in the reporting currency has these amounts, and those that lack them are marked.",
        query=found.format(file="", reasons="in ('no_currency', 'no_rate')"),
    )
    yield NoRows(
        name="of_one_month",
        column="amount",
        dimension="completeness",
        severity=WARNING,
        owner="Paid media",
        action="Export the report again by day, or month by month: what lies in no one month is in"
        " no month's cost.",
        query=found.format(
            file="file_path, first_day, last_day,", reasons="not in ('no_currency', 'no_rate')"
        ),
    )


def whole_accounts(con: duckdb.DuckDBPyConnection) -> Iterator[Check]:
    """A report that counts as the spend of an account tells all of it, where its file says so."""
    stated = google_ads.account_totals(con)
    if stated is None:
        return
    lines, reports = ".".join(LINES), ".".join(REPORTS)
    yield NoRows(
        name="whole_account",
        column="amount",
        dimension="completeness",
        severity=WARNING,
        owner="Paid media",
        action="Export the campaign report of the same time: this one tells a part of the account,"
        " whose total it states, and figures of cost have no more than the part.",
        query="select files.path, sum(lines.spend) as told, any_value(stated.account_total) as"
        f" account_total, any_value(lines.currency) as currency from {lines} as lines"
        f" join (select distinct {', '.join(REPORT)} from {reports} where is_counted) as counted"
        f" on {SAME_REPORT}"
        f" join ({stated}) as stated using (file_id)"
        " join ops.files as files using (file_id)"
        " group by file_id, files.path, files.rows_loaded"
        # Of a file that others have replaced in part nothing can be told.
        f" having count(*) = files.rows_loaded and account_total - told > {ROUNDING}",
        evaluated=f"select count(*) from ({stated})",
    )
