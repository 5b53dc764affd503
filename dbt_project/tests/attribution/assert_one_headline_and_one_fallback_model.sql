-- Figures that name no attribution model are the headline model's, and one rule stands in for what can't be
-- solved: exactly one model must be each, and the second no solved one.
select
    sum(case when is_headline then 1 else 0 end) as headline_models,
    sum(case when is_fallback and rule <> 'solved' then 1 else 0 end) as fallback_models
from {{ ref('attribution_models') }}
having
    sum(case when is_headline then 1 else 0 end) <> 1
    or sum(case when is_fallback and rule <> 'solved' then 1 else 0 end) <> 1
