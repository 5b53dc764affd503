-- Decisions that reporting asked for, and what became of them (S0-11).
with decisions as (
    select
        *,
        {{ masked('utm_campaign') }} as slug
    from {{ ref('stg_templates__decisions') }}
    where decision_id is not null
    qualify row_number() over (partition by decision_id order by file_id desc, row_number desc) = 1
),

campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

dated as (
    select
        *,
        {{ reporting_day('coalesce(raised_at, decided_at)') }} as raised_on
    from decisions
),

-- Slugs come again: the campaign valid when it was raised, else the nearest.
matched as (
    select
        dated.decision_id,
        campaigns.campaign_key
    from dated
    inner join campaigns on dated.slug = campaigns.utm_campaign
    qualify row_number() over (
        partition by dated.decision_id
        order by {{ campaign_distance('dated.raised_on', 'campaigns') }}, campaigns.campaign_key
    ) = 1
),

final as (
    select
        dated.decision_id,
        {{ masked('dated.title') }} as title,
        {{ masked('dated.goal_id') }} as goal_id,
        matched.campaign_key,
        coalesce({{ masked('dated.owner_name') }}, 'Unassigned') as owner_name,
        case when dated.decided_at <= {{ as_of_at() }} then {{ masked('dated.outcome') }} end as outcome,
        {{ masked('dated.evidence_report') }} as evidence_report,
        dated.rationale is not null as has_rationale,
        dated.evidence_report is not null as is_from_report,
        coalesce(dated.decided_at > {{ as_of_at() }}, true) as is_open,
        -- A decision before its question is a slip of the pen, and no speed (V2).
        case
            when dated.decided_at <= {{ as_of_at() }} and dated.decided_at >= dated.raised_at
                then
                    ({{ epoch_us('dated.decided_at') }} - {{ epoch_us('dated.raised_at') }})
                    / cast(86400000000 as double)
        end as days_to_decision,
        dated.raised_at,
        case when dated.decided_at <= {{ as_of_at() }} then dated.decided_at end as decided_at
    from dated
    left join matched on dated.decision_id = matched.decision_id
)

select * from final
