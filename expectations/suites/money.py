"""What figures of money lack: amounts without a price, spend of no month, a part of an account.

And what is taken from them: refunds, of deals that were won, and that they fit.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from expectations.checks import WARNING, Check, NoRows
from expectations.suites import google_ads

CHANGES = ("intermediate", "int_revenue_changes_priced")
POSTINGS = ("intermediate", "int_revenue_postings")
DEALS = ("intermediate", "int_crm_deals_unioned")
RATES = ("intermediate", "int_fx_rates_dated")
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
# What was paid back in another currency had the rate of a bank, which is not that of a seed.
RATE_OF_A_BANK = "1.05"


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
        action="Add the line that each row names to the seed of your own rules, or what it names to"
        " the record: until then no figure in the reporting currency has these amounts, and those"
        " that lack them are marked.",
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


def refunds() -> Iterator[Check]:
    """Every refund takes from a deal that was won, no more than it is worth, and once."""
    changes = ".".join(CHANGES)
    yield NoRows(
        name="every_refund_has_its_deal",
        column="conversion_id",
        dimension="consistency",
        severity=WARNING,
        owner="Finance",
        action="Correct the deal's id in refunds.csv: it is empty, of no deal (unknown), or of one"
        " that is not won; where several CRMs have it (ambiguous), say which in crm_source. Until"
        " then net revenue leaves the refund out.",
        query="select crm_deal_id, deal_named, amount_delta, currency, booked_date,"
        f" path || ' row ' || row_number as found_in from {changes} as changes"
        " left join ops.files as files using (file_id) where conversion_id is null",
        evaluated=f"select count(*) from {changes} where change_type = 'refund'",
    )
    yield NoRows(
        name="every_refund_fits_its_deal",
        column="amount_delta",
        dimension="consistency",
        severity=WARNING,
        owner="Finance",
        action="Correct what does not hold: the amount, the day or the deal's id in refunds.csv, or"
        " the deal's amount or close date in the CRM. What is taken twice stands in refunds.csv,"
        " and the CRM's amount was lowered by as much: take the row out, or put the amount back."
        " Until then net revenue has both as they stand.",
        query=_misfits(),
        evaluated=f"select count(distinct conversion_id) from {changes}"
        " where change_type = 'refund' and conversion_id is not null",
    )


def _misfits() -> str:
    """A query for deals that refunds do not fit: what of it, refunded, worth, where it stands.

    A refund in the deal's currency is held against the deal's amount to the cent, one in another
    at the rates of its day. What the deal is worth is what it was won for and was corrected to.
    """
    is_refund = "filter (change_type = 'refund')"
    is_change = "filter (change_type = 'amount_change')"
    return (
        "with won as (select conversion_id, currency, amount, converted_date"
        f" from {'.'.join(POSTINGS)} where posting_type = 'original'),"
        " changed as (select won.*, changes.opportunity_id, changes.change_type,"
        " changes.booked_date, files.path, changes.row_number,"
        " changes.currency = won.currency as is_same, cast(case when is_same"
        " then changes.amount_delta else changes.amount_delta_reporting / rates.rate_to_reporting"
        " end as decimal(18, 2)) as delta"
        f" from {'.'.join(CHANGES)} as changes inner join won using (conversion_id)"
        f" left join {'.'.join(RATES)} as rates on won.currency = rates.currency"
        " and changes.booked_date >= rates.rate_date"
        " and changes.booked_date < rates.next_rate_date"
        " left join ops.files as files using (file_id)),"
        " summed as (select opportunity_id, currency, amount is not null as has_amount,"
        f" -sum(delta) {is_refund} as refunded, -sum(delta) {is_change} as lowered,"
        " amount - coalesce(lowered, 0) as worth,"
        f" bool_and(is_same) {is_refund} as is_same,"
        f" min(booked_date) {is_refund} < converted_date as is_early,"
        f" list_has_any(list(-delta) {is_refund}, list(-delta) {is_change})"
        " or lowered = refunded as is_twice,"
        " string_agg(path || ' row ' || row_number, ', ' order by path, row_number) as found_in"
        " from changed group by conversion_id, opportunity_id, currency, amount, converted_date),"
        " judged as (select *, concat_ws(', ', case when not has_amount then 'of no amount'"
        " when is_same and is_twice then 'taken twice'"
        f" when refunded > worth * case when is_same then 1 else {RATE_OF_A_BANK} end"
        " then 'more than it is worth' end, case when is_early then 'before the win' end) as fault"
        " from summed where refunded is not null)"
        " select deals.crm_source || ' ' || deals.crm_deal_id as deal, fault,"
        " cast(refunded as varchar) as refunded, cast(worth as varchar) as worth,"
        " judged.currency, found_in"
        f" from judged inner join {'.'.join(DEALS)} as deals using (opportunity_id)"
        " where fault <> ''"
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
