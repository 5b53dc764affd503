-- What the tracker claims of a campaign against what is so (S1-20). Ready: a brief with its answers, an
-- owner, a date, and no open blocker of high severity. Approved: every approval that a launch needs.
-- Live: evidence. Completed: over, with a reporting object and what was learned handed to the strategy.
with status_claims as (
    select * from {{ ref('status_claims') }}
),

launches as (
    select * from {{ ref('int_launches_judged') }}
),

milestones as (
    select * from {{ ref('int_milestones_judged') }}
),

blocked as (
    select distinct campaign_key
    from {{ ref('fct_blockers') }}
    where is_open and severity = 'high'
),

reporting_objects as (
    select * from {{ ref('dim_reporting_objects') }}
),

reviews as (
    select distinct campaign_key
    from {{ ref('fct_handoffs') }}
    where handoff = 'reporting_to_strategy' and done_at is not null
),

claimed as (
    select
        milestones.campaign_key,
        status_claims.canonical_status,
        min(milestones.ticked_at) as claimed_at
    from milestones
    inner join status_claims on milestones.milestone_key = status_claims.milestone_key
    where milestones.ticked_at <= {{ as_of_at() }}
    group by milestones.campaign_key, status_claims.canonical_status
),

judged as (
    select
        launches.campaign_key,
        status_claims.seq,
        status_claims.canonical_status,
        claimed.claimed_at,
        case status_claims.canonical_status
            when 'ready' then launches.is_ready_by_brief and blocked.campaign_key is null
            when 'approved' then launches.is_approved
            when 'live' then launches.evidenced_live_at is not null
            when 'completed'
                then
                    launches.evidenced_live_at is not null
                    and launches.is_over
                    and coalesce(
                        reporting_objects.has_utm_leg
                        and reporting_objects.has_crm_leg
                        and reporting_objects.has_web_leg,
                        false
                    )
                    and reviews.campaign_key is not null
        end as is_evidenced
    from launches
    cross join status_claims
    left join claimed
        on
            launches.campaign_key = claimed.campaign_key
            and status_claims.canonical_status = claimed.canonical_status
    left join blocked on launches.campaign_key = blocked.campaign_key
    left join reporting_objects on launches.campaign_key = reporting_objects.campaign_key
    left join reviews on launches.campaign_key = reviews.campaign_key
    where launches.is_cancelled is false
),

final as (
    select
        {{ surrogate_key(['campaign_key', 'canonical_status']) }} as campaign_state_id,
        campaign_key,
        seq,
        canonical_status,
        claimed_at is not null as is_claimed,
        is_evidenced,
        case
            when claimed_at is not null and is_evidenced then 'both'
            when claimed_at is not null then 'claimed_only'
            when is_evidenced then 'evidenced_only'
            else 'neither'
        end as agreement,
        claimed_at
    from judged
)

select * from final
