-- Every blocked approval of a campaign is in the campaign's count, once.
{{ config(meta={'dagster': {'ref': {'name': 'fct_campaign_launches'}}}) }}
with approval_rounds as (
    select * from {{ ref('fct_approval_rounds') }}
),

launches as (
    select * from {{ ref('fct_campaign_launches') }}
),

counted as (
    select
        campaign_key,
        count(*) as blocked_count
    from approval_rounds
    where is_blocked and campaign_key is not null
    group by campaign_key
),

final as (
    select coalesce(launches.campaign_key, counted.campaign_key) as campaign_key
    from launches
    full outer join counted on launches.campaign_key = counted.campaign_key
    where coalesce(launches.blocked_approval_count, 0) <> coalesce(counted.blocked_count, 0)
)

select * from final
