-- What needs a person (S1-19), the most urgent first.
select
    items.attention_rank,
    items.kind,
    items.sentence,
    items.next_step,
    coalesce(items.owner_name, 'whoever runs the warehouse') as owner,
    items.backup_name,
    items.since_at,
    items.due_at,
    items.campaign_key,
    coalesce(campaigns.campaign_family, 'Unfiled') as campaign_family
from operations.fct_attention_items as items
left join core.dim_campaigns as campaigns on items.campaign_key = campaigns.campaign_key
order by items.attention_rank
