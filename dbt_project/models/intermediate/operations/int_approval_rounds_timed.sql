-- How long each round took on both clocks; while it is open, up to as-of.
with approval_rounds as (
    select * from {{ ref('int_approval_rounds') }}
),

approval_policies as (
    select * from {{ ref('int_approval_policies') }}
),

calendar_regions as (
    select * from {{ ref('calendar_regions') }}
),

business_days as (
    select * from {{ ref('int_business_days_opened') }}
),

default_region as (
    select * from calendar_regions
    where is_default
),

spanned as (
    select
        approval_rounds.*,
        coalesce(approval_policies.region, default_region.region) as region,
        case
            when approval_rounds.decision = 'pending' then {{ as_of_at() }}
            else approval_rounds.decided_at
        end as ended_at
    from approval_rounds
    cross join default_region
    left join approval_policies
        on
            approval_rounds.approval_id = approval_policies.approval_id
            and approval_rounds.round_no = approval_policies.round_no
),

localised as (
    select
        spanned.*,
        cast({{ from_utc('spanned.requested_at', 'calendar_regions.time_zone') }} as date)
            as requested_on,
        cast({{ from_utc('spanned.ended_at', 'calendar_regions.time_zone') }} as date) as ended_on
    from spanned
    inner join calendar_regions
        on spanned.region = calendar_regions.region
),

measured as (
    select
        localised.*,
        {{ epoch_us('localised.ended_at') }} - {{ epoch_us('localised.requested_at') }}
            as elapsed_us,
        {{ business_us_at('localised.ended_at', 'end_days') }}
        - {{ business_us_at('localised.requested_at', 'start_days') }} as business_us
    from localised
    left join business_days as start_days
        on
            localised.region = start_days.region
            and localised.requested_on = start_days.calendar_date
    left join business_days as end_days
        on localised.region = end_days.region and localised.ended_on = end_days.calendar_date
),

final as (
    select
        approval_id,
        round_no,
        is_latest_round,
        decision,
        actual_date_source,
        -- A decision before its request is a defect of the source: quarantined, never clipped to 0.
        coalesce(elapsed_us < 0, false) as is_duration_defect,
        case when elapsed_us >= 0 then cast(elapsed_us as double) / 3600000000 end as elapsed_hours,
        case when elapsed_us >= 0 then cast(business_us as double) / 3600000000 end as business_hours,
        requested_at,
        first_response_at,
        decided_at,
        reopened_at
    from measured
)

select * from final
