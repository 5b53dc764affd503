-- source: the issue: additional addresses of HubSpot
-- why: Contacts that were merged keep the addresses of both, and the touches of both before.
-- on: release
-- right: 2|1|1.0
select count(distinct t.touch_id), count(distinct t.contact_key), round(sum(c.credit), 4)
from attribution.fct_touches as t left join attribution.fct_attribution_credits as c
  on t.touch_id = c.touch_id and c.attribution_model = 'last_touch' and c.conversion_type = 'lead'
where t.campaign = 'mo-ads';
