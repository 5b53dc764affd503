-- What a live campaign's figures rest on: the registry, links with its name, the CRM and the web
-- analytics (S1-21). The object stands from the first evidence on; a leg that lacks is told.
with launches as (
    select * from {{ ref('int_launches_evidenced') }}
),

campaigns as (
    select * from {{ ref('dim_campaigns') }}
),

thresholds as (
    select max(threshold_value) * cast(3600000000 as double) as due_us
    from {{ ref('rule_thresholds') }}
    where threshold_key = 'reporting_object_hours'
),

timed as (
    select
        launches.*,
        campaigns.campaign_name,
        campaigns.utm_campaign,
        campaigns.owner_name,
        -- NULL as long as one of them lacks.
        case
            when
                launches.first_utm_at is not null
                and launches.first_crm_at is not null
                and launches.first_web_at is not null
                then greatest(launches.first_utm_at, launches.first_crm_at, launches.first_web_at)
        end as complete_at,
        {{ epoch_us(as_of_at()) }} - {{ epoch_us('launches.evidenced_live_at') }} > thresholds.due_us as is_due,
        thresholds.due_us
    from launches
    cross join thresholds
    inner join campaigns on launches.campaign_key = campaigns.campaign_key
),

final as (
    select
        campaign_key,
        campaign_name,
        utm_campaign,
        owner_name,
        is_registered,
        first_utm_at is not null as has_utm_leg,
        first_crm_at is not null as has_crm_leg,
        first_web_at is not null as has_web_leg,
        is_utm_shared,
        case
            when complete_at is not null
                then {{ epoch_us('complete_at') }} - {{ epoch_us('evidenced_live_at') }} <= due_us
            when is_due then false
        end as is_complete_in_time,
        is_registered is false or (complete_at is null and is_due) as is_untracked,
        evidenced_live_at,
        first_utm_at,
        first_crm_at,
        first_web_at
    from timed
)

select * from final
