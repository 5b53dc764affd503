-- source: the kind of the pages on payment referrals in GA4, Snowplow
-- why: Who comes back from a known payment page did not come from there; one that only looks like it counts, and a check names it.
-- on: release
-- right: bing
-- right: epay.unknown-bank.example
select source from attribution.fct_touches where landing_page like '%/world-%' order by 1;
-- on: build
-- right: warning|true
select severity, sample_keys like '%epay.unknown-bank.example%' from ops.quality_results
where expectation = 'no_payment_page_as_source' order by evaluated_at desc limit 1;
