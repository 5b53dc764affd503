-- Two clocks can run on a round: the review (from the request) and, when changes were asked for,
-- the rework (from that decision). Each runs out after the step's service level.
with approval_rounds as (
    select * from {{ ref('int_approval_rounds') }}
),

approval_policies as (
    select * from {{ ref('int_approval_policies') }}
),

business_days as (
    select * from {{ ref('int_business_days_opened') }}
),

calendar_regions as (
    select * from {{ ref('calendar_regions') }}
),

started as (
    select
        approval_id,
        round_no,
        'review' as clock_kind,
        requested_at as started_at
    from approval_rounds
    union all
    select
        approval_id,
        round_no,
        'rework' as clock_kind,
        decided_at as started_at
    from approval_rounds
    where decision = 'changes_requested' and decided_at is not null
),

judged as (
    select
        started.approval_id,
        started.round_no,
        started.clock_kind,
        started.started_at,
        approval_policies.sla_hours,
        approval_policies.sla_clock,
        approval_policies.region,
        {{ from_utc('started.started_at', 'calendar_regions.time_zone') }} as started_at_local
    from started
    inner join approval_policies
        on
            started.approval_id = approval_policies.approval_id
            and started.round_no = approval_policies.round_no
    inner join calendar_regions
        on approval_policies.region = calendar_regions.region
),

targeted as (
    select
        judged.*,
        {{ business_us_at('judged.started_at', 'start_days') }}
        + cast(judged.sla_hours * 3600000000 as bigint) as target_business_us
    from judged
    left join business_days as start_days
        on
            judged.region = start_days.region
            and cast(judged.started_at_local as date) = start_days.calendar_date
),

final as (
    select
        targeted.approval_id,
        targeted.round_no,
        targeted.clock_kind,
        targeted.started_at,
        case
            when targeted.sla_clock = 'elapsed'
                then {{ add_us('targeted.started_at', 'cast(targeted.sla_hours * 3600000000 as bigint)') }}
            else {{ add_us('due_days.opens_at', 'targeted.target_business_us - due_days.business_us_before') }}
        end as runs_out_at
    from targeted
    -- The business day on which the clock runs out; at its very close still belongs to it.
    left join business_days as due_days
        on
            targeted.region = due_days.region
            and targeted.target_business_us > due_days.business_us_before
            and targeted.target_business_us <= due_days.business_us_before + due_days.business_us
)

select * from final
