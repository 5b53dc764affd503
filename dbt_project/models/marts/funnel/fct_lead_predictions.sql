-- The learned lead score beside the rules (S4-36), and which of them is to be shown: the learned one only
-- where it sorted the newest leads better.
with moments as (
    select * from {{ ref('int_lead_score_moments') }}
    where is_current
),

-- One row, also where nothing was learned.
evaluations as (
    select
        coalesce(bool_or(is_learned_shown), false) as is_learned_shown,
        max(rules_auc) as rules_auc,
        max(learned_auc) as learned_auc,
        cast(coalesce(max(training_leads), 0) as bigint) as training_leads,
        cast(coalesce(max(holdout_leads), 0) as bigint) as holdout_leads,
        max(holdout_from_at) as holdout_from_at
    from {{ ref('stg_solved__lead_score_evaluations') }}
),

chances as (
    select * from {{ ref('stg_solved__lead_chances') }}
),

final as (
    select
        moments.contact_key,
        case when evaluations.is_learned_shown then 'learned' else 'rules' end as shown_score,
        moments.rules_score,
        chances.conversion_probability,
        evaluations.rules_auc,
        evaluations.learned_auc,
        evaluations.training_leads,
        evaluations.holdout_leads,
        evaluations.holdout_from_at
    from moments
    cross join evaluations
    left join chances on moments.contact_key = chances.contact_key
)

select * from final
