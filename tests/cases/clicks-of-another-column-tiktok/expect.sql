-- source: an Ads Manager report with both columns
-- why: A file that tells clicks to the destination tells no other ones: where their cell is empty nothing is known.
-- on: release
-- right: tt-none|NULL
-- right: tt-some|20
select campaign_name, clicks from attribution.fct_ad_spend_daily where campaign_name in ('tt-none', 'tt-some') order by 1;
