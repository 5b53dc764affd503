-- What the briefs say (S1-28), for people and for programs that work from them.
with briefs as (
    select * from {{ ref('stg_templates__campaign_briefs') }}
),

scored as (
    select * from {{ ref('int_campaign_briefs_scored') }}
),

{%- set answers = ['why', 'for_whom', 'what_offer', 'what_systems', 'what_deadline', 'success_metric'] %}

final as (
    select
        scored.brief_version_id,
        {{ masked('scored.brief_id') }} as brief_id,
        scored.version,
        scored.campaign_key,
        {{ masked('briefs.utm_campaign') }} as utm_campaign,
        {{ masked('briefs.goal_id') }} as goal_id,
        {{ masked('scored.priority') }} as priority,
        {%- for answer in answers %}
        {{ masked('briefs.' ~ answer) }} as {{ answer }},
        {%- endfor %}
        {{ masked('briefs.required_inputs') }} as required_inputs,
        {{ masked('briefs.approval_criteria') }} as approval_criteria,
        cast(briefs.budget as decimal(18, 2)) as budget,
        {{ masked('briefs.budget_currency') }} as budget_currency,
        scored.answered_count,
        scored.is_ready,
        scored.is_latest_version,
        scored.planned_launch_date,
        scored.submitted_at,
        scored.approved_at
    from scored
    inner join briefs on scored.brief_id = briefs.brief_id and scored.version = briefs.version
)

select * from final
