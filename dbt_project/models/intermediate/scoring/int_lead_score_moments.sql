-- The moments at which leads are looked at for a learned score: each lead when its score is judged, with
-- what became of it, and every contact as of the run's clock.
with outcomes as (
    select * from {{ ref('int_lead_score_outcomes') }}
),

scores as (
    select * from {{ ref('int_lead_scores_dated') }}
    where next_changed_at is null
),

versions as (
    select * from {{ ref('lead_score_versions') }}
    where is_active
),

final as (
    select
        outcomes.contact_key,
        false as is_current,
        outcomes.score as rules_score,
        outcomes.is_converted,
        outcomes.scored_at,
        {{ add_us('outcomes.scored_at', var('lead_score_outcome_days') ~ ' * cast(86400000000 as bigint)') }}
            as judged_at
    from outcomes
    inner join versions on outcomes.version = versions.version
    union all
    select
        scores.contact_key,
        true as is_current,
        scores.score as rules_score,
        cast(null as boolean) as is_converted,
        {{ as_of_at() }} as scored_at,
        cast(null as timestamp) as judged_at
    from scores
    inner join versions on scores.version = versions.version
)

select * from final
