"""What a spend report must keep beyond its contract."""

from __future__ import annotations

from datetime import datetime

import duckdb

from expectations.checks import WARNING, Check, EachRow, NoRows
from expectations.suites.reading import read
from pipelines.ingest import Contract
from pipelines.sql import quoted

# A row this many times its campaign's usual one, and not small, is a slip of units or of columns.
OUTLIER_RATIO = 100
OUTLIER_FROM = 1000
# Below its rows a report states what the whole account cost, whichever part of it the rows are.
REPORTS = (
    *("campaign_report", "ad_group_report", "keyword_report", "search_terms_report"),
    "location_report",
)
ACCOUNT_TOTAL = "Total: Account"


def campaign_report(contract: Contract, as_of_at: datetime) -> tuple[Check, ...]:
    """Money is no less than nothing, clicks are no more than what was shown or played."""
    del as_of_at
    cost = read("cost")
    interactions, impressions = (read(n) for n in ("interactions", "impressions"))
    return (
        EachRow(
            name="not_negative",
            column="cost",
            # A cost that cannot be read is another check's finding.
            condition=f"coalesce({cost} >= 0, true)",
            dimension="validity",
            # Spend leaves the cell out (int_records_set_aside): one row stops no release.
            severity=WARNING,
            owner=contract.owner,
            action="Download the report again: Google Ads prints no negative cost.",
        ),
        EachRow(
            name="at_most_shown",
            column="clicks",
            condition=f"coalesce({read('clicks')}"
            f" <= greatest({interactions}, {impressions}), true)",
            dimension="accuracy",
            severity=WARNING,
            owner=contract.owner,
            action="Check whether columns moved in the file: clicks exceed what was shown.",
        ),
        NoRows(
            name="plausible",
            column="cost",
            dimension="accuracy",
            severity=WARNING,
            owner=contract.owner,
            action="Compare the row with Google Ads: it costs 100 times the campaign's usual.",
            query="select campaign, day, cost, _file_id, _row_number from ("
            "select *, median(cost) over (partition by campaign, day is null) as usual_cost"
            f" from (select campaign, day, {cost} as cost, _file_id, _row_number"
            " from {batch}))"
            f" where cost > {OUTLIER_FROM} and cost > {OUTLIER_RATIO} * usual_cost",
            names_rows=True,
        ),
    )


def account_totals(con: duckdb.DuckDBPyConnection) -> str | None:
    """A query for file_id and account_total, the spend of the account that a file states.

    None where no report came, or where deliveries lie in another file.
    """
    landed = con.execute(
        "select table_name, list(column_name) from duckdb_columns() where schema_name = 'landed'"
        f" and table_name in {tuple(f'google_ads__{report}' for report in REPORTS)}"
        " group by table_name having list_contains(list(column_name), 'cost') order by table_name"
    ).fetchall()
    selects = [
        "select _file_id as file_id,"
        " max(try_cast(replace(cost, ',', '') as decimal(18, 2))) as account_total"
        # With a segment the label stands in another column.
        f" from landed.{table} where _is_skipped and list_contains("
        f"[{', '.join(quoted(name) for name in columns if not name.startswith('_'))}],"
        f" '{ACCOUNT_TOTAL}') group by _file_id"
        for table, columns in landed
    ]
    return " union all ".join(selects) or None
