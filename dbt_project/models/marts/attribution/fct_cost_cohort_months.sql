-- How the cohorts of fct_cost_cohorts ripen: what had come so many months after the month of the touches. Every
-- month has a row until the lookback or the run's clock ends it, with or without a conversion.
with cohorts as (
    select
        *,
        {{ month_index('month_start_date') }} as cohort_month_no
    from {{ ref('fct_cost_cohorts') }}
),

cohort_credits as (
    select * from {{ ref('int_cohort_credits_summed') }}
),

touch_types as (
    select * from {{ ref('touch_types') }}
),

lookback as (
    select max(lookback_days) as lookback_days
    from touch_types
    where is_included
),

months as (
    select distinct {{ month_index('date_day') }} as month_no
    from {{ ref('dim_dates') }}
),

spread as (
    select
        cohorts.cost_cohort_id,
        cohorts.month_start_date,
        cohorts.cohort_month_no,
        cohorts.channel,
        cohorts.attribution_model,
        cohorts.is_headline_model,
        cohorts.is_mature,
        cohorts.spend_reporting as cohort_spend,
        cohorts.is_spend_partial,
        months.month_no - cohorts.cohort_month_no as months_since,
        {{ month_start('(months.month_no + 1)') }} <= {{ reporting_day(as_of_at()) }} as is_complete
    from cohorts
    cross join lookback
    inner join months
        on
            cohorts.cohort_month_no <= months.month_no
            -- The last day on which a touch of the month's last day can convert.
            and months.month_no <= {{ month_index(
                add_days(month_start('(cohorts.cohort_month_no + 1)'), 'lookback.lookback_days - 1')
            ) }}
            and months.month_no <= {{ month_index(reporting_day(as_of_at())) }}
),

filled as (
    select
        spread.*,
        coalesce(cohort_credits.leads, cast(0 as double)) as leads,
        coalesce(cohort_credits.customers, cast(0 as double)) as customers,
        coalesce(cohort_credits.pipeline_amount, cast(0 as decimal(18, 2))) as pipeline_amount,
        coalesce(cohort_credits.revenue_amount, cast(0 as decimal(18, 2))) as revenue_amount,
        coalesce(cohort_credits.is_amount_partial, false) as is_month_partial
    from spread
    left join cohort_credits
        on
            spread.cohort_month_no = cohort_credits.cohort_month_no
            and spread.months_since = cohort_credits.months_since
            and spread.channel = cohort_credits.channel
            and spread.attribution_model = cohort_credits.attribution_model
),

accumulated as (
    select
        *,
        round(cast({{ decimal_sum('leads') }} over ripening as double), 9) as cumulative_leads,
        round(cast({{ decimal_sum('customers') }} over ripening as double), 9) as cumulative_customers,
        cast(sum(pipeline_amount) over ripening as decimal(18, 2)) as cumulative_pipeline_amount,
        cast(sum(revenue_amount) over ripening as decimal(18, 2)) as cumulative_revenue_amount,
        bool_or(is_month_partial) over ripening as is_amount_partial
    from filled
    window
        ripening as (
            partition by cost_cohort_id order by months_since rows between unbounded preceding and current row
        )
),

final as (
    select
        {{ surrogate_key(['cost_cohort_id', 'months_since']) }} as cost_cohort_month_id,
        cost_cohort_id,
        month_start_date,
        channel,
        attribution_model,
        is_headline_model,
        cast(months_since as bigint) as months_since,
        is_complete,
        is_mature,
        cohort_spend,
        is_spend_partial,
        leads,
        customers,
        pipeline_amount,
        revenue_amount,
        cumulative_leads,
        cumulative_customers,
        cumulative_pipeline_amount,
        cumulative_revenue_amount,
        is_amount_partial,
        {{ ratio('cumulative_revenue_amount', 'cohort_spend') }} as cumulative_return_on_ad_spend
    from accumulated
)

select * from final
