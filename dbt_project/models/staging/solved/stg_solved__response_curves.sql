with response_curves as (
    select * from {{ source('solved', 'response_curves') }}
    -- What was solved as of another moment is not of this build.
    where as_of_at = {{ as_of_at() }}
),

final as (
    select
        channel,
        weeks,
        spend_low,
        spend_high,
        elasticity,
        elasticity_low,
        elasticity_high,
        others_elasticity,
        others_elasticity_low,
        others_elasticity_high,
        correlation,
        correlated_channel,
        backtest_weeks,
        backtest_leads,
        backtest_leads_low,
        backtest_leads_high,
        backtest_leads_came,
        refusal
    from response_curves
)

select * from final
