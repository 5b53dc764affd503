with creatives_csv as (
    select * from {{ source('current_linkedin_ads', 'creatives_csv') }}
),

final as (
    select
        'ad' as entity_level,
        id as entity_id,
        cast(null as {{ dbt.type_string() }}) as entity_name,
        cast(null as {{ dbt.type_string() }}) as entity_type,
        cast(null as {{ dbt.type_string() }}) as ad_account_id,
        campaign_id as ad_campaign_id,
        coalesce({{ utc_time('last_modified_at') }}, {{ utc_time('created_time') }}) as updated_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from creatives_csv
)

select * from final
