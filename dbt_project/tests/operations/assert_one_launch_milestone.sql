-- Launches are judged by the one milestone of the template whose evidence is the first live event.
{{ config(meta={'dagster': {'ref': {'name': 'fct_campaign_launches'}}}) }}
with milestones as (
    select * from {{ ref('int_milestones_defined') }}
),

final as (
    select campaign_key
    from milestones
    group by campaign_key
    having sum(case when evidence_event = 'first_live_evidence' then 1 else 0 end) <> 1
)

select * from final
