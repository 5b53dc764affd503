-- A launch and the milestone of it are one thing: same dates, same evidence, same verdict.
{{ config(meta={'dagster': {'ref': {'name': 'fct_campaign_launches'}}}) }}
with launches as (
    select * from {{ ref('fct_campaign_launches') }}
),

milestones as (
    select * from {{ ref('int_milestones_judged') }}
    where evidence_event = 'first_live_evidence'
),

final as (
    select launches.campaign_key
    from launches
    left join milestones on launches.campaign_key = milestones.campaign_key
    where
        milestones.campaign_key is null
        or launches.baseline_planned_at is distinct from milestones.baseline_planned_at
        or launches.evidenced_live_at is distinct from milestones.actual_at
        or launches.is_on_time is distinct from milestones.is_on_time
)

select * from final
