-- Models that nobody solved, as after a bare dbt build.
select distinct attribution_model
from attribution.fct_attribution_credits
where conversion_type = 'closed_won' and is_fallback
order by attribution_model
