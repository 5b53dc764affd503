-- Each event with its session, its place in it and where it says that it came from.
{{ config(materialized='view') }}

with events as (
    select * from {{ ref('int_events_placed') }}
),

contexts as (
    select * from {{ ref('int_event_contexts_sourced') }}
),

final as (
    select
        events.analytics_source,
        events.event_key,
        events.device_id,
        events.session_key,
        events.part_no,
        events.event_no,
        events.user_id,
        events.email,
        events.event_name,
        events.is_page_view,
        contexts.page_location,
        contexts.click_id_type,
        contexts.click_id,
        contexts.source_evidence,
        contexts.evidence_rank,
        contexts.source,
        contexts.medium,
        contexts.campaign,
        contexts.is_self_referral,
        contexts.exclusion_reason,
        events.source_timezone,
        events.page_viewed_at,
        events.event_at
    from events
    inner join contexts on events.context_no = contexts.context_no
)

select * from final
