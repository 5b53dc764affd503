-- Every slug that a campaign goes by. The registry says two, the tag and the platform's name; where one
-- of them is a name that an ad campaign ever had, its other names and its number mean the campaign too.
with campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

names_told as (
    select * from {{ ref('int_campaign_names_told') }}
),

told as (
    select
        {{ normalised_slug('told_name') }} as slug,
        {{ normalised_slug('newest_name') }} as newest_slug
    from names_told
    union distinct
    -- Links are tagged with the number as well.
    select
        ad_campaign_id as slug,
        {{ normalised_slug('newest_name') }} as newest_slug
    from names_told
),

said as (
    select
        campaign_key,
        utm_campaign as slug
    from campaigns
    union distinct
    select
        campaign_key,
        {{ normalised_slug('ad_campaign_name') }} as slug
    from campaigns
),

related as (
    select
        said.campaign_key,
        others.slug,
        others.newest_slug
    from said
    inner join told on said.slug = told.slug
    inner join told as others on told.newest_slug = others.newest_slug
),

registered as (
    select
        campaign_key,
        slug,
        1 as slug_rank
    from said
    union all
    select
        campaign_key,
        slug,
        2 as slug_rank
    from related
),

ranked as (
    select
        slug,
        campaign_key,
        min(slug_rank) as slug_rank
    from registered
    group by slug, campaign_key
),

-- Nobody registered it: it goes by its newest name.
unregistered as (
    select
        told.slug,
        min(told.newest_slug) as newest_slug
    from told
    left join ranked on told.slug = ranked.slug
    left join related on told.newest_slug = related.newest_slug
    where told.slug is not null and ranked.slug is null and related.newest_slug is null
    group by told.slug
    -- A slug that is some campaign's newest name is that one's.
    having max(case when told.slug = told.newest_slug then 1 else 0 end) = 0
),

final as (
    select
        ranked.slug,
        ranked.campaign_key,
        ranked.slug_rank = 1 as is_own,
        true as is_registered,
        campaigns.valid_from_date,
        campaigns.valid_to_date
    from ranked
    inner join campaigns on ranked.campaign_key = campaigns.campaign_key
    union all
    select
        slug,
        {{ unregistered_campaign_key('newest_slug') }} as campaign_key,
        false as is_own,
        false as is_registered,
        cast(null as date) as valid_from_date,
        cast(null as date) as valid_to_date
    from unregistered
)

select * from final
