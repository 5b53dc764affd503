-- What each model credits each campaign with.
select
    campaign_key,
    conversion_type,
    attribution_model,
    sum(credit) as credit,
    sum(credited_amount) as credited_amount
from attribution.fct_attribution_credits
where campaign_key is not null and conversion_type in ('lead', 'opportunity', 'closed_won')
group by all
order by campaign_key, conversion_type, attribution_model
