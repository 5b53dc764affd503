-- The tags of links, as they were sent. A link is what its five parameters say; where a page sends them
-- again and again, it is one.
with events as (
    select * from {{ ref('int_web_events_unioned') }}
    where page_location like '%utm_%'
),

pages as (
    select
        page_location,
        cast(sum(case when is_page_view then 1 else 0 end) as bigint) as page_view_count,
        min(event_at) as first_seen_at,
        max(event_at) as last_seen_at
    from events
    group by page_location
),

parsed as (
    select
        page_location,
        page_view_count,
        first_seen_at,
        last_seen_at,
        {{ url_parameter('page_location', 'utm_source') }} as utm_source,
        {{ url_parameter('page_location', 'utm_medium') }} as utm_medium,
        {{ url_parameter('page_location', 'utm_campaign') }} as utm_campaign,
        {{ url_parameter('page_location', 'utm_content') }} as utm_content,
        {{ url_parameter('page_location', 'utm_term') }} as utm_term
    from pages
),

final as (
    select
        page_location,
        {{ surrogate_key(['utm_source', 'utm_medium', 'utm_campaign', 'utm_content', 'utm_term']) }} as link_key,
        utm_source,
        utm_medium,
        utm_campaign,
        utm_content,
        utm_term,
        page_view_count,
        first_seen_at,
        last_seen_at
    from parsed
)

select * from final
