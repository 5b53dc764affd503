-- A rule's points keep the range of its kind (S4-31).
{{ config(meta={'dagster': {'ref': {'name': 'lead_score_rules'}}}) }}
select
    rules.rule_id,
    rules.version,
    rules.points
from {{ ref('lead_score_rules') }} as rules
left join {{ ref('lead_score_signal_types') }} as signal_types on rules.signal_type = signal_types.signal_type
where
    signal_types.min_points is null
    or rules.points < signal_types.min_points
    or rules.points > signal_types.max_points
