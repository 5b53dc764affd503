-- Mixpanel, Amplitude, Segment and Snowplow in one shape. All of them deliver at least once: an event's
-- key tells the repetitions, the first receipt is the event.
{%- set models = [
    ('mixpanel', 'stg_mixpanel__events'),
    ('mixpanel', 'stg_mixpanel__export'),
    ('amplitude', 'stg_amplitude__events'),
    ('segment', 'stg_segment__tracks'),
    ('segment', 'stg_segment__pages'),
    ('segment', 'stg_segment__identifies'),
    ('snowplow', 'stg_snowplow__events'),
    ('snowplow', 'stg_snowplow__events_csv'),
] %}

with segment_users as (
    select * from {{ ref('stg_segment__users') }}
),

events as (
    {%- for source, model in models %}
    select
        '{{ source }}' as analytics_source,
        event_key,
        device_id,
        session_id as vendor_session_id,
        user_id,
        email,
        event_name,
        page_location,
        page_referrer,
        utm_source,
        utm_medium,
        utm_campaign,
        click_id_type,
        click_id,
        user_agent,
        source_timezone,
        file_id,
        row_number,
        event_at,
        received_at
    from {{ ref(model) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

deduplicated as (
    select *
    from events
    -- An event without a key is told by its place in its file.
    qualify row_number() over (
        partition by
            analytics_source,
            event_key,
            case when analytics_source = 'mixpanel' then concat_ws('|', event_name, device_id) end,
            case when analytics_source = 'mixpanel' then event_at end,
            case when event_key is null then file_id end,
            case when event_key is null then row_number end
        order by received_at nulls last, file_id, row_number
    ) = 1
),

tagged as (
    select
        *,
        concat_ws('|', coalesce(utm_source, ''), coalesce(utm_medium, ''), coalesce(utm_campaign, '')) as tags
    from deduplicated
),

-- Mixpanel and Amplitude repeat the last tags on every later event of the device, for months: they say
-- where a visit came from only where they change.
compared as (
    select
        *,
        analytics_source not in ('mixpanel', 'amplitude')
        or tags <> coalesce(
            lag(tags) over (
                partition by analytics_source, device_id order by event_at, event_key, file_id, row_number
            ),
            ''
        ) as has_new_tags
    from tagged
),

final as (
    select
        compared.analytics_source,
        coalesce(
            compared.event_key,
            concat_ws(
                '-',
                cast(compared.file_id as {{ dbt.type_string() }}),
                cast(compared.row_number as {{ dbt.type_string() }})
            )
        ) as event_key,
        -- Two vendors can use one text for two devices.
        case when compared.device_id is not null then concat(compared.analytics_source, ':', compared.device_id) end
            as device_id,
        compared.vendor_session_id,
        compared.user_id,
        coalesce(compared.email, segment_users.email) as email,
        compared.event_name,
        compared.event_name in ('page_view', '$mp_web_page_view', '[Amplitude] Page Viewed', 'Page View')
            as is_page_view,
        compared.page_location,
        compared.page_referrer,
        case when compared.has_new_tags then compared.utm_source end as manual_source,
        case when compared.has_new_tags then compared.utm_medium end as manual_medium,
        case when compared.has_new_tags then compared.utm_campaign end as manual_campaign,
        compared.click_id_type,
        compared.click_id,
        compared.user_agent,
        compared.source_timezone,
        compared.file_id,
        compared.row_number,
        compared.event_at
    from compared
    left join segment_users
        on compared.analytics_source = 'segment' and compared.user_id = segment_users.user_id
)

select * from final
