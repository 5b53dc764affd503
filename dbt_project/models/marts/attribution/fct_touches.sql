with touches as (
    select * from {{ ref('int_touches_resolved') }}
),

final as (
    select
        touch_id,
        contact_key,
        account_key,
        md5(device_id) as visitor_key,
        channel,
        ga4_channel_group,
        source,
        medium,
        campaign,
        campaign_key,
        touch_type,
        click_id_type,
        link_reason,
        landing_page,
        touched_at
    from touches
)

select * from final
