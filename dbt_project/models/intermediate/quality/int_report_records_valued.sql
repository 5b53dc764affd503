-- What a page's figures rest on: each record with its value, its campaign family, and the critical
-- expectation its raw row failed, if any; money without a price, or of no month, fails, too: no figure
-- has it. Pipeline is worth its amount, spend its cost, in the reporting currency, or as they are
-- written where that is not known; leads count one each and stand in where there is no pipeline. Work
-- counts one a task; where not one task is of a registered campaign, no figure has any of them.
with opportunities as (
    select * from {{ ref('int_opportunities_priced') }}
    where is_excluded is false
),

contacts as (
    select * from {{ ref('int_contacts_merged') }}
    where is_excluded is false
),

credits as (
    select * from {{ ref('int_credits_settled') }}
    -- A record belongs to the family of its first touch.
    where attribution_model = 'first_touch'
),

conversions as (
    select * from {{ ref('int_conversions_unioned') }}
),

campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

report_lines as (
    select * from {{ ref('int_ad_report_lines_named') }}
),

lines_undated as (
    select * from {{ ref('int_ad_report_lines_unioned') }}
    where coalesce(is_daily, true) and date_day is null
),

fx_rates as (
    select * from {{ ref('int_fx_rates_dated') }}
),

periods_undated as (
    select distinct
        file_id,
        ad_account_id,
        ad_campaign_name
    from {{ ref('int_ad_spend_periods') }}
    where month_start_date is null and undated_spend > 0
),

-- Of several reports that tell one spend, the lines of the one that counts.
reports_counted as (
    select distinct
        platform,
        report_name,
        report_level,
        coalesce(breakdown, '') as breakdown,
        ad_account_id,
        is_daily,
        date_day
    from {{ ref('int_ad_reports_unioned') }}
    where is_counted
),

ad_campaigns as (
    select * from {{ ref('int_ad_campaigns_matched') }}
),

tasks as (
    select * from {{ ref('int_tasks_unioned') }}
),

tasks_matched as (
    select * from {{ ref('int_tasks_matched') }}
),

matches as (
    select count(*) as match_count
    from tasks_matched
),

failed_rows as (
    select * from {{ ref('stg_ops__failed_rows') }}
    where severity = 'critical'
),

-- A file is of one stream: its number and the row's tell the row.
failures as (
    select
        file_id,
        row_number,
        min(expectation) as expectation
    from failed_rows
    group by file_id, row_number
),

records as (
    select
        'pipeline' as value_basis,
        opportunities.file_id,
        opportunities.row_number,
        credits.campaign_key,
        coalesce(credits.channel, 'Unattributed') in ('Unattributed', 'Direct') as is_coverage_unknown,
        coalesce(opportunities.amount_reporting, opportunities.amount, 0) as record_value,
        case when opportunities.amount <> 0 and opportunities.amount_reporting is null then 'priced' end as lacks
    from opportunities
    left join conversions
        on opportunities.opportunity_id = conversions.opportunity_id and conversions.conversion_type = 'opportunity'
    left join credits on conversions.conversion_id = credits.conversion_id
    union all
    select
        'leads' as value_basis,
        contacts.file_id,
        contacts.row_number,
        credits.campaign_key,
        coalesce(credits.channel, 'Unattributed') in ('Unattributed', 'Direct') as is_coverage_unknown,
        cast(1 as decimal(18, 2)) as record_value,
        cast(null as {{ dbt.type_string() }}) as lacks
    from contacts
    left join credits on contacts.contact_key = credits.contact_key and credits.conversion_type = 'lead'
    union all
    select
        'spend' as value_basis,
        report_lines.file_id,
        report_lines.row_number,
        ad_campaigns.campaign_key,
        coalesce(ad_campaigns.is_registered, false) is false as is_coverage_unknown,
        cast(
            coalesce(
                {{ in_reporting_currency('report_lines.spend', 'fx_rates.rate_to_reporting') }}, report_lines.spend, 0
            ) as decimal(18, 2)
        ) as record_value,
        case
            when report_lines.spend > 0 and fx_rates.currency is null then 'priced'
            when periods_undated.file_id is not null then 'of_one_month'
        end as lacks
    from report_lines
    inner join reports_counted
        on
            report_lines.platform = reports_counted.platform
            and report_lines.report_name = reports_counted.report_name
            and report_lines.report_level = reports_counted.report_level
            and coalesce(report_lines.breakdown, '') = reports_counted.breakdown
            and report_lines.ad_account_id = reports_counted.ad_account_id
            and report_lines.is_daily = reports_counted.is_daily
            and coalesce(report_lines.date_day, date '1970-01-01')
            = coalesce(reports_counted.date_day, date '1970-01-01')
    left join ad_campaigns
        on
            report_lines.ad_campaign_name = ad_campaigns.ad_campaign_name
            and coalesce(report_lines.date_day, report_lines.period_start_date) = ad_campaigns.seen_on
    left join fx_rates
        on {{ is_rate_of_day(
            'fx_rates',
            'report_lines.currency',
            'coalesce(report_lines.date_day, report_lines.period_end_date, report_lines.period_start_date)'
        ) }}
    left join periods_undated
        on
            report_lines.is_daily is false
            and report_lines.file_id = periods_undated.file_id
            and report_lines.ad_account_id = periods_undated.ad_account_id
            and report_lines.ad_campaign_name = periods_undated.ad_campaign_name
    union all
    -- A line whose day cannot be read counts nowhere, which is what a page must confess.
    select
        'spend' as value_basis,
        file_id,
        row_number,
        cast(null as {{ dbt.type_string() }}) as campaign_key,
        true as is_coverage_unknown,
        cast(coalesce({{ plausible_amount('spend') }}, 0) as decimal(18, 2)) as record_value,
        'of_one_month' as lacks
    from lines_undated
    union all
    select
        'work' as value_basis,
        tasks.file_id,
        tasks.row_number,
        tasks_matched.campaign_key,
        tasks_matched.campaign_key is null as is_coverage_unknown,
        cast(1 as decimal(18, 2)) as record_value,
        case when matches.match_count = 0 then 'of_a_campaign' end as lacks
    from tasks
    cross join matches
    left join tasks_matched on tasks.task_id = tasks_matched.task_id
),

final as (
    select
        records.value_basis,
        coalesce(campaigns.campaign_family, 'Unfiled') as campaign_family,
        records.record_value,
        records.is_coverage_unknown,
        coalesce(failures.expectation, records.lacks) as failed_expectation
    from records
    left join campaigns on records.campaign_key = campaigns.campaign_key
    left join failures
        on
            records.file_id = failures.file_id
            and records.row_number = failures.row_number
)

select * from final
