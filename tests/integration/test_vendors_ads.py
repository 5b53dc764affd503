"""Ad platforms' exports as they write them: every line accounted for, every cent counted once."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.ingest import load_contracts, load_exports
from pipelines.ingest.warehouse import connect
from pipelines.settings import PROJECT_DIR
from tests.conftest import VENDOR_EXPORTS

PLATFORMS = ("google_ads", "meta_ads", "linkedin_ads", "microsoft_ads", "tiktok_ads")
JUNE_1, JUNE_2 = date(2026, 6, 1), date(2026, 6, 2)

# File, stream, rows read, loaded, skipped: totals, preambles, footers and blank lines.
LEDGER = (
    ("google_ads/Campaign report.csv", "campaign_report", 10, 4, 6),
    ("google_ads/Campaign report (1).csv", "campaign_report", 5, 1, 4),
    ("google_ads/Ad group report.csv", "ad_group_report", 8, 5, 3),
    ("google_ads/Search keyword report.csv", "keyword_report", 7, 3, 4),
    ("google_ads/Search terms report.csv", "search_terms_report", 6, 2, 4),
    ("google_ads/Location report.csv", "location_report", 5, 2, 3),
    (
        "google_ads/Overview_cards_csv(2026-09-30_10_00_00).zip"
        "/Time_series(2026-09-30_10_00_00).csv",
        "overview_time_series", 2, 2, 0,
    ),
    # Which metrics a card shows its user chooses: one without Impressions.
    ("google_ads/Time_series(2025.01.01-2025.06.30).csv", "overview_time_series", 2, 2, 0),
    ("google_ads/airbyte/records.jsonl/campaign", "stats", 4, 4, 0),
    ("google_ads/fivetran/campaign_stats_data.csv", "stats_csv", 3, 3, 0),
    ("google_ads/fivetran/ad_group_stats_data.csv", "stats_csv", 1, 1, 0),
    ("google_ads/fivetran/campaign_history_data.csv", "campaigns_csv", 2, 2, 0),
    ("meta_ads/Untitled-report-Jun-1-2026-to-Jun-2-2026_plain.csv", "ads_report", 4, 3, 1),
    ("meta_ads/Untitled-report-Jun-1-2026-to-Jun-2-2026_age.csv", "ads_report", 3, 2, 1),
    ("meta_ads/East-Campaigns-May-2026_age.csv", "ads_report", 3, 2, 1),
    ("meta_ads/East-Campaigns-May-2026_device.csv", "ads_report", 3, 2, 1),
    ("meta_ads/localised/informe-es.csv", "ads_report", 3, 2, 1),
    ("meta_ads/localised/relatorio-pt.csv", "ads_report", 2, 2, 0),
    ("meta_ads/localised/rapport-fr.csv", "ads_report", 2, 2, 0),
    ("meta_ads/localised/bericht-de.csv", "ads_report", 2, 2, 0),
    ("meta_ads/insights/insights.json", "insights", 2, 2, 0),
    ("meta_ads/fivetran/facebook_ads_basic_ad_data.csv", "insights_csv", 3, 3, 0),
    ("meta_ads/fivetran/facebook_ads_demographics_country_data.csv", "insights_csv", 2, 2, 0),
    ("meta_ads/fivetran/facebook_ads_ad_history_data.csv", "entities_csv", 2, 2, 0),
    ("meta_ads/fivetran/facebook_ads_campaign_history_data.csv", "entities_csv", 2, 2, 0),
    # 3, 4 and 5 lines above the header.
    (
        "linkedin_ads/account_507000001_campaign_performance_report.csv",
        "performance_report", 7, 3, 4,
    ),
    (
        "linkedin_ads/account_507000001_creative_performance_report.csv",
        "performance_report", 7, 3, 4,
    ),
    (
        "linkedin_ads/account_507000002_campaign_performance_report.csv",
        "performance_report", 7, 2, 5,
    ),
    (
        "linkedin_ads/account_507000001_creative_conversion_performance_report.csv",
        "conversion_report", 5, 2, 3,
    ),
    ("linkedin_ads/airbyte/records.jsonl/ad_campaign_analytics", "analytics", 2, 2, 0),
    ("linkedin_ads/airbyte/records.jsonl/campaigns", "campaigns", 1, 1, 0),
    ("linkedin_ads/airbyte/records.jsonl/creatives", "creatives", 1, 1, 0),
    (
        "linkedin_ads/fivetran/linkedin_ad_analytics_by_campaign_data.csv",
        "analytics_csv", 1, 1, 0,
    ),
    ("linkedin_ads/fivetran/linkedin_campaign_history_data.csv", "campaigns_csv", 1, 1, 0),
    ("microsoft_ads/MyReport.csv", "performance_report", 15, 3, 12),
    ("microsoft_ads/Campaign performance.csv", "performance_report", 14, 2, 12),
    (
        "microsoft_ads/airbyte/records.jsonl/campaign_performance_report_daily",
        "performance", 1, 1, 0,
    ),
    (
        "microsoft_ads/fivetran/microsoft_ads_campaign_performance_daily_report_data.csv",
        "performance_csv", 2, 2, 0,
    ),
    ("microsoft_ads/fivetran/microsoft_ads_campaign_history_data.csv", "campaigns_csv", 1, 1, 0),
    ("tiktok_ads/North Ad Report.csv", "performance_report", 4, 3, 1),
    (
        "tiktok_ads/2026-05-01 to 2026-05-31"
        "/South-Ad Report-2026-05-01 to 2026-05-31.xlsx/Ad Report",
        "performance_report", 3, 2, 1,
    ),
    ("tiktok_ads/report_integrated_get.json", "reports", 2, 2, 0),
    ("tiktok_ads/airbyte/records.jsonl/campaigns_reports_daily", "reports", 1, 1, 0),
    ("tiktok_ads/airbyte/records.jsonl/campaigns", "entities", 2, 2, 0),
    ("tiktok_ads/fivetran/tiktok_campaign_report_hourly_data.csv", "reports_csv", 3, 3, 0),
    ("tiktok_ads/fivetran/tiktok_campaign_history_data.csv", "entities_csv", 1, 1, 0),
)  # fmt: skip

# Account, day: what the platform charged, in its currency, whatever reports tell of it.
DAILY = (
    ("google_ads", "111-222-3333", JUNE_1, "EUR", "1254.56"),
    ("google_ads", "111-222-3333", JUNE_2, "EUR", "105.44"),
    # Micros: 0.760000 + 12.345678 and 1.004322, of a deleted campaign.
    ("google_ads", "999-888-7777", JUNE_1, "GBP", "14.11"),
    ("google_ads", "777-666-5555", JUNE_1, "USD", "1.76"),
    ("meta_ads", "100200300400500", JUNE_1, "INR", "900.37"),
    ("meta_ads", "100200300400500", JUNE_2, "INR", "600.38"),
    ("meta_ads", "200000000000002", date(2026, 6, 10), "BRL", "2500.75"),
    ("meta_ads", "200000000000002", date(2026, 3, 1), "BRL", "10.25"),
    ("meta_ads", "200000000000003", JUNE_1, "EUR", "1300.00"),
    ("meta_ads", "200000000000004", date(2026, 6, 13), "EUR", "2345.67"),
    ("meta_ads", "200000000000004", JUNE_1, "EUR", "4.33"),
    ("meta_ads", "300000000000001", JUNE_1, "USD", "12.34"),
    ("meta_ads", "400000000000001", JUNE_1, "EUR", "140.00"),
    ("linkedin_ads", "507000001", JUNE_1, "USD", "200.00"),
    ("linkedin_ads", "507000001", JUNE_2, "USD", "50.00"),
    ("linkedin_ads", "507000003", JUNE_1, "EUR", "40.50"),
    ("linkedin_ads", "508000001", JUNE_1, "USD", "0.00"),
    ("microsoft_ads", "700000001", JUNE_1, "GBP", "20.00"),
    ("microsoft_ads", "700000001", JUNE_2, "GBP", "1.05"),
    ("microsoft_ads", "700000002", JUNE_1, "USD", "33.10"),
    ("microsoft_ads", "700000003", JUNE_1, "USD", "3.21"),
    ("microsoft_ads", "700000004", JUNE_1, "USD", "11.00"),
    ("tiktok_ads", "7000000000000000001", JUNE_1, "USD", "20.15"),
    ("tiktok_ads", "7000000000000000001", JUNE_2, "USD", "19.85"),
    ("tiktok_ads", "7000000000000000003", JUNE_1, "USD", "28.00"),
    ("tiktok_ads", "7000000000000000004", JUNE_1, "INR", "222.34"),
    ("tiktok_ads", "7000000000000000004", JUNE_2, "INR", "7.66"),
)

PERIODS = (
    ("google_ads", "north-brand", "600.25", "EUR", date(2026, 3, 1), date(2026, 3, 31), None),
    ("linkedin_ads", "li-monthly", "310.00", "EUR", date(2026, 5, 1), date(2026, 5, 31), None),
    ("linkedin_ads", "li-monthly", "300.00", "EUR", JUNE_1, date(2026, 6, 30), None),
    ("linkedin_ads", "li-weekly", "70.00", "USD", JUNE_1, date(2026, 6, 7), None),
    ("linkedin_ads", "li-weekly", "7.70", "USD", date(2026, 6, 15), date(2026, 6, 21), None),
    ("linkedin_ads", "li-whole", "88.80", "USD", date(2026, 6, 3), date(2026, 6, 20), None),
    # Of the breakdowns by age (100) and by device (101, each line rounded), one: age.
    ("meta_ads", "east-retarget", "100.00", "USD", date(2026, 5, 1), date(2026, 5, 31), "age"),
    ("meta_ads", "campaña-otoño", "34.50", "EUR", JUNE_1, date(2026, 6, 30), None),
    ("meta_ads", "campaña-verano", "1200.06", "EUR", JUNE_1, date(2026, 6, 30), None),
    ("microsoft_ads", "ms-airbyte", "4.00", "USD", date(2026, 5, 31), date(2026, 6, 6), None),
    ("tiktok_ads", "tt-search", "101.00", "EUR", date(2026, 5, 1), date(2026, 5, 31), None),
)


def rows(con: duckdb.DuckDBPyConnection, query: str, *values: object) -> list[tuple[Any, ...]]:
    return con.execute(query, list(values)).fetchall()


def test_every_line_of_every_file_is_accounted_for(vendors: duckdb.DuckDBPyConnection) -> None:
    ledger = {
        path: found
        for path, *found in rows(
            vendors,
            "select path, source, stream, rows_read, rows_loaded, rows_skipped, rows_rejected,"
            " status from ops.files",
        )
    }
    wrong = {
        path: ledger.get(path)
        for path, stream, read, loaded, skipped in LEDGER
        if ledger.get(path) != [path.split("/")[0], stream, read, loaded, skipped, 0, "loaded"]
    }
    assert wrong == {}
    assert ledger["google_ads/Campaign report (2).csv"][-1] == "empty"
    unused = [
        path
        for path, found in ledger.items()
        if path.split("/")[0] in PLATFORMS and found[-1] not in ("loaded", "empty", "unpacked")
    ]
    assert unused == []
    assert {path.relative_to(VENDOR_EXPORTS).as_posix() for path in ad_files()} <= set(ledger)


def ad_files() -> list[Path]:
    return [
        path
        for platform in PLATFORMS
        for path in (VENDOR_EXPORTS / platform).rglob("*")
        if path.is_file()
    ]


@pytest.mark.parametrize(("platform", "account", "day", "currency", "spend"), DAILY)
def test_a_day_of_an_account_is_counted_once(
    vendors: duckdb.DuckDBPyConnection,
    platform: str,
    account: str,
    day: date,
    currency: str,
    spend: str,
) -> None:
    found = rows(
        vendors,
        "select currency, sum(spend) from attribution.fct_ad_spend_daily"
        " where platform = ? and ad_account_id = ? and date_day = ? group by currency",
        platform, account, day,
    )  # fmt: skip
    assert found == [(currency, Decimal(spend))]


def test_a_period_is_a_fact_of_its_own(vendors: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        vendors,
        "select platform, campaign_name, cast(spend as varchar), currency, period_start_date,"
        " period_end_date, breakdown from attribution.fct_ad_spend_periods"
        f" where platform in {PLATFORMS}",
    )
    assert sorted(found, key=str) == sorted(PERIODS, key=str)


def test_staging_has_every_cent_of_the_files(vendors: duckdb.DuckDBPyConnection) -> None:
    """Sums written down from the files; where a vendor prints a total, that total."""
    sums = {
        "google_ads__campaign_reports": "1960.25",  # 1360.00 + 600.25
        "google_ads__ad_group_reports": "1360.00",
        "google_ads__keyword_reports": "1234.56",
        "google_ads__search_terms_reports": "50.00",
        "google_ads__location_reports": "600.25",
        "google_ads__overview_time_series": "2669.20",  # 1334.60 of each card
        "google_ads__stats": "2.12",
        "google_ads__stats_csv": "27.215678",  # 14.110000 + 13.105678
        "meta_ads__insights": "13.00",
        "meta_ads__insights_csv": "280.00",  # 140.00 by ad, and again by country
        "linkedin_ads__performance_reports": "1250.53",  # 250.00 + 224.03 + 610 + 77.70 + 88.80
        "linkedin_ads__analytics_csv": "40.50",
        "microsoft_ads__performance_reports": "61.05",
        "microsoft_ads__performance_csv": "11.00",
        "tiktok_ads__performance_reports": "141.00",
        "tiktok_ads__reports": "33.07",
        "tiktok_ads__reports_csv": "230.00",
    }
    found = {
        model: rows(vendors, f"select sum(spend) from staging.stg_{model}")[0][0] for model in sums
    }
    assert found == {model: Decimal(total) for model, total in sums.items()}


def test_staging_has_every_view_and_click_of_the_files(
    vendors: duckdb.DuckDBPyConnection,
) -> None:
    """Impressions, clicks, conversions and their value, added up from the files."""
    sums = {
        "google_ads__campaign_reports": (57178, 1844, "1652.43", "19662.51"),
        "google_ads__ad_group_reports": (47178, 1344, "14.73", None),
        "google_ads__keyword_reports": (25881, 1204, "12.00", None),
        "google_ads__search_terms_reports": (1000, 40, "1.00", None),
        "google_ads__location_reports": (10000, None, "12.50", None),
        "google_ads__stats": (118, 7, "0.5", "3.25"),
        "google_ads__stats_csv": (309, 31, "3.0", "40.50"),
        "meta_ads__ads_reports": (32625, 420, "7", None),
        "meta_ads__insights": (1040, 20, "4", "99.50"),
        "meta_ads__insights_csv": (1240, 32, None, None),
        "linkedin_ads__performance_reports": (23662, 90, "5", "600.00"),
        "linkedin_ads__analytics": (301, 9, "4", None),
        "linkedin_ads__analytics_csv": (900, 18, "2", "10"),
        "microsoft_ads__performance_reports": (2410, 36, "1", "20.00"),
        "microsoft_ads__performance": (65, 7, "1.0", "0.0"),
        "microsoft_ads__performance_csv": (70, 4, "1", "0.01"),
        "tiktok_ads__performance_reports": (30001, 301, "13", None),
        "tiktok_ads__reports": (14423, 159, "6", None),
        "tiktok_ads__reports_csv": (2235, 6, "3", "1.50"),
    }
    found = {
        model: rows(
            vendors,
            "select sum(impressions), sum(clicks), sum(platform_conversions),"
            f" sum(platform_conversion_value) from staging.stg_{model}",
        )[0]
        for model in sums
    }
    assert found == {
        model: (impressions, clicks, *(figure and Decimal(figure) for figure in rest))
        for model, (impressions, clicks, *rest) in sums.items()
    }


def test_finer_reports_of_a_day_are_kept_as_detail(vendors: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        vendors,
        "select report_name, sum(spend), sum(impressions), bool_and(is_counted)"
        " from intermediate.int_ad_reports_unioned where ad_account_id = '111-222-3333'"
        " and date_day = ? group by report_name order by report_name",
        JUNE_1,
    )
    assert found == [
        ("ad_group_reports", Decimal("1254.56"), 46168, False),
        ("campaign_reports", Decimal("1254.56"), 46168, True),
        ("keyword_reports", Decimal("1234.56"), 25881, False),
    ]


def test_a_breakdown_is_the_same_money_again(vendors: duckdb.DuckDBPyConnection) -> None:
    """One report counts of an account and day or period; nobody's breakdown never does."""
    assert rows(
        vendors,
        "select platform, ad_account_id, date_day, period_start_date, period_end_date"
        " from intermediate.int_ad_reports_unioned where is_counted group by all"
        " having count(distinct concat_ws('|', report_name, report_level, breakdown)) > 1",
    ) == []  # fmt: skip
    assert rows(
        vendors,
        "select distinct platform, report_name, breakdown"
        " from intermediate.int_ad_reports_unioned where breakdown is not null and is_counted",
    ) == [("meta_ads", "ads_reports", "age")]  # fmt: skip


