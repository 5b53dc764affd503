-- Whether a campaign went through the steps of its type, and in their order (S4-41, S4-42): by what systems
-- have seen, else by the tracker's tasks. A step of which neither could tell is not knowable.
with registered as (
    select * from {{ ref('int_campaigns_registered') }}
),

launches as (
    select * from {{ ref('int_launches_judged') }}
    where is_cancelled is false
),

campaign_type_steps as (
    select * from {{ ref('campaign_type_steps') }}
),

skills as (
    select * from {{ ref('skills') }}
),

tasks as (
    select
        campaign_key,
        skill_key,
        cast(count(*) as bigint) as task_count,
        cast(count(case when is_completed then 1 end) as bigint) as completed_count,
        max(case when is_completed then completed_at end) as completed_at
    from {{ ref('int_skill_tasks_matched') }}
    group by campaign_key, skill_key
),

hypothesis_campaigns as (
    select * from {{ ref('int_hypothesis_campaigns') }}
),

strategy_register as (
    select * from {{ ref('stg_templates__strategy_register') }}
),

experiments as (
    select * from {{ ref('stg_templates__experiments') }}
),

touches as (
    select * from {{ ref('int_touches_resolved') }}
),

ad_spend_daily as (
    select * from {{ ref('int_ad_spend_daily') }}
),

handoffs as (
    select * from {{ ref('fct_handoffs') }}
),

reporting_objects as (
    select * from {{ ref('dim_reporting_objects') }}
),

-- Days, since spend and the register know no more.
evidence as (
    select
        hypothesis_campaigns.campaign_key,
        'strategy_registered' as evidence_event,
        strategy_register.valid_from_date as evidenced_on
    from hypothesis_campaigns
    inner join strategy_register
        on
            hypothesis_campaigns.hypothesis_id = strategy_register.hypothesis_id
            and hypothesis_campaigns.version = strategy_register.version
    union all
    select
        registered.campaign_key,
        'experiment_started' as evidence_event,
        experiments.start_date as evidenced_on
    from experiments
    inner join registered
        on
            experiments.utm_campaign = registered.utm_campaign
            and experiments.start_date >= registered.valid_from_date
            and experiments.start_date <= coalesce(registered.valid_to_date, experiments.start_date)
    union all
    select
        campaign_key,
        case channel when 'Email' then 'email_touch' else 'social_touch' end as evidence_event,
        {{ reporting_day('touched_at') }} as evidenced_on
    from touches
    where channel in ('Email', 'Organic Social')
    union all
    select
        campaign_key,
        'ad_spend' as evidence_event,
        date_day as evidenced_on
    from ad_spend_daily
    where spend > 0
    union all
    select
        campaign_key,
        'landing_page_handed_over' as evidence_event,
        {{ reporting_day('done_at') }} as evidenced_on
    from handoffs
    where handoff = 'landing_page_qa'
    union all
    select
        campaign_key,
        'reporting_object' as evidence_event,
        {{ reporting_day('greatest(first_utm_at, first_crm_at, first_web_at)') }} as evidenced_on
    from reporting_objects
    where has_utm_leg and has_crm_leg and has_web_leg
),

first_seen as (
    select
        campaign_key,
        evidence_event,
        min(evidenced_on) as evidenced_on
    from evidence
    where campaign_key is not null and evidenced_on <= {{ reporting_day(as_of_at()) }}
    group by campaign_key, evidence_event
),

-- What some campaign's record tells, others' silence denies.
told as (
    select distinct evidence_event as told_key from first_seen
    union distinct
    select distinct skill_key as told_key from tasks
),

campaigns as (
    select
        registered.campaign_key,
        registered.campaign_type,
        launches.is_over
    from registered
    inner join launches on registered.campaign_key = launches.campaign_key
),

types as (
    select distinct campaign_type from campaign_type_steps
),

