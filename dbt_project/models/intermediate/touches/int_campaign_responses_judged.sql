-- Which responses to a CRM campaign are touches of their own (crm_campaign_types): having attended an event,
-- having answered what no site sees.
with responses as (
    select * from {{ ref('int_campaign_responses_unioned') }}
),

campaign_types as (
    select
        rule_order,
        type_pattern,
        nullif(status_pattern, '') as status_pattern,
        touch_type,
        medium
    from {{ ref('crm_campaign_types') }}
),

slugs as (
    select * from {{ ref('int_campaign_slugs') }}
),

attended as (
    select distinct
        contact_key,
        {{ normalised_slug('utm_campaign') }} as campaign
    from {{ ref('int_event_attendances') }}
    where contact_key is not null and utm_campaign is not null and attended_at is not null
),

-- The event's list and the CRM may call the campaign by two of its names.
attendances as (
    select
        contact_key,
        campaign
    from attended
    union distinct
    select
        attended.contact_key,
        others.slug as campaign
    from attended
    inner join slugs on attended.campaign = slugs.slug
    inner join slugs as others on slugs.campaign_key = others.campaign_key
),

described as (
    select
        *,
        {{ normalised_slug('crm_campaign_name') }} as campaign,
        -- The CRM keeps the day: its start, in the CRM's zone.
        coalesce({{ local_day_start('first_responded_date', var('source_time_zones').salesforce) }}, joined_at)
            as responded_at
    from responses
),

judged as (
    select
        described.campaign_response_id,
        described.contact_key,
        campaign_types.touch_type,
        {{ normalised_slug('described.campaign_type') }} as source,
        campaign_types.medium,
        described.campaign,
        described.is_deleted_at_source,
        described.responded_at
    from described
    inner join campaign_types
        on
            {{ matches('lower(described.campaign_type)', 'campaign_types.type_pattern', ref('crm_campaign_types')) }}
            and (
                (campaign_types.status_pattern is null and described.has_responded)
                or {{ matches(
                    'lower(described.member_status)', 'campaign_types.status_pattern', ref('crm_campaign_types')
                ) }}
            )
    qualify row_number() over (
        partition by described.campaign_response_id order by campaign_types.rule_order
    ) = 1
),

final as (
    select
        judged.campaign_response_id,
        judged.contact_key,
        judged.touch_type,
        judged.source,
        judged.medium,
        judged.campaign,
        case
            when judged.is_deleted_at_source then 'deleted_at_source'
            -- The event's own list has the minute; the CRM was told by it.
            when attendances.contact_key is not null then 'told_by_attendance'
        end as exclusion_reason,
        -- What is later than the run's clock is not known yet.
        case when judged.responded_at <= {{ as_of_at() }} then judged.responded_at end as responded_at
    from judged
    left join attendances
        on
            judged.touch_type = 'event_attended'
            and judged.contact_key = attendances.contact_key
            and judged.campaign = attendances.campaign
)

select * from final