def test_a_bound_is_no_number(vendors: duckdb.DuckDBPyConnection) -> None:
    share = "search_impression_share, search_impression_share_bound"
    assert rows(
        vendors,
        f"select {share} from staging.stg_google_ads__campaign_reports"
        " where date_day is not null order by row_number",
    ) == [(None, "> 90%"), (None, None), (None, "< 10%"), (Decimal("45.20"), None)]  # fmt: skip
    assert rows(
        vendors, f"select {share} from staging.stg_google_ads__stats order by date_day"
    ) == [
        (None, "< 10%"),
        (None, "> 90%"),
        (Decimal("43.21"), None),
        (Decimal("50.00"), None),
    ]  # fmt: skip
    assert rows(
        vendors,
        "select spend, impressions, impressions_bound, clicks, clicks_bound, conversions_bound"
        " from staging.stg_tiktok_ads__performance_reports where impressions_bound is not null"
        " order by spend",
    ) == [
        (Decimal("0.15"), None, "<5", None, "<5", "<5"),
        (Decimal("0.90"), None, "<5", None, "<5", "<5"),
    ]  # fmt: skip


def test_google_keeps_both_currencies_and_both_codes(vendors: duckdb.DuckDBPyConnection) -> None:
    assert rows(
        vendors,
        "select detail, spend, currency, spend_converted, converted_currency"
        " from staging.stg_google_ads__search_terms_reports order by spend desc",
    ) == [
        ("solar roof", Decimal("40.10"), "EUR", Decimal("43.31"), "USD"),
        ("panels, cheap", Decimal("9.90"), "EUR", Decimal("10.69"), "USD"),
    ]  # fmt: skip
    assert rows(
        vendors,
        "select distinct currency_code, json_extract_string(_extra, '$.*')"
        " from raw_google_ads.ad_group_report",
    ) == [("EUR", ["EUR"])]  # fmt: skip
    assert rows(
        vendors,
        "select chart_period, currency_symbol, spend, impressions, clicks, platform_conversions"
        " from staging.stg_google_ads__overview_time_series order by chart_period",
    ) == [
        ("1st quarter 2025", "$", Decimal("1234.50"), None, 1204, Decimal("12.5")),
        ("1st quarter 2026", "€", Decimal("1234.50"), 25881, 1204, None),
        ("2nd quarter 2025", "$", Decimal("100.10"), None, 97, 1),
        ("2nd quarter 2026", "€", Decimal("100.10"), 900, 97, None),
    ]  # fmt: skip
    assert rows(
        vendors,
        "select detail, match_type from staging.stg_google_ads__keyword_reports group by all"
        " order by detail",
    ) == [('"ELD"', "Phrase match"), ("[solar panel price]", "Exact match")]  # fmt: skip


