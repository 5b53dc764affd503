-- Which session an event belongs to, and its place in it. A session ends where another person is identified on
-- its device: at a booth, at a reception. In the same pass GA4's repetitions fall out: they stand side by side.
with events as (
    select
        *,
        coalesce(email, user_id) as person_name,
        coalesce(email, user_id) like '%@%' as is_address
    from {{ ref('int_events_keyed') }}
),

-- Two addresses are two people, and so are two numbers of logins; an address and a number can be one.
shared_sessions as (
    select
        device_id,
        session_key
    from events
    where session_key is not null and person_name is not null
    group by device_id, session_key
    having
        count(distinct case when is_address then person_name end) > 1
        or count(distinct case when not is_address then person_name end) > 1
),

named as (
    select
        events.*,
        lead(events.person_name) over (
            partition by events.device_id, events.session_key, events.person_name is null, events.is_address
            order by events.event_at, events.event_key nulls last, events.event_name, events.person_name
        ) as next_name
    from events
    inner join shared_sessions
        on events.device_id = shared_sessions.device_id and events.session_key = shared_sessions.session_key
),

-- What lies between the last word of one person and the first of the next is the next one's: she came, and was
-- identified then.
numbered as (
    select
        file_id,
        row_number,
        cast(coalesce(sum(case when next_name <> person_name then 1 else 0 end) over (
            partition by device_id, session_key
            order by event_at, event_key nulls last, event_name, person_name nulls last
            rows between unbounded preceding and 1 preceding
        ), 0) as bigint) as part_no
    from named
),

-- Of the relation and not of what is named above: what one statement reads twice is held in memory.
parted as (
    select
        events.*,
        coalesce(numbered.part_no, 0) as part_no
    from {{ ref('int_events_keyed') }} as events
    left join numbered on events.file_id = numbered.file_id and events.row_number = numbered.row_number
),

ordered as (
    select
        *,
        row_number() over session_order as event_no,
        -- Repetitions share the instant. NULL before the first view of the session.
        max(case when is_page_view then event_at end) over session_order as page_viewed_at,
        -- GA4 has no key of an event; these fields together are one.
        coalesce(
            analytics_source = 'ga4'
            and event_at = lag(event_at) over session_order
            and event_name = lag(event_name) over session_order
            and event_bundle_sequence_id is not distinct from lag(event_bundle_sequence_id) over session_order
            and batch_page_id is not distinct from lag(batch_page_id) over session_order
            and batch_ordering_id is not distinct from lag(batch_ordering_id) over session_order
            and batch_event_index is not distinct from lag(batch_event_index) over session_order,
            false
        ) as is_repetition
    from parted
    window
        session_order as (
            partition by device_id, session_key, part_no
            order by
                event_at,
                event_bundle_sequence_id nulls last,
                batch_page_id nulls last,
                batch_ordering_id nulls last,
                batch_event_index nulls last,
                event_name,
                event_key,
                context_hash,
                file_id,
                row_number
        )
),

final as (
    select
        analytics_source,
        event_key,
        device_id,
        case
            when part_no = 0 then session_key
            else concat(session_key, '/', cast(part_no as {{ dbt.type_string() }}))
        end as session_key,
        part_no,
        event_no,
        user_id,
        email,
        event_name,
        is_page_view,
        context_no,
        source_timezone,
        page_viewed_at,
        event_at
    from ordered
    where not is_repetition
)

select * from final
