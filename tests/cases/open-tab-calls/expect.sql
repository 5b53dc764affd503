-- source: the kind of snowplow/data-models#92, Segment
-- why: A call that a page left open sends two days later, with the tags of its URL, is no second visit.
-- on: release
-- right: 1|2026-09-03
select count(*), max(cast(touched_at as date)) from attribution.fct_touches where campaign = 'tab-ads';