def test_a_deleted_campaign_keeps_its_spend(vendors: duckdb.DuckDBPyConnection) -> None:
    """Under its own name while anyone knows it, under its number afterwards."""
    assert rows(
        vendors,
        "select campaign_name, spend, channel from attribution.fct_ad_spend_daily"
        " where campaign_name in ('old-brand-removed', '502', 'south-launch', '4002', '6003',"
        " 'fv-prospecting') order by campaign_name",
    ) == [
        ("4002", Decimal("55.26"), "Paid Social"),
        ("502", Decimal("1.00"), "Paid Other"),
        ("6003", Decimal("8.21"), "Paid Social"),
        ("fv-prospecting", Decimal("76.53"), "Paid Social"),
        ("old-brand-removed", Decimal("5.34"), "Paid Search"),
        # The newest version's name and type.
        ("south-launch", Decimal("13.11"), "Cross-network"),
    ]  # fmt: skip


def test_meta_ids_that_a_spreadsheet_broke_are_none(vendors: duckdb.DuckDBPyConnection) -> None:
    assert rows(
        vendors,
        "select ad_campaign_name, ad_campaign_id, is_id_damaged"
        " from staging.stg_meta_ads__ads_reports where ad_account_id = '100200300400500'"
        " and breakdown is null order by row_number",
    ) == [
        ("Spring offer – Copy", "120210000000000011", False),  # noqa: RUF001 - as Meta copies
        ("Instagram post: Some words and...", None, True),
        ("Some Campaign_28/06", "120210000000000013", False),
    ]  # fmt: skip


