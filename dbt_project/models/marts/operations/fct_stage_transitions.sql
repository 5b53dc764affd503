-- Each campaign's way through the stages of stage_gates, by what systems have seen: a stage that was left out
-- and a gate whose checks did not hold are no legal way (S3-4). A launch counts as complete once every check
-- of its gate holds (S1-26).
with gate_checks as (
    select * from {{ ref('fct_gate_checks') }}
),

stages as (
    select
        campaign_key,
        stage,
        min(seq) as seq,
        max(stage_entered_at) as entered_at,
        cast(count(*) as bigint) as check_count,
        cast(sum(case when is_skipped then 1 else 0 end) as bigint) as skipped_check_count,
        cast(sum(case when is_open then 1 else 0 end) as bigint) as open_check_count,
        cast(sum(case when check_state = 'overridden' then 1 else 0 end) as bigint) as overridden_check_count,
        max(case when check_state = 'unknown' then 1 else 0 end) = 1 as is_unknown
    from gate_checks
    group by campaign_key, stage
),

owners as (
    select
        campaign_key,
        stage,
        owner_name
    from gate_checks
    qualify row_number() over (partition by campaign_key, stage order by seq) = 1
),

ordered as (
    select
        *,
        row_number() over (partition by campaign_key order by seq) as stage_place,
        max(entered_at) over (
            partition by campaign_key order by seq rows between unbounded preceding and 1 preceding
        ) as latest_before_at,
        count(*) over (
            partition by campaign_key order by seq rows between unbounded preceding and 1 preceding
        ) as stages_before,
        count(entered_at) over (
            partition by campaign_key order by seq rows between unbounded preceding and 1 preceding
        ) as entered_before,
        min(entered_at) over (
            partition by campaign_key order by seq desc rows between unbounded preceding and 1 preceding
        ) as next_entered_at
    from stages
),

final as (
    select
        {{ surrogate_key(['ordered.campaign_key', 'ordered.stage']) }} as stage_transition_id,
        ordered.campaign_key,
        cast(ordered.stage_place as bigint) as stage_no,
        ordered.stage,
        owners.owner_name,
        case
            when ordered.entered_at is null then 'not_entered'
            when ordered.skipped_check_count > 0 then 'gate_skipped'
            when ordered.entered_before < ordered.stages_before then 'stage_skipped'
            when ordered.latest_before_at > ordered.entered_at then 'out_of_order'
            else 'passed'
        end as transition_state,
        ordered.entered_at is not null
        and (
            ordered.skipped_check_count > 0
            or ordered.entered_before < ordered.stages_before
            or coalesce(ordered.latest_before_at > ordered.entered_at, false)
        ) as is_illegal,
        ordered.entered_at is not null and ordered.open_check_count = 0 as is_complete,
        ordered.is_unknown,
        ordered.check_count,
        ordered.skipped_check_count,
        ordered.open_check_count,
        ordered.overridden_check_count,
        -- Until the next stage that was entered, or still.
        case
            when ordered.entered_at is not null
                then
                    greatest(
                        {{ epoch_us('coalesce(ordered.next_entered_at, ' ~ as_of_at() ~ ')') }}
                        - {{ epoch_us('ordered.entered_at') }}, 0
                    ) / cast(3600000000 as double)
        end as stage_hours,
        ordered.entered_at is not null and ordered.next_entered_at is null as is_current_stage,
        ordered.entered_at,
        ordered.next_entered_at as left_at
    from ordered
    inner join owners on ordered.campaign_key = owners.campaign_key and ordered.stage = owners.stage
)

select * from final
