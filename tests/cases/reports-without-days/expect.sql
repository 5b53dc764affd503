-- why: As spend-of-a-month-without-days, for Meta (each row has the report's ends), Microsoft (a summary has no column of days, its period stands above the header) and LinkedIn (one row for the whole report).
-- on: release
-- right: linkedin_ads|41.50|false
-- right: meta_ads|120.25|false
-- right: microsoft_ads|88.75|false
select platform, spend_reporting, is_spend_partial from attribution.fct_platform_claims where month_start_date = date '2025-05-01' and platform <> 'All' order by 1;

-- why: A report across months marks both, and stands with file and sum.
-- on: release
-- right: 2025-06-01|NULL|true
-- right: 2025-07-01|NULL|true
select month_start_date, spend_reporting, is_spend_partial from attribution.fct_platform_claims where platform = 'meta_ads' and month_start_date between date '2025-06-01' and date '2025-07-01' order by 1;

-- on: release
-- right: meta_ads|200000000000992|crosses_months|2025-06-20|2025-07-10|66.31|true
select source, ad_account_id, reason, first_day, last_day, amount, file_path like '%across-months.csv' from quality.fct_amounts_left_out where amount = 66.31;
