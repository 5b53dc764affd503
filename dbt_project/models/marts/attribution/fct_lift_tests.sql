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

heard as (
    select * from {{ ref('stg_solved__lift_tests') }}
),

credited as (
    select
        lift_tests.experiment_id,
        credits.attribution_model,
        {{ exact_sum('credits.credit') }} as credited_conversions
    from lift_tests
    inner join credits
        on
            lift_tests.channel = credits.channel
            and lift_tests.conversion_type = credits.conversion_type
            and {{ reporting_day('credits.converted_at') }} >= lift_tests.start_date
            and {{ reporting_day('credits.converted_at') }} <= lift_tests.end_date
    left join campaigns on credits.campaign_key = campaigns.campaign_key
    where lift_tests.utm_campaign is null or lift_tests.utm_campaign = campaigns.utm_campaign
    group by lift_tests.experiment_id, credits.attribution_model
),

compared as (
    select
        lift_tests.experiment_id,
        lift_tests.experiment_name,
        lift_tests.channel,
        lift_tests.utm_campaign,
        lift_tests.conversion_type,
        attribution_models.attribution_model,
        lift_tests.start_date,
        lift_tests.end_date,
        lift_tests.is_usable,
        lift_tests.incremental_conversions,
        lift_tests.incremental_conversions_low,
        lift_tests.incremental_conversions_high,
        cast(round(coalesce(credited.credited_conversions, 0), 9) as double) as credited_conversions,
        heard.experiment_id is not null as is_heard,
        heard.credited_before_tests
    from lift_tests
    cross join attribution_models
    left join credited
        on
            lift_tests.experiment_id = credited.experiment_id
            and attribution_models.attribution_model = credited.attribution_model
    left join heard
        on
            lift_tests.experiment_id = heard.experiment_id
            and attribution_models.attribution_model = heard.attribution_model
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
        is_heard,
        credited_before_tests,
        {{ ratio('credited_conversions', 'incremental_conversions') }} as credit_by_lift,
        case
            when is_usable
                then
                    -- What has heard the test is judged by what it said before.
                    coalesce(credited_before_tests, credited_conversions) < incremental_conversions_low
                    or coalesce(credited_before_tests, credited_conversions) > incremental_conversions_high
        end as is_disputed
    from compared
)

select * from final
