with campaigns_csv as (
    select * from {{ source('current_linkedin_ads', 'campaigns_csv') }}
),

final as (
    select
        'campaign' as entity_level,
        id as entity_id,
        {{ clean_text('name') }} as entity_name,
        type as entity_type,
        account_id as ad_account_id,
        id as ad_campaign_id,
        {{ utc_time('last_modified_time') }} as updated_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from campaigns_csv
)

select * from final
