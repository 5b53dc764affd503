-- source: the kind of superformlabs/ga4dataform-community#9, Snowplow
-- why: The consent banner knows the page before, the page view its own tags: they tell the session.
-- on: release
-- right: newsletter|email|banner-news|Email
select source, medium, campaign, channel from attribution.fct_touches where landing_page like '%/banner-offer';
