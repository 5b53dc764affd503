-- A mail is of the sequence that the name of its campaign or flow says; of a vendor that tells no sends
-- the deliveries count. After a pause longer than the whole sequence somebody is in it anew.
with email_sequence_specs as (
    select * from {{ ref('email_sequence_specs') }}
),

events as (
    select
        *,
        max(case when event_type = 'sent' then 1 else 0 end) over (partition by email_source) as tells_sends
    from {{ ref('int_email_events_unioned') }}
    -- Without its time a mail has no place in a sequence; without a recipient it is nobody's.
    where event_type in ('sent', 'delivered') and event_at is not null and recipient_id is not null
),

names as (
    select distinct
        campaign_name,
        lower(campaign_name) as name_key
    from events
    where campaign_name is not null
),

named as (
    select
        names.campaign_name,
        email_sequence_specs.*
    from names
    inner join email_sequence_specs
        on {{ matches('names.name_key', 'email_sequence_specs.name_pattern', ref('email_sequence_specs')) }}
    qualify row_number() over (
        partition by names.campaign_name order by email_sequence_specs.rule_order
    ) = 1
),

mails as (
    select
        events.email_source,
        events.recipient_id,
        events.email,
        events.email_event_key,
        events.event_at as sent_at,
        named.sequence_type,
        named.min_emails,
        named.max_emails,
        named.duration_days,
        lag(events.event_at) over (
            partition by events.email_source, named.sequence_type, events.recipient_id
            order by events.event_at, events.email_event_key
        ) as sent_before_at
    from events
    inner join named on events.campaign_name = named.campaign_name
    where events.event_type = case when events.tells_sends = 1 then 'sent' else 'delivered' end
),

numbered as (
    select
        *,
        sum(
            case
                when {{ days_between(reporting_day('sent_before_at'), reporting_day('sent_at')) }} <= duration_days
                    then 0
                else 1
            end
        ) over (
            partition by email_source, sequence_type, recipient_id
            order by sent_at, email_event_key
            rows between unbounded preceding and current row
        ) as enrolment_no
    from mails
),

enrolments as (
    select
        email_source,
        sequence_type,
        recipient_id,
        enrolment_no,
        min_emails,
        max_emails,
        duration_days,
        max(email) as email,
        min(email_event_key) as first_event_key,
        cast(count(*) as bigint) as email_count,
        min(sent_at) as first_sent_at,
        max(sent_at) as last_sent_at
    from numbered
    group by
        email_source, sequence_type, recipient_id, enrolment_no, min_emails, max_emails, duration_days
),

final as (
    select
        {{ surrogate_key(['email_source', 'sequence_type', 'first_event_key']) }} as sequence_enrolment_id,
        email_source,
        sequence_type,
        recipient_id,
        email,
        min_emails,
        max_emails,
        duration_days,
        email_count,
        first_sent_at,
        last_sent_at
    from enrolments
    -- One mail that went to everybody once is no sequence, whatever it is called.
    qualify max(email_count) over (partition by email_source, sequence_type) > 1
)

select * from final