planned as (
    select
        campaigns.campaign_key,
        campaigns.campaign_type,
        campaigns.is_over,
        campaign_type_steps.seq,
        campaign_type_steps.is_ordered,
        campaign_type_steps.purpose,
        skills.skill_key,
        skills.evidence_event
    from campaigns
    inner join campaign_type_steps on campaigns.campaign_type = campaign_type_steps.campaign_type
    inner join skills on campaign_type_steps.skill_key = skills.skill_key
    union all
    -- Work that the type does not ask for.
    select
        campaigns.campaign_key,
        campaigns.campaign_type,
        campaigns.is_over,
        cast(null as bigint) as seq,
        false as is_ordered,
        cast(null as {{ dbt.type_string() }}) as purpose,
        tasks.skill_key,
        cast(null as {{ dbt.type_string() }}) as evidence_event
    from campaigns
    inner join types on campaigns.campaign_type = types.campaign_type
    inner join tasks on campaigns.campaign_key = tasks.campaign_key
    left join campaign_type_steps
        on
            campaigns.campaign_type = campaign_type_steps.campaign_type
            and tasks.skill_key = campaign_type_steps.skill_key
    where campaign_type_steps.skill_key is null
),

finished as (
    select
        campaign_key,
        skill_key,
        {{ reporting_day('completed_at') }} as finished_on
    from tasks
    where task_count = completed_count
),

dated as (
    select
        planned.*,
        coalesce(tasks.task_count, cast(0 as bigint)) as task_count,
        coalesce(tasks.completed_count, cast(0 as bigint)) as completed_task_count,
        event_told.told_key is not null or task_told.told_key is not null as is_knowable,
        case
            when first_seen.evidenced_on is not null then 'system'
            when finished.campaign_key is not null then 'tracker'
        end as done_by,
        -- Whoever says so first: spend of a day comes after the ads were set up.
        least(
            coalesce(first_seen.evidenced_on, finished.finished_on),
            coalesce(finished.finished_on, first_seen.evidenced_on)
        ) as done_date
    from planned
    left join first_seen
        on planned.campaign_key = first_seen.campaign_key and planned.evidence_event = first_seen.evidence_event
    left join tasks on planned.campaign_key = tasks.campaign_key and planned.skill_key = tasks.skill_key
    left join finished
        on planned.campaign_key = finished.campaign_key and planned.skill_key = finished.skill_key
    left join told as event_told on planned.evidence_event = event_told.told_key
    left join told as task_told on planned.skill_key = task_told.told_key
),

inverted as (
    select
        one.campaign_key,
        one.skill_key,
        cast(count(*) as bigint) as later_done_count,
        cast(count(case when one.done_date > later.done_date then 1 end) as bigint) as inversion_count
    from dated as one
    inner join dated as later on one.campaign_key = later.campaign_key and one.seq < later.seq
    where one.is_ordered and later.is_ordered and later.done_by is not null
    group by one.campaign_key, one.skill_key
),

final as (
    select
        {{ surrogate_key(['dated.campaign_key', 'dated.skill_key']) }} as campaign_step_id,
        dated.campaign_key,
        dated.campaign_type,
        dated.seq,
        dated.skill_key,
        dated.purpose,
        case
            when dated.seq is null then 'extra'
            when dated.done_by is not null then 'done'
            when dated.is_knowable is false then 'not_knowable'
            when dated.is_over or inverted.later_done_count > 0 then 'skipped'
            when dated.task_count > 0 then 'under_way'
            else 'waiting'
        end as step_state,
        dated.done_by,
        case
            when dated.is_ordered and dated.done_date is not null then coalesce(inverted.inversion_count, 0) = 0
        end as is_in_order,
        case
            when dated.is_ordered and dated.done_date is not null
                then coalesce(inverted.inversion_count, cast(0 as bigint))
        end as inversion_count,
        dated.task_count,
        dated.completed_task_count,
        dated.done_date
    from dated
    left join inverted
        on dated.campaign_key = inverted.campaign_key and dated.skill_key = inverted.skill_key
)

select * from final
