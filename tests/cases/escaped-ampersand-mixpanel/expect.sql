-- source: the kind of segmentio/utm-params#1, Mixpanel
-- why: What the library could read of the link is the campaign; the link itself has all three tags.
-- on: release
-- right: newsletter|email|amp-mix|Email
select source, medium, campaign, channel from attribution.fct_touches where landing_page like '%/amp-mix';
