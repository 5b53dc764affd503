with registry as (
    select
        *,
        {{ masked('utm_campaign') }} as slug
    from {{ ref('stg_templates__campaign_registry') }}
    -- A line without its key registers nothing; the delivery suite reports it.
    where utm_campaign is not null and valid_from_date is not null
    -- Two spellings of a slug are one campaign: the line registered last counts.
    qualify row_number() over (
        partition by slug, valid_from_date
        order by file_id desc, row_number desc
    ) = 1
),

business_days as (
    select * from {{ ref('int_business_days_opened') }}
    where is_default
),

inactive_owners as (
    select * from {{ ref('inactive_owners') }}
),

final as (
    select
        {{ surrogate_key(['registry.slug', 'registry.valid_from_date']) }} as campaign_key,
        registry.slug as utm_campaign,
        coalesce(registry.is_name_conforming, false) as is_name_conforming,
        {{ masked('registry.goal_id') }} as goal_id,
        coalesce({{ masked('registry.campaign_name') }}, registry.slug) as campaign_name,
        coalesce({{ masked('registry.campaign_family') }}, 'Unfiled') as campaign_family,
        {{ masked('registry.campaign_type') }} as campaign_type,
        registry.utm_source,
        registry.utm_medium,
        case when inactive_owners.owner_name is null then {{ masked('registry.owner_name') }} end as owner_name,
        {{ masked('coalesce(registry.work_project, registry.campaign_name)') }} as work_project,
        coalesce({{ masked('registry.ad_campaign_name') }}, registry.slug) as ad_campaign_name,
        registry.landing_page_url,
        registry.valid_from_date,
        registry.valid_to_date,
        registry.planned_launch_date,
        launch_days.closes_at as planned_launch_at,
        coalesce(registry.cancelled_at, cancel_days.closes_at) as cancelled_at
    from registry
    left join inactive_owners on lower(registry.owner_name) = inactive_owners.owner_name
    left join business_days as launch_days
        on registry.planned_launch_date = launch_days.calendar_date
    left join business_days as cancel_days on registry.cancelled_on = cancel_days.calendar_date
)

select * from final
