-- Whether the score told who would convert (S4-35): each lead with its score at a set age, before
-- anybody knew, and whether an opportunity followed within a set time. By every version of the
-- rules, so that a proposed one is tried on the past.
with stages as (
    select * from {{ ref('int_lifecycle_stages_entered') }}
    where is_imputed is false
),

contacts as (
    select * from {{ ref('int_contacts_merged') }}
    -- Own staff and test mailboxes are no leads (V14).
    where is_excluded is false
),

scores as (
    select * from {{ ref('int_lead_scores_dated') }}
),

bands as (
    select * from {{ ref('lead_score_bands') }}
),

leads as (
    select
        stages.contact_key,
        stages.entered_at as lead_at,
        {{ add_us('stages.entered_at', var('lead_score_age_days') ~ ' * cast(86400000000 as bigint)') }} as scored_at
    from stages
    inner join contacts on stages.contact_key = contacts.contact_key
    where stages.stage = 'lead'
),

opportunities as (
    select
        contact_key,
        entered_at as opportunity_at
    from stages
    where stage = 'opportunity'
),

followed as (
    select
        leads.contact_key,
        leads.lead_at,
        leads.scored_at,
        opportunities.opportunity_at,
        {{ add_us('leads.scored_at', var('lead_score_outcome_days') ~ ' * cast(86400000000 as bigint)') }} as judged_at
    from leads
    left join opportunities on leads.contact_key = opportunities.contact_key
    -- Who converted before the score was read tells nothing about it.
    where opportunities.opportunity_at is null or opportunities.opportunity_at > leads.scored_at
),

final as (
    select
        followed.contact_key,
        scores.version,
        cast(date_trunc('quarter', {{ reporting_day('followed.lead_at') }}) as date) as cohort_quarter,
        scores.score,
        bands.score_band,
        bands.band_order,
        coalesce(followed.opportunity_at <= followed.judged_at, false) as is_converted,
        followed.scored_at
    from followed
    inner join scores
        on
            followed.contact_key = scores.contact_key
            and followed.scored_at >= scores.changed_at
            and (scores.next_changed_at is null or followed.scored_at < scores.next_changed_at)
    inner join bands
        on
            scores.score >= coalesce(bands.min_score, scores.score)
            and scores.score <= coalesce(bands.max_score, scores.score)
    -- The others' time is not over yet.
    where followed.judged_at <= {{ as_of_at() }}
)

select * from final
