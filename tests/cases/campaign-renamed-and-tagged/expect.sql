-- source: campaigns that were renamed in Ads Manager and in Campaign Manager, downloaded again over all days
-- why: Under its tag, its name before, its name now and its number it is the campaign of the registry.
-- on: release
-- right: 120210000000792011|tagged-registered
-- right: tagged-new|tagged-registered
-- right: tagged-old|tagged-registered
-- right: tagged-registered|tagged-registered
select touches.campaign, campaigns.utm_campaign from attribution.fct_touches as touches left join core.dim_campaigns as campaigns using (campaign_key) where touches.landing_page like '%/tagged-page' and touches.campaign not like 'linked%' order by 1;

-- on: release
-- right: Tagged|2|30.00
select campaign_name, count(*), sum(spend) from attribution.fct_ad_spend_daily where ad_account_id = '300000000000792' group by 1;

-- why: Nobody registered it: visits by either name are those of the campaign that was paid.
-- on: release
-- right: linked-new|linked-new|11.00
-- right: linked-old|linked-new|11.00
select touches.campaign, campaigns.utm_campaign, (select sum(spend) from attribution.fct_ad_spend_daily as spend where spend.campaign_key = touches.campaign_key) from attribution.fct_touches as touches left join core.dim_campaigns as campaigns using (campaign_key) where touches.landing_page like '%/tagged-page' and touches.campaign like 'linked%' order by 1;
