-- How each kind of sequence of mails goes: who should have been in it, who was, and what came of both.
-- A trigger counts from the first mail of the sequence on: before it there was nothing to be enrolled in.
with email_sequence_specs as (
    select * from {{ ref('email_sequence_specs') }}
),

enrolments as (
    select * from {{ ref('fct_sequence_enrolments') }}
),

triggers as (
    select * from {{ ref('int_sequence_triggers_dated') }}
),

conversions as (
    select * from {{ ref('int_conversions_unioned') }}
    where conversion_type <> 'lead'
),

counted as (
    select
        sequence_type,
        min(first_sent_at) as first_sent_at,
        cast(count(*) as bigint) as enrolment_count,
        cast(count(is_in_spec) as bigint) as judged_count,
        cast(count(case when is_in_spec then 1 end) as bigint) as in_spec_count
    from enrolments
    group by sequence_type
),

-- A trigger is due once the days in which the first mail should go out are over.
due as (
    select
        triggers.sequence_trigger_id,
        triggers.contact_key,
        triggers.sequence_type,
        triggers.triggered_at,
        email_sequence_specs.enrolment_days,
        email_sequence_specs.duration_days
    from triggers
    inner join email_sequence_specs on triggers.sequence_type = email_sequence_specs.sequence_type
    inner join counted on triggers.sequence_type = counted.sequence_type
    where
        triggers.triggered_at >= counted.first_sent_at
        and {{ days_between(reporting_day('triggers.triggered_at'), reporting_day(as_of_at())) }}
        > email_sequence_specs.enrolment_days
),

-- Who was in the sequence already, or entered it in time.
enrolled as (
    select distinct due.sequence_trigger_id
    from due
    inner join enrolments
        on
            due.contact_key = enrolments.contact_key
            and due.sequence_type = enrolments.sequence_type
            and due.triggered_at <= enrolments.last_sent_at
            and {{ days_between(reporting_day('due.triggered_at'), reporting_day('enrolments.first_sent_at')) }}
            <= due.enrolment_days
),

converted as (
    select distinct due.sequence_trigger_id
    from due
    inner join conversions
        on
            due.contact_key = conversions.contact_key
            and due.triggered_at <= conversions.converted_at
            and {{ days_between(reporting_day('due.triggered_at'), reporting_day('conversions.converted_at')) }}
            <= due.duration_days
),

covered as (
    select
        due.sequence_type,
        cast(count(*) as bigint) as triggered_count,
        cast(count(enrolled.sequence_trigger_id) as bigint) as covered_count,
        cast(count(
            case when enrolled.sequence_trigger_id is not null then converted.sequence_trigger_id end
        ) as bigint) as covered_converted_count,
        cast(count(
            case when enrolled.sequence_trigger_id is null then converted.sequence_trigger_id end
        ) as bigint) as missed_converted_count
    from due
    left join enrolled on due.sequence_trigger_id = enrolled.sequence_trigger_id
    left join converted on due.sequence_trigger_id = converted.sequence_trigger_id
    group by due.sequence_type
),

final as (
    select
        email_sequence_specs.sequence_type,
        email_sequence_specs.trigger_event,
        email_sequence_specs.trigger_signal is not null as is_trigger_known,
        coalesce(counted.enrolment_count, cast(0 as bigint)) as enrolment_count,
        coalesce(counted.judged_count, cast(0 as bigint)) as judged_count,
        coalesce(counted.in_spec_count, cast(0 as bigint)) as in_spec_count,
        {{ ratio('counted.in_spec_count', 'counted.judged_count') }} as in_spec_rate,
        covered.triggered_count,
        covered.covered_count,
        {{ ratio('covered.covered_count', 'covered.triggered_count') }} as coverage_rate,
        {{ ratio('covered.covered_converted_count', 'covered.covered_count') }} as covered_conversion_rate,
        {{ ratio('covered.missed_converted_count', 'covered.triggered_count - covered.covered_count') }}
            as missed_conversion_rate,
        covered.triggered_count < {{ var('small_sample_size') }} as is_small_sample
    from email_sequence_specs
    left join counted on email_sequence_specs.sequence_type = counted.sequence_type
    left join covered on email_sequence_specs.sequence_type = covered.sequence_type
)

select * from final
