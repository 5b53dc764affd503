with lead_score_evaluations as (
    select * from {{ source('solved', 'lead_score_evaluations') }}
    -- What was learned as of another moment is not of this build.
    where as_of_at = {{ as_of_at() }}
),

final as (
    select
        rules_auc,
        learned_auc,
        training_leads,
        holdout_leads,
        holdout_from_at,
        is_learned_shown
    from lead_score_evaluations
)

select * from final
