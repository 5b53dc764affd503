-- Changes after a launch that no version of brief or hypothesis has.
select
    changes.campaign_key,
    campaigns.campaign_name,
    coalesce(campaigns.campaign_family, 'Unfiled') as campaign_family,
    changes.attribute,
    changes.executed_value,
    changes.touch_share,
    changes.changed_on
from strategy.fct_unrecorded_changes as changes
left join core.dim_campaigns as campaigns on changes.campaign_key = campaigns.campaign_key
where changes.is_unrecorded
order by changes.touch_share desc, changes.changed_on desc, changes.campaign_change_id
