-- The registered campaign of each ad campaign and day: by the name the registry says the platform
-- uses, or by the slug.
with reports as (
    select * from {{ ref('int_ad_reports_unioned') }}
),

campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

seen as (
    select distinct
        ad_campaign_name,
        coalesce(date_day, period_start_date) as seen_on
    from reports
),

final as (
    select
        seen.ad_campaign_name,
        seen.seen_on,
        campaigns.campaign_key is not null as is_registered,
        coalesce(
            campaigns.campaign_key,
            {{ surrogate_key(["'unregistered'", normalised_slug('seen.ad_campaign_name')]) }}
        ) as campaign_key,
        coalesce(campaigns.campaign_name, seen.ad_campaign_name) as campaign_name
    from seen
    left join campaigns
        on
            lower(seen.ad_campaign_name) = lower(campaigns.ad_campaign_name)
            or {{ normalised_slug('seen.ad_campaign_name') }} = campaigns.utm_campaign
    -- A name can come again: the campaign valid on the day, else the nearest one.
    qualify row_number() over (
        partition by seen.ad_campaign_name, seen.seen_on
        order by {{ campaign_distance('seen.seen_on', 'campaigns') }}, campaigns.campaign_key
    ) = 1
)

select * from final
