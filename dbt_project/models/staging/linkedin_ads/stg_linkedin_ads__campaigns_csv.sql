with campaigns_csv as (
    select * from {{ source('raw_linkedin_ads', 'campaigns_csv') }}
    -- What was delivered after the run's clock is not known yet.
    where _loaded_at <= {{ as_of_at() }}
    qualify {{ is_current(['id', 'last_modified_time'], 'row') }}
),

final as (
    select
        'campaign' as entity_level,
        id as entity_id,
        {{ clean_text('name') }} as entity_name,
        type as entity_type,
        account_id as ad_account_id,
        id as ad_campaign_id,
        try_cast(last_modified_time as timestamp) as updated_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from campaigns_csv
)

select * from final
