-- source: a download of Google Ads from an account whose numbers are German
-- why: The file itself says that its comma is the decimal one: then its dots part thousands.
-- on: release
-- right: 1334.60|1301|41103|13.5
select sum(spend), sum(clicks), sum(impressions), cast(sum(platform_conversions) as double) from attribution.fct_ad_spend_daily where campaign_name = 'komma-suche';
