-- source: the kind of PostHog/posthog#19180, Salesforce
-- why: A contact whose address changed between two deliveries, and once before, by the field history: both visits stay hers; a login that no record ever had is nobody's, and counted as that.
-- on: release
-- right: 2|1|login_names_nobody
select count(*) filter (where contact_key is not null), count(distinct contact_key), min(link_reason) filter (where contact_key is null)
from attribution.fct_touches where campaign = 'ina-ads';
