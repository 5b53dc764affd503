-- Speed to lead (S4-34): from the first time that the active score called for sales to the first
-- thing that sales did, by both clocks (V2): a task or meeting, or the acceptance of the lead.
with stays as (
    select * from {{ ref('int_lead_scores_banded') }}
),

versions as (
    select * from {{ ref('lead_score_versions') }}
),

bands as (
    select * from {{ ref('lead_score_bands') }}
    -- The others need no sales.
    where contact_within_minutes is not null
),

stages as (
    select * from {{ ref('int_lifecycle_stages_entered') }}
    where is_imputed is false
),

business_days as (
    select * from {{ ref('int_business_days_opened') }}
    where is_default
),

calendar_regions as (
    select * from {{ ref('calendar_regions') }}
    where region = '{{ var("business_region") }}'
),

sales_activities as (
    select * from {{ ref('int_sales_activities_unioned') }}
    where contact_key is not null and happened_at <= {{ as_of_at() }} and is_completed is distinct from false
),

actions as (
    select
        contact_key,
        entered_at as acted_at,
        entered_until_at as acted_until_at
    from stages
    where stage = 'sal'
    union all
    select
        contact_key,
        happened_at as acted_at,
        {{ latest_moment('happened_at', by_source('source_time_zones', 'crm_source')) }} as acted_until_at
    from sales_activities
),

routed as (
    select
        stays.contact_key,
        stays.score_band,
        min(stays.entered_at) as routed_at
    from stays
    inner join versions on stays.version = versions.version and versions.is_active
    inner join bands on stays.score_band = bands.score_band
    group by stays.contact_key, stays.score_band
),

answered as (
    select
        routed.contact_key,
        routed.score_band,
        routed.routed_at,
        -- Within the minute that is all that is known of it, nothing was done before it was called for.
        min(case when actions.acted_at < routed.routed_at then routed.routed_at else actions.acted_at end)
            as first_action_at
    from routed
    left join actions on routed.contact_key = actions.contact_key and routed.routed_at <= actions.acted_until_at
    group by routed.contact_key, routed.score_band, routed.routed_at
),

clocked as (
    select
        answered.*,
        bands.contact_within_minutes,
        bands.sla_clock,
        -- An open lead has waited until now.
        coalesce(answered.first_action_at, {{ as_of_at() }}) as measured_at,
        calendar_regions.time_zone
    from answered
    inner join bands on answered.score_band = bands.score_band
    cross join calendar_regions
),

measured as (
    select
        clocked.contact_key,
        clocked.score_band,
        clocked.contact_within_minutes,
        clocked.sla_clock,
        clocked.routed_at,
        clocked.first_action_at,
        cast({{ epoch_us('clocked.measured_at') }} - {{ epoch_us('clocked.routed_at') }} as double)
        / 60000000 as elapsed_minutes,
        cast(
            {{ business_us_at('clocked.measured_at', 'end_days') }}
            - {{ business_us_at('clocked.routed_at', 'start_days') }}
            as double
        ) / 60000000 as business_minutes
    from clocked
    left join business_days as start_days
        on cast({{ to_local('clocked.routed_at', 'clocked.time_zone') }} as date) = start_days.calendar_date
    left join business_days as end_days
        on cast({{ to_local('clocked.measured_at', 'clocked.time_zone') }} as date) = end_days.calendar_date
),

judged as (
    select
        *,
        case when sla_clock = 'business' then business_minutes else elapsed_minutes end as sla_minutes
    from measured
),

final as (
    select
        contact_key,
        score_band,
        contact_within_minutes,
        sla_clock,
        routed_at,
        first_action_at,
        case when first_action_at is not null then elapsed_minutes end as speed_to_lead_minutes,
        case when first_action_at is not null then business_minutes end as speed_to_lead_business_minutes,
        case
            -- Exactly the time that is given is in time.
            when sla_minutes > contact_within_minutes then false
            when first_action_at is not null then true
        end as is_within_sla
    from judged
)

select * from final
