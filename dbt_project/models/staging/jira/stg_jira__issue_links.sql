with issue_links as (
    select * from {{ source('raw_jira', 'issue_links') }}
    -- What was delivered after the run's clock is not known yet.
    where _loaded_at <= {{ as_of_at() }}
    qualify {{ is_current(['issue_id', 'related_issue_id', 'relationship'], 'row') }}
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
