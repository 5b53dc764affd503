-- Models that had too few won deals to learn from.
select distinct attribution_model
from attribution.fct_attribution_credits
where conversion_type = 'closed_won' and is_fallback
order by attribution_model
