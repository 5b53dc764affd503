-- How sure the credit of won deals is.
select
    channel,
    attribution_model,
    credit,
    confident_credit,
    evidence_weight,
    evidence_grade
from attribution.fct_attribution_confidence
where conversion_type = 'closed_won' and channel <> 'Unsure'
order by credit desc, channel, attribution_model
