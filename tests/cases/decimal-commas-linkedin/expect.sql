-- source: the kind of decimal-commas-google, LinkedIn
-- why: 8.000 impressions are eight thousand where 1.088,80 is what they cost.
-- on: release
-- right: 1100.00|8100|9
select sum(spend), sum(impressions), sum(clicks) from attribution.fct_ad_spend_daily where campaign_name = 'komma-li';
