-- What happened between two meetings, what waits, and what comes within a week or should have come.
select
    items.section,
    items.item_kind,
    items.item_name,
    campaigns.campaign_name,
    items.owner_name,
    items.happened_at,
    items.due_at,
    items.due_before_at,
    items.is_overdue,
    items.detail
from operations.fct_agenda_items as items
left join core.dim_campaigns as campaigns on items.campaign_key = campaigns.campaign_key
where
    items.section = 'blocked'
    or (items.section = 'next' and items.due_at < $until + interval 7 day)
    or (items.section in ('done', 'changed') and items.happened_at >= $since and items.happened_at < $until)
order by items.section, items.due_at nulls last, items.happened_at, campaigns.campaign_name, items.item_name, items.agenda_item_id
