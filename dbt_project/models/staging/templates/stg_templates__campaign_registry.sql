with campaign_registry as (
    select * from {{ source('current_templates', 'campaign_registry') }}
),

final as (
    select
        {{ normalised_slug('utm_campaign') }} as utm_campaign,
        {{ matches('trim(utm_campaign)', "'^[a-z0-9]+(-[a-z0-9]+)*$'") }} as is_name_conforming,
        {{ clean_text('goal_id') }} as goal_id,
        {{ clean_text('campaign_name') }} as campaign_name,
        {{ clean_text('campaign_family') }} as campaign_family,
        {{ clean_text('campaign_type') }} as campaign_type,
        lower({{ clean_text('utm_source') }}) as utm_source,
        lower({{ clean_text('utm_medium') }}) as utm_medium,
        {{ clean_text('owner') }} as owner_name,
        {{ clean_text('work_project') }} as work_project,
        {{ clean_text('ad_campaign_name') }} as ad_campaign_name,
        {{ clean_text('landing_page_url') }} as landing_page_url,
        {{ parse_day('valid_from') }} as valid_from_date,
        {{ parse_day('valid_to') }} as valid_to_date,
        {{ parse_day('planned_launch_date') }} as planned_launch_date,
        -- A cancellation given as a date only counts from the end of that day (V1).
        case when length(trim(cancelled_at)) <= 10 then {{ parse_day('cancelled_at') }} end as cancelled_on,
        case when length(trim(cancelled_at)) > 10 then {{ utc_time('cancelled_at') }} end as cancelled_at,
        _file_id as file_id,
        _row_number as row_number,
        _loaded_at as ingested_at
    from campaign_registry
)

select * from final
