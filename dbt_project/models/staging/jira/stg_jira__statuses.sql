with statuses as (
    select * from {{ source('current_jira', 'statuses') }}
),

final as (
    select
        trim(id) as status_id,
        {{ clean_text('name') }} as status_name,
        case trim(status_category_id) when '2' then 'To Do' when '3' then 'Done' when '4' then 'In Progress' end
            as status_category,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from statuses
)

select * from final
