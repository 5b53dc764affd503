-- Hypotheses and their verdicts, newest versions first.
select
    coalesce(statement, hypothesis_id) as statement,
    version,
    is_newest_version,
    verdict,
    predicted_effect,
    effect,
    effect_low,
    effect_high,
    effect_unit,
    owner_name,
    valid_from_date,
    review_by_date,
    nullif(concat_ws(
        ', ',
        case when is_registered_late then 'written down after it began' end,
        case when is_target_changed_after_data then 'target changed after data was there' end,
        case when is_update_open then 'contradicted, and not revised' end,
        case when unanswered_count > 0 then concat(unanswered_count, ' fields empty') end,
        case when not is_metric_computed then 'its metric is not computed' end
    ), '') as warnings
from strategy.fct_hypothesis_tests
order by is_newest_version desc, hypothesis_id, version desc
