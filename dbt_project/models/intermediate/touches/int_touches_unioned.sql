-- Everything that could be a touch; int_touches_resolved decides which of it is one. Views of ads are not here:
-- no platform exports who saw one, and numbers of impressions are nobody's touch.
{{ config(materialized='view') }}
{%- set string = dbt.type_string() %}

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
    where contact_key is not null and attended_at is not null
),

campaign_responses as (
    select * from {{ ref('int_campaign_responses_judged') }}
    where contact_key is not null and responded_at is not null
),

form_submissions as (
    select * from {{ ref('int_form_submissions_unioned') }}
),

sales_activities as (
    select * from {{ ref('int_sales_activities_unioned') }}
    where contact_key is not null and is_completed and happened_at is not null
),

session_touches as (
    select
        sessions.*,
        sessions_identified.contact_key,
        sessions_identified.link_reason
    from sessions
    inner join sessions_identified on sessions.session_id = sessions_identified.session_id
),

unioned as (
    {{ unioned(
        [
            {
                'from': 'session_touches',
                'as': {'touch_id': 'session_id', 'touch_type': "'session'", 'touched_at': 'session_started_at'},
            },
            {
                'from': 'email_clicks',
                'as': {
                    'touch_id': 'email_click_id',
                    'touch_type': "'email_click'",
                    'link_reason': "'email_address'",
                    'source_evidence': "case when is_tagged then 'utm' else 'collected' end",
                    'touched_at': 'clicked_at',
                },
                'lacks': ['device_id', 'click_id_type', 'exclusion_reason'],
            },
            {
                'from': 'event_attendances',
                'as': {
                    'touch_id': 'attendance_id',
                    'touch_type': "'event_attended'",
                    'link_reason': "'email_address'",
                    'source_evidence': "'collected'",
                    'source': "coalesce(event_type, 'event')",
                    'medium': "'event'",
                    'campaign': 'utm_campaign',
                    'touched_at': 'attended_at',
                },
                'lacks': ['device_id', 'click_id_type', 'landing_page', 'exclusion_reason'],
            },
            {
                'from': 'campaign_responses',
                'as': {
                    'touch_id': 'campaign_response_id',
                    'link_reason': "'crm_record'",
                    'source_evidence': "'collected'",
                    'touched_at': 'responded_at',
                },
                'lacks': ['device_id', 'click_id_type', 'landing_page'],
            },
            {
                'from': 'form_submissions',
                'as': {'touch_id': 'form_submission_id', 'touch_type': "'form'", 'touched_at': 'submitted_at'},
            },
            {
                'from': 'sales_activities',
                'as': {
                    'touch_id': 'sales_activity_id',
                    'touch_type': "'sales_activity'",
                    'link_reason': "'crm_record'",
                    'source_evidence': "'collected'",
                    'source': 'coalesce(' ~ normalised_slug('activity_type') ~ ', activity_kind)',
                    'medium': "'sales'",
                    'exclusion_reason': "case when is_deleted_at_source then 'deleted_at_source' end",
                    'touched_at': 'happened_at',
                },
                'lacks': ['device_id', 'campaign', 'click_id_type', 'landing_page'],
            },
        ],
        columns={
            'touch_id': string,
            'touch_type': string,
            'contact_key': string,
            'device_id': string,
            'link_reason': string,
            'source_evidence': string,
            'source': string,
            'medium': string,
            'campaign': string,
            'click_id_type': string,
            'landing_page': string,
            'exclusion_reason': string,
            'touched_at': 'timestamp',
        },
    ) }}
),

-- Visitors write links as they like.
final as (
    select
        touch_id,
        touch_type,
        contact_key,
        device_id,
        link_reason,
        source_evidence,
        {{ masked('source') }} as source,
        {{ masked('medium') }} as medium,
        {{ masked('campaign') }} as campaign,
        click_id_type,
        {{ masked('landing_page') }} as landing_page,
        coalesce(exclusion_reason, case when touched_at < {{ facts_since() }} then 'implausible_time' end)
            as exclusion_reason,
        touched_at
    from unioned
)

select * from final