def test_meta_says_in_raw_how_each_file_is_written(vendors: duckdb.DuckDBPyConnection) -> None:
    marks = rows(
        vendors,
        "select distinct regexp_extract(path, '([a-z]+-[a-z]+)[.]csv', 1), _date_order,"
        " _decimal_mark from raw_meta_ads.ads_report inner join ops.files on _file_id = file_id"
        " where path like '%/localised/%' order by 1",
    )
    assert marks == [
        ("bericht-de", "dmy", ","),
        ("informe-es", None, ","),
        ("rapport-fr", None, ","),
        ("relatorio-pt", None, ","),
    ]


def test_meta_claims_are_counted_by_their_broad_types(vendors: duckdb.DuckDBPyConnection) -> None:
    assert rows(
        vendors,
        "select date_day, platform_conversions, platform_conversion_value, clicks"
        " from staging.stg_meta_ads__insights order by date_day",
    ) == [
        (JUNE_1, Decimal("4.0000"), Decimal("99.500000"), 20),
        (JUNE_2, None, None, 0),
    ]  # fmt: skip


def test_linkedin_lines_cells_and_days(vendors: duckdb.DuckDBPyConnection) -> None:
    assert rows(
        vendors,
        "select distinct ad_introduction_text from raw_linkedin_ads.performance_report"
        " where ad_introduction_text is not null order by 1",
    ) == [("Three\n\nlines",), ("Two lines\nof text, really",)]  # fmt: skip
    assert rows(
        vendors,
        "select impressions, sends, spend from staging.stg_linkedin_ads__performance_reports"
        " where ad_campaign_name = 'li-messages'",
    ) == [(None, 40, Decimal("25.97"))]  # fmt: skip
    assert rows(
        vendors,
        "select conversion_name, ad_name, platform_conversions, date_day"
        " from staging.stg_linkedin_ads__conversion_reports order by ad_name",
    ) == [
        ("Demo booked", "Creative A", Decimal("1.0000"), JUNE_1),
        ("Demo booked", "Creative B", Decimal("1.0000"), JUNE_1),
    ]  # fmt: skip
    # -2e-18 is nothing, and not less than nothing.
    assert rows(
        vendors,
        "select spend, spend >= 0 from staging.stg_linkedin_ads__analytics where date_day = ?",
        JUNE_1,
    ) == [(Decimal("0.000000"), True)]  # fmt: skip


