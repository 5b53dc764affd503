with ad_spend as (
    select * from {{ ref('int_ad_spend_daily') }}
),

-- What no day has of a report without days.
undated_spend as (
    select * from {{ ref('fct_ad_spend_periods') }}
    where undated_spend > 0
),

credits as (
    select * from {{ ref('fct_attribution_credits') }}
),

conversions_unpriced as (
    select conversion_id
    from {{ ref('fct_conversions') }}
    where amount is not null and amount_reporting is null
),

touches as (
    select * from {{ ref('fct_touches') }}
),

attribution_models as (
    select * from {{ ref('attribution_models') }}
),

-- What day it was is asked once a moment, not once a credit: a time zone's answer costs more than the rest.
moments as (
    select distinct converted_at
    from credits
),

credit_days as (
    select
        converted_at,
        {{ reporting_day('converted_at') }} as date_day
    from moments
),

touch_days as (
    select
        {{ reporting_day('touched_at') }} as date_day,
        channel,
        count(*) as touch_count
    from touches
    group by {{ reporting_day('touched_at') }}, channel
),

spent as (
    select
        ad_spend.date_day,
        ad_spend.channel,
        attribution_models.attribution_model,
        sum(ad_spend.spend_reporting) as spend_reporting,
        true as is_spent,
        bool_or(ad_spend.spend <> 0 and ad_spend.spend_reporting is null) as is_spend_partial,
        false as is_amount_partial,
        cast(0 as bigint) as touches,
        cast(0 as double) as leads,
        cast(0 as double) as mqls,
        cast(0 as double) as opportunities,
        cast(0 as double) as customers,
        cast(0 as decimal(18, 2)) as pipeline_amount,
        cast(0 as decimal(18, 2)) as revenue_amount
    from ad_spend
    cross join attribution_models
    group by ad_spend.date_day, ad_spend.channel, attribution_models.attribution_model
),

touched as (
    select
        touch_days.date_day,
        touch_days.channel,
        attribution_models.attribution_model,
        cast(null as decimal(18, 2)) as spend_reporting,
        false as is_spent,
        false as is_spend_partial,
        false as is_amount_partial,
        cast(touch_days.touch_count as bigint) as touches,
        cast(0 as double) as leads,
        cast(0 as double) as mqls,
        cast(0 as double) as opportunities,
        cast(0 as double) as customers,
        cast(0 as decimal(18, 2)) as pipeline_amount,
        cast(0 as decimal(18, 2)) as revenue_amount
    from touch_days
    cross join attribution_models
),

credits_marked as (
    select
        credits.*,
        credit_days.date_day,
        credits.credit > 0 and conversions_unpriced.conversion_id is not null as is_unpriced
    from credits
    inner join credit_days on credits.converted_at = credit_days.converted_at
    left join conversions_unpriced on credits.conversion_id = conversions_unpriced.conversion_id
),

credited as (
    select
        date_day,
        channel,
        attribution_model,
        cast(null as decimal(18, 2)) as spend_reporting,
        false as is_spent,
        false as is_spend_partial,
        bool_or(is_unpriced) as is_amount_partial,
        cast(0 as bigint) as touches,
        {{ exact_sum("case when conversion_type = 'lead' then credit else 0 end") }} as leads,
        {{ exact_sum("case when conversion_type = 'mql' then credit else 0 end") }} as mqls,
        {{ exact_sum("case when conversion_type = 'opportunity' then credit else 0 end") }} as opportunities,
        {{ exact_sum("case when conversion_type = 'closed_won' then credit else 0 end") }} as customers,
        sum(case when conversion_type = 'opportunity' then coalesce(credited_amount, 0) else 0 end) as pipeline_amount,
        sum(case when conversion_type = 'closed_won' then coalesce(credited_amount, 0) else 0 end) as revenue_amount
    from credits_marked
    group by date_day, channel, attribution_model
),

combined as (
    select * from spent
    union all
    select * from touched
    union all
    select * from credited
),

days_undated as (
    select distinct
        combined.date_day,
        combined.channel
    from combined
    inner join undated_spend
        on
            combined.channel = undated_spend.channel
            and combined.date_day >= coalesce(undated_spend.period_start_date, undated_spend.period_end_date)
            -- No fact is of a day to come.
            and combined.date_day <= coalesce(undated_spend.period_end_date, combined.date_day)
),

summed as (
    select
        date_day,
        channel,
        attribution_model,
        -- Nothing was spent where there were no ads; what has no rate is unknown.
        cast(case when bool_or(is_spent) then sum(spend_reporting) else 0 end as decimal(18, 2)) as spend_reporting,
        coalesce(bool_or(is_spend_partial), false) as is_spend_partial,
        coalesce(bool_or(is_amount_partial), false) as is_amount_partial,
        cast(sum(touches) as bigint) as touches,
        round({{ exact_sum('leads') }}, 9) as leads,
        round({{ exact_sum('mqls') }}, 9) as mqls,
        round({{ exact_sum('opportunities') }}, 9) as opportunities,
        round({{ exact_sum('customers') }}, 9) as customers,
        cast(sum(pipeline_amount) as decimal(18, 2)) as pipeline_amount,
        cast(sum(revenue_amount) as decimal(18, 2)) as revenue_amount
    from combined
    group by date_day, channel, attribution_model
),

final as (
    select
        {{ surrogate_key(['summed.date_day', 'summed.channel', 'summed.attribution_model']) }} as performance_id,
        summed.date_day,
        summed.channel,
        summed.attribution_model,
        attribution_models.is_headline as is_headline_model,
        summed.spend_reporting,
        summed.is_spend_partial or days_undated.channel is not null as is_spend_partial,
        summed.touches,
        summed.leads,
        summed.mqls,
        summed.opportunities,
        summed.customers,
        summed.pipeline_amount,
        summed.revenue_amount,
        summed.is_amount_partial,
        {{ ratio('summed.spend_reporting', 'summed.leads') }} as cost_per_lead,
        {{ ratio('summed.spend_reporting', 'summed.mqls') }} as cost_per_mql,
        {{ ratio('summed.spend_reporting', 'summed.customers') }} as customer_acquisition_cost,
        {{ ratio('summed.revenue_amount', 'summed.spend_reporting') }} as return_on_ad_spend,
        {{ return_on_investment('summed.revenue_amount', 'summed.spend_reporting') }} as return_on_investment
    from summed
    inner join attribution_models on summed.attribution_model = attribution_models.attribution_model
    left join days_undated on summed.date_day = days_undated.date_day and summed.channel = days_undated.channel
)

select * from final
