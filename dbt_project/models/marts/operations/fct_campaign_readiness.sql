-- Whether a campaign can be scored, traced and verified; one that cannot is not ready, whatever its brief
-- answers (S1-7). By the newest version of its newest brief.
with campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

launches as (
    select * from {{ ref('int_launches_judged') }}
    where is_cancelled is false
),

campaign_goals as (
    select distinct campaign_key
    from {{ ref('int_campaign_goals') }}
),

scored as (
    select * from {{ ref('int_campaign_briefs_scored') }}
    where is_latest_version and campaign_key is not null
),

briefs as (
    select * from {{ ref('stg_templates__campaign_briefs') }}
),

metrics as (
    select * from {{ ref('metric_definitions') }}
),

joined as (
    select
        launches.campaign_key,
        scored.brief_version_id,
        scored.brief_version_id is not null as has_brief,
        scored.priority is not null as has_priority,
        campaign_goals.campaign_key is not null or briefs.goal_id is not null as has_goal,
        campaigns.utm_source is not null and campaigns.utm_medium is not null as has_tags,
        campaigns.owner_name is not null as has_owner,
        metrics.metric is not null as is_metric_registered,
        -- Of other metrics no model has values over time, so nothing could verify it.
        metrics.aggregation is not null as is_metric_computed,
        launches.evidenced_live_at is not null as is_live
    from launches
    inner join campaigns on launches.campaign_key = campaigns.campaign_key
    left join campaign_goals on launches.campaign_key = campaign_goals.campaign_key
    left join scored on launches.campaign_key = scored.campaign_key
    left join briefs on scored.brief_id = briefs.brief_id and scored.version = briefs.version
    left join metrics on lower(trim(briefs.success_metric)) = metrics.metric
),

final as (
    select
        campaign_key,
        brief_version_id,
        has_priority as is_scored,
        has_goal and has_tags and has_owner as is_traced,
        is_metric_computed as is_verified,
        has_priority and has_goal and has_tags and has_owner and is_metric_computed as is_ready,
        nullif(concat_ws(
            '; ',
            case when has_brief is false then 'a brief' end,
            case when has_brief and has_priority is false then 'the priority of the brief' end,
            case when has_goal is false then 'an objective' end,
            case when has_tags is false then 'source and medium in the registry' end,
            case when has_owner is false then 'an owner' end,
            case
                when has_brief is false or is_metric_computed then null
                when is_metric_registered then 'a metric of success that a model computes'
                else 'a metric of success of the registry'
            end
        ), '') as lacking,
        is_live
    from joined
)

select * from final
