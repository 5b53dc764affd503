with registry as (
    select * from {{ ref('stg_templates__campaign_registry') }}
    -- A line without its key registers nothing; the delivery suite reports it.
    where utm_campaign is not null and valid_from_date is not null
),

business_days as (
    select * from {{ ref('int_business_days_opened') }}
),

default_region as (
    select * from {{ ref('calendar_regions') }}
    where is_default
),

final as (
    select
        {{ surrogate_key(['registry.utm_campaign', 'registry.valid_from_date']) }} as campaign_key,
        registry.utm_campaign,
        registry.valid_from_date,
        registry.valid_to_date,
        coalesce(registry.campaign_name, registry.utm_campaign) as campaign_name,
        coalesce(registry.campaign_family, 'Unfiled') as campaign_family,
        registry.campaign_type,
        registry.utm_source,
        registry.utm_medium,
        registry.owner_name,
        registry.goal_id,
        coalesce(registry.work_project, registry.campaign_name) as work_project,
        coalesce(registry.ad_campaign_name, registry.utm_campaign) as ad_campaign_name,
        registry.landing_page_url,
        registry.planned_launch_date,
        case
            when registry.planned_launch_date is not null
                then {{ end_of_business_day('registry.planned_launch_date', 'launch_days', 'default_region') }}
        end as planned_launch_at,
        coalesce(
            registry.cancelled_at,
            case
                when registry.cancelled_on is not null
                    then {{ end_of_business_day('registry.cancelled_on', 'cancel_days', 'default_region') }}
            end
        ) as cancelled_at
    from registry
    cross join default_region
    left join business_days as launch_days
        on
            registry.planned_launch_date = launch_days.calendar_date
            and default_region.region = launch_days.region
    left join business_days as cancel_days
        on
            registry.cancelled_on = cancel_days.calendar_date
            and default_region.region = cancel_days.region
)

select * from final
