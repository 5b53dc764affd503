-- Which campaigns test a hypothesis: the one that it names, else all that serve it or its objective.
with register as (
    select * from {{ ref('stg_templates__strategy_register') }}
    where hypothesis_id is not null and version is not null
    qualify row_number() over (
        partition by hypothesis_id, version
        order by file_id desc, row_number desc
    ) = 1
),

campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

campaign_goals as (
    select * from {{ ref('int_campaign_goals') }}
),

-- Slugs come again: the campaign valid when the hypothesis was written, else the nearest.
named as (
    select
        register.hypothesis_id,
        register.version,
        campaigns.campaign_key
    from register
    inner join campaigns on register.utm_campaign = campaigns.utm_campaign
    qualify row_number() over (
        partition by register.hypothesis_id, register.version
        order by {{ campaign_distance('register.valid_from_date', 'campaigns') }}, campaigns.campaign_key
    ) = 1
),

served as (
    select distinct
        register.hypothesis_id,
        register.version,
        campaign_goals.campaign_key
    from register
    inner join campaign_goals on campaign_goals.goal_id in (register.hypothesis_id, register.parent_goal_id)
    where register.utm_campaign is null
),

final as (
    select
        {{ surrogate_key(['hypothesis_id', 'version']) }} as hypothesis_version_id,
        hypothesis_id,
        version,
        campaign_key
    from named
    union all
    select
        {{ surrogate_key(['hypothesis_id', 'version']) }} as hypothesis_version_id,
        hypothesis_id,
        version,
        campaign_key
    from served
)

select * from final
