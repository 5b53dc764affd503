with entities as (
    select * from {{ source('current_tiktok_ads', 'entities') }}
),

final as (
    select
        case
            when ad_id is not null then 'ad'
            when adgroup_id is not null then 'ad_group'
            else 'campaign'
        end as entity_level,
        coalesce(ad_id, adgroup_id, campaign_id) as entity_id,
        case
            when ad_id is not null then ad_name
            when adgroup_id is not null then adgroup_name
            else campaign_name
        end as entity_name,
        campaign_type as entity_type,
        advertiser_id as ad_account_id,
        campaign_id as ad_campaign_id,
        {{ utc_time('modify_time') }} as updated_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from entities
)

select * from final
