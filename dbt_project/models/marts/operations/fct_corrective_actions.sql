-- An action lasts from the first run that finds its rule broken until the rule has held on
-- close_after_runs runs in a row; broken again after that, it is another action, linked to the one
-- before. What is unknown neither opens nor closes one (S1-13).
with evaluations_before as (
    select * from {{ ref('stg_ops__threshold_evaluations') }}
),

evaluations as (
    select * from {{ ref('fct_threshold_evaluations') }}
),

corrective_action_rules as (
    select * from {{ ref('corrective_action_rules') }}
),

corrective_action_closures as (
    select * from {{ ref('corrective_action_closures') }}
),

raci_steps as (
    select * from {{ ref('int_raci_assigned') }}
),

campaigns as (
    select * from {{ ref('int_campaigns_registered') }}
),

escalation_paths as (
    select max(person_name) as operations_lead
    from {{ ref('escalation_paths') }}
    where recipient = 'operations_lead'
),

business_days as (
    select * from {{ ref('int_business_days_opened') }}
    where is_default and is_business_day
),

unioned as (
    {%- set columns = [
        'rule', 'entity_type', 'entity', 'campaign_key', 'entity_name', 'is_breached', 'measured_value',
        'threshold_value', 'reason', 'condition_since_at', 'as_of_at'
    ] %}
    select
        {{ columns | join(',\n        ') }}
    from evaluations_before
    union all
    select
        {{ columns | join(',\n        ') }}
    from evaluations
),

asked as (
    select distinct as_of_at
    from unioned
    union
    select {{ as_of_at() }} as as_of_at
),

runs as (
    select
        as_of_at,
        row_number() over (order by as_of_at) as run_no
    from asked
),

-- What keeps an action open.
kept as (
    select
        unioned.*,
        runs.run_no,
        corrective_action_rules.close_after_runs,
        lag(runs.run_no) over (
            partition by unioned.rule, unioned.entity_type, unioned.entity order by runs.run_no
        ) as run_no_before
    from unioned
    inner join runs on unioned.as_of_at = runs.as_of_at
    inner join corrective_action_rules on unioned.rule = corrective_action_rules.rule
    where unioned.entity is not null and coalesce(unioned.is_breached, true)
),

numbered as (
    select
        *,
        sum(case when run_no - run_no_before <= close_after_runs then 0 else 1 end) over (
            partition by rule, entity_type, entity
            order by run_no
            rows between unbounded preceding and current row
        ) as stretch_no
    from kept
),

stretches as (
    select
        rule,
        entity_type,
        entity,
        stretch_no,
        max(close_after_runs) as close_after_runs,
        max(run_no) as last_run_no,
        {{ known_max_by('case when is_breached then campaign_key end', 'run_no') }} as campaign_key,
        {{ known_max_by('case when is_breached then entity_name end', 'run_no') }} as entity_name,
        {{ known_max_by('case when is_breached then measured_value end', 'run_no') }} as measured_value,
        {{ known_max_by('case when is_breached then threshold_value end', 'run_no') }} as threshold_value,
        {{ known_max_by('case when is_breached then reason end', 'run_no') }} as reason,
        {{ known_min_by('case when is_breached then condition_since_at end', 'run_no') }} as condition_since_at,
        min(case when is_breached then as_of_at end) as opened_at
    from numbered
    group by rule, entity_type, entity, stretch_no
),

last_runs as (
    select max(run_no) as run_no
    from runs
),

episodes as (
    select
        stretches.*,
        {{ surrogate_key([
            'stretches.rule', 'stretches.entity_type', 'stretches.entity', epoch_us('stretches.opened_at')
        ]) }} as corrective_action_id,
        closing.as_of_at as held_at,
        last_runs.run_no - stretches.last_run_no as clean_run_count
    from stretches
    cross join last_runs
    left join runs as closing on stretches.last_run_no + stretches.close_after_runs = closing.run_no
    where stretches.opened_at is not null
),

-- The first business day from then on.
due as (
    select
        episodes.corrective_action_id,
        min(business_days.closes_at) as due_at
    from episodes
    inner join corrective_action_rules on episodes.rule = corrective_action_rules.rule
    inner join business_days
        on
            {{ add_days(reporting_day('episodes.opened_at'), 'corrective_action_rules.due_days') }}
            <= business_days.calendar_date
    group by episodes.corrective_action_id
),

-- A family has the owner that its campaigns have in common.
family_owners as (
    select
        campaign_family,
        workflow_step,
        case when count(distinct owner_name) = 1 then max(owner_name) end as owner_name,
        case when count(distinct backup_name) = 1 then max(backup_name) end as backup_name
    from raci_steps
    group by campaign_family, workflow_step
),

families as (
    select distinct
        rule,
        entity_type,
        entity,
        campaign_family
    from evaluations
),

final as (
    select
        episodes.corrective_action_id,
        {{ surrogate_key([
            'episodes.corrective_action_id',
            "case when episodes.held_at is null and corrective_action_closures.closed_at is null then 'open' else 'closed' end"
        ]) }} as notification_key,
        lag(episodes.corrective_action_id) over (
            partition by episodes.rule, episodes.entity_type, episodes.entity order by episodes.opened_at
        ) as previous_action_id,
        cast(row_number() over (
            partition by episodes.rule, episodes.entity_type, episodes.entity order by episodes.opened_at
        ) as bigint) as episode_no,
        episodes.rule,
        episodes.entity_type,
        episodes.entity,
        campaigns.campaign_key,
        episodes.entity_name,
        case
            when corrective_action_closures.closed_at is not null then 'closed_by_hand'
            when episodes.held_at is not null then 'closed'
            else 'open'
        end as action_state,
        {%- set owner = 'coalesce(raci_steps.owner_name, family_owners.owner_name, escalation_paths.operations_lead)' %}
        {{ owner }} as owner_name,
        -- Where nobody is accountable the backup is the owner, and nobody steps in.
        nullif(
            case when raci_steps.owner_name is null then family_owners.backup_name else raci_steps.backup_name end,
            {{ owner }}
        ) as backup_name,
        episodes.measured_value,
        episodes.threshold_value,
        case
            when episodes.held_at is null and corrective_action_closures.closed_at is null
                then cast(episodes.clean_run_count as bigint)
        end as clean_run_count,
        episodes.reason,
        corrective_action_closures.closed_by as closed_by_name,
        corrective_action_closures.reason as closed_reason,
        episodes.condition_since_at,
        episodes.opened_at,
        ({{ epoch_us('episodes.opened_at') }} - {{ epoch_us('episodes.condition_since_at') }})
        / cast(3600000000 as double) as detection_lag_hours,
        due.due_at,
        coalesce(corrective_action_closures.closed_at, episodes.held_at) as closed_at
    from episodes
    cross join escalation_paths
    inner join corrective_action_rules on episodes.rule = corrective_action_rules.rule
    left join corrective_action_closures
        on
            episodes.corrective_action_id = corrective_action_closures.corrective_action_id
            and corrective_action_closures.closed_at <= {{ as_of_at() }}
    left join due on episodes.corrective_action_id = due.corrective_action_id
    left join campaigns on episodes.campaign_key = campaigns.campaign_key
    left join raci_steps
        on
            episodes.campaign_key = raci_steps.campaign_key
            and corrective_action_rules.workflow_step = raci_steps.workflow_step
    left join families
        on
            episodes.rule = families.rule
            and episodes.entity_type = families.entity_type
            and episodes.entity = families.entity
    left join family_owners
        on
            families.campaign_family = family_owners.campaign_family
            and corrective_action_rules.workflow_step = family_owners.workflow_step
)

select * from final
