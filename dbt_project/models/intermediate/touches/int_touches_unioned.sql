-- Everything that could be a touch; int_touches_resolved decides which of it is one.
{{ config(materialized='view') }}

with sessions as (
    select * from {{ ref('int_sessions_built') }}
),

sessions_identified as (
    select * from {{ ref('int_sessions_identified') }}
),

email_clicks as (
    select * from {{ ref('int_email_clicks_resolved') }}
    -- Of a click that opened a session the session tells, with where it went from there.
    where is_touch
),

event_attendances as (
    select * from {{ ref('int_event_attendances') }}
    where contact_key is not null and attended_at is not null and attended_at <= {{ as_of_at() }}
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
    union all
    select
        email_click_id as touch_id,
        'email_click' as touch_type,
        contact_key,
        cast(null as {{ dbt.type_string() }}) as device_id,
        'email_address' as link_reason,
        case when is_tagged then 'utm' else 'collected' end as source_evidence,
        source,
        medium,
        campaign,
        cast(null as {{ dbt.type_string() }}) as click_id_type,
        landing_page,
        cast(null as {{ dbt.type_string() }}) as exclusion_reason,
        clicked_at as touched_at
    from email_clicks
    union all
    select
        attendance_id as touch_id,
        'event_attended' as touch_type,
        contact_key,
        cast(null as {{ dbt.type_string() }}) as device_id,
        'email_address' as link_reason,
        'collected' as source_evidence,
        coalesce(event_type, 'event') as source,
        'event' as medium,
        utm_campaign as campaign,
        cast(null as {{ dbt.type_string() }}) as click_id_type,
        cast(null as {{ dbt.type_string() }}) as landing_page,
        cast(null as {{ dbt.type_string() }}) as exclusion_reason,
        attended_at as touched_at
    from event_attendances
)

select * from final
