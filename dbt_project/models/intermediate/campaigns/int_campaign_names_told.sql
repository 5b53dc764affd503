-- A campaign of an ad platform is its number, under all names that it ever had: each with the newest.
-- Names that one delivery has beside each other are no renaming.
with campaign_names as (
    select * from {{ ref('stg_ops__campaign_names') }}
),

told as (
    select
        *,
        {{ masked('ad_campaign_name') }} as told_name
    from campaign_names
),

ordered as (
    select
        *,
        rank() over (
            partition by platform, ad_campaign_id
            order by told_on desc, told_at desc, file_id desc
        ) as delivery_rank
    from told
),

ranked as (
    select
        platform,
        ad_campaign_id,
        told_name,
        min(delivery_rank) as delivery_rank
    from ordered
    group by platform, ad_campaign_id, told_name
),

final as (
    select
        platform,
        ad_campaign_id,
        told_name,
        case
            when delivery_rank = 1 then told_name
            else first_value(told_name) over (
                partition by platform, ad_campaign_id
                order by delivery_rank, told_name
            )
        end as newest_name,
        row_number() over (
            partition by platform, ad_campaign_id
            order by delivery_rank, told_name
        ) = 1 as is_newest,
        count(*) over (partition by platform, told_name) = 1 as is_of_one_campaign
    from ranked
)

select * from final
