-- Every campaign has the milestones of its template, whether or not somebody made a task of them;
-- what else the tracker calls a milestone of the campaign comes on top.
with campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

milestone_templates as (
    select * from {{ ref('milestone_templates') }}
),

tasks as (
    select * from {{ ref('int_tasks_unioned') }}
    where task_subtype is null or task_subtype not in ('approval', 'section')
),

tasks_matched as (
    select * from {{ ref('int_tasks_matched') }}
),

templated as (
    select
        campaigns.campaign_key,
        milestone_templates.seq,
        milestone_templates.milestone_key,
        milestone_templates.milestone_name,
        lower(trim(milestone_templates.milestone_name)) as task_name_key,
        milestone_templates.evidence_event,
        milestone_templates.sla_hours,
        milestone_templates.target_value
    from campaigns
    inner join milestone_templates on milestone_templates.campaign_type in ('any', campaigns.campaign_type)
    qualify row_number() over (
        partition by campaigns.campaign_key, milestone_templates.milestone_key
        order by case when milestone_templates.campaign_type = 'any' then 1 else 0 end
    ) = 1
),

-- Two tasks of a campaign with the same title: the one marked as a milestone, else the first made. They are
-- chosen before they meet the templates: every campaign has tasks that are called alike.
titled as (
    select
        tasks_matched.campaign_key,
        tasks.task_name_key,
        tasks.task_id
    from tasks_matched
    inner join tasks on tasks_matched.task_id = tasks.task_id
    qualify row_number() over (
        partition by tasks_matched.campaign_key, tasks.task_name_key
        order by
            case when tasks.task_subtype = 'milestone' then 0 else 1 end,
            tasks.created_at nulls last,
            tasks.task_id
    ) = 1
),

chosen as (
    select
        templated.campaign_key,
        templated.milestone_key,
        titled.task_id
    from templated
    inner join titled
        on templated.campaign_key = titled.campaign_key and templated.task_name_key = titled.task_name_key
),

defined as (
    select
        templated.campaign_key,
        templated.milestone_key,
        templated.milestone_name,
        templated.seq,
        templated.evidence_event,
        templated.sla_hours,
        templated.target_value,
        chosen.task_id
    from templated
    left join chosen
        on templated.campaign_key = chosen.campaign_key and templated.milestone_key = chosen.milestone_key
    union all
    select
        tasks_matched.campaign_key,
        tasks.task_id as milestone_key,
        tasks.task_name as milestone_name,
        cast(null as bigint) as seq,
        cast(null as {{ dbt.type_string() }}) as evidence_event,
        cast(null as double) as sla_hours,
        cast(null as bigint) as target_value,
        tasks.task_id
    from tasks
    inner join tasks_matched on tasks.task_id = tasks_matched.task_id
    left join chosen on tasks.task_id = chosen.task_id
    where tasks.task_subtype = 'milestone' and chosen.task_id is null
),

final as (
    select
        {{ surrogate_key(['defined.campaign_key', 'defined.milestone_key']) }} as milestone_id,
        defined.campaign_key,
        defined.task_id,
        defined.milestone_key,
        defined.milestone_name,
        defined.seq,
        defined.evidence_event,
        defined.sla_hours,
        defined.target_value,
        -- Without a task the campaign's owner is accountable.
        case when tasks.task_id is null then campaigns.owner_name else tasks.owner_name end as owner_name,
        tasks.is_completed as is_ticked,
        tasks.completed_at as ticked_at,
        tasks.completed_at_source as ticked_at_source
    from defined
    inner join campaigns on defined.campaign_key = campaigns.campaign_key
    left join tasks on defined.task_id = tasks.task_id
)

select * from final
