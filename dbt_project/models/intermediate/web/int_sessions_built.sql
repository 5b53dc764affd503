with events as (
    select * from {{ ref('int_events_sessionised') }}
    -- Events without a session say who a device is, no more.
    where session_key is not null
),

starts as (
    select
        analytics_source,
        device_id,
        session_key,
        min(event_at) as session_started_at,
        max(event_at) as session_ended_at,
        cast(count(distinct case when is_page_view then {{ epoch_us('event_at') }} end) as bigint) as page_view_count,
        -- The first event that knows where it came from speaks for the session.
        min(case when source_evidence is not null then event_no end) as sourced_event_no,
        min(case when page_location is not null then event_no end) as landing_event_no,
        min(exclusion_reason) as exclusion_reason,
        bool_or(event_no = 1 and is_self_referral) as is_self_referral,
        min(source_timezone) as source_timezone
    from events
    group by analytics_source, device_id, session_key
),

final as (
    select
        {{ surrogate_key(['starts.device_id', 'starts.session_key']) }} as session_id,
        starts.analytics_source,
        starts.device_id,
        starts.session_key,
        coalesce(sourced.source_evidence, 'none') as source_evidence,
        coalesce(sourced.source, '(direct)') as source,
        coalesce(sourced.medium, case when sourced.source is null then '(none)' else '(not set)' end) as medium,
        sourced.campaign,
        sourced.click_id_type,
        sourced.click_id,
        -- Without its query, in which people's data travel.
        regexp_replace(landings.page_location, '[?#].*$', '') as landing_page,
        starts.page_view_count,
        case
            when starts.exclusion_reason is not null then starts.exclusion_reason
            when sourced.source_evidence is null and starts.is_self_referral then 'self_referral'
            -- What a server reports under a device's name is no visit.
            when starts.session_key like 'cut-%' and sourced.source_evidence is null and landings.event_no is null
                then 'no_visit'
        end as exclusion_reason,
        starts.source_timezone,
        starts.session_started_at,
        starts.session_ended_at
    from starts
    left join events as sourced
        on
            starts.device_id = sourced.device_id
            and starts.session_key = sourced.session_key
            and starts.sourced_event_no = sourced.event_no
    left join events as landings
        on
            starts.device_id = landings.device_id
            and starts.session_key = landings.session_key
            and starts.landing_event_no = landings.event_no
)

select * from final
