with entities_csv as (
    select * from {{ source('current_meta_ads', 'entities_csv') }}
),

final as (
    select
        case
            when ad_set_id is not null then 'ad'
            when campaign_id is not null then 'ad_group'
            else 'campaign'
        end as entity_level,
        id as entity_id,
        {{ clean_text('name') }} as entity_name,
        cast(null as {{ dbt.type_string() }}) as entity_type,
        account_id as ad_account_id,
        coalesce(campaign_id, id) as ad_campaign_id,
        {{ utc_time('updated_time') }} as updated_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from entities_csv
)

select * from final
