-- Score bands against what became of the leads, by each version of the rules.
select
    rules_version,
    is_active_version,
    score_band,
    lead_count,
    converted_count,
    conversion_rate,
    conversion_rate_low,
    conversion_rate_high,
    lift,
    is_monotone,
    auc,
    is_small_sample
from funnel.fct_lead_score_accuracy
where cohort_quarter is null
order by
    is_active_version desc,
    rules_version,
    case score_band when 'Hot' then 1 when 'SQL' then 2 when 'MQL' then 3 else 4 end,
    score_band
