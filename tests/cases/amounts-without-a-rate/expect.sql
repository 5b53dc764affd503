-- why: As spend-without-a-currency: a connector's table of LinkedIn names no currency, a won deal's currency has no rate. Each is counted and told with its sum and the line that settles it, lowers the confidence, and marks what lacks it.
-- on: release
-- right: ad_spend|linkedin_ads|507000991|NULL|no_currency|2|716.25|ad_accounts.csv: linkedin_ads,507000991,,CURRENCY,TIME_ZONE
-- right: deal|pipedrive|NULL|XAF|no_rate|1|5544.25|fx_rates.csv: XAF,USD,2025-03-02,RATE
select record_type, source, ad_account_id, currency, reason, record_count, amount, settled_by from quality.fct_amounts_left_out where amount in (716.25, 5544.25) order by 1;

-- on: release
-- right: NULL|true
select spend_reporting, is_spend_partial from attribution.fct_platform_claims where platform = 'linkedin_ads' and month_start_date = date '2025-03-01';

-- on: release
-- right: true
select bool_and(is_amount_partial) from attribution.fct_channel_performance_daily where date_day = date '2025-03-20' and customers > 0;

-- on: release
-- right: true|true
select bool_or(page = 'attribution' and reporting_confidence < 1), bool_or(page = 'spend' and reporting_confidence < 1) from quality.fct_report_confidence where campaign_family = 'All';