def test_microsoft_hours_are_summed_to_their_day(vendors: duckdb.DuckDBPyConnection) -> None:
    assert rows(
        vendors,
        "select date_day, hour_of_day, spend, is_incomplete, report_time_zone"
        " from staging.stg_microsoft_ads__performance_reports where ad_account_id = '700000001'"
        " order by row_number",
    ) == [
        (JUNE_1, 11, Decimal("12.30"), True, zone := "(GMT+01:00) Amsterdam, Berlin, Bern, Rome,"
         " Stockholm, Vienna"),
        (JUNE_1, 12, Decimal("7.70"), True, zone),
        (JUNE_2, 0, Decimal("1.05"), True, zone),
    ]  # fmt: skip
    assert rows(
        vendors,
        "select impressions, clicks from attribution.fct_ad_spend_daily"
        " where ad_account_id = '700000001' and date_day = ?",
        JUNE_1,
    ) == [(1300, 15)]  # fmt: skip


def test_a_day_stays_the_accounts_day(vendors: duckdb.DuckDBPyConnection) -> None:
    zones = dict(
        rows(
            vendors,
            "select distinct ad_account_id, source_timezone from attribution.fct_ad_spend_daily"
            f" where platform in {PLATFORMS}",
        )
    )
    assert zones["111-222-3333"] == "Europe/Berlin"
    assert zones["999-888-7777"] == "Europe/London"
    assert zones["507000001"] == zones["508000001"] == "UTC"
    assert zones["7000000000000000004"] == "Asia/Kolkata"
    # 23:00 in Kolkata is the same day there: 222.12 + 0.22.
    assert rows(
        vendors,
        "select date_day, spend from attribution.fct_ad_spend_daily"
        " where ad_account_id = '7000000000000000004' order by date_day",
    ) == [(JUNE_1, Decimal("222.34")), (JUNE_2, Decimal("7.66"))]  # fmt: skip


