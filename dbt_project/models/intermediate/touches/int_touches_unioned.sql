-- Everything that could be a touch; int_touches_resolved decides which of it is one.
{{ config(materialized='view') }}

with sessions as (
    select * from {{ ref('int_sessions_built') }}
),

sessions_identified as (
    select * from {{ ref('int_sessions_identified') }}
),

final as (
    select
        sessions.session_id as touch_id,
        'session' as touch_type,
        sessions_identified.contact_key,
        sessions.device_id,
        sessions_identified.link_reason,
        sessions.source_evidence,
        sessions.source,
        sessions.medium,
        sessions.campaign,
        sessions.click_id_type,
        sessions.landing_page,
        sessions.exclusion_reason,
        sessions.session_started_at as touched_at
    from sessions
    inner join sessions_identified on sessions.session_id = sessions_identified.session_id
)

select * from final
