with response_curves as (
    select * from {{ ref('stg_solved__response_curves') }}
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
