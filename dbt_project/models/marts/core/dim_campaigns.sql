with campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

touches as (
    select * from {{ ref('int_touches_resolved') }}
),

ad_spend_daily as (
    select * from {{ ref('int_ad_spend_daily') }}
),

ad_spend_periods as (
    select * from {{ ref('int_ad_spend_periods') }}
),

-- Campaigns that somebody ran and nobody registered: spend and visits stay under their own name.
seen as (
    select
        campaign_key,
        campaign as campaign_name,
        campaign as utm_campaign
    from touches
    where campaign_key is not null
    union all
    select
        campaign_key,
        campaign_name,
        {{ normalised_slug('ad_campaign_name') }} as utm_campaign
    from ad_spend_daily
    union all
    select
        campaign_key,
        campaign_name,
        {{ normalised_slug('ad_campaign_name') }} as utm_campaign
    from ad_spend_periods
),

judged as (
    select
        *,
        campaign_key = {{ unregistered_campaign_key('utm_campaign') }} as is_newest_name
    from seen
),

unregistered as (
    select
        judged.campaign_key,
        -- Links may still have a name that it had before: its key is made of the newest.
        coalesce(
            max(case when judged.is_newest_name then judged.campaign_name end),
            max(judged.campaign_name)
        ) as campaign_name,
        coalesce(
            max(case when judged.is_newest_name then judged.utm_campaign end),
            max(judged.utm_campaign)
        ) as utm_campaign
    from judged
    left join campaigns on judged.campaign_key = campaigns.campaign_key
    where campaigns.campaign_key is null
    group by judged.campaign_key
),

final as (
    select
        campaign_key,
        campaign_name,
        utm_campaign,
        campaign_family,
        campaign_type,
        goal_id,
        coalesce(owner_name, 'Unassigned') as owner_name,
        true as is_registered,
        valid_from_date,
        valid_to_date,
        planned_launch_date,
        cancelled_at
    from campaigns
    union all
    select
        campaign_key,
        campaign_name,
        utm_campaign,
        'Unfiled' as campaign_family,
        cast(null as {{ dbt.type_string() }}) as campaign_type,
        cast(null as {{ dbt.type_string() }}) as goal_id,
        'Unassigned' as owner_name,
        false as is_registered,
        cast(null as date) as valid_from_date,
        cast(null as date) as valid_to_date,
        cast(null as date) as planned_launch_date,
        cast(null as timestamp) as cancelled_at
    from unregistered
)

select * from final
