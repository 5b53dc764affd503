-- Filters of a recipient's mail server follow every link before anybody reads it. Where the vendor does not say
-- whether a click was a program's, its user agent says so, or that several links were followed one upon another
-- when the mail arrived.
with events as (
    select
        *,
        -- One mail to one recipient; without a campaign the message.
        {{ surrogate_key(['email_source', 'recipient_id', 'coalesce(campaign_id, message_id)']) }} as mail_key
    from {{ ref('int_email_events_unioned') }}
),

traffic_exclusions as (
    select * from {{ ref('traffic_exclusions') }}
),

programs as (
    select distinct events.user_agent
    from events
    inner join traffic_exclusions
        on {{ matches('lower(events.user_agent)', 'traffic_exclusions.pattern', ref('traffic_exclusions')) }}
    where traffic_exclusions.field = 'user_agent'
),

clicks as (
    select * from events
    where event_type = 'click' and is_by_machine is null and recipient_id is not null and event_at is not null
),

spaced as (
    select
        *,
        {{ epoch_us('event_at') }} - lag({{ epoch_us('event_at') }}) over (
            partition by mail_key order by event_at, email_event_key
        ) as us_since_click
    from clicks
),

numbered as (
    select
        *,
        sum(
            case
                when us_since_click <= {{ var('scanner_click_gap_seconds') }} * cast(1000000 as bigint) then 0 else 1
            end
        ) over (
            partition by mail_key order by event_at, email_event_key
            rows between unbounded preceding and current row
        ) as run_no
    from spaced
),

runs as (
    select
        mail_key,
        run_no,
        min(event_at) as started_at
    from numbered
    group by mail_key, run_no
    having count(distinct url) >= {{ var('scanner_click_links') }}
),

-- A filter may follow the links while the mail is still being handed over.
scans as (
    select distinct
        runs.mail_key,
        runs.run_no
    from runs
    inner join events as deliveries
        on
            runs.mail_key = deliveries.mail_key
            and deliveries.event_type in ('sent', 'delivered')
            and {{ epoch_us('runs.started_at') }} - {{ epoch_us('deliveries.event_at') }}
            between -60 * cast(1000000 as bigint)
            and {{ var('scanner_delivery_minutes') }} * cast(60000000 as bigint)
),

scanned as (
    select numbered.email_event_key
    from numbered
    inner join scans on numbered.mail_key = scans.mail_key and numbered.run_no = scans.run_no
),

final as (
    select
        events.email_event_key,
        events.email_campaign_key,
        events.email_source,
        events.event_id,
        events.message_id,
        events.email,
        events.recipient_id,
        events.event_type,
        events.source_event,
        events.campaign_id,
        events.campaign_name,
        events.bounce_type,
        events.url,
        events.user_agent,
        case
            when events.is_by_machine is not null then events.is_by_machine
            when events.event_type <> 'click' then null
            when programs.user_agent is not null or scanned.email_event_key is not null then true
        end as is_by_machine,
        events.event_at,
        events.source_timezone,
        events.file_id,
        events.row_number
    from events
    left join programs on events.user_agent = programs.user_agent
    left join scanned on events.email_event_key = scanned.email_event_key
)

select * from final
