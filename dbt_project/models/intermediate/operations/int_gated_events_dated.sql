-- The events that a handoff has to come before (S0-5), each as some system has seen it.
with campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

campaign_goals as (
    select * from {{ ref('int_campaign_goals') }}
),

campaigns_live as (
    select * from {{ ref('int_campaigns_live') }}
),

tasks as (
    select * from {{ ref('int_tasks_unioned') }}
    where coalesce(task_subtype, 'default_task') = 'default_task' and approval_status is null
),

tasks_matched as (
    select * from {{ ref('int_tasks_matched') }}
    where campaign_key is not null
),

changes as (
    select * from {{ ref('int_task_changes_unioned') }}
    where new_canonical_status in ('in_progress', 'in_review', 'completed')
),

milestones as (
    select
        campaign_key,
        lower(milestone_name) as milestone_name_key
    from {{ ref('int_milestones_judged') }}
),

blocker_categories as (
    select * from {{ ref('blocker_categories') }}
),

ad_spend as (
    select * from {{ ref('int_ad_spend_daily') }}
    where campaign_key is not null
),

currencies as (
    select
        campaign_key,
        count(distinct currency) as currency_count,
        count(*) = count(spend_reporting) as is_priced
    from ad_spend
    group by campaign_key
),

-- Of one currency it needs no rate; of several that lack one nobody knows what rose.
ad_spend_daily as (
    select
        ad_spend.campaign_key,
        ad_spend.date_day,
        sum(case when currencies.currency_count > 1 then ad_spend.spend_reporting else ad_spend.spend end) as spend
    from ad_spend
    inner join currencies on ad_spend.campaign_key = currencies.campaign_key
    where currencies.currency_count <= 1 or currencies.is_priced
    group by ad_spend.campaign_key, ad_spend.date_day
),

thresholds as (
    select max(threshold_value) as spend_increase_ratio
    from {{ ref('rule_thresholds') }}
    where threshold_key = 'spend_increase_ratio'
),

credits as (
    select * from {{ ref('int_credits_settled') }}
    where conversion_type = 'mql' and attribution_model = 'first_touch' and campaign_key is not null
),

experiments as (
    select * from {{ ref('stg_templates__experiments') }}
),

strategy_register as (
    select * from {{ ref('stg_templates__strategy_register') }}
    where version > 1
),

begun as (
    select
        task_id,
        min(changed_at) as begun_at
    from changes
    group by task_id
),

-- Work on a campaign: what the tracker has beside approvals and milestones, however it marks these.
worked as (
    select
        tasks_matched.campaign_key,
        tasks.task_id,
        tasks.task_name_key,
        least(begun.begun_at, tasks.completed_at) as begun_at
    from tasks
    inner join tasks_matched on tasks.task_id = tasks_matched.task_id
    left join begun on tasks.task_id = begun.task_id
    left join milestones
        on tasks_matched.campaign_key = milestones.campaign_key and tasks.task_name_key = milestones.milestone_name_key
    where milestones.campaign_key is null
),

-- The first pattern that fits says of which step it is.
stepped as (
    select
        worked.*,
        blocker_categories.workflow_step
    from worked
    left join blocker_categories
        on {{ matches('worked.task_name_key', 'blocker_categories.pattern', ref('blocker_categories')) }}
    qualify row_number() over (
        partition by worked.task_id, worked.campaign_key order by blocker_categories.seq nulls last
    ) = 1
),

averaged as (
    select
        *,
        sum(spend) over (
            partition by campaign_key
            order by {{ days_between("cast('2000-01-01' as date)", 'date_day') }}
            range between 7 preceding and 1 preceding
        ) / 7 as spend_before,
        min(date_day) over (partition by campaign_key) as first_day
    from ad_spend_daily
),

unioned as (
    select
        campaign_key,
        'production_start' as gated_event,
        min(begun_at) as occurred_at
    from stepped
    group by campaign_key
    union all
    select
        campaign_key,
        'asset_creation' as gated_event,
        min(begun_at) as occurred_at
    from stepped
    where workflow_step = 'creative_production'
    group by campaign_key
    union all
    select
        campaign_key,
        'launch' as gated_event,
        evidenced_live_at as occurred_at
    from campaigns_live
    union all
    -- Before a week of spend there is nothing that it could rise from.
    select
        averaged.campaign_key,
        'spend_increase' as gated_event,
        {{ local_day_start('averaged.date_day', var('reporting_time_zone')) }} as occurred_at
    from averaged
    cross join thresholds
    where
        averaged.spend > thresholds.spend_increase_ratio * averaged.spend_before
        and {{ days_between('averaged.first_day', 'averaged.date_day') }} >= 7
    union all
    select
        campaign_key,
        'lead_review' as gated_event,
        min(converted_at) as occurred_at
    from credits
    group by campaign_key
    union all
    select
        campaigns.campaign_key,
        'optimization' as gated_event,
        {{ local_day_start('experiments.start_date', var('reporting_time_zone')) }} as occurred_at
    from experiments
    inner join campaigns on experiments.utm_campaign = campaigns.utm_campaign
    union all
    -- A version of the strategy behind one of the campaign's goals.
    select
        campaign_goals.campaign_key,
        'strategic_change' as gated_event,
        {{ local_day_start('strategy_register.valid_from_date', var('reporting_time_zone')) }} as occurred_at
    from strategy_register
    inner join campaign_goals on strategy_register.parent_goal_id = campaign_goals.goal_id
),

numbered as (
    select
        unioned.campaign_key,
        unioned.gated_event,
        row_number() over (
            partition by unioned.campaign_key, unioned.gated_event order by unioned.occurred_at
        ) as event_no,
        unioned.occurred_at
    from unioned
    inner join campaigns on unioned.campaign_key = campaigns.campaign_key
    where unioned.occurred_at <= {{ as_of_at() }}
),

final as (
    select
        {{ surrogate_key(['campaign_key', 'gated_event', 'event_no']) }} as gated_event_id,
        campaign_key,
        gated_event,
        event_no,
        occurred_at
    from numbered
)

select * from final
