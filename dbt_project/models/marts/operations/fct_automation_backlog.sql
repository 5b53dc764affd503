-- What is automated next, and whether what is said of the sequences of mails among it is so (S4-38).
with automation_backlog as (
    select * from {{ ref('automation_backlog') }}
),

email_sequences as (
    select * from {{ ref('fct_email_sequences') }}
),

final as (
    select
        automation_backlog.automation,
        automation_backlog.automation_name,
        automation_backlog.build_order,
        automation_backlog.impact,
        automation_backlog.complexity,
        automation_backlog.status,
        automation_backlog.sequence_type,
        email_sequences.enrolment_count,
        case
            when email_sequences.sequence_type is not null
                then (automation_backlog.status = 'live') = (email_sequences.enrolment_count > 0)
        end as is_status_evidenced
    from automation_backlog
    left join email_sequences on automation_backlog.sequence_type = email_sequences.sequence_type
)

select * from final
