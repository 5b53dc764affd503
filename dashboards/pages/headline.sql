-- The model that figures are by which name none.
select distinct attribution_model
from attribution.fct_channel_performance_daily
where is_headline_model
