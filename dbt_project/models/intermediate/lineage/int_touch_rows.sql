-- Which rows of which files a touch was made of. A view for `throughline explain`: nothing else reads it.
{{ config(materialized='view') }}

with web_events as (
    select * from {{ ref('int_web_events_unioned') }}
),

sessionised as (
    select * from {{ ref('int_events_sessionised') }}
    where session_key is not null
),

sessions as (
    select * from {{ ref('int_sessions_built') }}
),

form_submissions as (
    select * from {{ ref('int_form_submissions_unioned') }}
),

email_events as (
    select * from {{ ref('int_email_events_unioned') }}
),

email_clicks as (
    select * from {{ ref('int_email_clicks_resolved') }}
),

attendances as (
    select * from {{ ref('int_event_attendances') }}
),

campaign_responses as (
    select * from {{ ref('int_campaign_responses_unioned') }}
),

sales_activities as (
    select * from {{ ref('int_sales_activities_unioned') }}
),

-- Events have no key that all vendors share: device, instant, name and the vendor's own key are one
-- together. What was delivered twice is there twice.
events as (
    select
        sessions.session_id,
        sessions.analytics_source,
        lower(sessionised.event_name) as event_name,
        sessionised.event_at,
        web_events.file_id,
        web_events.row_number
    from sessions
    inner join sessionised
        on sessions.device_id = sessionised.device_id and sessions.session_key = sessionised.session_key
    inner join web_events
        on
            sessionised.analytics_source = web_events.analytics_source
            and sessionised.device_id = web_events.device_id
            and sessionised.event_at = web_events.event_at
            and sessionised.event_name = web_events.event_name
            and coalesce(sessionised.event_key, '') = coalesce(web_events.event_key, '')
),

final as (
    select
        session_id as touch_id,
        analytics_source as source_system,
        file_id,
        row_number
    from events
    union all
    select
        form_submissions.form_submission_id as touch_id,
        form_submissions.form_source as source_system,
        events.file_id,
        events.row_number
    from form_submissions
    inner join events
        on
            form_submissions.session_id = events.session_id
            and form_submissions.form_event = events.event_name
            and form_submissions.submitted_at = events.event_at
    union all
    select
        {{ surrogate_key(["'form'", 'email_event_key']) }} as touch_id,
        email_source as source_system,
        file_id,
        row_number
    from email_events
    where event_type = 'form_fill'
    union all
    select
        email_clicks.email_click_id as touch_id,
        email_clicks.email_source as source_system,
        email_events.file_id,
        email_events.row_number
    from email_clicks
    inner join email_events on email_clicks.email_click_id = email_events.email_event_key
    union all
    select
        attendance_id as touch_id,
        'templates' as source_system,
        file_id,
        row_number
    from attendances
    union all
    select
        campaign_response_id as touch_id,
        crm_source as source_system,
        file_id,
        row_number
    from campaign_responses
    union all
    select
        sales_activity_id as touch_id,
        crm_source as source_system,
        file_id,
        row_number
    from sales_activities
)

select * from final
