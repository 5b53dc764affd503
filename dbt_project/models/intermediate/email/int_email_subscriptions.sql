{{ config(materialized='view') }}
-- What holds for an address now. Whoever left without a date has left: nobody is mailed by mistake.
with members as (
    select * from {{ ref('int_email_members_unioned') }}
),

events as (
    select * from {{ ref('int_email_events_unioned') }}
),

states as (
    select
        email,
        email_source,
        evidence,
        subscription_status,
        status_at
    from members
    -- Pending, archived and the like are no answer to whether a mail may go there.
    where email is not null and subscription_status in ('subscribed', 'unsubscribed', 'cleaned')
    union all
    select
        email,
        email_source,
        'events' as evidence,
        case event_type
            when 'subscribe' then 'subscribed'
            when 'bounce' then 'cleaned'
            else 'unsubscribed'
        end as subscription_status,
        event_at as status_at
    from events
    where
        email is not null
        and (event_type in ('subscribe', 'unsubscribe', 'spam') or (event_type = 'bounce' and bounce_type = 'hard'))
),

final as (
    select
        email,
        subscription_status,
        status_at as status_since_at,
        email_source,
        evidence
    from states
    where status_at is null or status_at <= {{ as_of_at() }}
    qualify row_number() over (
        partition by email
        order by
            case
                when status_at is not null then 2
                when subscription_status = 'subscribed' then 3
                else 1
            end asc,
            status_at desc,
            -- Of one instant: the more careful answer.
            case subscription_status when 'cleaned' then 1 when 'unsubscribed' then 2 else 3 end asc,
            email_source asc,
            evidence asc
    ) = 1
)

select * from final
