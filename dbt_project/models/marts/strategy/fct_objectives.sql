-- What an objective needs so that it can be steered: one outcome, a workflow that leads to it, and a
-- leading figure beside the lagging one (S1-1, S1-2, S4-48).
with key_results as (
    select * from {{ ref('fct_key_results') }}
    where objective_id is not null
),

campaigns as (
    select
        goal_id as objective_id,
        cast(count(*) as bigint) as campaign_count
    from {{ ref('int_campaign_goals') }}
    group by goal_id
),

{%- set progress_of_outcome = "case when key_result_type = 'outcome' then progress end" %}
{%- set progress_of_workflow = "case when key_result_type = 'workflow' then progress end" %}

counted as (
    select
        objective_id,
        min(objective) as objective,
        cast(count(distinct objective) as bigint) as wording_count,
        cast(count(*) as bigint) as key_result_count,
        cast(count(distinct case when key_result_type = 'outcome' then metric_name end) as bigint)
            as outcome_metric_count,
        cast(sum(case when key_result_type = 'workflow' then 1 else 0 end) as bigint) as workflow_count,
        cast(sum(case when leading_lagging = 'leading' then 1 else 0 end) as bigint) as leading_count,
        cast(sum(case when leading_lagging = 'lagging' then 1 else 0 end) as bigint) as lagging_count,
        cast(sum(case
            when key_result_state in ('metric_unknown', 'not_computed', 'no_target', 'contradictory') then 1
            else 0
        end) as bigint) as unmeasured_count,
        {{ ratio(decimal_sum(progress_of_outcome), 'count(' ~ progress_of_outcome ~ ')') }} as outcome_progress,
        {{ ratio(decimal_sum(progress_of_workflow), 'count(' ~ progress_of_workflow ~ ')') }} as workflow_progress
    from key_results
    group by objective_id
),

joined as (
    select
        counted.*,
        coalesce(campaigns.campaign_count, cast(0 as bigint)) as campaign_count
    from counted
    left join campaigns on counted.objective_id = campaigns.objective_id
),

-- What is missing, in the order in which it is mended.
final as (
    select
        objective_id,
        objective,
        key_result_count,
        outcome_metric_count,
        workflow_count,
        leading_count,
        lagging_count,
        unmeasured_count,
        campaign_count,
        outcome_progress,
        workflow_progress,
        nullif(concat_ws(
            ', ',
            case when outcome_metric_count = 0 then 'no outcome key result' end,
            case when outcome_metric_count > 1 or wording_count > 1 then 'more than one outcome' end,
            case when workflow_count = 0 then 'no workflow key result' end,
            case when leading_count = 0 then 'no leading metric' end,
            case when lagging_count = 0 then 'no lagging metric' end,
            case when unmeasured_count > 0 then 'key results that nothing measures' end,
            case when campaign_count = 0 then 'no campaign' end
        ), '') as lacks
    from joined
)

select * from final
