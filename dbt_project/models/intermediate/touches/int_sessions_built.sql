with events as (
    select * from {{ ref('int_events_sourced') }}
),

ordered as (
    select
        *,
        row_number() over (
            partition by user_pseudo_id, ga_session_id
            order by
                event_at,
                event_bundle_sequence_id nulls last,
                batch_page_id nulls last,
                batch_ordering_id nulls last,
                batch_event_index nulls last,
                event_name,
                coalesce(page_location, ''),
                coalesce(source, ''),
                coalesce(medium, ''),
                coalesce(campaign, '')
        ) as event_no
    from events
),

starts as (
    select
        user_pseudo_id,
        ga_session_id,
        min(event_at) as session_started_at,
        max(event_at) as session_ended_at,
        cast(
            count(distinct case when event_name = 'page_view' then {{ epoch_us('event_at') }} end) as bigint
        ) as page_view_count,
        -- The first event that knows where it came from speaks for the session.
        min(case when source_evidence is not null then event_no end) as sourced_event_no,
        min(case when page_location is not null then event_no end) as landing_event_no
    from ordered
    group by user_pseudo_id, ga_session_id
),

final as (
    select
        {{ surrogate_key(['starts.user_pseudo_id', 'starts.ga_session_id']) }} as session_id,
        starts.user_pseudo_id,
        starts.ga_session_id,
        coalesce(sourced.source_evidence, 'none') as source_evidence,
        coalesce(sourced.source, '(direct)') as source,
        coalesce(sourced.medium, case when sourced.source is null then '(none)' else '(not set)' end) as medium,
        sourced.campaign,
        sourced.google_click_id is not null as has_google_click_id,
        -- Without its query, in which people's data travel.
        regexp_replace(landings.page_location, '[?#].*$', '') as landing_page,
        starts.page_view_count,
        starts.session_started_at,
        starts.session_ended_at
    from starts
    left join ordered as sourced
        on
            starts.user_pseudo_id = sourced.user_pseudo_id
            and starts.ga_session_id = sourced.ga_session_id
            and starts.sourced_event_no = sourced.event_no
    left join ordered as landings
        on
            starts.user_pseudo_id = landings.user_pseudo_id
            and starts.ga_session_id = landings.ga_session_id
            and starts.landing_event_no = landings.event_no
)

select * from final
