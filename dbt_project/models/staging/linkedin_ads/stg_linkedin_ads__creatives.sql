with creatives as (
    select * from {{ source('current_linkedin_ads', 'creatives') }}
),

final as (
    select
        'ad' as entity_level,
        nullif(regexp_extract(id, '([0-9]+)$', 1), '') as entity_id,
        cast(null as {{ dbt.type_string() }}) as entity_name,
        cast(null as {{ dbt.type_string() }}) as entity_type,
        nullif(regexp_extract(account, '([0-9]+)$', 1), '') as ad_account_id,
        nullif(regexp_extract(campaign, '([0-9]+)$', 1), '') as ad_campaign_id,
        {{ unix_time('last_modified_at') }} as updated_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from creatives
)

select * from final
