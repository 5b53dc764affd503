-- What ad platforms claim, beside the leads that there are, the newest first.
select
    month_start_date,
    platform,
    spend_reporting,
    claimed_conversions,
    crm_leads,
    over_claim_ratio
from attribution.fct_platform_claims
-- Of one platform alone, all together are the same again.
qualify platform <> 'All' or count(*) over (partition by month_start_date) > 2
order by month_start_date desc, platform = 'All' desc, platform
