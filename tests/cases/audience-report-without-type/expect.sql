-- source: performance reports from which the column CampaignType was left out
-- why: What July's report says of the campaign is true of it in August.
-- on: release
-- right: Display|100.00
select channel, sum(spend) from attribution.fct_ad_spend_daily where campaign_name = 'msa-spring' group by 1;
