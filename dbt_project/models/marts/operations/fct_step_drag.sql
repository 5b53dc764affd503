-- Which step holds campaigns up: its share of the time that approvals take and blockers last, and how
-- far its waiting goes with the slip (S1-40, U1).
with approval_rounds as (
    select * from {{ ref('fct_approval_rounds') }}
    where campaign_key is not null and elapsed_hours is not null
),

blockers as (
    select * from {{ ref('fct_blockers') }}
    where campaign_key is not null and open_hours is not null
),

outcomes as (
    select * from {{ ref('fct_campaign_execution_outcomes') }}
),

parameters as (
    select
        {{ analysis_parameter('drag_smallest_sample') }},
        {{ analysis_parameter('bootstrap_draws') }}
    from {{ ref('analysis_parameters') }}
),

draw_numbers as (
    select * from {{ draw_numbers() }}
),

approvals as (
    select
        campaign_key,
        approval_step,
        approval_id,
        {{ exact_sum('elapsed_hours') }} as waiting_hours,
        greatest(
            (max({{ epoch_us('decided_at') }}) - min({{ epoch_us('requested_at') }})) / cast(3600000000 as double)
            - {{ exact_sum('elapsed_hours') }}, 0
        ) as rework_hours
    from approval_rounds
    group by campaign_key, approval_step, approval_id
),

waits as (
    select
        campaign_key,
        'approval' as step_kind,
        coalesce(approval_step, 'other') as workflow_step,
        waiting_hours,
        coalesce(rework_hours, 0) as rework_hours
    from approvals
    union all
    select
        campaign_key,
        'blocker' as step_kind,
        coalesce(workflow_step, 'uncategorised') as workflow_step,
        open_hours as waiting_hours,
        cast(0 as double) as rework_hours
    from blockers
),

campaign_steps as (
    select
        campaign_key,
        step_kind,
        workflow_step,
        {{ exact_sum('waiting_hours') }} as waiting_hours,
        {{ exact_sum('rework_hours') }} as rework_hours
    from waits
    group by campaign_key, step_kind, workflow_step
),

units as (
    select
        campaign_key,
        row_number() over (order by campaign_key) as unit_no,
        count(*) over () as unit_count
    from campaign_steps
    group by campaign_key
),

-- Each draw takes as many campaigns as there are, with replacement; draw 0 takes them as they are.
drawn as (
    select
        draw_numbers.draw_no,
        {{ drawn_number(
            "md5(concat_ws('|', cast(draw_numbers.draw_no as " ~ dbt.type_string() ~ "), units.campaign_key))",
            'units.unit_count'
        ) }} as unit_no
    from units
    cross join draw_numbers
    where draw_numbers.draw_no <= draw_numbers.draw_count
    union all
    select
        cast(0 as bigint) as draw_no,
        unit_no
    from units
),

-- How often a draw has a campaign, so that its steps are joined once.
weighed as (
    select
        draw_no,
        unit_no,
        count(*) as weight
    from drawn
    group by draw_no, unit_no
),

unit_steps as (
    select
        units.unit_no,
        campaign_steps.step_kind,
        campaign_steps.workflow_step,
        campaign_steps.waiting_hours + campaign_steps.rework_hours as step_hours
    from campaign_steps
    inner join units on campaign_steps.campaign_key = units.campaign_key
),

steps_drawn as (
    select
        weighed.draw_no,
        unit_steps.step_kind,
        unit_steps.workflow_step,
        {{ exact_sum('weighed.weight * unit_steps.step_hours') }} as step_hours
    from weighed
    inner join unit_steps on weighed.unit_no = unit_steps.unit_no
    group by weighed.draw_no, unit_steps.step_kind, unit_steps.workflow_step
),

totals as (
    select
        draw_no,
        {{ exact_sum('step_hours') }} as all_hours
    from steps_drawn
    group by draw_no
),

steps as (
    select distinct
        step_kind,
        workflow_step
    from campaign_steps
),

-- A draw without the step has none of its hours.
shared as (
    select
        steps.step_kind,
        steps.workflow_step,
        totals.draw_no,
        coalesce(steps_drawn.step_hours, 0) / nullif(totals.all_hours, 0) as lead_time_share
    from steps
    cross join totals
    left join steps_drawn
        on
            steps.step_kind = steps_drawn.step_kind
            and steps.workflow_step = steps_drawn.workflow_step
            and totals.draw_no = steps_drawn.draw_no
),

intervals as (
    select
        step_kind,
        workflow_step,
        max(case when draw_no = 0 then lead_time_share end) as lead_time_share,
        percentile_cont(0.025) within group (order by case when draw_no > 0 then lead_time_share end) as share_low,
        percentile_cont(0.975) within group (order by case when draw_no > 0 then lead_time_share end) as share_high
    from shared
    group by step_kind, workflow_step
),

-- A campaign that did not wait at a step waited no hour there.
slipped as (
    select
        steps.step_kind,
        steps.workflow_step,
        cast(outcomes.slip_days as double) as slip_days,
        coalesce(campaign_steps.waiting_hours + campaign_steps.rework_hours, 0) as step_hours
    from steps
    cross join outcomes
    left join campaign_steps
        on
            outcomes.campaign_key = campaign_steps.campaign_key
            and steps.step_kind = campaign_steps.step_kind
            and steps.workflow_step = campaign_steps.workflow_step
    where outcomes.slip_days is not null
),

correlated as (
    select
        step_kind,
        workflow_step,
        cast(count(*) as bigint) as campaign_count,
        case
            when stddev_pop(slip_days) > 0 and stddev_pop(step_hours) > 0
                then round(cast(corr(slip_days, step_hours) as double), 6)
        end as slip_correlation
    from slipped
    group by step_kind, workflow_step
),

summed as (
    select
        step_kind,
        workflow_step,
        {{ exact_sum('waiting_hours') }} as waiting_hours,
        {{ exact_sum('rework_hours') }} as rework_hours
    from campaign_steps
    group by step_kind, workflow_step
),

judged as (
    select
        summed.*,
        intervals.lead_time_share,
        intervals.share_low,
        intervals.share_high,
        coalesce(correlated.campaign_count, cast(0 as bigint)) as campaign_count,
        case when correlated.campaign_count >= parameters.drag_smallest_sample then correlated.slip_correlation end
            as slip_correlation
    from summed
    cross join parameters
    inner join intervals
        on summed.step_kind = intervals.step_kind and summed.workflow_step = intervals.workflow_step
    left join correlated
        on summed.step_kind = correlated.step_kind and summed.workflow_step = correlated.workflow_step
),

final as (
    select
        {{ surrogate_key(['step_kind', 'workflow_step']) }} as step_drag_id,
        step_kind,
        workflow_step,
        round(waiting_hours, 6) as waiting_hours,
        round(rework_hours, 6) as rework_hours,
        round(lead_time_share, 6) as lead_time_share,
        round(share_low, 6) as share_low,
        round(share_high, 6) as share_high,
        campaign_count,
        slip_correlation,
        round(slip_correlation * slip_correlation, 6) as explained_slip_share,
        -- Only waiting that goes with more slip explains any.
        coalesce(slip_correlation > 0, false) and row_number() over (
            order by slip_correlation desc nulls last, step_kind asc, workflow_step asc
        ) = 1 as is_most_explaining
    from judged
)

select * from final