def test_young_days_are_provisional(vendors: duckdb.DuckDBPyConnection) -> None:
    """As of October 1 the 30th day back is settled, the 29th is not."""
    assert rows(
        vendors,
        "select date_day, is_provisional from attribution.fct_ad_spend_daily"
        " where campaign_name = 'west-api' and date_day >= date '2026-09-01' order by date_day",
    ) == [(date(2026, 9, 1), False), (date(2026, 9, 2), True)]  # fmt: skip


def test_reload_windows_are_those_of_the_contracts() -> None:
    seed = (PROJECT_DIR / "seeds" / "money" / "reload_windows.csv").read_text().split()[1:]
    windows = dict(line.split(",") for line in seed)
    stated = {
        (contract.source, str(contract.reload_days))
        for contract in load_contracts()
        if contract.source in PLATFORMS and contract.reload_days is not None
    }
    assert stated == set(windows.items())
    assert set(windows) == set(PLATFORMS)


def test_spend_is_converted_at_the_rate_of_its_day(vendors: duckdb.DuckDBPyConnection) -> None:
    """EUR at 1.069167 and GBP at 1.2575 from June 1; INR has a rate, BRL has none."""
    found = dict(
        rows(
            vendors,
            "select campaign_name, spend_reporting from attribution.fct_ad_spend_daily"
            " where date_day = ? and campaign_name in ('north-brand', 'ms-search', 'tt-video')",
            JUNE_1,
        )
    )
    assert found == {
        "north-brand": Decimal("1319.95"),
        "ms-search": Decimal("25.15"),
        "tt-video": Decimal("20.15"),
    }
    assert rows(
        vendors,
        "select distinct spend_reporting from attribution.fct_ad_spend_daily"
        " where currency = 'BRL'",
    ) == [(None,)]  # fmt: skip


def test_microsoft_says_how_many_rows_there_are(tmp_path: Path) -> None:
    whole = (VENDOR_EXPORTS / "microsoft_ads" / "MyReport.csv").read_bytes()
    cut = whole.replace(
        b'"700000001","ms-search","6/2/2026 12:00:00 AM|0","GBP","10","1","1.05"\n', b""
    )
    assert cut != whole
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "MyReport.csv").write_bytes(cut)
    con = connect(tmp_path / "build.duckdb")
    load_exports(
        con, tmp_path / "exports", contracts=load_contracts(), loaded_at=datetime(2026, 9, 30)
    )
    ((status, message),) = rows(con, "select status, message from ops.files")
    con.close()
    assert "3" in message, (status, message)
    assert "2" in message, (status, message)
