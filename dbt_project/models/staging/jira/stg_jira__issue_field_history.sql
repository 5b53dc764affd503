with issue_field_history as (
    select * from {{ source('current_jira', 'issue_field_history') }}
),

final as (
    select
        {{ surrogate_key(['issue_id', 'field_id', 'time', 'value']) }} as field_value_id,
        trim(issue_id) as issue_id,
        trim(field_id) as field_id,
        {{ clean_text('value') }} as field_value,
        trim(author_id) as author_id,
        {{ utc_time('time') }} as changed_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from issue_field_history
)

select * from final
