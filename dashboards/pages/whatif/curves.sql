-- How leads respond to the spend of a week, and where that cannot be told; those that can first.
select
    channel,
    weeks,
    spend_low,
    spend_high,
    case when refusal is null then elasticity end as elasticity,
    case when refusal is null then elasticity_low end as elasticity_low,
    case when refusal is null then elasticity_high end as elasticity_high,
    backtest_leads,
    backtest_leads_low,
    backtest_leads_high,
    backtest_leads_came,
    refusal,
    case refusal
        when 'few_weeks' then 'too few whole weeks with spend'
        when 'no_variation' then 'spend hardly varied'
        when 'few_leads' then 'too few leads'
        when 'correlated' then 'its spend went with that of ' || correlated_channel
        when 'others_move' then 'leads of unpaid channels go with its spend'
        when 'not_concave' then 'leads fall with spend, or rise faster than it'
        when 'backtest_off' then 'foretold the last quarter wrongly'
        else ''
    end as why_not
from attribution.fct_response_curves
order by refusal is not null, channel
