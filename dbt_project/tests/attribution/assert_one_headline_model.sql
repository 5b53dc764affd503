-- Figures that name no attribution model are the headline model's: exactly one must be it.
select count(*) as headline_models
from {{ ref('attribution_models') }}
where is_headline
having count(*) <> 1
