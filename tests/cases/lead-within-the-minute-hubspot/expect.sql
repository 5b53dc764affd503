-- source: a CRM's export tells minutes, the site's events microseconds
-- why: The visit at 13:26:35 made the lead of 13:26: it came first, and has the credit. The one half an hour later did not.
-- on: release
-- right: minute-ads|1.0
select t.campaign, round(sum(c.credit), 4) from attribution.fct_attribution_credits as c inner join attribution.fct_conversions as v using (conversion_id) inner join attribution.fct_touches as t on c.touch_id = t.touch_id where v.conversion_type = 'lead' and c.attribution_model = 'last_touch' and t.campaign like 'minute-%' group by 1;
