-- What a lift test measured beside what each model credits to the tested channel in the same days:
-- the test is the better witness, and where they differ the model is in doubt.
with lift_tests as (
    select * from {{ ref('int_lift_tests') }}
),

attribution_models as (
    select * from {{ ref('attribution_models') }}
),

campaigns as (
    select * from {{ ref('dim_campaigns') }}
),

credits as (
    select * from {{ ref('fct_attribution_credits') }}
),

conversion_types as (
    select * from {{ ref('conversion_types') }}
),

described as (
    select
        lift_tests.*,
        coalesce(conversion_types.conversion_type, 'lead') as conversion_type
    from lift_tests
    left join conversion_types on lower(lift_tests.metric_name) = conversion_types.conversion_type
),

credited as (
    select
        described.experiment_id,
        credits.attribution_model,
        {{ exact_sum('credits.credit') }} as credited_conversions
    from described
    inner join credits
        on
            described.channel = credits.channel
            and described.conversion_type = credits.conversion_type
            and {{ reporting_day('credits.converted_at') }} >= described.start_date
            and {{ reporting_day('credits.converted_at') }} <= described.end_date
    left join campaigns on credits.campaign_key = campaigns.campaign_key
    where described.utm_campaign is null or described.utm_campaign = campaigns.utm_campaign
    group by described.experiment_id, credits.attribution_model
),

compared as (
    select
        described.experiment_id,
        described.experiment_name,
        described.channel,
        described.utm_campaign,
        described.conversion_type,
        attribution_models.attribution_model,
        described.start_date,
        described.end_date,
        described.is_usable,
        cast(described.incremental_conversions as double) as incremental_conversions,
        -- The interval is of the effect: conversions scale with it.
        cast(described.incremental_conversions as double)
        * {{ ratio('described.effect_low', 'described.effect') }} as incremental_conversions_low,
        cast(described.incremental_conversions as double)
        * {{ ratio('described.effect_high', 'described.effect') }} as incremental_conversions_high,
        cast(round(coalesce(credited.credited_conversions, 0), 9) as double) as credited_conversions
    from described
    cross join attribution_models
    left join credited
        on
            described.experiment_id = credited.experiment_id
            and attribution_models.attribution_model = credited.attribution_model
),

final as (
    select
        {{ surrogate_key(['experiment_id', 'attribution_model']) }} as lift_test_id,
        experiment_id,
        experiment_name,
        channel,
        utm_campaign,
        conversion_type,
        attribution_model,
        start_date,
        end_date,
        is_usable,
        incremental_conversions,
        incremental_conversions_low,
        incremental_conversions_high,
        credited_conversions,
        {{ ratio('credited_conversions', 'incremental_conversions') }} as credit_by_lift,
        case
            when is_usable
                then
                    credited_conversions < incremental_conversions_low
                    or credited_conversions > incremental_conversions_high
        end as is_disputed
    from compared
)

select * from final
