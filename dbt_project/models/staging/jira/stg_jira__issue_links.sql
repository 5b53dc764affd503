with issue_links as (
    select * from {{ source('current_jira', 'issue_links') }}
),

final as (
    select
        {{ surrogate_key(['issue_id', 'related_issue_id', 'relationship']) }} as issue_link_id,
        trim(issue_id) as issue_id,
        trim(related_issue_id) as related_issue_id,
        lower(trim(relationship)) as relationship,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from issue_links
)

select * from final
