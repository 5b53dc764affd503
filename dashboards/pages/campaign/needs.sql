-- What needs a person, of each campaign.
select
    campaign_key,
    kind,
    sentence,
    next_step,
    coalesce(owner_name, 'whoever runs the warehouse') as owner,
    since_at,
    due_at
from operations.fct_attention_items
where campaign_key is not null
order by attention_rank
