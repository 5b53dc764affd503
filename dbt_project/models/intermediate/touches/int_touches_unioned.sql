-- Everything that could be a touch; int_touches_resolved decides which of it is one. Views of ads are not here:
-- no platform exports who saw one, and numbers of impressions are nobody's touch.
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

campaign_responses as (
    select * from {{ ref('int_campaign_responses_judged') }}
    where contact_key is not null and responded_at is not null and responded_at <= {{ as_of_at() }}
),

form_submissions as (
    select * from {{ ref('int_form_submissions_unioned') }}
),

sales_activities as (
    select * from {{ ref('int_sales_activities_unioned') }}
    where contact_key is not null and is_completed and happened_at <= {{ as_of_at() }}
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
    union all
    select
        campaign_response_id as touch_id,
        touch_type,
        contact_key,
        cast(null as {{ dbt.type_string() }}) as device_id,
        'crm_record' as link_reason,
        'collected' as source_evidence,
        source,
        medium,
        campaign,
        cast(null as {{ dbt.type_string() }}) as click_id_type,
        cast(null as {{ dbt.type_string() }}) as landing_page,
        exclusion_reason,
        responded_at as touched_at
    from campaign_responses
    union all
    select
        form_submission_id as touch_id,
        'form' as touch_type,
        contact_key,
        device_id,
        link_reason,
        source_evidence,
        source,
        medium,
        campaign,
        click_id_type,
        landing_page,
        exclusion_reason,
        submitted_at as touched_at
    from form_submissions
    union all
    select
        sales_activity_id as touch_id,
        'sales_activity' as touch_type,
        contact_key,
        cast(null as {{ dbt.type_string() }}) as device_id,
        'crm_record' as link_reason,
        'collected' as source_evidence,
        coalesce({{ normalised_slug('activity_type') }}, activity_kind) as source,
        'sales' as medium,
        cast(null as {{ dbt.type_string() }}) as campaign,
        cast(null as {{ dbt.type_string() }}) as click_id_type,
        cast(null as {{ dbt.type_string() }}) as landing_page,
        case when is_deleted_at_source then 'deleted_at_source' end as exclusion_reason,
        happened_at as touched_at
    from sales_activities
)

select * from final
