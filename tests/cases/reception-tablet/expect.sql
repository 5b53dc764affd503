-- source: the kind of rybbit-io/rybbit#1045, GA4
-- why: Two people log in within one session of a tablet, each after a page view of hers: two contacts with one touch each.
-- on: release
-- right: 2|2|2.0
select count(*), count(distinct t.contact_key), round(sum(c.credit), 4)
from attribution.fct_touches as t left join attribution.fct_attribution_credits as c
  on t.touch_id = c.touch_id and c.attribution_model = 'last_touch' and c.conversion_type = 'lead'
where t.campaign = 'reception-day';
