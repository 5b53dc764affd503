-- The session that an event's vendor puts it in. Where a vendor has none, one ends after a time without events or
-- where another campaign begins.
{{ config(materialized='view') }}
{%- set columns %}
        analytics_source,
        event_key,
        device_id,
        session_key,
        user_id,
        email,
        event_name,
        is_page_view,
        page_location,
        click_id_type,
        click_id,
        source_evidence,
        evidence_rank,
        source,
        medium,
        campaign,
        is_self_referral,
        exclusion_reason,
        source_timezone,
        event_bundle_sequence_id,
        batch_page_id,
        batch_ordering_id,
        batch_event_index,
        event_at
{%- endset %}

with events as (
    select * from {{ ref('int_events_sourced') }}
),

vendor_sessions as (
    select
        *,
        vendor_session_id as session_key
    from events
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
    from events
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
