-- Everything that happened to an approval, as the trackers told it, and nothing taken back: change logs
-- of all deliveries are kept, so that a run adds rows behind those of the run before (S3-3).
with events as (
    select * from {{ ref('int_approval_events_numbered') }}
),

approval_rounds as (
    select * from {{ ref('int_approval_rounds_numbered') }}
    where round_no = 1
),

approvals as (
    select * from {{ ref('int_approvals_classified') }}
),

campaigns_live as (
    select * from {{ ref('int_campaigns_live') }}
),

campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

briefs as (
    select * from {{ ref('int_campaign_briefs_scored') }}
    where submitted_at is not null
),

-- Who makes an approval asks for it, whether or not the log begins with that.
requests as (
    select
        approval_rounds.approval_id,
        approval_rounds.requested_at
    from approval_rounds
    left join events
        on
            approval_rounds.approval_id = events.approval_id
            and events.event_no = 1
            and events.new_status = 'pending'
            and events.status_before is null
    where events.approval_id is null
),

happened as (
    select
        approval_id,
        event_id,
        event_no,
        round_no,
        status_before,
        new_status,
        is_reopening,
        event_id <> concat('task:', approval_id) as is_recorded,
        is_time_known,
        changed_by,
        changed_at
    from events
    union all
    select
        approval_id,
        'request' as event_id,
        cast(0 as bigint) as event_no,
        cast(1 as bigint) as round_no,
        cast(null as {{ dbt.type_string() }}) as status_before,
        'pending' as new_status,
        false as is_reopening,
        false as is_recorded,
        true as is_time_known,
        cast(null as {{ dbt.type_string() }}) as changed_by,
        requested_at as changed_at
    from requests
),

-- What there was to approve: the brief's version submitted last before.
briefed as (
    select
        happened.approval_id,
        happened.event_id,
        briefs.brief_version_id,
        briefs.version as brief_version
    from happened
    inner join approvals on happened.approval_id = approvals.approval_id
    inner join briefs on approvals.campaign_key = briefs.campaign_key and happened.changed_at >= briefs.submitted_at
    qualify row_number() over (
        partition by happened.approval_id, happened.event_id
        order by briefs.submitted_at desc, briefs.version desc, briefs.brief_id desc
    ) = 1
),

asked as (
    select
        approval_id,
        round_no,
        max(changed_by) as asked_by
    from happened
    where new_status = 'pending'
    group by approval_id, round_no
),

final as (
    select
        {{ surrogate_key(['happened.approval_id', 'happened.event_id']) }} as approval_audit_id,
        happened.approval_id,
        approvals.campaign_key,
        approvals.tracker,
        approvals.approval_step,
        {{ masked('approvals.approval_title') }} as approval_title,
        -- From 1, the request that no log tells before them.
        happened.event_no + case when requests.approval_id is null then 0 else 1 end as event_no,
        happened.round_no,
        case
            when happened.status_before = 'approved' and happened.new_status <> 'approved' then 'revoked'
            when happened.is_reopening then 'reopened'
            when happened.new_status = 'pending' then 'requested'
            when happened.new_status = 'unknown' then 'decided'
            else happened.new_status
        end as approval_action,
        happened.status_before,
        happened.new_status as status_after,
        {{ masked('happened.changed_by') }} as changed_by,
        briefed.brief_version_id,
        briefed.brief_version,
        happened.is_recorded,
        -- Flagged, not blocked: in a small team one person may be in two layers (S0-8).
        coalesce(
            happened.new_status = 'approved' and {{ masked('happened.changed_by') }} in (
                campaigns.owner_name,
                {{ masked('asked.asked_by') }}
            ),
            false
        ) as is_self_approved,
        coalesce(happened.changed_at > campaigns_live.evidenced_live_at, false) as is_after_launch,
        case when happened.is_time_known then happened.changed_at end as changed_at
    from happened
    left join asked on happened.approval_id = asked.approval_id and happened.round_no = asked.round_no
    left join requests on happened.approval_id = requests.approval_id
    inner join approvals on happened.approval_id = approvals.approval_id
    left join campaigns on approvals.campaign_key = campaigns.campaign_key
    left join campaigns_live on approvals.campaign_key = campaigns_live.campaign_key
    left join briefed on happened.approval_id = briefed.approval_id and happened.event_id = briefed.event_id
)

select * from final
