-- Spend beside what it brought, by two calendars. Look-forward follows the touches of the month to whenever
-- they convert; look-back takes the conversions of the month, whenever they were touched. The first
-- judges the month's spend and takes a lookback to ripen, the second is what the month reported.
with performance as (
    select * from {{ ref('fct_channel_performance_daily') }}
),

ad_spend as (
    select * from {{ ref('int_ad_spend_monthly') }}
),

cohort_credits as (
    select * from {{ ref('int_cohort_credits_summed') }}
),

attribution_models as (
    select * from {{ ref('attribution_models') }}
),

touch_types as (
    select * from {{ ref('touch_types') }}
),

lookback as (
    select max(lookback_days) as lookback_days
    from touch_types
    where is_included
),

combined as (
    select
        ad_spend.month_no,
        ad_spend.channel,
        attribution_models.attribution_model,
        ad_spend.spend_reporting,
        ad_spend.spend_reporting is null as is_unpriced,
        ad_spend.is_spend_partial,
        false as is_amount_partial,
        cast(0 as double) as leads,
        cast(0 as double) as customers,
        cast(0 as decimal(18, 2)) as pipeline_amount,
        cast(0 as decimal(18, 2)) as revenue_amount,
        cast(0 as double) as lookback_leads,
        cast(0 as double) as lookback_customers,
        cast(0 as decimal(18, 2)) as lookback_pipeline_amount,
        cast(0 as decimal(18, 2)) as lookback_revenue_amount
    from ad_spend
    cross join attribution_models
    union all
    select
        {{ month_index('date_day') }} as month_no,
        channel,
        attribution_model,
        cast(0 as decimal(18, 2)) as spend_reporting,
        false as is_unpriced,
        false as is_spend_partial,
        is_amount_partial,
        cast(0 as double) as leads,
        cast(0 as double) as customers,
        cast(0 as decimal(18, 2)) as pipeline_amount,
        cast(0 as decimal(18, 2)) as revenue_amount,
        leads as lookback_leads,
        customers as lookback_customers,
        pipeline_amount as lookback_pipeline_amount,
        revenue_amount as lookback_revenue_amount
    from performance
    union all
    select
        cohort_month_no as month_no,
        channel,
        attribution_model,
        cast(0 as decimal(18, 2)) as spend_reporting,
        false as is_unpriced,
        false as is_spend_partial,
        is_amount_partial,
        leads,
        customers,
        pipeline_amount,
        revenue_amount,
        cast(0 as double) as lookback_leads,
        cast(0 as double) as lookback_customers,
        cast(0 as decimal(18, 2)) as lookback_pipeline_amount,
        cast(0 as decimal(18, 2)) as lookback_revenue_amount
    from cohort_credits
),

summed as (
    select
        month_no,
        channel,
        attribution_model,
        {%- for name in ['leads', 'customers', 'lookback_leads', 'lookback_customers'] %}
        round({{ exact_sum(name) }}, 9) as {{ name }},
        {%- endfor %}
        {%- for name in ['pipeline_amount', 'revenue_amount', 'lookback_pipeline_amount', 'lookback_revenue_amount'] %}
        cast(sum({{ name }}) as decimal(18, 2)) as {{ name }},
        {%- endfor %}
        -- Days without ads do not make nothing of spend that has no rate.
        cast(case
            when sum(spend_reporting) <> 0 or not bool_or(is_unpriced) then sum(spend_reporting)
        end as decimal(18, 2)) as spend_reporting,
        bool_or(is_spend_partial) as is_spend_partial,
        bool_or(is_amount_partial) as is_amount_partial
    from combined
    group by month_no, channel, attribution_model
),

final as (
    select
        {{ surrogate_key(['summed.month_no', 'summed.channel', 'summed.attribution_model']) }} as cost_cohort_id,
        {{ month_start('summed.month_no') }} as month_start_date,
        summed.channel,
        summed.attribution_model,
        attribution_models.is_headline as is_headline_model,
        -- A touch of the month's last instant can convert until the lookback after it is over.
        {{ add_days(month_start('(summed.month_no + 1)'), 'lookback.lookback_days') }}
        <= {{ reporting_day(as_of_at()) }} as is_mature,
        summed.spend_reporting,
        summed.is_spend_partial,
        summed.leads,
        summed.customers,
        summed.pipeline_amount,
        summed.revenue_amount,
        {{ ratio('summed.spend_reporting', 'summed.leads') }} as cost_per_lead,
        {{ ratio('summed.spend_reporting', 'summed.customers') }} as customer_acquisition_cost,
        {{ ratio('summed.revenue_amount', 'summed.spend_reporting') }} as return_on_ad_spend,
        {{ return_on_investment('summed.revenue_amount', 'summed.spend_reporting') }} as return_on_investment,
        summed.lookback_leads,
        summed.lookback_customers,
        summed.lookback_pipeline_amount,
        summed.lookback_revenue_amount,
        summed.is_amount_partial,
        {{ ratio('summed.spend_reporting', 'summed.lookback_leads') }} as lookback_cost_per_lead,
        {{ ratio('summed.spend_reporting', 'summed.lookback_customers') }} as lookback_customer_acquisition_cost,
        {{ ratio('summed.lookback_revenue_amount', 'summed.spend_reporting') }} as lookback_return_on_ad_spend,
        {{ return_on_investment('summed.lookback_revenue_amount', 'summed.spend_reporting') }}
            as lookback_return_on_investment
    from summed
    cross join lookback
    inner join attribution_models on summed.attribution_model = attribution_models.attribution_model
)

select * from final
