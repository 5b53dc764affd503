with campaign_names as (
    select * from {{ source('ops', 'campaign_names') }}
),

final as (
    select
        source as platform,
        campaign_id as ad_campaign_id,
        campaign_name as ad_campaign_name,
        told_on,
        told_at,
        told_by as file_id
    from campaign_names
)

select * from final
