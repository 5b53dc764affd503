with decisions as (
    select * from {{ source('current_templates', 'decisions') }}
),

final as (
    select
        {{ clean_answer('decision_id') }} as decision_id,
        {{ clean_answer('title') }} as title,
        {{ clean_answer('outcome') }} as outcome,
        {{ clean_answer('rationale') }} as rationale,
        {{ clean_answer('evidence_report') }} as evidence_report,
        {{ normalised_slug('utm_campaign') }} as utm_campaign,
        {{ clean_answer('goal_id') }} as goal_id,
        {{ clean_answer('owner') }} as owner_name,
        {{ parse_time('raised_at', '_date_order') }} as raised_at,
        {{ parse_time('decided_at', '_date_order') }} as decided_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from decisions
)

select * from final
