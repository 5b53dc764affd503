with events as (
    select * from {{ ref('int_events_sessionised') }}
    -- Events without a session say who a device is, no more.
    where session_key is not null
),

ping_events as (
    select * from {{ ref('ping_events') }}
),

starts as (
    select
        events.analytics_source,
        events.device_id,
        events.session_key,
        events.part_no,
        min(events.event_at) as session_started_at,
        max(events.event_at) as session_ended_at,
        cast(
            count(distinct case when events.is_page_view then {{ epoch_us('events.event_at') }} end) as bigint
        ) as page_view_count,
        min(events.page_viewed_at) as first_viewed_at,
        min(case when events.page_location is not null then events.event_no end) as landing_event_no,
        bool_or(events.source_evidence is not null) as is_sourced,
        bool_and(ping_events.event_name is not null) as is_ping,
        min(events.exclusion_reason) as exclusion_reason,
        bool_or(events.event_no = 1 and events.is_self_referral) as is_self_referral,
        bool_or(events.user_id is not null or events.email is not null) as has_login,
        min(events.source_timezone) as source_timezone
    from events
    left join ping_events on lower(events.event_name) = ping_events.event_name
    group by events.analytics_source, events.device_id, events.session_key, events.part_no
),

visited as (
    select
        *,
        case
            when is_ping then false
            -- Another person was identified there: she came, though nobody opened a page for her.
            when page_view_count > 0 or part_no > 0 then true
            -- Where a device's page views are told, a session without one is what a page left open sends.
            when min(first_viewed_at) over (partition by device_id) < session_started_at then false
            -- What a server reports under a device's name is no visit either.
            else session_key not like 'cut-%' or landing_event_no is not null or is_sourced
        end as is_visit
    from starts
),

-- The first page that knows where it came from speaks for the session, by the surest thing that it says.
sourced as (
    select events.*
    from events
    inner join starts on events.device_id = starts.device_id and events.session_key = starts.session_key
    where events.source_evidence is not null
    qualify row_number() over (
        partition by events.device_id, events.session_key
        order by
            -- What comes before the first view is told of it.
            coalesce(events.page_viewed_at, starts.first_viewed_at) nulls first,
            events.evidence_rank,
            events.event_no
    ) = 1
),

final as (
    select
        {{ surrogate_key(['visited.device_id', 'visited.session_key']) }} as session_id,
        visited.analytics_source,
        visited.device_id,
        visited.session_key,
        coalesce(sourced.source_evidence, 'none') as source_evidence,
        -- Whoever is told to have come by something did not come directly.
        coalesce(sourced.source, case when sourced.source_evidence is null then '(direct)' else '(not set)' end)
            as source,
        coalesce(sourced.medium, case when sourced.source_evidence is null then '(none)' else '(not set)' end)
            as medium,
        sourced.campaign,
        sourced.click_id_type,
        sourced.click_id,
        -- Without its query, in which people's data travel.
        regexp_replace(landings.page_location, '[?#].*$', '') as landing_page,
        visited.page_view_count,
        visited.has_login,
        case
            when visited.exclusion_reason is not null then visited.exclusion_reason
            when sourced.source_evidence is null and visited.is_self_referral then 'self_referral'
            when visited.is_visit is false then 'no_visit'
        end as exclusion_reason,
        visited.source_timezone,
        visited.session_started_at,
        visited.session_ended_at
    from visited
    left join sourced on visited.device_id = sourced.device_id and visited.session_key = sourced.session_key
    left join events as landings
        on
            visited.device_id = landings.device_id
            and visited.session_key = landings.session_key
            and visited.landing_event_no = landings.event_no
)

select * from final
