-- source: a link that was tagged with a campaign alone, Segment
-- why: Somebody tagged it, so nobody came by himself: the source is not set, and never direct.
-- on: release
-- right: (not set)|no-source-letter|false
select source, campaign, channel = 'Direct' from attribution.fct_touches where landing_page like '%/no-source%';
