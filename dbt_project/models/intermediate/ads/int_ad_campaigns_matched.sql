-- The registered campaign of each ad campaign and day, by any name that it goes by.
with reports as (
    select * from {{ ref('int_ad_reports_unioned') }}
),

slugs as (
    select * from {{ ref('int_campaign_slugs') }}
),

campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

seen as (
    select distinct
        ad_campaign_name,
        {{ normalised_slug('ad_campaign_name') }} as slug,
        coalesce(date_day, period_start_date) as seen_on
    from reports
),

matched as (
    select
        seen.ad_campaign_name,
        seen.slug,
        seen.seen_on,
        slugs.campaign_key
    from seen
    left join slugs on seen.slug = slugs.slug
    -- What the registry says goes first. A name can come again: the campaign valid on the day, else the nearest.
    qualify row_number() over (
        partition by seen.ad_campaign_name, seen.seen_on
        order by slugs.is_own desc, {{ campaign_distance('seen.seen_on', 'slugs') }}, slugs.campaign_key
    ) = 1
),

final as (
    select
        matched.ad_campaign_name,
        matched.seen_on,
        campaigns.campaign_key is not null as is_registered,
        coalesce(matched.campaign_key, {{ unregistered_campaign_key('matched.slug') }}) as campaign_key,
        coalesce(campaigns.campaign_name, matched.ad_campaign_name) as campaign_name
    from matched
    left join campaigns on matched.campaign_key = campaigns.campaign_key
)

select * from final
