-- Every registered campaign has a launch, cancelled or not, and every milestone of the template for all.
{{ config(meta={'dagster': {'ref': {'name': 'fct_milestones'}}}) }}
with campaigns as (
    select * from {{ ref('dim_campaigns') }}
    where is_registered
),

milestone_templates as (
    select * from {{ ref('milestone_templates') }}
    where campaign_type = 'any'
),

launches as (
    select * from {{ ref('fct_campaign_launches') }}
),

milestones as (
    select * from {{ ref('fct_milestones') }}
),

final as (
    select
        campaigns.campaign_key,
        milestone_templates.milestone_key
    from campaigns
    cross join milestone_templates
    left join launches on campaigns.campaign_key = launches.campaign_key
    left join milestones
        on
            campaigns.campaign_key = milestones.campaign_key
            and milestone_templates.milestone_key = milestones.milestone_key
    where launches.campaign_key is null or milestones.milestone_id is null
)

select * from final
