-- source: the kind of campaign-without-a-source, Mixpanel, which says $direct itself
-- why: The referrer is missing, the campaign is not: that is no direct visit.
-- on: release
-- right: (not set)|mix-no-source|false
select source, campaign, channel = 'Direct' from attribution.fct_touches where landing_page like '%/mix-no-source%';
