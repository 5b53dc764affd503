-- The clocks of a round: the review (from the request to the decision), the rework where changes were
-- asked for (from that decision until it is pending again), and with the final approval the cycle
-- (from the first round's request). An open one runs to as-of.
{%- set zones = ref('calendar_regions') %}

with approval_rounds as (
    select * from {{ ref('int_approval_rounds_numbered') }}
),

policies as (
    select * from {{ ref('int_approval_rounds_governed') }}
),

business_days as (
    select * from {{ ref('int_business_days_opened') }}
),

calendar_regions as (
    select * from {{ ref('calendar_regions') }}
),

clocks as (
    select
        approval_round_id,
        'review' as clock,
        requested_at as started_at,
        case when decision = 'pending' then {{ as_of_at() }} else decided_at end as ended_at
    from approval_rounds
    union all
    select
        approval_round_id,
        'rework' as clock,
        decided_at as started_at,
        coalesce(reopened_at, {{ as_of_at() }}) as ended_at
    from approval_rounds
    where decision = 'changes_requested' and decided_at is not null
    union all
    select
        approval_round_id,
        'cycle' as clock,
        first_requested_at as started_at,
        decided_at as ended_at
    from approval_rounds
    where is_latest_round and decision = 'approved' and decided_at is not null
),

localised as (
    select
        clocks.*,
        policies.region,
        policies.sla_clock,
        cast(policies.sla_hours * 3600000000 as bigint) as sla_us,
        cast({{ to_local('clocks.started_at', 'calendar_regions.time_zone', zones) }} as date) as started_on,
        cast({{ to_local('clocks.ended_at', 'calendar_regions.time_zone', zones) }} as date) as ended_on
    from clocks
    inner join policies on clocks.approval_round_id = policies.approval_round_id
    inner join calendar_regions on policies.region = calendar_regions.region
),

measured as (
    select
        localised.*,
        {{ epoch_us('localised.ended_at') }} - {{ epoch_us('localised.started_at') }} as elapsed_us,
        {{ business_us_at('localised.started_at', 'start_days') }} as business_us_at_start,
        {{ business_us_at('localised.started_at', 'start_days') }} + localised.sla_us as due_business_us,
        {{ business_us_at('localised.ended_at', 'end_days') }} as business_us_at_end
    from localised
    left join business_days as start_days
        on localised.region = start_days.region and localised.started_on = start_days.calendar_date
    left join business_days as end_days
        on localised.region = end_days.region and localised.ended_on = end_days.calendar_date
),

-- The business day on which a clock runs out is the first whose close the calendar has not passed; its
-- very close still belongs to it. In order of business time the next close is that of the day.
in_order as (
    select distinct
        region,
        due_business_us,
        0 as close_rank,
        cast(null as bigint) as close_business_us
    from measured
    union all
    select
        region,
        business_us_before + business_us as due_business_us,
        1 as close_rank,
        business_us_before + business_us as close_business_us
    from business_days
),

next_closes as (
    select
        region,
        due_business_us,
        close_rank,
        min(close_business_us) over (
            partition by region
            order by due_business_us desc, close_rank desc
            rows between unbounded preceding and current row
        ) as close_business_us
    from in_order
    where due_business_us is not null
),

due_days as (
    select
        next_closes.region,
        next_closes.due_business_us,
        business_days.opens_at,
        business_days.business_us_before
    from next_closes
    inner join business_days
        on
            next_closes.region = business_days.region
            and next_closes.close_business_us = business_days.business_us_before + business_days.business_us
    where
        next_closes.close_rank = 0
        and next_closes.due_business_us > business_days.business_us_before
),

final as (
    select
        measured.approval_round_id,
        measured.clock,
        -- Ended before it began: a defect of the source, never clipped to 0 (V2).
        coalesce(measured.elapsed_us < 0, false) as is_duration_defect,
        case when measured.elapsed_us >= 0 then measured.elapsed_us / cast(3600000000 as double) end as elapsed_hours,
        case
            when measured.elapsed_us >= 0
                then (measured.business_us_at_end - measured.business_us_at_start) / cast(3600000000 as double)
        end as business_hours,
        measured.started_at,
        measured.ended_at,
        case
            when measured.sla_clock = 'elapsed' then {{ add_us('measured.started_at', 'measured.sla_us') }}
            else {{ add_us(
                'due_days.opens_at',
                'measured.due_business_us - due_days.business_us_before'
            ) }}
        end as runs_out_at
    from measured
    left join due_days
        on measured.region = due_days.region and measured.due_business_us = due_days.due_business_us
)

select * from final
