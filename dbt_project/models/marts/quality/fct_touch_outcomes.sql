-- What became of everything that could be a touch, so that what is left out can be seen.
with candidates as (
    select * from {{ ref('int_touches_unioned') }}
),

traffic_sources as (
    select * from {{ ref('int_traffic_sources_classified') }}
),

touch_types as (
    select * from {{ ref('touch_types') }}
),

contacts as (
    select * from {{ ref('int_contacts_merged') }}
),

email_clicks as (
    select * from {{ ref('int_email_clicks_resolved') }}
    where is_touch is false
),

email_events as (
    select * from {{ ref('int_email_events_judged') }}
    where event_type = 'click' and is_by_machine
),

touches as (
    select * from {{ ref('int_touches_resolved') }}
),

judged as (
    select
        case
            when candidates.touch_type = 'session' and traffic_sources.channel = 'Email' then 'email_click'
            else candidates.touch_type
        end as touch_type,
        case
            when candidates.exclusion_reason is not null then candidates.exclusion_reason
            when contacts.is_excluded then 'test_contact'
        end as exclusion_reason
    from candidates
    inner join traffic_sources
        on
            candidates.source = traffic_sources.source
            and candidates.medium = traffic_sources.medium
            and coalesce(candidates.campaign, '') = traffic_sources.campaign
    left join contacts on candidates.contact_key = contacts.contact_key
),

counted as (
    select
        judged.touch_type,
        case
            when judged.exclusion_reason is null and touch_types.is_included is false then 'kind_left_out'
            else judged.exclusion_reason
        end as exclusion_reason,
        cast(count(*) as bigint) as candidate_count
    from judged
    inner join touch_types on judged.touch_type = touch_types.touch_type
    group by
        judged.touch_type,
        case
            when judged.exclusion_reason is null and touch_types.is_included is false then 'kind_left_out'
            else judged.exclusion_reason
        end
),

credited as (
    select
        touch_type,
        cast(count(*) as bigint) as touch_count
    from touches
    group by touch_type
),

outcomes as (
    select
        touch_type,
        exclusion_reason as outcome,
        candidate_count
    from counted
    where exclusion_reason is not null
    union all
    select
        touch_type,
        'touch' as outcome,
        touch_count as candidate_count
    from credited
    union all
    select
        counted.touch_type,
        'same_touch' as outcome,
        counted.candidate_count - coalesce(credited.touch_count, 0) as candidate_count
    from counted
    left join credited on counted.touch_type = credited.touch_type
    where counted.exclusion_reason is null
    union all
    select
        'email_click' as touch_type,
        case
            when is_shared_address then 'shared_address'
            when contact_key is null then 'nobody_known'
            else 'told_by_session'
        end as outcome,
        cast(1 as bigint) as candidate_count
    from email_clicks
    union all
    select
        'email_click' as touch_type,
        'by_machine' as outcome,
        cast(1 as bigint) as candidate_count
    from email_events
),

final as (
    select
        {{ surrogate_key(['touch_type', 'outcome']) }} as touch_outcome_id,
        touch_type,
        outcome,
        outcome = 'touch' as is_credited,
        cast(sum(candidate_count) as bigint) as candidate_count
    from outcomes
    group by touch_type, outcome
    having sum(candidate_count) > 0
)

select * from final
