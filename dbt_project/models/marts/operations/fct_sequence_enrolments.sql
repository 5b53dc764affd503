-- Each time somebody went through a sequence of mails, against what its kind should be (S4-37).
with enrolments as (
    select * from {{ ref('int_sequence_enrolments_built') }}
),

events as (
    select * from {{ ref('int_email_events_unioned') }}
    where
        event_type in ('unsubscribe', 'spam')
        or (event_type = 'bounce' and bounce_type is distinct from 'soft')
),

contact_addresses as (
    select * from {{ ref('int_contact_addresses') }}
),

triggers as (
    select * from {{ ref('int_sequence_triggers_dated') }}
),

conversions as (
    select * from {{ ref('int_conversions_unioned') }}
    -- Who becomes a lead enters sequences; what comes after it is what they are for.
    where conversion_type <> 'lead'
),

identified as (
    select
        enrolments.*,
        contact_addresses.contact_key,
        -- A vendor's number of somebody is another vendor's of somebody else.
        coalesce(
            contact_addresses.contact_key,
            enrolments.email,
            concat(enrolments.email_source, ' ', enrolments.recipient_id)
        ) as person_id,
        {{ days_between(reporting_day('enrolments.first_sent_at'), reporting_day('enrolments.last_sent_at')) }}
            as lasted_days,
        {{ days_between(reporting_day('enrolments.first_sent_at'), reporting_day(as_of_at())) }}
        <= enrolments.duration_days as is_running
    from enrolments
    left join contact_addresses on enrolments.email = contact_addresses.email
),

exits as (
    select
        identified.sequence_enrolment_id,
        events.event_at as exited_at,
        case events.event_type when 'bounce' then 'bounced' else 'unsubscribed' end as exit_reason
    from identified
    inner join events
        on
            identified.email_source = events.email_source
            and identified.recipient_id = events.recipient_id
            and identified.first_sent_at <= events.event_at
            and {{ days_between(reporting_day('identified.first_sent_at'), reporting_day('events.event_at')) }}
            <= identified.duration_days
    qualify row_number() over (
        partition by identified.sequence_enrolment_id order by events.event_at, events.email_event_key
    ) = 1
),

converted as (
    select
        identified.sequence_enrolment_id,
        min(conversions.converted_at) as converted_at
    from identified
    inner join conversions
        on
            identified.contact_key = conversions.contact_key
            and identified.first_sent_at <= conversions.converted_at
            and {{ days_between(reporting_day('identified.first_sent_at'), reporting_day('conversions.converted_at')) }}
            <= identified.duration_days
    group by identified.sequence_enrolment_id
),

triggered as (
    select
        identified.sequence_enrolment_id,
        max(triggers.triggered_at) as triggered_at
    from identified
    inner join triggers
        on
            identified.contact_key = triggers.contact_key
            and identified.sequence_type = triggers.sequence_type
            and identified.first_sent_at >= triggers.triggered_at
    group by identified.sequence_enrolment_id
),

overlapping as (
    select
        one.sequence_enrolment_id,
        cast(count(*) as bigint) as overlapping_count
    from identified as one
    inner join identified as other
        on
            one.person_id = other.person_id
            and one.sequence_enrolment_id <> other.sequence_enrolment_id
            and one.first_sent_at <= other.last_sent_at
            and one.last_sent_at >= other.first_sent_at
    group by one.sequence_enrolment_id
),

judged as (
    select
        identified.*,
        triggered.triggered_at,
        exits.exited_at,
        converted.converted_at,
        coalesce(overlapping.overlapping_count, cast(0 as bigint)) as overlapping_count,
        coalesce(
            exits.exit_reason, case when converted.converted_at is not null then 'converted' end
        ) as exit_reason,
        case
            when exits.exited_at < identified.last_sent_at then 'mailed_after_exit'
            when identified.email_count > identified.max_emails then 'too_many'
            when identified.lasted_days > identified.duration_days then 'too_slow'
            when identified.email_count >= identified.min_emails then 'complete'
            when exits.exited_at is not null or converted.converted_at is not null then 'stopped'
            when identified.is_running then 'running'
            else 'too_few'
        end as enrolment_state
    from identified
    left join exits on identified.sequence_enrolment_id = exits.sequence_enrolment_id
    left join converted on identified.sequence_enrolment_id = converted.sequence_enrolment_id
    left join triggered on identified.sequence_enrolment_id = triggered.sequence_enrolment_id
    left join overlapping on identified.sequence_enrolment_id = overlapping.sequence_enrolment_id
),

final as (
    select
        sequence_enrolment_id,
        contact_key,
        email_source,
        sequence_type,
        exit_reason,
        enrolment_state,
        case
            when enrolment_state <> 'running' then enrolment_state in ('complete', 'stopped')
        end as is_in_spec,
        email_count,
        lasted_days,
        overlapping_count,
        ({{ epoch_us('first_sent_at') }} - {{ epoch_us('triggered_at') }}) / cast(3600000000 as double)
            as enrolment_lag_hours,
        triggered_at,
        first_sent_at,
        last_sent_at,
        exited_at,
        converted_at
    from judged
)

select * from final
