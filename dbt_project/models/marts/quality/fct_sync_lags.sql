-- How long the CRM took to know of a form: of each person the first one, since a later form changes a
-- record that is already there, and no CRM says which form did. By the CRM's own times, not by when its
-- export was delivered.
with submissions as (
    select * from {{ ref('int_form_submissions_unioned') }}
    where contact_key is not null and submitted_at <= {{ as_of_at() }}
    qualify row_number() over (partition by contact_key order by submitted_at, form_submission_id) = 1
),

contacts as (
    select * from {{ ref('int_contacts_merged') }}
    where is_excluded is false
),

thresholds as (
    select
        max(case when threshold_key = 'sync_lag_minutes' then threshold_value end) as lag_minutes,
        max(case when threshold_key = 'sync_clock_skew_seconds' then threshold_value end) as skew_seconds
    from {{ ref('rule_thresholds') }}
),

measured as (
    select
        submissions.form_submission_id,
        submissions.contact_key,
        submissions.form_source,
        contacts.crm_source,
        submissions.submitted_at,
        contacts.created_at,
        thresholds.lag_minutes as allowed_minutes,
        -- What the CRM has not yet is as late as the run's clock.
        cast(
            {{ epoch_us('coalesce(contacts.created_at, ' ~ as_of_at() ~ ')') }}
            - {{ epoch_us('submissions.submitted_at') }}
            as double
        ) / 60000000 as minutes,
        -thresholds.skew_seconds / 60 as least_minutes
    from submissions
    inner join contacts on submissions.contact_key = contacts.contact_key
    cross join thresholds
),

final as (
    select
        form_submission_id,
        contact_key,
        form_source,
        crm_source,
        case
            when minutes < least_minutes then 'known_before'
            when minutes < allowed_minutes and created_at is null then 'waiting'
            when minutes < allowed_minutes then 'in_time'
            else 'late'
        end as sync_state,
        case
            when minutes < least_minutes then null
            when minutes >= allowed_minutes then false
            when created_at is not null then true
        end as is_in_time,
        case when minutes >= least_minutes then minutes end as lag_minutes,
        submitted_at,
        case when minutes >= least_minutes then created_at end as synced_at
    from measured
)

select * from final
