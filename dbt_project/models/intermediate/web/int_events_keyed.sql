-- The session that an event's vendor puts it in. Where a vendor has none, one ends after a time without events or
-- where another campaign begins. Of what an event says of its source only where it is read: all of it is many times
-- as wide as what puts events in order.
{%- set events %}
    select
        events.file_id,
        events.row_number,
        events.analytics_source,
        events.event_key,
        events.device_id,
        events.vendor_session_id,
        events.user_id,
        events.email,
        events.event_name,
        events.is_page_view,
        events.source_timezone,
        events.event_bundle_sequence_id,
        events.batch_page_id,
        events.batch_ordering_id,
        events.batch_event_index,
        events.event_at,
        contexts.context_no,
        contexts.context_hash,
        contexts.source_evidence,
        contexts.source,
        contexts.medium,
        contexts.campaign
    from {{ ref('int_web_events_unioned') }} as events
    inner join {{ ref('int_event_contexts_sourced') }} as contexts on {{ is_context_of('events', 'contexts') }}
    -- Without a device an event is nobody's.
    where events.device_id is not null
{%- endset %}
{%- set columns %}
        file_id,
        row_number,
        analytics_source,
        event_key,
        device_id,
        session_key,
        user_id,
        email,
        event_name,
        is_page_view,
        context_no,
        context_hash,
        source_timezone,
        event_bundle_sequence_id,
        batch_page_id,
        batch_ordering_id,
        batch_event_index,
        event_at
{%- endset %}

with vendor_sessions as (
    select
        *,
        vendor_session_id as session_key
    from ({{ events }}) as events
    -- GA4 without a session number has no consent for one.
    where analytics_source = 'ga4' or vendor_session_id is not null
),

unsessioned as (
    select
        *,
        case
            when source_evidence in ('click_id', 'collected', 'utm')
                then concat_ws('|', coalesce(source, ''), coalesce(medium, ''), coalesce(campaign, ''))
        end as campaign_tags
    from ({{ events }}) as events
    where analytics_source <> 'ga4' and vendor_session_id is null
),

compared as (
    select
        *,
        {{ epoch_us('event_at') }}
        - lag({{ epoch_us('event_at') }}) over (partition by device_id order by event_at, event_key) as us_since_event,
        -- Of events with tags the tags before: events without any do not end a campaign.
        lag(campaign_tags) over (
            partition by device_id, campaign_tags is null order by event_at, event_key
        ) as campaign_tags_before
    from unsessioned
),

started as (
    select
        *,
        coalesce(us_since_event > {{ var('session_timeout_minutes') }} * cast(60000000 as bigint), true)
        or coalesce(campaign_tags <> coalesce(campaign_tags_before, ''), false) as is_start
    from compared
),

cut_sessions as (
    select
        *,
        concat(
            'cut-',
            cast(
                max(case when is_start then {{ epoch_us('event_at') }} end) over (
                    partition by device_id order by event_at, event_key
                    rows between unbounded preceding and current row
                ) as {{ dbt.type_string() }}
            )
        ) as session_key
    from started
),

final as (
    select {{ columns }}
    from vendor_sessions
    union all
    select {{ columns }}
    from cut_sessions
)

select * from final
