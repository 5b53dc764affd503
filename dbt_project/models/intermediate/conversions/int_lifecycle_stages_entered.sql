-- First entry into each stage. A stage that was skipped is imputed with the time of the next one
-- that was reached, and says so.
with contacts as (
    select * from {{ ref('int_contacts_merged') }}
),

lifecycle_stages as (
    select * from {{ ref('lifecycle_stages') }}
),

aliases as (
    select * from {{ ref('int_contact_aliases_resolved') }}
),

-- What the time of the first entry can mean, where its record does not say it by the time itself.
dated as (
    select
        aliases.contact_key,
        stages.stage,
        stages.entered_at,
        max(stages.entered_until_at) as entered_until_at
    from {{ ref('int_crm_contact_stages_dated') }} as stages
    inner join aliases
        on stages.crm_source = aliases.crm_source and stages.crm_contact_id = aliases.crm_contact_id
    group by aliases.contact_key, stages.stage, stages.entered_at
),

entered as (
    select
        contact_key,
        'subscriber' as stage,
        became_subscriber_at as entered_at
    from contacts
    union all
    select
        contact_key,
        'lead' as stage,
        became_lead_at as entered_at
    from contacts
    union all
    select
        contact_key,
        'mql' as stage,
        became_mql_at as entered_at
    from contacts
    union all
    select
        contact_key,
        'sal' as stage,
        became_sal_at as entered_at
    from contacts
    union all
    select
        contact_key,
        'sql' as stage,
        became_sql_at as entered_at
    from contacts
    union all
    select
        contact_key,
        'opportunity' as stage,
        became_opportunity_at as entered_at
    from contacts
    union all
    select
        contact_key,
        'customer' as stage,
        became_customer_at as entered_at
    from contacts
),

known as (
    select
        entered.contact_key,
        entered.stage,
        lifecycle_stages.stage_order,
        -- What happens after the run's clock is not known yet.
        case
            when entered.entered_at <= {{ as_of_at() }} and entered.entered_at >= {{ facts_since() }}
                then entered.entered_at
        end as entered_at
    from entered
    inner join lifecycle_stages on entered.stage = lifecycle_stages.stage
),

imputed as (
    select
        *,
        min(entered_at) over (
            partition by contact_key order by stage_order desc
            rows between unbounded preceding and current row
        ) as entered_or_later_at
    from known
),

final as (
    select
        imputed.contact_key,
        imputed.stage,
        cast(imputed.stage_order as bigint) as stage_order,
        coalesce(imputed.entered_at, imputed.entered_or_later_at) as entered_at,
        coalesce(
            dated.entered_until_at,
            {{ latest_moment(
                'coalesce(imputed.entered_at, imputed.entered_or_later_at)', by_source('source_time_zones', 'contacts.crm_source')
            ) }}
        ) as entered_until_at,
        imputed.entered_at is null as is_imputed
    from imputed
    inner join contacts on imputed.contact_key = contacts.contact_key
    left join dated
        on
            imputed.contact_key = dated.contact_key
            and imputed.stage = dated.stage
            and imputed.entered_at = dated.entered_at
    -- Not everybody subscribes first: that stage is no step of the funnel and never imputed.
    where
        imputed.entered_at is not null
        or (imputed.entered_or_later_at is not null and imputed.stage <> 'subscriber')
)

select * from final
